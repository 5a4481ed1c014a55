"""What the index proposes."""

from collections.abc import Callable

from monitor.model import Item
from monitor.stories.index import Index
from monitor.stories.reading import Reading, read
from monitor.stories.words import meaning

News = Callable[..., Item]


def _filled(readings: list[Reading]) -> Index:
    index = Index()
    for reading in readings:
        index.add(reading)
    return index


def test_a_rare_word_weighs_more_than_an_everyday_one(news: News) -> None:
    masses = _filled([read(news(f"Heron seen in pond {n}", hours=n)) for n in range(50)]).masses()
    assert masses[meaning("president")] < masses["heron"] < masses["bittern"]


def test_those_that_share_most_are_proposed_first(news: News) -> None:
    close, far = read(news("Heron nests on the Elbe dyke")), read(news("Heron festival tickets"))
    index = _filled([far, close])
    assert index.candidates(("heron", "nest", "elb"), index.masses()) == [close, far]


def test_sharing_next_to_nothing_is_no_proposal(news: News) -> None:
    index = _filled([read(news("Minister opens fair"))])
    stems = read(news("Minister counts heron nests along tidal Elbe dyke near Glueckstadt")).stems
    assert index.candidates(stems, index.masses()) == []


def test_a_word_in_every_title_proposes_only_the_newest(news: News) -> None:
    readings = [read(news("Heron", hours=n / 100)) for n in range(900)]
    index = _filled(readings)
    proposed = index.candidates(("heron",), index.masses())
    assert proposed[0] is readings[-1]
    assert len(proposed) < 100


def test_what_was_dropped_leaves_nothing_behind(news: News) -> None:
    readings = [read(news("Heron", hours=n / 100)) for n in range(900)]
    index = _filled(readings)
    for reading in readings:
        index.drop(reading)
    assert index.candidates(("heron",), index.masses()) == []
    assert index.masses()["heron"] == Index().masses()["heron"]
