"""The labels that outlets put before a headline: what they say of the report, none of what it tells."""

import re

from monitor.text.tokens import canonical

_CORRECTION = r"correct(?:ion|ed)|retract(?:ion|ed)|виправлен[оня]+|уточнен[оня]+|исправлен[оия]+|sprostowanie|korekta"
_LIVE = (
    r"live|breaking|urgent|update \d|updated?|flash|watch|video|photos?|exclusive|just in|оновлено|обновлено|терміново"
    r"|срочно|відео|видео|фото|pilne|aktualizacja|wideo"
)
_END = r"\s*(?:[:|]|-(?!\w{1,9}\s*-)|\)|\])\s*"
_IS_CORRECTION = re.compile(rf"^[\[(]?(?:{_CORRECTION})\b{_END}", re.IGNORECASE)
_LABEL = re.compile(rf"^[\[(]?(?:{_CORRECTION}|{_LIVE})\b{_END}", re.IGNORECASE)


def is_correction(title: str) -> bool:
    """Whether a headline says of itself that it corrects an earlier report."""
    return bool(_IS_CORRECTION.match(canonical(title).strip()))


def unlabelled(title: str) -> str:
    """A canonical headline without its label ("Live:", "Correction:")."""
    return _LABEL.sub("", title)
