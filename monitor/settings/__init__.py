"""monitor.yaml and the environment, read once into one frozen Settings."""

from monitor.settings.load import examine, load
from monitor.settings.values import Bot, Heartbeat, History, Polling, Settings, Web

__all__ = ["Bot", "Heartbeat", "History", "Polling", "Settings", "Web", "examine", "load"]
