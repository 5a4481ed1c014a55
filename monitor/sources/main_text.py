"""The article in a web page, found by trafilatura, which the extra `article` installs."""

from typing import Any

from monitor.sources import page

bare_extraction: Any = None
if page.can_be_found():
    from trafilatura import bare_extraction

# "Read also: <a>": a paragraph that is little but one link leads to another article, and so does what stands aside.
_ELSEWHERE = [
    *(
        f"//{tag}[.//a][string-length(normalize-space(.)) - string-length(normalize-space(string(.//a))) < 25]"
        for tag in ("p", "li")
    ),
    "//aside",
]


def find(html: str) -> str:
    """The article's paragraphs, parted by newlines; "" when there is none."""
    found = bare_extraction(
        html,
        fast=True,  # the fallbacks take lists of links for articles, and five times as long
        favor_precision=True,
        include_comments=False,
        include_tables=False,
        prune_xpath=_ELSEWHERE,
    )
    return (found.text or "") if found else ""
