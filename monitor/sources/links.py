"""One address for one page: what publishers and trackers add to links is taken off before links are compared."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from w3lib.url import canonicalize_url, url_query_cleaner

_TRACKING = re.compile(
    r"utm_\w+|at_\w+|ns_\w+|hsa_\w+|_hs\w+|pk_\w+|mtm_\w+|mc_[ce]id|wt_mc\w*|wt\.mc\w*|fbclid|[gdy]clid|gbraid|wbraid|msclkid"
    r"|igshid|twclid|ttclid|mkt_tok|spm|cmp|cmpid|icid|ocid|smid|ito|xtor|partner|traffic_source|ftcamp|guccounter"
    r"|rss|srnd|sref|ref_src|__twitter_impression|oly_\w+_id|vero_\w+|trk|s_cid|ncid|sr_share|soc_src|soc_trk",
    re.IGNORECASE,
)
# Most links: lower-case names, a path without "." and "..", nothing to decode, sort or take off.
_PLAIN = re.compile(r"https?://(?:www\.)?+((?:[a-z0-9-]{1,63}\.)+[a-z]{2,20}(?:/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*)?)*)")


@lru_cache(maxsize=4096)
def canonical(link: str) -> str:
    """The link as it is compared: https, no www, tracking, fragment or closing slash, sorted query. Not for opening."""
    if plain := _PLAIN.fullmatch(link):
        return "https://" + plain[1].rstrip("/")
    try:
        parts = urlsplit(link)
        tracked = [name for name in re.findall(r"(?:^|&)([^=&]+)", parts.query) if _TRACKING.fullmatch(name)]
        untracked = url_query_cleaner(link, tracked, remove=True, keep_fragments=True) if tracked else link
        clean = canonicalize_url(untracked, keep_fragments=parts.fragment.startswith(("!", "/")))
    except ValueError:
        return link
    return re.sub(r"^https?://(?:www\.)?", "https://", clean).rstrip("/?")


def names_a_page(link: str) -> bool:
    """Whether the link leads further than to a site's front page."""
    if plain := _PLAIN.fullmatch(link):
        return "/" in plain[1].rstrip("/")
    try:
        parts = urlsplit(canonical(link))
    except ValueError:
        return False
    return bool(parts.path.strip("/") or parts.query or parts.fragment)
