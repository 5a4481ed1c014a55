"""What a model answered: taken only when it is on the list, and when its quote stands in the item."""

import json
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder

from monitor.judge.prompt import FIELDS
from monitor.model import Choice, Item, Question
from monitor.text import plain
from monitor.text.tokens import norms

_LONGEST_QUOTE = 60  # words
_SHORTEST_QUOTE = 2
_OBJECTS_TRIED = 8
_SHOWN = 80


class Unusable(Exception):
    """The model answered, but not as it was asked to; the message says in which way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A choice, and the words of the item it rests on."""

    choice: Choice
    quote: str


def read(content: str, question: Question, item: Item) -> Answer:
    """The answer in what a model wrote.

    Raises:
        Unusable: There is none, it is not on the list, or its quote does not occur in the item.
    """
    written = _object(content)
    choice = _choice(written.get("answer"), question)
    return Answer(choice=choice, quote=_quote(written.get("quote"), choice, item))


def stands_in(quote: str, item: Item) -> bool:
    """Whether these words stand in one field of an item, one after the other."""
    words = norms(quote)
    return any(_contains(norms(getattr(item, field)), words) for field in FIELDS)


def _object(content: str) -> dict[str, object]:
    """The first JSON object with an answer: some models put words or a fence around it."""
    start, decoder = content.find("{"), JSONDecoder()
    for _ in range(_OBJECTS_TRIED):
        if start < 0:
            break
        try:
            found, _ = decoder.raw_decode(content, start)
        except (JSONDecodeError, RecursionError):
            found = None
        if isinstance(found, dict) and "answer" in found:
            return found
        start = content.find("{", start + 1)
    raise Unusable("answered without the JSON object it was asked for")


def _choice(answer: object, question: Question) -> Choice:
    told = " ".join(answer.split()).casefold() if isinstance(answer, str) else ""
    for choice in question.choices:
        if " ".join(choice.words.split()).casefold() == told:
            return choice
    shown = plain.line(json.dumps(answer, ensure_ascii=False), _SHOWN)
    raise Unusable(f"answered {shown}, which is not on the list")


def _quote(quote: object, choice: Choice, item: Item) -> str:
    """The quote on one line. Only an answer that tells no stance may go without one."""
    words = norms(quote) if isinstance(quote, str) else ()
    if not words and choice.score is None:
        return ""
    if not _SHORTEST_QUOTE <= len(words) <= _LONGEST_QUOTE:
        raise Unusable(f"gave a quote of {len(words)} words; {_SHORTEST_QUOTE} to {_LONGEST_QUOTE} were asked for")
    if not isinstance(quote, str) or not stands_in(quote, item):
        raise Unusable(f"quoted words that do not stand in the item: “{plain.line(str(quote), _SHOWN)}”")
    return plain.line(quote, 600).strip("\"'“”«»„ ")


def _contains(text: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether the words stand in the text, one after the other."""
    size = len(words)
    starts = (at for at, word in enumerate(text) if words and word == words[0])
    return any(text[at : at + size] == words for at in starts)
