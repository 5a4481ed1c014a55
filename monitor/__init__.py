"""An indicator monitor: reads news feeds against declarative rules and alerts when something turns."""

__version__ = "0.1.0"
