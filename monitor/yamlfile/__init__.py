"""YAML files as plain values that remember where they stand, read within bounds of size, depth and repetition."""

from monitor.yamlfile.file import YamlFile, read
from monitor.yamlfile.nodes import Loc
from monitor.yamlfile.words import keys_of, suggestion

__all__ = ["Loc", "YamlFile", "keys_of", "read", "suggestion"]
