"""Bodies are unpacked within bounds."""

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.body import Body, BodyLimits, BodyRefused

LIMITS = BodyLimits(raw=1_000_000, decoded=5_000_000)


def unpack(*pieces: bytes, encoding: str = "gzip", limits: BodyLimits = LIMITS) -> bytes:
    body = Body(encoding, limits)
    for piece in pieces:
        body.add(piece)
    return body.finish()


@given(st.binary(max_size=3000), st.integers(1, 50))
def test_what_was_packed_comes_back_in_any_pieces(data: bytes, size: int) -> None:
    packed = gzip.compress(data)
    assert unpack(*(packed[at : at + size] for at in range(0, len(packed), size))) == data
    assert unpack(*(data[at : at + size] for at in range(0, len(data), size)), encoding="") == data


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_plain_bodies_stay_as_they_are(encoding: str) -> None:
    assert unpack(b"<rss", b"/>", encoding=encoding) == b"<rss/>"


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
def test_gzip_is_unpacked_by_any_name(encoding: str) -> None:
    assert unpack(gzip.compress(b"<rss/>"), encoding=encoding) == b"<rss/>"


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "gzip, identity", "x" * 1000])
def test_other_packings_are_refused_before_anything_is_read(encoding: str) -> None:
    with pytest.raises(BodyRefused, match="although only gzip was accepted"):
        Body(encoding, LIMITS)


def test_too_much_on_the_wire_is_refused() -> None:
    with pytest.raises(BodyRefused, match="more than 1 MB"):
        unpack(b"x" * 600_000, b"x" * 600_000, encoding="")


def test_exactly_the_limit_is_taken() -> None:
    assert len(unpack(b"x" * 1_000_000, encoding="")) == 1_000_000


def test_a_bomb_is_refused_and_costs_little_memory() -> None:
    bomb = gzip.compress(b"\0" * 200_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(BodyRefused, match="a document of more than 5 MB"):
            unpack(bomb)
        assert tracemalloc.get_traced_memory()[1] < 15_000_000
    finally:
        tracemalloc.stop()


def test_padding_after_the_end_is_ignored() -> None:
    assert unpack(gzip.compress(b"<rss/>") + b"\0" * 100, b"more") == b"<rss/>"


def test_a_zlib_body_called_gzip_is_read() -> None:
    assert unpack(zlib.compress(b"<rss/>")) == b"<rss/>"


def test_gzip_that_breaks_off_is_refused() -> None:
    with pytest.raises(BodyRefused, match="breaks off"):
        unpack(gzip.compress(b"<rss/>" * 100)[:-10])


def test_what_is_no_gzip_is_refused() -> None:
    with pytest.raises(BodyRefused, match="cannot be unpacked"):
        unpack(b"<rss/>")


def test_an_empty_packed_body_is_empty() -> None:
    assert unpack() == b""
