"""Other engines for matching.py: each takes rules of `any`, `with` and `none`, and says how many an item meets."""

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing

from ahocorasick_rs import AhoCorasick

from monitor.model import Item
from monitor.text.tokens import Text

try:
    import yara_x
except ModuleNotFoundError:  # pip install yara-x
    yara_x = None

Made = Mapping[str, Sequence[str]]
Peer = Callable[[Sequence[Made]], Callable[[Item], int]]


def loop(made: Sequence[Made]) -> Callable[[Item], int]:
    """One compiled expression for each list of each rule, as a quick script would do it."""
    patterns = [tuple(_pattern(each[key]) for key in ("any", "with", "none")) for each in made]

    def match(item: Item) -> int:
        text = f"{item.title} {item.summary}"
        return sum(
            bool(wanted.search(text) and context.search(text) and not unwanted.search(text))
            for wanted, context, unwanted in patterns
        )

    return match


def automaton(made: Sequence[Made]) -> Callable[[Item], int]:
    """Normalising and finding the words, and nothing else: what any engine has to spend."""
    terms = {
        " " + (word[:-1] if word.endswith("*") else f"{word} ") for each in made for key in each for word in each[key]
    }
    found = AhoCorasick(sorted(terms))

    def match(item: Item) -> int:
        words = (*Text(item.title).norms, *Text(item.summary).norms)
        return len(found.find_matches_as_indexes(f" {' '.join(words)} ", overlapping=True))

    return match


def yara(made: Sequence[Made]) -> Callable[[Item], int]:
    """One yara rule for each."""
    rules = yara_x.compile("\n".join(_yara_rule(number, each) for number, each in enumerate(made)))
    scanner = yara_x.Scanner(rules)
    return lambda item: len(scanner.scan(f"{item.title} {item.summary}".encode()).matching_rules)


def full_text(made: Sequence[Made], batch: Sequence[Item]) -> int:
    """Index the batch, then ask for every rule; how many matches there are in all."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE VIRTUAL TABLE items USING fts5(words)")
        texts = ((f"{item.title} {item.summary}",) for item in batch)
        database.executemany("INSERT INTO items VALUES (?)", texts)
        count = "SELECT count(*) FROM items WHERE items MATCH ?"
        return sum(database.execute(count, (_query(each),)).fetchone()[0] for each in made)


def _pattern(terms: Sequence[str]) -> re.Pattern[str]:
    forms = (re.escape(term.removesuffix("*")) + (r"\w*" if term.endswith("*") else "") for term in terms)
    return re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE)


def _yara_rule(number: int, each: Made) -> str:
    lines = [
        f'${key}{at} = "{term.removesuffix("*")}" nocase{"" if term.endswith("*") else " fullword"}'
        for key, terms in each.items()
        for at, term in enumerate(dict.fromkeys(terms))
    ]
    wanted = "any of ($any*) and any of ($with*) and none of ($none*)"
    return f"rule r{number} {{ strings: {' '.join(lines)} condition: {wanted} }}"


def _query(each: Made) -> str:
    wanted, context, unwanted = ("(" + " OR ".join(map(_phrase, each[key])) + ")" for key in ("any", "with", "none"))
    return f"({wanted} AND {context}) NOT {unwanted}"


def _phrase(term: str) -> str:
    return f'"{term.removesuffix("*")}"{" *" if term.endswith("*") else ""}'
