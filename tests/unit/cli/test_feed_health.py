"""`monitor feeds show` and `monitor feeds doctor`."""

from werkzeug import Response

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
