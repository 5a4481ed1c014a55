"""Titles and bodies with holes, as rule authors write them: plain field names in braces; nothing is evaluated."""

from collections.abc import Iterable, Mapping
from string import Formatter

FIELDS: Mapping[str, str] = {
    "headline": "title of the newest item",
    "quote": "what was said, as written",
    "speaker": "who said it",
    "stance": "the rule's word for the leaning",
    "amount": "the sum, as written",
    "systems": "weapon systems, with quantities",
    "stage": "announced, approved, contracted or delivered",
    "donor": "who gives",
    "publisher": "who reported the newest item",
    "publishers": "how many publishers reported",
    "count": "how many reports",
    "country": "country of the publisher",
    "group": "what the alert is about within its rule",
    "reason": "why the alert fired",
    "rule": "title of the rule",
    "severity": "how loud the alert is",
}
"""Every field a template may name, with what it stands for."""

MAX_LENGTH = 2000
_BRACES = 'write {{ and }} for braces that are meant as text, and a field like "{headline}"'
_SEPARATORS = " -–—,;:"


def check_template(text: str) -> list[str]:
    """What is wrong with a template, in words; empty when nothing is."""
    if len(text) > MAX_LENGTH:
        return [f"longer than {MAX_LENGTH} characters"]
    try:
        pieces = list(Formatter().parse(text))
    except ValueError as error:
        return [f"{error}: {_BRACES}"]
    return [problem for _, field, spec, conversion in pieces for problem in _wrong(field, spec, conversion)]


def fill(text: str, fields: Mapping[str, str]) -> str:
    """The template with its fields filled in; one that `check_template` refuses comes back as it is.

    The separator after an empty field goes too: "Aid: {amount} - {headline}" becomes "Aid: headline".
    """
    if check_template(text):
        return text
    filled, gap = "", False
    for literal, field, _, _ in Formatter().parse(text):
        filled += _joined(filled, literal) if gap else literal
        value = fields.get(field, "") if field else ""
        gap = field is not None and not value
        filled += value
    return filled


def _joined(before: str, literal: str) -> str:
    """The literal after a hole that stayed empty, without a separator that now separates nothing."""
    separates = bool(before.strip()) and not before.rstrip().endswith((":", "("))
    return literal if separates else literal.lstrip(_SEPARATORS)


def _wrong(field: str | None, spec: str | None, conversion: str | None) -> Iterable[str]:
    if field is None:
        return
    if field not in FIELDS:
        yield f'no field "{field}"; known: {", ".join(FIELDS)}'
    elif spec or conversion:
        yield f'"{field}" cannot be formatted; write {{{field}}}'
