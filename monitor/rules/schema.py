"""What rule files and lexicons may hold; match expressions and conditions have tables of their own."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from monitor.model import Severity
from monitor.rules.durations import Moment, Span
from monitor.text.template import check_template

ID = r"^[a-z0-9][a-z0-9_-]{0,79}$"


class Strict(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


def _template(value: Any) -> Any:
    wrong = check_template(value) if isinstance(value, str) else []
    if wrong:
        raise ValueError("; ".join(wrong))
    return value


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, (str, int, float)) and not isinstance(value, bool) else value


def _lower_word(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


Id = Annotated[str, StringConstraints(pattern=ID)]
Line = Annotated[str, StringConstraints(max_length=2000)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Template = Annotated[Line, BeforeValidator(_template)]
Word = Annotated[str, WithJsonSchema({"type": ["string", "number"], "maxLength": 200})]
Names = Annotated[list[Label], BeforeValidator(_one_or_more), WithJsonSchema({"$ref": "#/$defs/names"})]
Anything = Annotated[Any, WithJsonSchema({})]
Expression = Annotated[Any, WithJsonSchema({"$ref": "#/$defs/expression"})]
When = Annotated[Any, WithJsonSchema({"$ref": "#/$defs/when"})]
Guard = Annotated[Any, WithJsonSchema({"$ref": "#/$defs/guard"})]
Words = Annotated[Any, WithJsonSchema({"$ref": "#/$defs/words"})]
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


class AmountFile(Strict):
    """Which sums are meant."""

    near: Words = None


class ExtractFile(Strict):
    """What is read from a matched item."""

    amount: bool | AmountFile = False
    systems: bool = False
    stage: bool = False
    donor: bool = False


class ConfirmFile(Strict):
    """How many independent publishers must report before an alert opens."""

    publishers: Annotated[int, Field(ge=2, le=50, strict=True)]
    within: Span
    state_media: bool = True


class AlertFile(Strict):
    """One entry of `alerts:`."""

    name: Label = ""
    when: When
    if_: Guard = Field(default=None, alias="if")
    confirm: ConfirmFile | None = None
    group: Annotated[list[GroupField], BeforeValidator(_one_or_more), Field(max_length=5)] = []
    cooldown: Moment | None = None
    expires: Span | None = None
    severity: Severity | None = None
    title: Template = ""
    body: Template = ""


class ItemFile(Strict):
    """An item of a test."""

    title: Line = ""
    summary: Annotated[str, StringConstraints(max_length=20_000)] = ""
    body: Annotated[str, StringConstraints(max_length=20_000)] = ""
    author: Line = ""
    link: Line = ""
    feed: Label = "test"
    publisher: str = ""
    owner: str = ""
    country: str = ""
    lang: str = ""
    state_media: bool = False
    tags: Names = []
    story: str = ""


class SeriesItemFile(ItemFile):
    """An item of a timeline."""

    at: Moment
    times: Annotated[int, Field(ge=1, le=500, strict=True)] = 1
    every: Span | None = None
    historic: bool = False


class ExpectFile(Strict):
    """What a test wants to be read from its item; what is left out is not looked at."""

    match: bool = True
    speaker: str | None = None
    stance: str | None = None
    amount: str | None = None
    systems: Names | None = None
    stage: str | None = None
    donor: str | None = None


class ExpectedAlertFile(Strict):
    """An alert that a timeline wants at a moment."""

    at: Moment
    name: Label = ""


class ItemTestFile(Strict):
    """One item and what the rule should make of it."""

    name: str = ""
    item: Annotated[ItemFile, BeforeValidator(lambda value: {"title": value} if isinstance(value, str) else value)]
    expect: ExpectFile


class SeriesTestFile(Strict):
    """A timeline and the alerts it should open."""

    name: str = ""
    series: Annotated[list[SeriesItemFile], Field(min_length=1, max_length=200)]
    until: Moment | None = None
    expect_alerts: list[ExpectedAlertFile]


class RuleFile(Strict):
    """A rule file."""

    rule: Id
    title: Line = ""
    question: Line = ""
    baseline: BaselineFile = BaselineFile()
    source: Line = ""
    severity: Severity = Severity.MEDIUM
    tags: Names = []
    match: Expression
    stance: StanceFile | None = None
    extract: ExtractFile = ExtractFile()
    alert: Severity | None = None
    alerts: Annotated[list[AlertFile], Field(max_length=50)] = []
    tests: Annotated[list[Anything], Field(max_length=500)] = []


# --- lexicons -------------------------------------------------------------------------------------------------------

WordList = Annotated[list[Word], BeforeValidator(_one_or_more), Field(max_length=5000)]
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
    return {"any": value} if isinstance(value, (list, str)) else value


class ListFile(Languages):
    """A word list that rules use as `$name`."""

    title: Line = ""


class ActorFile(Languages):
    """Somebody who can speak, with every name."""

    name: Line = ""
    side: Label | Literal[""] = ""
    country: str = ""
    place: bool = False


class SystemFile(Languages):
    """A weapon system, with every name."""

    name: Line = ""
    class_: str = Field(default="", alias="class")
    terms: WordList = []
    unless: WordList = []


class NegationFile(Languages):
    """Words of one kind that turn a stance word round."""


Terms = Annotated[Languages, BeforeValidator(_plain_list)]


class LexiconFile(Strict):
    """A lexicon file; it may hold several kinds."""

    kind: str = ""
    title: Line = ""
    lists: dict[Id, Annotated[ListFile, BeforeValidator(_plain_list)]] = {}
    actors: dict[Id, ActorFile] = {}
    systems: dict[Id, SystemFile] = {}
    scale: Id | None = None
    points: dict[Annotated[str, StringConstraints(pattern=r"^[+-]?[0-9]{1,2}$")], Terms] = {}
    fixed: dict[Annotated[str, StringConstraints(pattern=r"^[+-]?[0-9]{1,2}$")], Terms] = {}
    negation: dict[Id, Terms] = {}
    speech: dict[Id, Terms] = {}
