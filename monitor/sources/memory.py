"""What is remembered of a feed's last document: its entries, so that they are known again without being parsed.

An entry that is not parsed still counts: whether a guid or link is shared by several entries, and how often a publisher
writes, is decided over all entries of a document.
"""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from monitor.model import ParsedFeed, SeenEntry, Skips
from monitor.sources import identity, reduce

# Version, ttl in seconds, when entries last left the middle, hours and days to skip as bits.
_HEADER = struct.Struct("<BIdIB")
_VERSION = 3
_KEY_SIZE = identity.KEY_SIZE
_ENTRY = struct.Struct(f"<{reduce.DIGEST_SIZE}s{_KEY_SIZE}s{_KEY_SIZE}s{_KEY_SIZE}sd?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The last document of a feed: its entries by the digest of their bytes.

    Attributes:
        dropped_at: When entries last left the middle of the feed; None when they never did (`sources.withdrawals`).
    """

    ttl: timedelta | None = None
    skips: Skips = field(default_factory=Skips)
    dropped_at: datetime | None = None
    entries: Mapping[bytes, SeenEntry] = field(default_factory=dict)


def pack(
    feed_url: str, parsed: ParsedFeed, missing: Iterable[SeenEntry] = (), dropped_at: datetime | None = None
) -> bytes:
    """What to remember of a document; no entries when it could not be cut into them.

    Args:
        missing: Entries of the document before to look for once more.
    """
    back = (replace(entry, missing=False) if entry.missing else entry for entry in parsed.seen)
    here = (*back, *identity.seen(feed_url, parsed))
    if not here and dropped_at is None and not parsed.ttl and parsed.skips == Skips():
        return b""
    ttl = int(parsed.ttl.total_seconds()) if parsed.ttl else 0
    hours, days = _bits(parsed.skips.hours), _bits(parsed.skips.days)
    return _HEADER.pack(_VERSION, ttl, _seconds(dropped_at), hours, days) + b"".join(_packed((*here, *missing)))


def unpack(packed: bytes) -> Memory:
    """What was remembered; nothing when another version wrote it."""
    if len(packed) < _HEADER.size or packed[0] != _VERSION or (len(packed) - _HEADER.size) % _ENTRY.size:
        return Memory()
    _, _, dropped, _, _ = _HEADER.unpack_from(packed)
    ttl, skips = asked(packed)
    entries = map(_unpacked, _ENTRY.iter_unpack(memoryview(packed)[_HEADER.size :]))
    return Memory(
        ttl=ttl,
        skips=skips,
        dropped_at=_time(dropped),
        entries={entry.digest: entry for entry in entries},
    )


def asked(packed: bytes) -> tuple[timedelta | None, Skips]:
    """How often, and when not, the last document asked to be polled; cheaper than all of `unpack`."""
    if len(packed) < _HEADER.size or packed[0] != _VERSION:
        return None, Skips()
    _, ttl, _, hours, days = _HEADER.unpack_from(packed)
    return timedelta(seconds=ttl) if ttl else None, Skips(hours=_numbers(hours), days=_numbers(days))


def _packed(entries: Iterable[SeenEntry]) -> Iterable[bytes]:
    for entry in entries:
        keys = (bytes.fromhex(key[2:]) for key in (entry.guid, entry.link, entry.title))
        yield _ENTRY.pack(entry.digest, *keys, _seconds(entry.published_at), entry.missing)


def _unpacked(fields: tuple[bytes, bytes, bytes, bytes, float, bool]) -> SeenEntry:
    digest, guid, link, title, published, missing = fields
    return SeenEntry(
        digest=digest,
        guid=_key("g:", guid),
        link=_key("l:", link),
        title=_key("t:", title),
        published_at=_time(published),
        missing=missing,
    )


def _bits(numbers: Iterable[int]) -> int:
    return sum(1 << number for number in numbers)


def _numbers(bits: int) -> frozenset[int]:
    return frozenset(number for number in range(24) if bits >> number & 1)


def _seconds(time: datetime | None) -> float:
    return time.timestamp() if time else 0.0


def _time(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _key(kind: str, digest: bytes) -> str:
    return kind + digest.hex() if any(digest) else ""
