"""What a new installation starts from is complete, and holds together."""

import re
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from monitor import yamlfile
from monitor.cli.replay import Archive
from monitor.settings import load

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
SECTIONS = ["zelenskyy", "kremlin", "aid", "air-defence", "alignment", "europe", "territory", "neutrality", "talks"]
SECTIONS += ["hybrid", "sanctions", "strikes", "composite"]
PARTS = ("Question", "Baseline", "The turn")
LABELS = {"type", "id", "text", "title", "xmlUrl", "publisher", "owner", "country", "language", "stateMedia"}


def brief() -> dict[str, str]:
    """The text of each section of the brief, by its anchor."""
    pieces = re.split(r'<a id="([\w-]+)"></a>\n', (SEEDS / "brief.md").read_text(encoding="utf-8"))
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def outlines() -> list[ET.Element]:
    return ET.parse(SEEDS / "feeds.opml").getroot().findall("body/outline/outline")


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive.load(SEEDS / "replay")


def test_the_brief_has_one_section_for_each_indicator() -> None:
    assert sorted(brief()) == sorted(SECTIONS)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_says_what_is_asked_what_was_true_and_what_would_be_a_turn(section: str) -> None:
    assert [part for part in PARTS if f"- **{part}**:" not in brief()[section]] == []


def test_the_table_of_the_brief_leads_to_every_section() -> None:
    text = (SEEDS / "brief.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[[\w-]+\]\(#([\w-]+)\)", text, re.MULTILINE) == SECTIONS


def test_every_starter_feed_has_all_its_labels() -> None:
    unlabelled = [feed.get("id") for feed in outlines() if set(feed.attrib) != LABELS or not all(feed.attrib.values())]
    assert unlabelled == []
    assert len(outlines()) >= 30


def test_starter_feeds_have_ids_and_addresses_of_their_own() -> None:
    for attribute in ("id", "xmlUrl"):
        assert [n for n, count in Counter(f.get(attribute) for f in outlines()).items() if count > 1] == []


def test_starter_feeds_speak_the_languages_of_the_rules() -> None:
    assert {"en", "uk", "ru", "pl"} <= {feed.get("language") for feed in outlines()}


def test_the_starter_configuration_names_files_that_exist() -> None:
    data = yamlfile.read(SEEDS / "monitor.yaml").data
    assert [feed["opml"] for feed in data["feeds"]] == ["feeds.opml"]
    assert all((ROOT / path).is_dir() for path in data["rules"])
    assert {subscription["channel"] for subscription in data["subscriptions"].values()} <= set(data["channels"])


def test_the_starter_configuration_loads_with_every_feed(tmp_path: Path) -> None:
    for name in ("monitor.yaml", "feeds.opml"):
        shutil.copy(SEEDS / name, tmp_path)
    (tmp_path / "rules").mkdir()
    settings = load(tmp_path / "monitor.yaml", {})
    assert {feed.id for feed in settings.feeds} == {outline.get("id") for outline in outlines()}
    assert all(feed.publisher and feed.owner and feed.country and feed.lang for feed in settings.feeds)
    assert {len(feed.tags) for feed in settings.feeds} == {1}  # the group; a comma in its name would part it


def test_the_archive_has_publishers_enough_to_confirm_each_other(archive: Archive) -> None:
    owners = {source.owner for source in archive.publishers.values()}
    assert len(archive.publishers) >= 8
    assert len(owners) < len(archive.publishers)  # two houses with two outlets each: one voice
    assert {source.format for source in archive.publishers.values()} == {"rss", "atom", "json"}
    assert {source.lang for source in archive.publishers.values()} == {"en", "uk", "ru", "pl"}


def test_the_archive_is_long_enough_for_three_weeks_of_silence(archive: Archive) -> None:
    assert archive.last_at - archive.first_at > timedelta(days=21)


def test_every_page_of_the_archive_is_on_an_invented_host(archive: Archive) -> None:
    pages = [source.link(entry) for source in archive.publishers.values() for entry in source.items]
    assert [page for page in pages if not re.match(r"https://[a-z-]+\.example/", page)] == []
    assert len(set(pages)) == len(pages)


def test_a_publisher_is_known_by_the_name_of_its_file(archive: Archive) -> None:
    assert [name for name, source in archive.publishers.items() if source.feed("http://x.example/").id != name] == []


def test_no_item_falls_out_of_its_document_within_a_day(archive: Archive) -> None:
    """A demo that polls once a day of replayed time sees everything."""
    for source in archive.publishers.values():
        days = Counter(entry.at.date() for entry in source.items)
        assert max(days.values()) < 20
