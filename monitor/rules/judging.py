"""Second opinions, as rules see them: what is asked for, and an observation as somebody else reads it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

from monitor.model import Choice, Observation, Opinion, Stance
from monitor.rules.rule import Rule, RuleSet

RECORDED = "recorded answer"  # who reads in the tests of rule files


def wanted(rules: RuleSet, observations: Iterable[Observation], now: datetime) -> tuple[Opinion, ...]:
    """The opinions to ask for: one for each rule and story. History is never asked about."""
    found: dict[str, Opinion] = {}
    for observation in observations:
        if asks(rules.rule(observation.rule), observation):
            opinion = request(observation, now)
            found.setdefault(opinion.id, opinion)
    return tuple(found.values())


def asks(rule: Rule | None, observation: Observation) -> bool:
    """Whether a rule wants a second opinion on what it observed."""
    if rule is None or rule.judge is None or observation.historic:
        return False
    return rule.judge.always or observation.stance is None or observation.stance.score is None


def request(observation: Observation, now: datetime) -> Opinion:
    """The opinion to ask for, the same for all reports of one story."""
    story = observation.story or observation.item_id
    return Opinion(
        id=blake2b(f"{observation.rule}\0{story}".encode(), digest_size=12).hexdigest(),
        rule=observation.rule,
        story=story,
        item_id=observation.item_id,
        observation_id=observation.id,
        lexicon=observation.stance,
        created_at=now,
        next_attempt_at=now,
    )


def renewed(known: Opinion, observation: Observation, now: datetime) -> Opinion:
    """The opinion to ask for anew, since the item says something else; what it has cost so far stays counted."""
    new = request(observation, now)
    return replace(new, calls=known.calls, tokens=known.tokens, asked_at=known.asked_at)


def choice_of(rule: Rule, answer: str) -> Choice | None:
    """The choice of these words among those that a rule's question allows now."""
    choices = rule.judge.choices if rule.judge else ()
    return next((choice for choice in choices if choice.words == answer), None)


def revised(observation: Observation, choice: Choice, quote: str, model: str) -> Observation:
    """The observation as a model reads it; it stays an observation even when the model finds it beside the point."""
    words = (f"“{quote}”",) if quote else ()
    return replace(observation, stance=Stance(score=choice.score, label=choice.label, words=words, read_by=model))


def as_recorded(rule: Rule, observation: Observation, answer: str) -> Observation:
    """The observation after the answer that a test of the rule gives for its item, if it would be asked at all."""
    choice = choice_of(rule, answer)
    return revised(observation, choice, "", RECORDED) if choice and asks(rule, observation) else observation
