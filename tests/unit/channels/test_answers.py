"""Tests of monitor.channels.answers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.answers import Answer, Outcome, phrase

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def outcome(status: int = 200, body: str = "", retry_after: str = "", accepted: bool = True) -> Outcome:
    return Outcome(accepted=accepted, logs=(), answer=Answer(status=status, body=body, retry_after=retry_after))


def logged(*logs: str) -> Outcome:
    return Outcome(accepted=False, logs=logs, answer=None)


def test_a_body_that_says_no_counts_more_than_the_status() -> None:
    assert outcome(body='{"ok": true}').succeeded
    assert outcome(body="ok").succeeded
    assert outcome(body='["ok"]').succeeded
    assert not outcome(body='{"ok": false}').succeeded
    assert not outcome(accepted=False).succeeded


@pytest.mark.parametrize(
    ("body", "status"), [('{"error_code": 403}', 403), ('{"error_code": 7}', 200), ('{"error_code": "403"}', 200)]
)
def test_only_a_status_in_the_body_is_taken_for_one(body: str, status: int) -> None:
    assert outcome(body=body).status == status


@pytest.mark.parametrize(
    ("one", "status", "permanent", "words"),
    [
        (outcome(404, "no_service"), 404, True, "no_service"),
        (outcome(500, "<html>"), 500, False, "Internal Server Error"),
        (outcome(599), 599, False, "no reason given"),
        (outcome(400, '{"error": "bad"}'), 400, True, "bad"),
        (outcome(400, '{"message": 5}'), 400, True, '{"message": 5}'),
        (outcome(400, "[" * 4000), 400, True, "Bad Request"),
        (logged("Failed to send: error=404."), 404, True, "not sent, for no reason given"),
        (logged("Socket Exception: {'a@b.example': (550, b'5.1.1 unknown')}"), 550, True, "5.1.1 unknown"),
        (logged("Socket Exception: (451, b\"try 'later'\")"), 451, False, "try 'later'"),
        (logged("Socket Exception: timed out"), None, False, "no answer in time; it may have arrived"),
        (logged("Socket Exception: Failed to resolve 'x'"), None, False, "its address cannot be found"),
        (logged("Socket Exception: CERTIFICATE_VERIFY_FAILED"), None, False, "its certificate is not trusted"),
        (logged("Socket Exception: [Errno 111] Connection refused"), None, False, "connection refused"),
        (logged(), None, False, "not sent, for no reason given"),
    ],
)
def test_a_refusal_has_a_status_a_meaning_and_words(
    one: Outcome, status: int | None, permanent: bool, words: str
) -> None:
    assert (one.status, one.permanent, one.words) == (status, permanent, words)


@pytest.mark.parametrize(
    ("one", "seconds"),
    [
        (outcome(429, retry_after="37"), 37),
        (outcome(429, retry_after="1.5"), 1.5),
        (outcome(429, retry_after="-3"), 0),
        (outcome(429, retry_after="99999999"), 86400),
        (outcome(429, retry_after="Sun, 01 Mar 2026 12:01:00 GMT"), 60),
        (outcome(429, retry_after="Sun, 01 Mar 2026 12:01:00 -0000"), 60),
        (outcome(429, retry_after="Sun, 01 Mar 2020 12:01:00 GMT"), 0),
        (outcome(429, '{"parameters": {"retry_after": 21}}'), 21),
        (outcome(429, '{"retry_after": 0.4, "parameters": []}'), 0.4),
        (logged("Too Many Requests: retry after 9, error=429"), 9),
        (outcome(429, retry_after="soon"), None),
        (outcome(429, retry_after="inf"), None),
        (outcome(500), None),
    ],
)
def test_the_wait_a_service_asks_for_is_found_wherever_it_stands(one: Outcome, seconds: float | None) -> None:
    assert one.retry_after(NOW) == (None if seconds is None else timedelta(seconds=seconds))


def test_a_status_has_a_name_or_none() -> None:
    assert (phrase(404), phrase(555)) == ("Not Found", "")


@given(st.integers(100, 999), st.text(), st.text(), st.lists(st.text()))
def test_any_answer_can_be_read(status: int, body: str, retry_after: str, logs: list[str]) -> None:
    one = Outcome(
        accepted=False,
        logs=tuple(logs),
        answer=Answer(status=status, body=body, retry_after=retry_after),
    )
    span = one.retry_after(NOW)
    assert one.words
    assert span is None or timedelta(0) <= span <= timedelta(days=1)
    assert one.permanent in (True, False)
