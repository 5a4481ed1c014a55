"""Links as names of articles: two that differ only in how a reader came are one."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

_TRACKING = re.compile(
    r"^(?:utm_\w*|at_\w*|fbclid|gclid|yclid|mc_\w*|cmp(?:id)?|ref|src|source|rss|ocid|ftag|xtor|smid|partner|traffic_source)$",
    re.IGNORECASE,
)
_SAME_SITE = re.compile(r"^(?:www|m|amp|mobile)\.")


def bare_link(link: str) -> str:
    """The link without scheme, fragment, tracking and mobile host; "" when it names no page of its site."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if not parts.path.strip("/"):
        return ""
    pairs = sorted(pair for pair in parse_qsl(parts.query) if not _TRACKING.match(pair[0]))
    return _SAME_SITE.sub("", host) + parts.path.rstrip("/") + (f"?{urlencode(pairs)}" if pairs else "")
