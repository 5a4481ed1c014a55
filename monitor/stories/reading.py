"""What of an item decides which event it tells: read once, small enough to keep for tens of thousands of items."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from monitor.model import Item
from monitor.stories.numbers import Numbers, numbers
from monitor.stories.words import FUNCTION_WORDS, PLACE, meaning
from monitor.text.tokens import Text, Token, canonical

_LEAD_WORDS = 40
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,}")
_TAIL = re.compile(r"\s+[-|]+\s+([^|]{2,40})$")
_LABEL = re.compile(r"^(?:live|breaking|update \d|updated?|flash|watch|exclusive|just in|photos?|video)\s*[:|-]\s*", re.I)
_ASIDE = re.compile(
    r"^(?:annotated|analysis|explainer|explained|opinion|editorial|comment|factbox|timeline|fact.?check|interview|podcast"
    r"|letters?|quiz|in pictures|morning (?:brief|bid)\w*|daily brief\w*|why|how (?!many)|who is|what (?:is|are|to|we|does)"
    r"|here'?s (?:what|why|how)|аналіз|думка|колонка|анализ|мнение|чому|почему|як|как|opinia|analiza|dlaczego|jak)\b"
    r"|\b(?:explained|explainer|what to know|what we know|key takeaways|full text|in pictures|analysis|opinion)\s*$|\bthe full text\b",
    re.I,
)
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_TRACKING = re.compile(r"^(?:utm_|at_|fbclid|gclid|yclid|mc_|cmp|ref$|src$|source$|rss$|ocid|ftag|xtor|smid|partner)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One item as the grouping sees it.

    Attributes:
        id: Of the item.
        outlet: Who published it, spelt so that "cnn.com" and "CNN" are one.
        text: Title and summary in plain words; equal texts are copies.
        link: The link without what tells apart only visits; "" when it names no article.
        title: Stems of the title, function words left out.
        lead: Stems of the first words of the summary that the title does not have.
        names: Those of the title that are written as names.
        aside: An explainer, an opinion, a full text: about an event, but no report of it.
    """

    id: str
    outlet: str
    at: datetime
    seen_at: datetime
    text: str
    link: str
    title: frozenset[str]
    lead: frozenset[str]
    names: frozenset[str]
    numbers: Numbers
    days: frozenset[str]
    aside: bool


def read(item: Item) -> Reading:
    """The item, ready to be compared."""
    outlet = _outlet(item.publisher or item.feed_id)
    headline = _headline(item.title, outlet)
    title, summary = Text(headline), Text(_spelt(item.summary[:600]))
    stems = _stems(title.tokens, headline, item.lang)
    return Reading(
        id=item.id,
        outlet=outlet,
        at=item.counts_at,
        seen_at=item.first_seen_at,
        text=" ".join((*title.norms, "|", *summary.norms[:_LEAD_WORDS])),
        link=_link(item.link),
        title=frozenset(stems),
        lead=frozenset(_stems(summary.tokens[:_LEAD_WORDS], summary.original, item.lang)) - frozenset(stems),
        names=_names(title.tokens, headline, item.lang),
        numbers=numbers(canonical(headline)),
        days=frozenset(day for day in _DAYS if day in title.norms),
        aside=bool(_ASIDE.search(headline)),
    )


def _spelt(text: str) -> str:
    return _INITIALS.sub(lambda match: match.group().replace(".", ""), canonical(text))


def _headline(title: str, outlet: str) -> str:
    """The title without its label ("Live:") and without the outlet's own name at the end."""
    headline = _LABEL.sub("", _spelt(title).strip())
    tail = _TAIL.search(headline)
    return headline[: tail.start()] if tail and _outlet(tail[1]) == outlet else headline


def _outlet(name: str) -> str:
    plain = re.sub(r"^(?:https?://)?(?:www\.)?|\.(?:com|org|net|co\.uk|gov|info|eu)$|^the\b", "", name.strip().lower())
    return re.sub(r"\W+", "", plain) or name


def _stems(tokens: Iterable[Token], text: str, lang: str) -> list[str]:
    return [_stem(token, text, lang) for token in tokens if _counts(token, text)]


def _stem(token: Token, text: str, lang: str) -> str:
    return PLACE + "usa" if text[token.start : token.end] == "US" else meaning(token.norm, lang)


def _counts(token: Token, text: str) -> bool:
    if text[token.start : token.end] == "US":
        return True
    return token.norm not in FUNCTION_WORDS and (len(token.norm) > 1 or token.norm.isdigit())


def _names(tokens: tuple[Token, ...], text: str, lang: str) -> frozenset[str]:
    """Capitalised words after the first; in a Title Written Like This capitals tell nothing, so only known places."""
    words = [token for token in tokens if _counts(token, text) and not token.norm[0].isdigit()]
    capitals = [token for token in words if text[token.start].isupper()]
    telling = capitals if len(capitals) * 10 < len(words) * 7 else []
    stems = {_stem(token, text, lang) for token in telling if token.start > 0}
    return frozenset(stems | {stem for stem in _stems(words, text, lang) if stem.startswith(PLACE)})


def _link(link: str) -> str:
    parts = urlsplit(link)
    if not parts.path.strip("/"):
        return ""
    host = re.sub(r"^(?:www|m|amp|mobile)\.", "", (parts.hostname or "").lower())
    query = urlencode(sorted(pair for pair in parse_qsl(parts.query) if not _TRACKING.match(pair[0])))
    return f"{host}{parts.path.rstrip('/')}?{query}"
