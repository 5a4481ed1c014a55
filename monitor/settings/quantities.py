"""Sizes as people write them."""

import re

_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?(KB|MB|GB)", re.IGNORECASE)
_BYTES = {"KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}


def size(text: object) -> int:
    """The number of bytes that "500KB", "10MB" or "1GB" stand for.

    Raises:
        ValueError: It is none; the message says what one looks like.
    """
    found = _SIZE.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError("must be a size such as 500KB or 10MB")
    return int(float(found[1]) * _BYTES[found[2].upper()])
