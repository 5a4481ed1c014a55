"""What a reader of an alert is told: what happened, who said it where, and why it fired. Plain text, made harmless."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from monitor.alerts.quotes import QUOTE_LIMIT, counted, lead_of, quotes_of, speaker, sums
from monitor.model import Alert, AlertRule, Message, Observation, Quote, Turn, Verdict
from monitor.text import plain
from monitor.text.template import fill

TITLE_LIMIT = 200
BODY_LIMIT = 6000
_REPORTS_SHOWN = 6
_DEFAULT_TITLE = "{rule}: {headline}"


def title_of(rule: AlertRule, verdict: Verdict) -> str:
    """The title of an alert that opens: the rule's template filled in, one line."""
    template = rule.title or (_DEFAULT_TITLE if verdict.observations else rule.rule_title)
    return plain.line(fill(template, fields(rule, verdict)), TITLE_LIMIT) or plain.line(rule.rule_title, TITLE_LIMIT)


def body_of(rule: AlertRule, verdict: Verdict) -> str:
    """The rule's own words for the body of an alert that opens, or ""."""
    return plain.lines(fill(rule.body, fields(rule, verdict)), BODY_LIMIT // 2) if rule.body else ""


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


def render(
    alert: Alert, observations: Sequence[Observation], *, turn: Turn | None = None, facts: Sequence[str] = ()
) -> Message:
    """What a person will read about this alert.

    Args:
        observations: What it rests on, oldest first; all of them or only the newest.
        turn: What turned, where it is about a change.
        facts: What is new in an alert that was told before.
    """
    shown = observations[-_REPORTS_SHOWN:]
    message = Message(
        title=plain.line(alert.title, TITLE_LIMIT),
        body="",
        link=plain.web_link(alert.link),
        severity=alert.severity,
        lead=lead_of(turn, shown[-1] if shown else None),
        note=plain.lines(alert.body, BODY_LIMIT // 2),
        facts=tuple(plain.line(fact, QUOTE_LIMIT) for fact in facts),
        quotes=quotes_of(shown, turn),
        reason=plain.line(alert.reason, QUOTE_LIMIT),
        counts=_counts(alert, len(shown)),
        reference=f"Alert {short_id(alert)}",
        thread=alert.group if any(alert.group == each.story != "" for each in observations) else alert.id,
        rule=alert.rule,
    )
    return replace(message, body=_whole(message))


def short_id(alert: Alert) -> str:
    """Enough of the alert's id to recognise a message that came twice."""
    return alert.id[:8]


def _whole(message: Message) -> str:
    """All of it as plain text; whatever is cut, the last line stays."""
    counts = f"{message.counts}. " if message.counts else ""
    ending = f"{counts}{message.reference}, {message.severity}."
    told = plain.lines("\n\n".join(filter(None, _parts(message))), BODY_LIMIT - len(ending) - 2)
    return f"{told}\n\n{ending}"


def _parts(message: Message) -> Iterator[str]:
    yield message.note
    yield "\n".join(f"New: {fact}" for fact in message.facts)
    yield message.lead
    yield f"Why: {message.reason}"
    yield from map(_quoted, message.quotes)


def _quoted(quote: Quote) -> str:
    """Who said what, where and when; the words in quotation marks are the publisher's own."""
    publisher = f"{quote.publisher} (state media)" if quote.state_media and quote.publisher else quote.publisher
    day = f"{quote.at:%d %b %Y}".lstrip("0") if quote.at else ""
    head = ", ".join(filter(None, (quote.speaker, publisher, day)))
    told = f"{head}: “{quote.words}”" if head else f"“{quote.words}”"
    reading = f"Read as: {quote.reading}" if quote.reading else ""
    return "\n".join(filter(None, (f"{quote.role.capitalize()} — {told}" if quote.role else told, reading, quote.link)))


def _counts(alert: Alert, shown: int) -> str:
    reports, publishers = len(alert.observation_ids), len(alert.publishers)
    hidden = f" ({reports - shown} not shown)" if reports > shown > 0 else ""
    return f"{_number(reports, 'report')}, {_number(publishers, 'publisher')}{hidden}" if reports else ""


def _observation_fields(observation: Observation) -> dict[str, str]:
    return {
        "headline": observation.title,
        "quote": observation.quote,
        "speaker": speaker(observation),
        "stance": observation.stance.label if observation.stance else "",
        "amount": sums(observation.amounts),
        "systems": counted(observation.systems),
        "stage": observation.stage,
        "donor": observation.donor,
        "publisher": observation.publisher,
        "country": observation.country,
    }


def _publishers(observations: Iterable[Observation]) -> set[str]:
    return {observation.publisher for observation in observations if observation.publisher}


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
