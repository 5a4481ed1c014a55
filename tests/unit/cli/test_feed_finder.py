"""`monitor feeds add` given a site instead of a feed."""

from monitor.settings import load
from tests.unit.cli.conftest import Installation


def urls(installation: Installation) -> list[str]:
    return [feed.url for feed in load(installation.folder / "monitor.yaml").feeds]


def page(installation: Installation, html: str) -> str:
    installation.publisher.expect_request("/").respond_with_data(f"<html>{html}</html>", content_type="text/html")
    return installation.publisher.url_for("/")


def configure(installation: Installation) -> None:
    installation.configure("rules: []\npolling: {allow_private_hosts: [localhost, 127.0.0.1]}")


def test_the_feed_of_a_site_is_found_and_added(bare: Installation):
    configure(bare)
    bare.publish("Plums")
    site = page(bare, '<link rel="alternate" type="application/rss+xml" href="/feed">')
    said = bare.ok("feeds", "add", site, "--id", "site")
    assert urls(bare) == [bare.publisher.url_for("/feed")]
    assert "is a web page; its feed was found" in said
    assert '1 entries, the latest "Plums"' in said


def test_dead_declarations_are_passed_over_for_the_usual_places(bare: Installation):
    configure(bare)
    bare.publish("Plums")
    site = page(bare, '<link rel="alternate" type="application/rss+xml" href="/gone">')
    bare.ok("feeds", "add", site)
    assert urls(bare) == [bare.publisher.url_for("/feed")]


def test_a_site_without_a_feed_is_added_with_a_warning(bare: Installation):
    configure(bare)
    site = page(bare, "no feed here")
    assert "no feed was found on it" in bare.ok("feeds", "add", site)
    assert urls(bare) == [site]


def test_a_feed_is_added_as_it_is(bare: Installation):
    configure(bare)
    bare.publish("Plums")
    assert "It has 1 entries" in bare.ok("feeds", "add", bare.publisher.url_for("/feed"))
    assert urls(bare) == [bare.publisher.url_for("/feed")]


def test_what_is_neither_page_nor_feed_and_what_does_not_answer_are_told(bare: Installation):
    configure(bare)
    bare.publisher.expect_request("/junk").respond_with_data("junk")
    assert "Careful: it answered with something" in bare.ok("feeds", "add", bare.publisher.url_for("/junk"))
    assert "could not be asked now" in bare.ok("feeds", "add", "http://127.0.0.1:1/")


def test_a_found_feed_that_is_polled_already_is_refused(installation: Installation):
    installation.publish("Plums")
    site = page(installation, '<link rel="alternate" type="application/rss+xml" href="/feed">')
    assert 'already polled as "orchard"' in installation.refused("feeds", "add", site)
