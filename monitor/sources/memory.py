"""What is remembered of a feed's last document: its entries, so that they are known again without being parsed.

An entry that is not parsed still counts: whether a guid or link is shared by several entries, and how often a publisher
writes, is decided over all entries of a document.
"""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from monitor.model import ParsedFeed, SeenEntry
from monitor.sources import identity, reduce

_HEADER = struct.Struct("<BI")  # version, ttl in seconds
_VERSION = 1
_KEY_SIZE = identity.KEY_SIZE
_ENTRY = struct.Struct(f"<{reduce.DIGEST_SIZE}s{_KEY_SIZE}s{_KEY_SIZE}s{_KEY_SIZE}sd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The last document of a feed: its entries by the digest of their bytes."""

    ttl: timedelta | None = None
    entries: Mapping[bytes, SeenEntry] = field(default_factory=dict)


def pack(feed_url: str, parsed: ParsedFeed) -> bytes:
    """What to remember of a document; b"" when it could not be cut into entries."""
    entries = (*parsed.seen, *identity.seen(feed_url, parsed))
    if not entries:
        return b""
    ttl = int(parsed.ttl.total_seconds()) if parsed.ttl else 0
    return _HEADER.pack(_VERSION, ttl) + b"".join(_packed(entries))


def unpack(packed: bytes) -> Memory:
    """What was remembered; nothing when another version wrote it."""
    if len(packed) < _HEADER.size or packed[0] != _VERSION or (len(packed) - _HEADER.size) % _ENTRY.size:
        return Memory()
    _, ttl = _HEADER.unpack_from(packed)
    entries = map(_unpacked, _ENTRY.iter_unpack(memoryview(packed)[_HEADER.size :]))
    return Memory(ttl=timedelta(seconds=ttl) if ttl else None, entries={entry.digest: entry for entry in entries})


def _packed(entries: Iterable[SeenEntry]) -> Iterable[bytes]:
    for entry in entries:
        keys = (bytes.fromhex(key[2:]) for key in (entry.guid, entry.link, entry.title))
        yield _ENTRY.pack(entry.digest, *keys, entry.published_at.timestamp() if entry.published_at else 0.0)


def _unpacked(fields: tuple[bytes, bytes, bytes, bytes, float]) -> SeenEntry:
    digest, guid, link, title, published = fields
    return SeenEntry(
        digest=digest,
        guid=_key("g:", guid),
        link=_key("l:", link),
        title=_key("t:", title),
        published_at=datetime.fromtimestamp(published, UTC) if published else None,
    )


def _key(kind: str, digest: bytes) -> str:
    return kind + digest.hex() if any(digest) else ""
