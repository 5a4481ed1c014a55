"""Rules against items: our engine beside a loop of regular expressions and a bare automaton, as ratios of one run.

    python -m benchmarks.matching [--items 2000] [--slow]

All three see the same items: news from ../shared/data where that is there, else sentences of invented words. The rules
beyond the shipped ones are made of the items' own words: rare ones to look for, common ones as context and exclusion.
`--slow` adds 100,000 rules.
"""

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from monitor.model import Item
from monitor.rules.load import load
from monitor.rules.operators.table import OPERATORS
from monitor.rules.reader import ExpressionReader
from monitor.rules.rule import Rule, RuleSet
from monitor.text.tokens import canonical, norms

SHIPPED = Path(__file__).parents[1] / "rules"
NEWS = Path(__file__).parents[2] / "shared" / "data" / "news" / "replay_2025-11-17_2025-11-20.jsonl"
_SUBJECTS = ("ministers", "envoys", "troops", "lawmakers", "engineers", "farmers", "officials", "pilots", "traders")
_VERBS = ["discuss", "reject", "approve", "announce", "delay", "repair", "deliver", "inspect", "cancel", "praise"]
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Measured:
    """One engine over one set of rules."""

    name: str
    rules: int
    build: float
    per_second: float


def words(count: int, chance: random.Random) -> list[str]:
    """Invented words of five to eleven letters."""
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    return ["".join(chance.choices(syllables, k=chance.randint(2, 5))) + chance.choice("nrstl") for _ in range(count)]


def items(count: int, vocabulary: Sequence[str], chance: random.Random) -> list[Item]:
    """Headlines with summaries of about 300 characters; word frequencies fall as in language."""
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    drawn = chance.choices(vocabulary, weights, k=count * 36)
    made = []
    for number in range(count):
        own = drawn[number * 36 : number * 36 + 36]
        title = f"{chance.choice(_SUBJECTS)} {chance.choice(_VERBS)} {' '.join(own[:6])}".capitalize()
        summary = f"{' '.join(own[6:20]).capitalize()}. {' '.join(own[20:]).capitalize()}."
        made.append(Item(id=str(number), feed_id="bench", title=title, summary=summary, first_seen_at=_NOW))
    return made


def real_items(path: Path, count: int) -> list[Item]:
    """Items from lines of JSON, spread over the file."""
    lines = path.read_text("utf-8").splitlines()
    told = [json.loads(line) for line in lines[:: max(1, len(lines) // count)]]
    return [
        Item(id=str(n), feed_id="b", title=each["title"], summary=each.get("summary") or "", first_seen_at=_NOW)
        for n, each in enumerate(told)
    ]


def words_of(news: Sequence[Item]) -> list[str]:
    """The words of the items, the most frequent first, without the hundred that every text has."""
    counted = Counter(norm for item in news for norm in norms(f"{item.title} {item.summary}") if len(norm) > 3)
    return [word for word, _ in counted.most_common()][100:]


def expressions(count: int, vocabulary: Sequence[str], chance: random.Random) -> list[dict[str, list[str]]]:
    """Rules of a phrase or rare word, some context and an exclusion."""
    rare, common = vocabulary[len(vocabulary) // 20 :], vocabulary[: len(vocabulary) // 20]
    made = []
    for _ in range(count):
        any_of = [f"{chance.choice(rare)} {chance.choice(rare)}", chance.choice(rare), f"{chance.choice(rare)[:6]}*"]
        made.append({"any": any_of, "with": chance.choices(common, k=5), "none": [chance.choice(common)]})
    return made


def compiled(made: Sequence[dict[str, list[str]]], base: RuleSet) -> RuleSet:
    """A rule set of the shipped rules and these."""
    reader = ExpressionReader(OPERATORS, base.lexicons, lambda place, message, hint: None)
    rules = [
        Rule(id=f"r{number}", title="", version="", match=reader.expression(each, ("match",)))
        for number, each in enumerate(made)
    ]
    return RuleSet([*base.rules, *rules], base.lexicons)


def rate(work: Callable[[Item], object], items: Sequence[Item], seconds: float = 3.0) -> float:
    """Items per second of processor time; as many items as fit in about `seconds`."""
    begin, done = time.process_time(), 0
    for item in items:
        work(item)
        done += 1
        if time.process_time() - begin > seconds:
            break
    return done / (time.process_time() - begin)


def ours(name: str, made: Sequence[dict[str, list[str]]], base: RuleSet, news: Sequence[Item]) -> Measured:
    begin = time.process_time()
    rules = compiled(made, base)
    build = time.process_time() - begin
    rules.match(news[:200])
    return Measured(name, len(rules.rules), build, rate(lambda item: rules.match([item]), news))


def loop(made: Sequence[dict[str, list[str]]], news: Sequence[Item]) -> Measured:
    """One compiled expression for each list of each rule, as a quick script would do it."""
    begin = time.process_time()
    patterns = [tuple(_pattern(each[key]) for key in ("any", "with", "none")) for each in made]
    build = time.process_time() - begin

    def match(item: Item) -> list[int]:
        text = f"{item.title} {item.summary}"
        return [
            number
            for number, (wanted, context, unwanted) in enumerate(patterns)
            if wanted.search(text) and context.search(text) and not unwanted.search(text)
        ]

    return Measured("re loop", len(made), build, rate(match, news))


def automaton(made: Sequence[dict[str, list[str]]], news: Sequence[Item]) -> Measured:
    """Finding the words and nothing else: what any engine has to spend."""
    begin = time.process_time()
    found = AhoCorasick(sorted({word.removesuffix("*") for each in made for key in each for word in each[key]}))
    build = time.process_time() - begin

    def match(item: Item) -> object:
        return found.find_matches_as_indexes(canonical(f"{item.title} {item.summary}").lower(), overlapping=True)

    return Measured("bare automaton", len(made), build, rate(match, news))


def _pattern(terms: Sequence[str]) -> re.Pattern[str]:
    forms = (re.escape(term.removesuffix("*")) + (r"\w*" if term.endswith("*") else "") for term in terms)
    return re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--items", type=int, default=6000)
    options.add_argument("--slow", action="store_true", help="also 100,000 rules")
    chosen = options.parse_args()
    chance = random.Random(7)
    if NEWS.exists():
        news = real_items(NEWS, chosen.items)
    else:
        news = items(chosen.items, list(dict.fromkeys(words(30_000, chance))), chance)
    vocabulary = words_of(news)
    base = load([SHIPPED]).rules
    results = [ours("monitor, shipped", [], base, news)]
    for count in (1000, 10_000, *((100_000,) if chosen.slow else ())):
        made = expressions(count, vocabulary, chance)
        results += [ours("monitor", made, base, news), automaton(made, news)]
        if count <= 10_000:
            results.append(loop(made, news))
    print(f"{'engine':20}{'rules':>9}{'build s':>9}{'items/s':>10}{'x shipped':>11}")
    for each in results:
        ratio = results[0].per_second / each.per_second
        print(f"{each.name:20}{each.rules:9}{each.build:9.2f}{each.per_second:10.0f}{ratio:11.2f}")


if __name__ == "__main__":
    main()
