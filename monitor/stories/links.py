"""Links as names of articles: two that differ only in how a reader came are one."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

_TRACKING = re.compile(
    r"^(?:utm_\w*|at_\w*|fbclid|gclid|yclid|mc_\w*|cmp(?:id)?|ref|src|source|rss|ocid|ftag|xtor|smid|partner|traffic_source)$",
    re.IGNORECASE,
)
# The number many sites put behind the headline in an address: the headline is rewritten, the number stays.
_NUMBER = re.compile(r"[-_/]((?!20\d{6}\b)[a-z]?\d{5,12}|(?=[a-f]*\d)[0-9a-f]{24,32})(?:\.s?html?)?$")
_SAME_SITE = re.compile(r"^(?:www|m|amp|mobile)\.")


def bare_link(link: str) -> str:
    """The link without scheme, fragment, tracking and mobile host; "" when it names no page of its site.

    Of an address that ends in the number of its article, host and number.
    """
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if not parts.path.strip("/"):
        return ""
    path, host = parts.path.rstrip("/"), _SAME_SITE.sub("", host)
    if number := _NUMBER.search(path):
        return f"{host}#{number[1]}"
    pairs = sorted(pair for pair in parse_qsl(parts.query) if not _TRACKING.match(pair[0]))
    return host + path + (f"?{urlencode(pairs)}" if pairs else "")
