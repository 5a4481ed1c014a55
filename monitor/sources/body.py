"""The body of an answer, unpacked within bounds: a few bytes of gzip can claim to be gigabytes."""

import zlib
from dataclasses import dataclass

_GZIP = zlib.MAX_WBITS | 32  # with a gzip or zlib header
_STEP = 1024 * 1024  # bytes unpacked at a time, so that what is too much is noticed early
_PLAIN = ("", "identity")
_PACKED = ("gzip", "x-gzip")


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLimits:
    """In bytes: as sent, and as unpacked."""

    raw: int
    decoded: int


class BodyRefused(Exception):
    """The body is too big, broken, or packed in a way nobody asked for."""


class Body:
    """Collects the pieces of one answer."""

    def __init__(self, encoding: str, limits: BodyLimits) -> None:
        encoding = encoding.strip().lower()
        if encoding not in (*_PLAIN, *_PACKED):
            raise BodyRefused(f"packed its answer as {encoding[:40]!r}, although only gzip was accepted")
        self._limits = limits
        self._unpacker = zlib.decompressobj(_GZIP) if encoding in _PACKED else None
        self._raw = 0
        self._decoded = bytearray()

    def add(self, piece: bytes) -> None:
        """Take the next piece as it came over the wire.

        Raises:
            BodyRefused: It is too much, or broken.
        """
        self._raw += len(piece)
        if self._raw > self._limits.raw:
            raise BodyRefused(f"sent more than {_megabytes(self._limits.raw)}")
        if self._unpacker is None:
            self._take(piece)
        else:
            self._unpack(self._unpacker, piece)

    def finish(self) -> bytes:
        """The whole body.

        Raises:
            BodyRefused: It breaks off.
        """
        if self._unpacker and self._raw and not self._unpacker.eof:
            raise BodyRefused("sent gzip that breaks off before its end")
        return bytes(self._decoded)

    def _unpack(self, unpacker: "zlib._Decompress", piece: bytes) -> None:
        while piece and not unpacker.eof:  # what follows the end is padding
            try:
                self._take(unpacker.decompress(piece, _STEP))
            except zlib.error as error:
                raise BodyRefused("sent gzip that cannot be unpacked") from error
            piece = unpacker.unconsumed_tail

    def _take(self, plain: bytes) -> None:
        if len(self._decoded) + len(plain) > self._limits.decoded:
            raise BodyRefused(f"sent a document of more than {_megabytes(self._limits.decoded)}")
        self._decoded += plain


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:g} MB"
