"""Who speaks, with the shipped lexicons: grammar and word lists together."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.model import Item
from monitor.rules.load import Loaded, load
from monitor.rules.statements import phrases, plain_words, read_statements

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def shipped() -> Loaded:
    return load([Path(__file__).parents[3] / "rules"])


def sides(shipped: Loaded, title: str, summary: str = "") -> list[str]:
    item = Item(id="1", feed_id="f", title=title, summary=summary, first_seen_at=NOW)
    actors = shipped.rules.lexicons.actors
    return [actors[each.speaker].side for each in read_statements(shipped.rules.context(item))]


@pytest.mark.parametrize(
    ("title", "side"),
    [
        ("Ryabkov plays down hopes of a quick deal", "russia"),
        ("Russia's foreign ministry says guarantees are needed", "russia"),
        ("Moscow rejects the idea", "russia"),
        ("Kremlin denies report of a secret trip", "russia"),
        ("Putin's envoy calls the meeting useful", "russia"),
        ("Захарова прокомментировала слова Рютте", "russia"),
        ("В МИД РФ исключили размещение войск", "russia"),
        ("Путин допустил встречу с Трампом", "russia"),
        ("Пєсков розповів про підготовку зустрічі", "russia"),
        ("У Кремлі відповіли на пропозицію", "russia"),
        ("Rzecznik Kremla: Pieskow zapowiedział spotkanie", "russia"),
        ("Zelenskyy thanks Trump for his efforts", "ukraine_leaders"),
        ("Zelensky's office denies the report", "ukraine_leaders"),
        ("Ukraine's foreign minister Sybiha urges partners to act", "ukraine_leaders"),
        ("Зеленський про зустріч: розмова була довгою", "ukraine_leaders"),
        ("Єрмак назвав умови миру", "ukraine_leaders"),
        ("Сибига заявил о поддержке партнеров", "ukraine_leaders"),
        ("Офіс президента спростував чутки", "ukraine_leaders"),
        ("Merz calls for patience", "europe"),
        ("NATO chief backs Kyiv", "europe"),
        ("Макрон закликав до єдності", "europe"),
        ("White House says deadline stands", "usa"),
        ("Трамп назвав строк", "usa"),
    ],
)
def test_shipped_words_find_the_speaker(shipped: Loaded, title: str, side: str) -> None:
    assert sides(shipped, title)[0] == side


@pytest.mark.parametrize(
    "title",
    [
        "Protesters gather outside the Kremlin",
        "Letter to Putin found in archive",
        "Zelensky expected to be invited",
        "US-Ukraine friendship society says goodbye",
        "Встреча с Лавровым перенесена",
        "Лист до Зеленського опубліковано",
        "Ukraine: what we know so far",
    ],
)
def test_being_named_is_not_speaking(shipped: Loaded, title: str) -> None:
    assert sides(shipped, title) == []


def test_statements_know_their_field_and_quote(shipped: Loaded) -> None:
    item = Item(id="1", feed_id="f", title="Talks go on", summary="Peskov said so on Monday.", first_seen_at=NOW)
    (spoken,) = read_statements(shipped.rules.context(item))
    assert (spoken.where, spoken.quote, spoken.denial, spoken.weight) == (
        "summary",
        "Peskov said so on Monday",
        False,
        1.0,
    )


def test_word_lists_become_words_and_rows(shipped: Loaded) -> None:
    speech = shipped.rules.lexicons.speech
    assert {"says", "заявив", "заявил", "oswiadczył"} <= plain_words(speech["say"])
    assert ("according", "to") in phrases(speech["according"])
