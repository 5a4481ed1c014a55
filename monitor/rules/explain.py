"""Why a rule selects an item or not, clause by clause, in lines for a person."""

from collections.abc import Iterator

from monitor.model import Evidence, Observation, Opinion, OpinionState
from monitor.rules.judging import asks
from monitor.rules.operators.base import Result
from monitor.rules.rule import Evaluation, Rule

YES, NO = "+", "-"
_STATES = {
    OpinionState.PENDING: "waits to be asked",
    OpinionState.UNUSABLE: "the answer does not count",
    OpinionState.FAILED: "could not be had",
    OpinionState.LAPSED: "was not asked",
}


def explain(evaluation: Evaluation) -> tuple[str, ...]:
    """The answer, every clause with its matched words or why it fails, and what was read from the item."""
    rule, result = evaluation.rule, evaluation.result
    answer = "selects this item" if result.holds else f"does not select this item: {first_failure(result)}"
    lines = [f"{rule.id} {answer}", *_clauses(result, 1)]
    if evaluation.observation is not None:
        lines += [f"  {line}" for line in _read(evaluation.observation)]
    return tuple(lines)


def second_opinion(evaluation: Evaluation, opinion: Opinion | None) -> Iterator[str]:
    """Whether the rule's judge was asked about an item, and what it said."""
    seen = evaluation.observation
    if opinion is not None:
        yield f"  second opinion: {_said(opinion)}"
    elif seen is not None and evaluation.rule.judge is not None:
        yield f"  second opinion: {_unasked(evaluation.rule, seen)}"


def _unasked(rule: Rule, seen: Observation) -> str:
    if seen.historic:
        return "not wanted, the item is history"
    return "not asked about this item" if asks(rule, seen) else "not wanted, the stance was read"


def _said(opinion: Opinion) -> str:
    if opinion.state is OpinionState.ANSWERED:
        quote = f", because of “{opinion.quote}”" if opinion.quote else ""
        before = opinion.lexicon.label if opinion.lexicon else "none"
        return f'"{opinion.answer}"{quote}, read by {opinion.model}; the scale read: {before}'
    told = f": {opinion.reason}" if opinion.reason else ""
    return _STATES[opinion.state] + told


def first_failure(result: Result) -> str:
    """The first clause that fails, with its reason; "" when none does."""
    if result.holds:
        return ""
    inner = next((part for part in result.parts if not part.holds), None)
    if inner is not None and result.label == "all":
        return first_failure(inner)
    return f"{result.label}: {result.why}" if result.why else result.label


def _clauses(result: Result, depth: int) -> Iterator[str]:
    """What has clauses inside is explained by them."""
    told = "" if result.parts else _words(result) if result.holds else result.why
    yield f"{'  ' * depth}{YES if result.holds else NO} {result.label}" + (f": {told}" if told else "")
    for part in result.parts:
        yield from _clauses(part, depth + 1)


def _words(result: Result) -> str:
    found = (f'"{each.words}" ({each.where})' for each in result.evidence if isinstance(each, Evidence))
    return ", ".join(dict.fromkeys(found))


def _read(seen: Observation) -> Iterator[str]:
    if seen.speaker:
        yield f"speaker: {seen.speaker}"
    if seen.stance:
        yield f"stance: {seen.stance.label}" + (f" ({seen.stance.because})" if seen.stance.because else "")
    for amount in seen.amounts:
        yield f"amount: {amount.value:,f} {amount.currency}" + (" in total" if amount.total else "")
    for system in seen.systems:
        yield f"system: {system.name}" + (f", {system.quantity}" if system.quantity else "")
    yield from (f"{name}: {value}" for name in ("stage", "donor") if (value := getattr(seen, name)))
