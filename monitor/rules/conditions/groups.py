"""What an alert is about within its rule: values of observations as keys."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from monitor.model import Observation

Key = Callable[[Observation], str]


def story(observation: Observation) -> str:
    """The story, or the item itself where it was not grouped."""
    return observation.story or observation.item_id


KEYS: Mapping[str, Key] = {
    "story": story,
    "speaker": lambda each: each.speaker,
    "publisher": lambda each: each.publisher,
    "owner": lambda each: each.owner or each.publisher,
    "country": lambda each: each.country,
    "lang": lambda each: each.lang,
    "donor": lambda each: each.donor,
    "stage": lambda each: each.stage,
    "systems": lambda each: "+".join(sorted({system.id for system in each.systems})),
    "amount": lambda each: "+".join(sorted({f"{amount.value} {amount.currency}" for amount in each.amounts})),
}


def key_of(observation: Observation, fields: Sequence[str]) -> str:
    """The group of an observation; "" when it is not grouped, its story where it has none of the values."""
    if not fields:
        return ""
    values = [KEYS[field](observation) for field in fields]
    return " / ".join(values) if any(values) else story(observation)


def by_group(observations: Iterable[Observation], fields: Sequence[str]) -> dict[str, list[Observation]]:
    """Observations by group, each in the order given."""
    groups: dict[str, list[Observation]] = {}
    for observation in observations:
        groups.setdefault(key_of(observation, fields), []).append(observation)
    return groups


def publishers(observations: Iterable[Observation]) -> list[str]:
    """Who reported, in order of appearance, each once."""
    return list(dict.fromkeys(each.publisher for each in observations if each.publisher))


def stories(observations: Iterable[Observation]) -> list[list[Observation]]:
    """Observations by story, those that began first in front."""
    return sorted(by_group(observations, ("story",)).values(), key=lambda reports: (reports[0].at, reports[0].id))
