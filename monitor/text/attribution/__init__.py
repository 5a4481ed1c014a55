"""Who says it: statements found by grammar, so that being named or accused is not speaking."""

from monitor.text.attribution.statements import statements
from monitor.text.attribution.words import Mention, SpeechWords, Statement

__all__ = ["Mention", "SpeechWords", "Statement", "statements"]
