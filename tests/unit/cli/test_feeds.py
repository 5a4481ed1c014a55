"""`monitor feeds`: the files keep everything that is not meant."""

from pathlib import Path

import pytest

from monitor.cli import feed_files
from monitor.settings import load
from monitor.sources import opml
from tests.unit.cli.conftest import Installation

OPML = """\
<?xml version="1.0" encoding="UTF-8"?>
<!-- what we read -->
<opml version="2.0"><body>
  <outline text="Group">
    <!-- the first -->
    <outline type="rss" id="one" text="One" xmlUrl="https://one.example/rss"
             publisher="A > B"/>
    <outline type="rss" id="two" text="Два" xmlUrl="https://two.example/rss?a=1&amp;b=2"></outline>
    <outline type="rss" id="three" text="Three" xmlUrl="https://three.example/rss"/><outline text="x" xmlUrl="https://x.example/"/>
  </outline>
</body></opml>
"""


def ids(installation: Installation) -> list[str]:
    return [feed.id for feed in load(installation.folder / "monitor.yaml").feeds]


def test_feeds_are_listed_with_their_health(alerted: Installation):
    assert alerted.ok("feeds", "list").splitlines()[1].split()[:2] == ["orchard", "ok"]
    (feed,) = alerted.json("feeds", "list")
    assert (feed["id"], feed["health"], feed["failures"], feed["publisher"]) == ("orchard", "ok", 0, "Orchard")
    assert alerted.ok("feeds", "list", "--failing") == "All feeds can be read.\n"


def test_without_feeds_it_says_how_to_get_one(bare: Installation):
    bare.configure("rules: []")
    assert "monitor feeds add URL" in bare.ok("feeds", "list")


def test_a_feed_is_added_as_one_line_and_removed_as_one(installation: Installation):
    before = installation.read("monitor.yaml")
    said = installation.ok(
        "feeds", "add", "https://www.news.example/world/rss.xml", "--publisher", 'The "News"', "--owner", "O",
        "--country", "UA", "--lang", "uk", "--tag", "a", "--tag", "b", "--state-media", "--every", "10m",
    )  # fmt: skip
    assert "Added news.example-world to monitor.yaml" in said.replace("-rss", "")
    after = installation.read("monitor.yaml")
    added = [line for line in after.splitlines() if line not in before.splitlines()]
    assert len(added) == 1
    assert after.replace(f"{added[0]}\n", "") == before
    feed = load(installation.folder / "monitor.yaml").feeds[1]
    assert (feed.publisher, feed.owner, feed.country, feed.lang) == ('The "News"', "O", "UA", "uk")
    assert (feed.tags, feed.state_media, feed.every is not None) == (("a", "b"), True, True)
    installation.ok("feeds", "remove", feed.id)
    assert installation.read("monitor.yaml") == before


def test_ids_are_made_from_the_address_and_never_twice(installation: Installation):
    for query in ("", "?2", "?3"):
        installation.ok("feeds", "add", f"https://n.example/{query}")
    assert ids(installation) == ["orchard", "n.example", "n.example-2", "n.example-3"]


@pytest.mark.parametrize(
    "feeds",
    ["", "feeds: []\n", "feeds: [{id: a, url: 'https://a.example'}]\n", "feeds:\n- id: a\n  url: https://a.example\n"],
)
def test_feeds_may_be_written_in_any_way(bare: Installation, feeds: str):
    bare.configure(f"# top\n{feeds}# after\nrules: []   # none\n")
    before = ids(bare)
    bare.ok("feeds", "add", "https://b.example", "--id", "b")
    assert ids(bare) == [*before, "b"]
    text = bare.read("monitor.yaml")
    assert [word in text for word in ("# top", "# none")] == [True, True]
    bare.ok("feeds", "remove", "b")
    assert ids(bare) == before
    if before:
        bare.ok("feeds", "remove", "a")
        assert ids(bare) == []


BLOCKS = """\
rules: []
feeds:
  - id: a
    url: https://a.example
    tags:
      - x

  # about b
  - {id: b, url: 'https://b.example'}
"""


def test_a_block_of_lines_is_removed_without_the_comment_that_follows(bare: Installation):
    bare.configure(BLOCKS)
    bare.ok("feeds", "remove", "a")
    assert bare.read("monitor.yaml") == "rules: []\nfeeds:\n\n  # about b\n  - {id: b, url: 'https://b.example'}\n"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["ftp://x.example"], '"url": must begin with http:// or https://'),
        (["https://x.example", "--country", "ua"], '"country": must be a country code'),
        (["https://x.example", "--every", "10"], "no length of time"),
        (["https://x.example", "--id", "orchard"], 'there is already a feed "orchard" (give another --id)'),
        (["http://[x"], '"url": must'),
    ],
)
def test_a_feed_that_cannot_be_is_refused_and_nothing_changed(installation: Installation, args: list[str], words: str):
    before = installation.read("monitor.yaml")
    assert words in installation.refused("feeds", "add", *args)
    assert installation.read("monitor.yaml") == before


