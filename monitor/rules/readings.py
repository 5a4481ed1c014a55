"""What an indicator reads now, in words with figures."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from statistics import fmean

from monitor.model import Observation
from monitor.rules.conditions.groups import publishers, story
from monitor.rules.ledger import Package
from monitor.rules.rule import Rule
from monitor.rules.trends import BASELINE, WEEK

_BAND = 0.25  # of the scale: a mean this near to zero is the rule's word for zero
_SHIFT, _LEAST_NOW, _LEAST_BEFORE = 0.5, 5, 12  # what `{shift: stance}` asks for
_NAMED = 3


def of_stance(rule: Rule, week: Sequence[Observation], seen: Sequence[Observation], now: datetime) -> str:
    """E.g. "fixed, -0.1, 14 statements in 7 days, no shift"."""
    scores = scores_of(rule, week)
    before = scores_of(rule, [each for each in seen if now - WEEK - BASELINE < each.at <= now - WEEK])
    statements = len(_statements(week))
    told = f"{number(statements, 'statement')} in 7 days"
    if not scores:
        return f"unread, {told}"
    unread = f" ({statements - len(scores)} unread)" if statements > len(scores) else ""
    told += unread + _by_models(week)
    return f"{_label(rule, scores)}, {_figure(scores)}, {told}, {_shifted(rule, scores, before)}"


def _by_models(week: Sequence[Observation]) -> str:
    """How many reports were read by whom, where it was not the scale."""
    readers = Counter(each.stance.read_by for each in week if each.stance and each.stance.read_by)
    return "".join(f" ({count} read by {model})" for model, count in sorted(readers.items()))


def _shifted(rule: Rule, scores: Sequence[float], before: Sequence[float]) -> str:
    few = [f"{len(scores)} of {_LEAST_NOW} now"] * (len(scores) < _LEAST_NOW)
    few += [f"{len(before)} of {_LEAST_BEFORE} in the 28 days before"] * (len(before) < _LEAST_BEFORE)
    if few:
        return f"too few to tell a shift ({', '.join(few)})"
    if abs(fmean(scores) - fmean(before)) < _SHIFT:
        return "no shift"
    return f"moved from {_label(rule, before)}, {_figure(before)}"


def _label(rule: Rule, scores: Sequence[float]) -> str:
    mean = fmean(scores)
    return rule.stance.label(mean if abs(mean) > _BAND else 0.0) if rule.stance else ""


def _figure(scores: Sequence[float]) -> str:
    return f"{round(fmean(scores), 1) + 0.0:+.1f}"  # never "-0.0"


def _statements(observations: Iterable[Observation]) -> dict[tuple[str, str], list[Observation]]:
    """What one speaker says in one story is one statement, however many report it."""
    found: dict[tuple[str, str], list[Observation]] = {}
    for each in observations:
        found.setdefault((story(each), each.speaker), []).append(each)
    return found


def scores_of(rule: Rule, observations: Iterable[Observation]) -> list[float]:
    """The stance of each statement that shows one, as its first such report reads."""
    if rule.stance is None:
        return []
    read = [each for each in observations if each.stance and each.stance.score is not None]
    firsts = (some[0].stance for some in _statements(read).values())
    return [stance.score for stance in firsts if stance and stance.score is not None]


def tells_of_packages(rule: Rule) -> bool:
    """Whether a rule reads sums or systems, so that its observations belong into the ledger."""
    return rule.extract.amount or rule.extract.systems


def of_aid(found: Sequence[Package], since: datetime) -> str:
    """E.g. "2 packages, 684 million USD in 7 days: Germany 579 million USD, announced; ..."; "" when there is none."""
    new = [package for package in found if package.first_seen_at > since]
    if not new:
        return ""
    largest = sorted(new, key=lambda package: package.usd, reverse=True)
    named = "; ".join(_named(package) for package in largest[:_NAMED])
    more = f"; {len(new) - _NAMED} more" if len(new) > _NAMED else ""
    unpriced = sum(not package.usd for package in new)
    rest = f" ({unpriced} without a sum)" if unpriced else ""
    total = sum((package.usd for package in new), Decimal(0))
    return f"{number(len(new), 'package')}, {_millions(total)} in 7 days{rest}: {named}{more}"


def _named(package: Package) -> str:
    systems = " and ".join(system.name for system in package.systems[:2])
    what = _millions(package.usd) if package.usd else systems
    return ", ".join(filter(None, (f"{package.donor or 'unknown donor'} {what}".strip(), package.stage)))


def of_counts(week: Sequence[Observation]) -> str:
    """E.g. "12 stories in 7 days, 10 publishers"."""
    stories = len({story(each) for each in week})
    told = f"{stories} story" if stories == 1 else f"{stories} stories"
    return f"{told} in 7 days, {number(len(publishers(week)), 'publisher')}"


def number(count: int, noun: str) -> str:
    """A count with its noun: "1 package", "2 packages"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _millions(usd: Decimal) -> str:
    return f"{float(usd) / 1e6:,.0f} million USD"
