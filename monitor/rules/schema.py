"""What rule files and lexicons may hold; match expressions and conditions have tables of their own."""

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StringConstraints, WithJsonSchema

from monitor.model import Severity
from monitor.rules.durations import Moment, Span
from monitor.text.template import check_template


class Strict(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _text(value: Any) -> Any:
    """Numbers as they were meant: `title: 28` is a text too."""
    if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("contains half of a character (an escape such as \\ud83d alone)")
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _template(value: Any) -> Any:
    wrong = check_template(value) if isinstance(value, str) else []
    if wrong:
        raise ValueError("; ".join(wrong))
    return value


def _one_or_more(value: Any) -> Any:
    return value if isinstance(value, (list, dict)) or value is None or isinstance(value, bool) else [value]


def _title_only(value: Any) -> Any:
    return {"title": value} if isinstance(value, str) else value


def text_schema(longest: int, shortest: int = 0) -> WithJsonSchema:
    """A text, which may also be written as a number."""
    bounds = {"maxLength": longest} | ({"minLength": shortest} if shortest else {})
    return WithJsonSchema({"type": ["string", "number"], **bounds})


def defined(name: str) -> WithJsonSchema:
    """A part of the schema that `json_schema` defines; pydantic would try to follow a `$ref` of ours itself."""
    return WithJsonSchema({DEFINED: name})


DEFINED = "x-defined"
ID = r"^[a-z0-9][a-z0-9_-]{0,79}$"
Id = Annotated[str, StringConstraints(pattern=ID)]
Flag = StrictBool
Line = Annotated[str, StringConstraints(max_length=2000), BeforeValidator(_text), text_schema(2000)]
Prose = Annotated[str, StringConstraints(max_length=20_000), BeforeValidator(_text), text_schema(20_000)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=80), BeforeValidator(_text), text_schema(80, 1)]
LABEL = {"type": ["string", "number"], "minLength": 1, "maxLength": 80}
Template = Annotated[Line, BeforeValidator(_template), text_schema(2000)]
Word = Annotated[str, BeforeValidator(_text), defined("word")]
Names = Annotated[list[Label], BeforeValidator(_one_or_more), defined("names")]
Anything = Annotated[Any, WithJsonSchema({})]
Expression = Annotated[Any, defined("expression")]
When = Annotated[Any, defined("when")]
Guard = Annotated[Any, defined("guard")]
Words = Annotated[Any, defined("words")]
Tests = Annotated[list[Any], Field(max_length=500), defined("tests")]
GroupField = Literal["story", "speaker", "publisher", "owner", "country", "lang", "donor", "stage", "systems", "amount"]


class BaselineFile(Strict):
    """What was true when the rule was written."""

    stance: Line = ""
    as_of: Line = ""
    note: Line = ""


class LabelsFile(Strict):
    """The rule's words for below, at and above zero."""

    minus: Label = "negative"
    zero: Label = "neutral"
    plus: Label = "positive"


class StanceFile(Strict):
    """On which scale statements are read."""

    scale: Label
    labels: LabelsFile = LabelsFile()


def _meaning_themselves(value: Any) -> Any:
    """A list of answers that mean what they say."""
    return {str(each): each for each in value} if isinstance(value, list) else value


Answers = Annotated[
    dict[Label, Label],
    BeforeValidator(_meaning_themselves),
    Field(min_length=2, max_length=12),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "object", "minProperties": 2, "maxProperties": 12, "additionalProperties": LABEL},
                {"type": "array", "minItems": 2, "maxItems": 12, "items": LABEL},
            ]
        }
    ),
]


class JudgeFile(Strict):
    """A closed question that a second opinion answers."""

    question: Annotated[Line, Field(min_length=5), text_schema(2000, 5)]
    answers: Answers | None = None
    when: Literal["unread", "always"] | None = None


class AmountFile(Strict):
    """Which sums are meant."""

    near: Words


class ExtractFile(Strict):
    """What is read from a matched item."""

    amount: Flag | AmountFile = False
    systems: Flag = False
    stage: Flag = False
    donor: Flag = False


class ConfirmFile(Strict):
    """How many independent publishers must report before an alert opens."""

    publishers: Annotated[int, Field(ge=2, le=50, strict=True)]
    within: Span
    state_media: Flag = True


class AlertFile(Strict):
    """One entry of `alerts:`."""

    name: Label = ""
    when: When
    if_: Guard = Field(default=None, alias="if")
    confirm: ConfirmFile | None = None
    group: Annotated[list[GroupField], BeforeValidator(_one_or_more), Field(max_length=5), defined("group")] = []
    cooldown: Moment | None = None
    expires: Span | None = None
    severity: Severity | None = None
    title: Template = ""
    body: Template = ""


