"""Many notifications told in one message: grouped by indicator, newest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.model import Alert, Message, Notification


def digest(
    parts: Sequence[Notification],
    alerts: Mapping[str, Alert],
    *,
    bundle: str,
    zone: str,
    now: datetime,
    coverage: str = "",
    charts: Mapping[str, tuple[int, ...]] | None = None,
    titles: Mapping[str, str] | None = None,
) -> Message:
    """One message that tells what all of them would have told.

    Args:
        parts: What was held, in any order.
        alerts: By id, those that the parts are about.
        bundle: Why they were held: "hourly", "daily", "weekly", "quiet", "storm" or "catch-up".
        zone: IANA name of the reader's zone, for dates.
        coverage: How well the feeds were watched.
        charts: By rule, alerts or observations on each of the last days, oldest first.
        titles: By rule, what it is called.
    """
    del alerts, zone, now, charts, titles
    severity = max((part.message.severity for part in parts), key=lambda each: each.rank)
    body = "\n\n".join(filter(None, (*(part.message.title for part in parts), coverage)))
    return Message(title=f"{bundle}: {len(parts)} alerts", body=body, severity=severity, coverage=coverage)