def test_an_address_is_polled_once(installation: Installation):
    assert 'already polled as "orchard"' in installation.refused(
        "feeds", "add", installation.publisher.url_for("/feed")
    )


def test_removing_an_unknown_feed_is_told_with_a_suggestion(installation: Installation):
    assert 'there is no feed "orchad" (did you mean "orchard"?)' in installation.refused("feeds", "remove", "orchad")


@pytest.mark.parametrize("feed_id", ["one", "two", "three"])
def test_a_feed_is_taken_out_of_an_opml_file_and_nothing_else(bare: Installation, feed_id: str):
    bare.write("list.opml", OPML)
    bare.configure("rules: []\nfeeds: [{opml: list.opml}]\n")
    bare.ok("feeds", "remove", feed_id)
    assert feed_id not in ids(bare)
    assert len(ids(bare)) == 3
    left = bare.read("list.opml")
    assert "<!-- what we read -->" in left
    assert "<!-- the first -->" in left
    assert len(left) > len(OPML) - 160


def test_a_feed_that_cannot_be_found_where_it_stands_is_told(bare: Installation):
    bare.write("list.opml", OPML.replace("https://one.example/rss", "feed://one.example/rss"))
    assert feed_files.remove_outline(bare.folder / "list.opml", "https://nowhere.example") is False


def test_the_feeds_of_other_readers_are_imported_once(installation: Installation, tmp_path: Path):
    installation.write("elsewhere/subscriptions.opml", OPML)
    said = installation.ok("feeds", "import", "elsewhere/subscriptions.opml")
    assert said == "Imported 4 feeds into subscriptions.opml.\n"
    assert ids(installation)[:4] == ["orchard", "one", "two", "three"]
    assert "known already" in installation.ok("feeds", "import", "elsewhere/subscriptions.opml")
    installation.write("elsewhere/subscriptions.opml", OPML.replace("one", "new"))
    assert "is there already" in installation.refused("feeds", "import", "elsewhere/subscriptions.opml")


def test_known_feeds_are_left_out_of_an_import(installation: Installation):
    installation.ok("feeds", "add", "https://one.example/rss")
    installation.write("elsewhere/more.opml", OPML)
    assert "Imported 3 feeds into more.opml. 1 were known already." in installation.ok(
        "feeds", "import", "elsewhere/more.opml"
    )


def test_a_feed_of_stubs_is_added_as_such(installation: Installation):
    installation.ok("feeds", "add", "https://stubs.example/rss", "--article")
    assert "article: true" in installation.read("monitor.yaml")
    assert load(installation.folder / "monitor.yaml").feeds[1].article == ""


def test_a_feed_that_was_declared_just_now_is_due_now(installation: Installation):
    assert " now " in installation.ok("feeds", "list").splitlines()[1]


def test_an_export_can_be_imported_elsewhere(installation: Installation):
    installation.ok("feeds", "add", "https://b.example/?a=1&b=2", "--publisher", "<B>")
    installation.ok("feeds", "export", "out.opml")
    declared = load(installation.folder / "monitor.yaml").feeds
    assert opml.read(installation.folder / "out.opml") == list(declared)
    assert installation.ok("feeds", "export") == installation.read("out.opml")


def test_permissions_of_an_edited_file_stay(installation: Installation):
    path = installation.folder / "monitor.yaml"
    path.chmod(0o640)
    installation.ok("feeds", "add", "https://b.example")
    assert path.stat().st_mode & 0o777 == 0o640


def test_what_was_said_of_a_feed_in_opml_goes_with_it(bare: Installation):
    outlines = "".join(f'<outline id="{name}" xmlUrl="https://{name}.example"/>\n' for name in "ab")
    (bare.folder / "feeds.opml").write_text(f'<opml version="2.0"><body>\n{outlines}</body></opml>')
    before = "rules: []\nfeeds:\n  - opml: feeds.opml\nfeed_options:\n  a: {every: 5m}\n"
    bare.configure(f"{before}  b: {{every: 7m}} # slow\n")
    bare.ok("feeds", "remove", "b")
    assert bare.read("monitor.yaml").rstrip() == before.rstrip()
    assert 'every="300s"' in bare.ok("feeds", "export")
    bare.ok("feeds", "remove", "a")
    assert "feed_options" not in bare.read("monitor.yaml")