class ItemFile(Strict):
    """An item of a test."""

    title: Line = ""
    summary: Prose = ""
    body: Prose = ""
    author: Line = ""
    link: Line = ""
    feed: Label = "test"
    publisher: Line = ""
    owner: Line = ""
    country: Line = ""
    lang: Line = ""
    state_media: Flag = False
    tags: Names = []
    story: Line = ""
    judge: Label | None = None


class SeriesItemFile(ItemFile):
    """An item of a timeline."""

    at: Moment
    times: Annotated[int, Field(ge=1, le=500, strict=True)] = 1
    every: Span | None = None
    historic: Flag = False


class ExpectFile(Strict):
    """What a test wants to be read from its item; what is left out is not looked at."""

    match: Flag = True
    speaker: Line | None = None
    stance: Line | None = None
    amount: Line | None = None
    systems: Names | None = None
    stage: Line | None = None
    donor: Line | None = None


class ExpectedAlertFile(Strict):
    """An alert that a timeline wants at a moment."""

    at: Moment
    name: Label = ""


class ItemTestFile(Strict):
    """One item and what the rule should make of it."""

    name: Line = ""
    item: Annotated[ItemFile, BeforeValidator(_title_only), defined("item")]
    expect: ExpectFile


class SeriesTestFile(Strict):
    """A timeline and the alerts it should open."""

    name: Line = ""
    series: Annotated[list[SeriesItemFile], Field(min_length=1, max_length=200)]
    until: Moment | None = None
    expect_alerts: list[ExpectedAlertFile]


def _a_week(value: Any) -> float | None:
    written = re.fullmatch(r"\s*(\d{1,4}(?:\.\d+)?)\s*/\s*(day|week|month)\s*", str(value))
    if not written:
        raise ValueError(f'"{value}" is no rate; write how many alerts are bearable: 3/week, 1/day')
    return float(written[1]) * {"day": 7.0, "week": 1.0, "month": 7 / 30}[written[2]]


Rate = Annotated[
    float | None,
    BeforeValidator(_a_week),
    WithJsonSchema({"type": "string", "pattern": r"^\s*[0-9]{1,4}([.][0-9]+)?\s*/\s*(day|week|month)\s*$"}),
]
"""Alerts a week."""


class RuleFile(Strict):
    """A rule file."""

    rule: Id
    title: Line = ""
    question: Line = ""
    baseline: BaselineFile = BaselineFile()
    source: Line = ""
    severity: Severity = Severity.MEDIUM
    tags: Names = []
    expect: Rate = None
    match: Expression = None
    stance: StanceFile | None = None
    judge: JudgeFile | None = None
    extract: ExtractFile = ExtractFile()
    alert: Severity | None = None
    alerts: Annotated[list[AlertFile], Field(max_length=50)] = []
    tests: Tests = []


# --- lexicons -------------------------------------------------------------------------------------------------------

WordList = Annotated[list[Word], BeforeValidator(_one_or_more), Field(max_length=5000), defined("word_list")]
LANGUAGES = ("any", "en", "uk", "ru", "pl", "de", "fr", "es")


class Languages(Strict):
    """Terms by language; `any` for those of all or none."""

    any: WordList = []
    en: WordList = []
    uk: WordList = []
    ru: WordList = []
    pl: WordList = []
    de: WordList = []
    fr: WordList = []
    es: WordList = []

    def by_language(self) -> dict[str, list[str]]:
        """The languages that have terms."""
        return {lang: terms for lang in LANGUAGES if (terms := getattr(self, lang))}


def _plain_list(value: Any) -> Any:
    return value if isinstance(value, dict) else {"any": value}


class ListFile(Languages):
    """A word list that rules use as `$name`."""

    title: Line = ""


class ActorFile(Languages):
    """Somebody who can speak, with every name."""

    name: Line = ""
    side: Line = ""
    country: Line = ""
    place: Flag = False


class SystemFile(Languages):
    """A weapon system, with every name."""

    name: Line = ""
    class_: Line = Field(default="", alias="class")
    terms: WordList = []
    unless: WordList = []


def _points(value: Any) -> Any:
    """YAML reads +2 as a number."""
    return {str(key): each for key, each in value.items()} if isinstance(value, dict) else value


Terms = Annotated[Languages, BeforeValidator(_plain_list), defined("terms")]
Points = Annotated[
    dict[Annotated[str, StringConstraints(pattern=r"^[+-]?[0-9]{1,2}$")], Terms], BeforeValidator(_points)
]


class LexiconFile(Strict):
    """A lexicon file; it may hold several kinds."""

    kind: Line = ""
    title: Line = ""
    lists: dict[Id, Annotated[ListFile, BeforeValidator(_plain_list), defined("list")]] = {}
    actors: dict[Id, ActorFile] = {}
    systems: dict[Id, SystemFile] = {}
    scale: Id | None = None
    points: Points = {}
    fixed: Points = {}
    negation: dict[Id, Terms] = {}
    speech: dict[Id, Terms] = {}
