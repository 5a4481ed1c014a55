"""What of an item decides which event it tells: read once, small enough to keep for tens of thousands of items."""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.model import Item
from monitor.stories.days import days, undated
from monitor.stories.links import bare_link
from monitor.stories.numbers import Numbers, numbers
from monitor.stories.words import FUNCTION_WORDS, PLACE, meaning
from monitor.text.labels import unlabelled
from monitor.text.tokens import Text, canonical, norm

_TITLE = 400  # letters of a title that are read: some feeds put a whole text there
_SUMMARY = 300  # letters of a summary that are read: the event stands in its first sentence
_LEAD = 18  # and stems of it that are kept
_US = "US"  # in capitals it is a country
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,}")
_TAIL = re.compile(r"\s+[-|]+\s+([^|]{2,40})$")
_ASIDE = re.compile(
    r"^(?:annotated|analysis|explainer|explained|opinion|editorial|comment|factbox|timeline|fact.?check|interview|podcast"
    r"|quiz|in pictures|morning (?:brief|bid)\w*|daily brief\w*|why|how (?!many)|who is"
    r"|what (?:is|are|to|we|does)|here'?s (?:what|why|how)|аналіз|думка|колонка|чому|як|анализ|мнение|почему|как"
    r"|opinia|analiza|dlaczego|jak)\b"
    r"|\b(?:explained|explainer|what to know|what we know|key takeaways|full text|in pictures|analysis|opinion)\s*$"
    r"|\bthe full text\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    canonical(
        r"\b(?:again|another|anew|second (?:day|night|time)|once more|знову|ще один|ще одна|снова|вновь|опять"
        r"|ещё один|ещё одна|ponownie|znowu|znów|kolejny)\b"
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """One item as the grouping sees it.

    Attributes:
        outlet: Who published it, spelt so that "cnn.com" and "CNN" are one.
        at: When the item counts.
        title: Hash of the title in plain words, valid in this process; 0 when it has none.
        text: The same with the beginning of the summary; equal texts are copies.
        told: Whether there is a summary.
        link: Hash of the link without what tells apart only visits; 0 when it names no article.
        stems: Of the title, function words and dates left out; each once.
        lead: Of the beginning of the summary, those that the title does not have.
        names: Stems of the title that are written as names.
        aside: An explainer, an opinion, a full text: about an event, but no report of it.
        again: The title says that it happened before.
    """

    id: str
    outlet: str
    at: datetime
    seen_at: datetime
    title: int
    text: int
    told: bool
    link: int
    stems: tuple[str, ...]
    lead: tuple[str, ...]
    names: frozenset[str]
    numbers: Numbers
    days: frozenset[str]
    aside: bool
    again: bool


def read(item: Item) -> Reading:
    """The item, ready to be compared."""
    outlet = sys.intern(_outlet(item.publisher or item.feed_id))
    headline = _headline(item.title[:_TITLE], outlet)
    plain, summary = Text(undated(headline)), Text(_spelt(item.summary[:_SUMMARY]))
    words = Text(headline).norms
    telling = stems(plain, item.lang)
    return Reading(
        id=item.id,
        outlet=outlet,
        at=item.counts_at,
        seen_at=item.first_seen_at,
        title=_hash(words),
        text=_hash((*words, "", *summary.norms) if summary.norms else words),
        told=bool(summary.norms),
        link=_hash(bare_link(item.link)),
        stems=telling,
        lead=tuple(stem for stem in stems(summary, item.lang) if stem not in telling)[:_LEAD],
        names=_names(plain, item.lang),
        numbers=numbers(plain.canonical),
        days=days(headline),
        aside=bool(_ASIDE.search(headline)),
        again=bool(_AGAIN.search(headline)),
    )


def stems(text: Text, lang: str) -> tuple[str, ...]:
    """What its words mean, function words left out, each once."""
    return tuple(dict.fromkeys(_stem(word, lang) for word in _telling(text)))


def _hash(words: tuple[str, ...] | str) -> int:
    return hash(words) if words else 0


def _spelt(text: str) -> str:
    return _INITIALS.sub(lambda match: match.group().replace(".", ""), canonical(text))


def _headline(title: str, outlet: str) -> str:
    """The title without its label ("Live:") and without the outlet's own name at the end."""
    headline = unlabelled(_spelt(title).strip())
    tail = _TAIL.search(headline)
    return headline[: tail.start()] if tail and _outlet(tail[1]) == outlet else headline


def _outlet(name: str) -> str:
    plain = re.sub(r"^(?:https?://)?(?:www\.)?|\.(?:com|org|net|co\.uk|gov|info|eu)$|^the\b", "", name.strip().lower())
    return re.sub(r"\W+", "", plain) or name


def _stem(word: str, lang: str) -> str:
    return PLACE + "usa" if word == _US else meaning(norm(word), lang)


def _telling(text: Text) -> list[str]:
    return [word for word in text.written if word == _US or _tells(norm(word))]


def _tells(word: str) -> bool:
    return word not in FUNCTION_WORDS and (len(word) > 1 or word.isdigit())


def _names(text: Text, lang: str) -> frozenset[str]:
    """Capitalised words after the first; in a Title Written Like This capitals tell nothing, so only known places."""
    words = [word for word in _telling(text) if not word[0].isdigit()]
    capitals = [word for word in words if word[0].isupper()]
    telling = capitals if len(capitals) * 10 < len(words) * 7 else []
    first = text.written[0] if text.written and text.canonical.startswith(text.written[0]) else ""
    later = telling[1:] if first and telling[:1] == [first] else telling
    return frozenset({_stem(word, lang) for word in later} | _places(words, lang))


def _places(words: Iterable[str], lang: str) -> set[str]:
    return {stem for stem in (_stem(word, lang) for word in words) if stem.startswith(PLACE)}
