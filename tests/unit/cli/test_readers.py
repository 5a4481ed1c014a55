"""`monitor subscribe`, `unsubscribe`, `subscriptions`, `mute`, `mutes`, `unmute`, `ack`."""

import re

import pytest

from tests.unit.cli.conftest import Installation

MAIL = "mailto://127.0.0.1:9/?from=monitor@newsroom.example&to=desk@newsroom.example&mode=insecure"
ANNA = ("--channel", "mail", "--address", "anna@newsroom.example")


@pytest.fixture
def readers(alerted: Installation) -> Installation:
    """An installation with an alert, and a mail channel that people may subscribe to."""
    text = alerted.read("monitor.yaml").replace("console: {}", f'console: {{}}\n  mail: {{url: "{MAIL}"}}')
    alerted.configure(text + 'web: {public_url: "https://watch.example", signup: mail}\n')
    return alerted


def subscribed(readers: Installation, *options: str) -> str:
    """The id of a subscription that is made now."""
    found = re.search(r"Subscribed: (\w+)", readers.ok("subscribe", *ANNA, "--confirmed", *options))
    assert found
    return found[1]


def alert_of(readers: Installation) -> str:
    [alert] = readers.json("alerts", "list")
    return str(alert["id"])


# --- subscriptions --------------------------------------------------------------------------------------------------


def test_without_confirmed_the_owner_of_the_address_is_asked(readers: Installation) -> None:
    assert "asks anna@newsroom.example to confirm" in readers.ok("subscribe", *ANNA, "--rule", "plums")
    [letter] = [each for each in readers.json("outbox", "list") if each["channel"] == "mail"]
    assert (letter["kind"], letter["address"]) == ("confirmation", "anna@newsroom.example")
    assert "pending" in readers.ok("subscriptions", "list")


def test_what_somebody_wants_and_when_is_kept(readers: Installation) -> None:
    options = ("--rule", "plums", "--lang", "uk", "--at-least", "low", "--cadence", "weekly", "--cadence", "high=now")
    times = ("--at", "06:30", "--on", "friday", "--zone", "Europe/Kyiv", "--quiet", "22:00-07:00", "--passes", "high")
    subscribed(readers, *options, *times)
    [made] = [each for each in readers.json("subscriptions", "list") if each["channel"] == "mail"]
    assert (made["rules"], made["langs"], made["at_least"], made["origin"]) == (["plums"], ["uk"], "low", "command")
    when = made["schedule"]
    assert (when["zone"], when["at"], when["weekday"]) == ("Europe/Kyiv", "06:30:00", 4)
    assert (when["cadences"]["high"], when["cadences"]["low"]) == ("now", "weekly")
    assert (when["quiet"]["start"], when["quiet"]["end"], when["quiet"]["passes"]) == ("22:00:00", "07:00:00", "high")


def test_configured_subscriptions_are_listed_and_marked(readers: Installation) -> None:
    subscribed(readers)
    assert re.search(r"monitor\.yaml +desk +console +active", readers.ok("subscriptions", "list"))
    assert {each["origin"] for each in readers.json("subscriptions", "list")} == {"monitor.yaml", "command"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--zone", "Europe/Kiew"), "Europe/Kiew"),
        (("--at", "7"), '"07:00"'),
        (("--on", "mondy"), "day of the week"),
        (("--quiet", "22:00"), "22:00-07:00"),
        (("--cadence", "loud=now"), "loud"),
        (("--cadence", "often"), "often"),
    ],
)
def test_an_option_that_cannot_be_read_says_what_it_should_look_like(
    readers: Installation, options: tuple[str, ...], message: str
) -> None:
    result = readers.run("subscribe", *ANNA, *options)
    assert result.exit_code == 2
    assert message in result.output


def test_a_wish_that_nobody_can_fulfil_is_refused(readers: Installation) -> None:
    refusal = readers.refused("subscribe", *ANNA, "--rule", "plumbs", "--tag", "frut", "--lang", "uk-UA")
    assert 'did you mean "plums"?' in refusal
    assert 'did you mean "fruit"?' in refusal
    assert "uk-UA" in refusal
    assert "mail address" in readers.refused("subscribe", "--channel", "mail", "--address", "anna")


def test_subscriptions_end_by_id_or_address_once(readers: Installation) -> None:
    made = subscribed(readers)
    assert readers.ok("unsubscribe", made[:6]) == f"Ended: {made[:8]}, mail anna@newsroom.example\n"
    assert "begins no id" in readers.refused("unsubscribe", made[:6])
    subscribed(readers)
    readers.ok("unsubscribe", "--address", "Anna@Newsroom.example")
    assert "is not subscribed" in readers.refused("unsubscribe", "--address", "anna@newsroom.example")
    assert "anna" not in readers.ok("subscriptions", "list")
    assert readers.ok("subscriptions", "list", "--ended").count("ended") == 2
    assert readers.run("unsubscribe").exit_code == 2


def test_check_finds_a_sign_up_to_a_channel_without_addresses(readers: Installation) -> None:
    readers.configure(readers.read("monitor.yaml").replace("signup: mail", "signup: console"))
    assert 'nobody can subscribe to the channel "console"' in readers.refused("check")


# --- mutes and acknowledgements -------------------------------------------------------------------------------------


def test_a_mute_shows_what_it_would_have_held_back_and_is_listed_until_it_is_lifted(readers: Installation) -> None:
    preview = readers.ok("mute", "--rule", "plums", "--preview")
    assert "A new plum" in preview
    assert "Held back in the last 14 days: 1." in preview
    assert readers.ok("mutes") == "Nothing is muted.\n"
    made = re.search(r"Muted: (\w+), Plums, until", readers.ok("mute", "--rule", "plums", "--for", "7d", "--by", "ada"))
    assert made
    assert re.search(rf"{made[1]} .* everybody +ada", readers.ok("mutes"))
    assert readers.ok("unmute", made[1]) == f"Lifted: {made[1]}.\n"
    assert "no mute" in readers.refused("unmute", made[1])


def test_a_mute_can_be_for_one_reader_and_about_one_alert_or_its_story(readers: Installation) -> None:
    reader, alert = subscribed(readers), alert_of(readers)
    readers.ok("mute", "--alert", alert[:6], "--reader", reader[:6])
    readers.ok("mute", "--story", alert[:6], "--reader", "desk")
    mine, desk = readers.json("mutes")
    assert (mine["alert_id"], mine["subscription"]) == (alert, reader)
    assert (desk["rule"], desk["subscription"], bool(desk["story"])) == ("plums", "desk", True)
    assert "neither a subscription nor one of desk" in readers.refused("mute", "--rule", "plums", "--reader", "nobody")


def test_a_mute_of_nothing_or_of_an_unknown_rule_is_refused(readers: Installation) -> None:
    assert "muting everything" in readers.refused("mute")
    assert 'did you mean "plums"?' in readers.refused("mute", "--rule", "plumbs")
    assert readers.run("mute", "--rule", "plums", "--for", "ages").exit_code == 2


def test_the_first_who_takes_care_of_an_alert_stays(readers: Installation) -> None:
    alert = alert_of(readers)[:6]
    assert "Taken care of by ada since" in readers.ok("ack", alert, "--by", "ada", "--reason", "on it")
    assert "Somebody was first: ada since" in readers.ok("ack", alert, "--by", "bo")
    assert ": on it" in readers.ok("alerts", "show", alert)
    assert readers.json("alerts", "show", alert)["acknowledgement"]["author"] == "ada"
    assert "no alert" in readers.refused("ack", "zzz")
