"""What a publisher's answer means: how long to stay away, how long it is fresh, and why there is no document."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_REASONS = {
    400: "finds our request wrong (400): check the address",
    401: "asks for a password (401): give it as `auth:` of the feed, or take the feed out",
    402: "asks for payment (402)",
    403: "refuses us (403): it may block automatic readers; ask the publisher, or look for another address",
    404: "has no document at this address (404): look for the feed's new address",
    406: "offers no format we read (406): check the address",
    410: "says that this feed has ended (410): take it out, or look for its successor",
    429: "asks for fewer requests (429)",
    451: "may not show this document for legal reasons (451)",
}


def reason(status: int) -> str:
    """Why an answer with this status is no document, and what can be done."""
    if status in _REASONS:
        return _REASONS[status]
    if 500 <= status < 600:
        return f"has trouble of its own ({status}): nothing to do but wait"
    return f"answered with status {status}, which is no document: check the address"


def retry_after(header: str, now: datetime) -> timedelta | None:
    """The pause a publisher asks for, given in seconds or as a date; None when it cannot be read."""
    header = header.strip()
    if header.isascii() and header.isdigit():
        return timedelta(seconds=int(header[:9]))
    try:
        until = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    return max(_aware(until) - now, timedelta(0))


def max_age(header: str) -> timedelta | None:
    """How long a publisher calls its answer fresh (`Cache-Control`), or None."""
    match = _MAX_AGE.search(header)
    return timedelta(seconds=int(match[1])) if match and match[1].isascii() else None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
