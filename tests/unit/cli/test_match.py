"""`monitor match`: items from files against the rules."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.cli.items import Line
from tests.unit.cli.conftest import Installation

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FEED = "<rss version='2.0'><channel><title>t</title><item><title>Plum pie</title><guid>1</guid></item></channel></rss>"
JSON_FEED = {"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [{"id": "1", "title": "Plum pie"}]}


def answers(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def line(**values: object) -> str:
    return json.dumps(values) + "\n"


def test_there_is_one_answer_for_each_item_in_the_form_of_the_rule_language(installation: Installation):
    text = line(id="a", title="Plums for all", published="2026-01-01T00:00:00Z") + "\n" + line(id="b", title="Pears")
    first, second = answers(installation.ok("match", input_=text))
    assert first["id"] == "a"
    (match,) = first["matches"]
    assert list(match) == ["rule", "stance", "score", "speaker", "amounts", "systems", "evidence"]
    assert (match["rule"], match["stance"], match["score"], match["speaker"]) == ("plums", None, None, "")
    assert match["evidence"] == [
        {"clause": "any", "words": "Plums", "sentence": "Plums for all", "where": "title"},
    ]
    assert second == {"id": "b", "matches": []}


def test_amounts_systems_and_stance_are_told(bare: Installation):
    text = line(id="a", title="US approves $105 million Patriot sale to Ukraine") + line(
        id="b", title="Peskov says Russia remains open to talks on the US peace plan"
    )
    aid, talks = answers(bare.ok("match", "-", input_=text))
    amounts = [amount for match in aid["matches"] for amount in match["amounts"]]
    assert {"amount": 105_000_000, "currency": "USD"} in amounts
    assert any("Patriot" in name for match in aid["matches"] for name in match["systems"])
    kremlin = next(match for match in talks["matches"] if match["rule"] == "kremlin-us-proposals")
    assert (kremlin["speaker"], kremlin["stance"]) == ("kremlin", "softening")
    assert kremlin["score"] > 0


def test_items_without_a_match_can_be_left_out(installation: Installation):
    text = line(id="a", title="Plums") + line(id="b", title="Pears")
    assert [answer["id"] for answer in answers(installation.ok("match", "--only-matches", input_=text))] == ["a"]


def test_stories_are_told_on_demand(installation: Installation):
    title = "Orchard owners of Zhytomyr protest against plum tariffs"
    text = line(id="a", title=title, source="A") + line(id="b", title=title, source="B") + line(id="c", title="Pears")
    a, b, c = (answer["story"] for answer in answers(installation.ok("match", "--stories", input_=text)))
    assert a == b != c


def test_rules_can_be_named(installation: Installation):
    installation.write("drafts/pears.yaml", "rule: pears\ntitle: P\nmatch: [pear~]\nalert: low\n")
    (answer,) = answers(installation.ok("match", "--rules", "drafts", input_=line(id="b", title="Pears")))
    assert answer["matches"][0]["rule"] == "pears"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("saved.xml", FEED),
        ("saved", "\ufeff\n" + FEED.replace("><", ">\n<")),
        ("saved.json", json.dumps(JSON_FEED)),
        ("saved.json", json.dumps(JSON_FEED, indent=2)),
        ("one.jsonl", line(title="Plum pie")),
        ("marked.jsonl", "\ufeff" + line(title="Plum pie")),
    ],
)
def test_what_a_file_holds_is_found_out(installation: Installation, name: str, text: str):
    installation.write(name, text)
    (answer,) = answers(installation.ok("match", name))
    assert answer["matches"][0]["rule"] == "plums"


def test_a_list_of_feeds_is_fetched_and_a_feed_that_fails_is_told(installation: Installation):
    installation.write(
        "list.opml", "<opml version='2.0'><body><outline id='a' xmlUrl='http://127.0.0.1:1/feed'/></body></opml>"
    )
    result = installation.run("match", "list.opml")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("a: ")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (
            "page.html",
            "<html><body>no feed</body></html>",
            "(give a feed, a list of feeds (OPML), or one JSON object a line)",
        ),
        ("list.opml", "<opml><body>", "list.opml:1: is not well-formed XML"),
    ],
)
def test_what_is_none_of_these_is_refused(installation: Installation, name: str, text: str, words: str):
    installation.write(name, text)
    assert words in installation.refused("match", name)


def test_an_empty_file_has_no_items(installation: Installation):
    installation.write("empty", "")
    assert installation.ok("match", "empty") == ""


def test_a_missing_file_is_told(installation: Installation):
    assert "none.jsonl: cannot be read: No such file" in installation.refused("match", "none.jsonl")


def test_a_line_that_is_no_item_is_told_and_the_others_go_on(installation: Installation):
    installation.write(
        "news.jsonl", line(id="a", title="Plums") + "{oops}\n" + line(title=[1]) + line(id="d", title="x")
    )
    result = installation.run("match", "news.jsonl")
    assert result.exit_code == 1
    assert [answer["id"] for answer in answers(result.stdout)] == ["a", "d"]
    assert "news.jsonl:2: is no item in JSON" in result.stderr
    assert "news.jsonl:3: is no item in JSON: title: " in result.stderr


def test_a_broken_rule_is_told_and_the_others_go_on(installation: Installation):
    installation.write("rules/broken.yaml", "rule: broken\nmatch: [$x]\nalert: low\n")
    result = installation.run("match", input_=line(id="a", title="Plums"))
    assert result.exit_code == 1
    assert answers(result.stdout)[0]["matches"][0]["rule"] == "plums"
    assert "rules/broken.yaml:2" in result.stderr


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025-11-20T04:24:36Z", datetime(2025, 11, 20, 4, 24, 36, tzinfo=UTC)),
        ("2025-11-20T06:24:36+02:00", datetime(2025, 11, 20, 4, 24, 36, tzinfo=UTC)),
        ("2025-11-20T04:24:36", datetime(2025, 11, 20, 4, 24, 36, tzinfo=UTC)),
        ("2025-11-20", datetime(2025, 11, 20, tzinfo=UTC)),
        ("2025-11", datetime(2025, 11, 1, tzinfo=UTC)),
        ("2025", datetime(2025, 1, 1, tzinfo=UTC)),
        ("recently", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_may_be_less_than_exact(written: str | None, meant: datetime | None):
    item = Line.model_validate({"title": "x", "published": written}).item(1, NOW)
    assert item.published_at == meant
    assert item.first_seen_at == (meant or NOW)


def test_an_item_is_cleaned_as_one_from_a_feed_would_be():
    item = Line(id="", title="<b>A</b> &amp; B", summary="<p>one</p><p>two</p>", source="S").item(7, NOW)
    assert (item.id, item.title, item.summary, item.publisher) == ("line-7", "A & B", "one\ntwo", "S")
