"""What a reader of an alert is told: what happened, who said it where, and why it fired. Plain text, made harmless."""

from collections.abc import Iterable, Sequence

from monitor.model import Alert, AlertRule, Amount, Message, Observation, System, Verdict
from monitor.text import plain
from monitor.text.template import fill

TITLE_LIMIT = 200
BODY_LIMIT = 6000
_QUOTE_LIMIT = 400
_LINK_LIMIT = 2000
_REPORTS_SHOWN = 6
_DEFAULT_TITLE = "{rule}: {headline}"


def title_of(rule: AlertRule, verdict: Verdict) -> str:
    """The title of an alert that opens: the rule's template filled in, one line."""
    template = rule.title or (_DEFAULT_TITLE if verdict.observations else rule.rule_title)
    return plain.line(fill(template, fields(rule, verdict)), TITLE_LIMIT) or plain.line(rule.rule_title, TITLE_LIMIT)


def body_of(rule: AlertRule, verdict: Verdict) -> str:
    """The rule's own words for the body of an alert that opens, or ""."""
    return plain.lines(fill(rule.body, fields(rule, verdict)), BODY_LIMIT // 2)


def fields(rule: AlertRule, verdict: Verdict) -> dict[str, str]:
    """What the fields of a template stand for (`text.template.FIELDS`); the newest observation speaks."""
    about_alert = {
        "group": verdict.group,
        "reason": verdict.reason,
        "rule": rule.rule_title,
        "severity": str(rule.severity),
        "count": str(len(verdict.observations)),
        "publishers": str(len(_publishers(verdict.observations))),
    }
    about_newest = _observation_fields(verdict.observations[-1]) if verdict.observations else {}
    return {name: plain.line(value, TITLE_LIMIT) for name, value in (about_alert | about_newest).items()}


def render(alert: Alert, observations: Sequence[Observation]) -> Message:
    """What a person will read about this alert.

    Args:
        observations: What it rests on, oldest first; all of them or only the newest.
    """
    shown = observations[-_REPORTS_SHOWN:]
    counts = _counts(alert, len(shown))
    parts = [alert.body, f"Why: {plain.line(alert.reason, _QUOTE_LIMIT)}", *map(_report, shown)]
    told = plain.lines("\n\n".join(part for part in parts if part), BODY_LIMIT - len(counts) - 2)
    return Message(
        title=plain.line(alert.title, TITLE_LIMIT),
        body=f"{told}\n\n{counts}",
        link=_link(alert.link),
        severity=alert.severity,
    )


def short_id(alert: Alert) -> str:
    """Enough of the alert's id to recognise a message that came twice."""
    return alert.id[:8]


def _counts(alert: Alert, shown: int) -> str:
    reports, publishers = len(alert.observation_ids), len(alert.publishers)
    counted = f"{_number(reports, 'report')}, {_number(publishers, 'publisher')}"
    hidden = f" ({reports - shown} not shown)" if reports > shown > 0 else ""
    return f"{counted}{hidden}. " * bool(reports) + f"Alert {short_id(alert)}, {alert.severity}."


def _report(observation: Observation) -> str:
    """Who said what, where; the words in quotation marks are the publisher's own."""
    words = plain.line(observation.quote or observation.title, _QUOTE_LIMIT)
    who = ", ".join(filter(None, (_speaker(observation), plain.line(observation.publisher, 80))))
    rows = (f"{who}: “{words}”" if who else f"“{words}”", _reading(observation), _link(observation.link))
    return "\n".join(filter(None, rows))


def _reading(observation: Observation) -> str:
    read = (_stance(observation), _amounts(observation.amounts), _systems(observation.systems), observation.stage)
    text = "; ".join(filter(None, read))
    return f"Read as: {plain.line(text, _QUOTE_LIMIT)}" if text else ""


def _observation_fields(observation: Observation) -> dict[str, str]:
    return {
        "headline": observation.title,
        "quote": observation.quote,
        "speaker": _speaker(observation),
        "stance": observation.stance.label if observation.stance else "",
        "amount": _amounts(observation.amounts),
        "systems": _systems(observation.systems),
        "stage": observation.stage,
        "donor": observation.donor,
        "publisher": observation.publisher,
        "country": observation.country,
    }


def _stance(observation: Observation) -> str:
    stance = observation.stance
    if stance is None or stance.score is None:
        return ""
    return f"{stance.label} {stance.score:+.1f}" + (f" ({', '.join(stance.words)})" if stance.words else "")


def _amounts(amounts: Iterable[Amount]) -> str:
    return ", ".join(amount.words or f"{amount.value:,f} {amount.currency}" for amount in amounts)


def _systems(systems: Iterable[System]) -> str:
    return ", ".join(
        system.name if system.quantity is None else f"{system.quantity} × {system.name}" for system in systems
    )


def _speaker(observation: Observation) -> str:
    """The actor's id as a name: `vladimir-putin` is Vladimir Putin."""
    words = observation.speaker.replace("_", " ").replace("-", " ").split()
    return plain.line(" ".join(word[:1].upper() + word[1:] for word in words), 80)


def _publishers(observations: Iterable[Observation]) -> set[str]:
    return {observation.publisher for observation in observations if observation.publisher}


def _link(link: str) -> str:
    clean = "".join(plain.line(link, _LINK_LIMIT).split())
    return clean if clean.startswith(("http://", "https://")) and "…" not in clean else ""


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
