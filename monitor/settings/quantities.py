"""Sizes and rates as people write them."""

import re
from datetime import timedelta

from monitor.model import Rate

_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?(KB|MB|GB)", re.IGNORECASE)
_BYTES = {"KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}
_RATE = re.compile(r"(\d{1,4}) ?/ ?(s|min|h)")
_SPANS = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1)}


def size(text: object) -> int:
    """The number of bytes that "500KB", "10MB" or "1GB" stand for.

    Raises:
        ValueError: It is none; the message says what one looks like.
    """
    found = _SIZE.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError("must be a size such as 500KB or 10MB")
    return int(float(found[1]) * _BYTES[found[2].upper()])


def rate(text: object) -> Rate:
    """What "1/s", "20/min" or "300/h" allow.

    Raises:
        ValueError: It is none; the message says what one looks like.
    """
    found = _RATE.fullmatch(text) if isinstance(text, str) else None
    if not found or not int(found[1]):
        raise ValueError("must be a rate such as 1/s, 20/min or 300/h")
    return Rate(count=int(found[1]), span=_SPANS[found[2]])
