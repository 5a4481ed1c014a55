"""`monitor feeds show` and `monitor feeds doctor`."""

from datetime import timedelta

import pytest
from werkzeug import Response

from monitor.cli.options import now
from monitor.cli.stored import store_of
from monitor.settings import load
from tests.unit.cli.conftest import Installation


def test_show_tells_when_a_feed_is_polled_next_and_why(alerted: Installation):
    said = alerted.ok("feeds", "show", "orchard")
    assert "publisher     Orchard" in said
    assert "next poll     in " in said
    assert "because" in said
    assert "with its share of jitter" in said


def test_show_of_a_feed_that_was_never_polled_says_so(installation: Installation):
    assert "it has not been polled yet" in installation.ok("feeds", "show", "orchard")


def test_show_answers_as_json_without_what_only_machines_need(alerted: Installation):
    shown = alerted.json("feeds", "show", "orchard")
    assert shown["id"] == "orchard"
    assert shown["state"]["failures"] == 0
    assert "body_hash" not in shown["state"]


def test_an_unknown_feed_is_refused_with_a_suggestion(installation: Installation):
    assert "orchard" in installation.refused("feeds", "show", "orchad")
    assert "orchard" in installation.refused("feeds", "doctor", "orchad")


def test_a_sound_feed_has_no_problems_and_nothing_is_stored(installation: Installation):
    installation.publish("A plum", "Another plum")
    assert "1 feeds asked: no problems." in installation.ok("feeds", "doctor")
    assert installation.json("feeds", "list")[0]["health"] == "never"


def test_a_feed_that_has_ended_is_told_with_what_to_do(installation: Installation):
    installation.publisher.expect_request("/feed").respond_with_response(Response(status=410))
    result = installation.run("feeds", "doctor", "orchard")
    assert result.exit_code == 1
    assert "gone" in result.stdout
    assert "monitor feeds remove" in result.stdout
    assert "1 feeds asked: 1 with problems." in result.stdout


def test_scripts_hear_only_of_feeds_with_findings(installation: Installation):
    installation.publish("A plum")
    assert installation.json("feeds", "doctor") == []
    installation.publisher.clear()
    installation.publisher.expect_request("/feed").respond_with_data("<html>Hello</html>")
    result = installation.run("feeds", "doctor", "--json")
    assert '"kind": "html"' in result.stdout


# --- feeds of stubs, and feeds that are not open ---------------------------------------------------------------------

STUB = "<item><title>Plums are late this year</title><link>{}</link><description>A stub.</description></item>"
STORY = "Growers of plums said that the harvest is late this year because of rain in the spring, and smaller. " * 3


def publish_stubs(installation: Installation, article: str, *pages: str) -> None:
    """One stub for each page, the newest first; the feed reads articles like this."""
    links = [installation.publisher.url_for(f"/story/{number}") for number in range(len(pages))]
    feed = f"<rss version='2.0'><channel>{''.join(STUB.format(link) for link in links)}</channel></rss>"
    installation.publisher.clear()
    installation.publisher.expect_request("/feed").respond_with_data(feed, content_type="application/rss+xml")
    for number, page in enumerate(pages):
        installation.publisher.expect_request(f"/story/{number}").respond_with_data(page, content_type="text/html")
    before = installation.read("monitor.yaml")
    if "article:" not in before:
        installation.configure(before.replace("publisher: Orchard", f"publisher: Orchard, article: {article}"))


def test_show_counts_the_pages_that_were_read_and_says_why_others_were_not(installation: Installation):
    publish_stubs(installation, '{selector: "p"}')
    installation.ok("poll", "orchard")
    said = installation.ok("feeds", "show", "orchard")
    assert "article       p" in said
    assert "pages         none asked for yet" in said
    publish_stubs(installation, "", "<p>Subscribe!</p>", f"<p>{STORY}</p>")
    said = installation.ok("poll", "orchard")
    assert "1 of the new items keep what the feed gave: its page shows no article" in said
    said = installation.ok("feeds", "show", "orchard")
    assert "pages         1 of 2 read in 7 days; 1 not, because its page shows no article" in said
    assert installation.json("feeds", "show", "orchard")["pages"]["read"] == 1


def test_the_doctor_tries_the_latest_stub(installation: Installation):
    publish_stubs(installation, '{selector: "p"}', f"<p>{STORY}</p>")
    assert "no problems" in installation.ok("feeds", "doctor")
    publish_stubs(installation, "", "<div>Elsewhere</div>")
    said = " ".join(installation.ok("feeds", "doctor").split())
    assert "nothing where `selector` says" in said
    assert "correct its selector" in said


def test_show_names_the_secrets_a_feed_is_asked_with_but_not_what_they_are(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WORD", "user:planted")
    before = installation.read("monitor.yaml")
    secrets = 'publisher: Orchard, auth: "${WORD}", headers: {X-Key: "${WORD}"}'
    installation.configure(before.replace("publisher: Orchard", secrets))
    said = installation.ok("feeds", "show", "orchard")
    assert "asked with    password, X-Key" in said
    assert "planted" not in said + installation.ok("feeds", "show", "orchard", "--json")


def test_explain_says_what_became_of_the_page(installation: Installation):
    publish_stubs(installation, '{selector: "p"}')
    installation.ok("poll", "orchard")
    publish_stubs(installation, "", f"<p>{STORY}</p>", "<p>Subscribe!</p>")
    installation.ok("poll", "orchard")
    with store_of(load(installation.folder / "monitor.yaml")) as store:
        items = store.recent_items(now() - timedelta(days=1))
    told = [installation.ok("explain", "plums", item.id) for item in items]
    assert any("with the text of its page" in said for said in told)
    assert any("as its feed gave it: its page shows no article" in said for said in told)
