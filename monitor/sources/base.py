"""What every kind of source offers."""

from typing import Protocol

from monitor.model import Document, ParsedFeed

MAX_ITEMS = 1000  # of one document; the newest stand first, and no honest feed carries more
MAX_TITLE = 1000  # characters, as are the limits below
MAX_SUMMARY = 5000
MAX_BODY = 20_000
MAX_ARTICLE = 3000  # read from a page: what is new stands first, and the further down, the less the item is about it
MAX_LINK = 2000
MAX_NAME = 200  # of an author, a publisher, a tag
MAX_TAGS = 20


class Source(Protocol):
    """One kind of document we can read. Pure: runs in a worker process, takes bytes, answers with values."""

    def recognises(self, document: Document) -> bool:
        """Whether the first bytes look like this kind; cheap."""
        ...

    def parse(self, document: Document) -> ParsedFeed:
        """The entries of a document that has a body.

        Raises:
            ParseError: The document is not of this kind; whatever the bytes are, nothing else is raised but
                MemoryError.
        """
        ...


def first_byte(document: Document) -> bytes:
    """What the document begins with after byte order mark and white space; b"" when it is empty."""
    return (document.body or b"")[:1000].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]


def cut_note(entries: int) -> str:
    """What to tell when a document has more entries than are read."""
    return f"has {entries} entries; the first {MAX_ITEMS} were read"
