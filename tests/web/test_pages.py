"""What readers do on the pages, and what it does to them and to nobody else."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from monitor.alerts import service
from monitor.alerts.links import Grant, Purpose
from monitor.model import (
    Cadence,
    Item,
    NotificationState,
    Severity,
    Subscription,
    SubscriptionState,
    Verdict,
)
from monitor.readers import Wish
from tests.web.conftest import Pages

FORM = {"address": "anna@newsroom.example", "rule": "plums"}
SHOWN = [Purpose.PREFERENCES, Purpose.UNSUBSCRIBE, Purpose.ACKNOWLEDGE, Purpose.SNOOZE, Purpose.MUTE]


def stored(pages: Pages) -> tuple[object, ...]:
    """All that readers can change."""
    store = pages.app.store
    notifications = [(each.id, each.state) for each in store.notifications()]
    acknowledged = [store.acknowledgement(alert.id) for alert in store.alerts()]
    return store.subscriptions(), store.mutes(pages.clock()), notifications, acknowledged


def kept(pages: Pages, subscription: Subscription) -> Subscription:
    found = pages.app.store.subscription(subscription.id)
    assert found is not None
    return found


# --- subscribing ----------------------------------------------------------------------------------------------------


def test_the_answer_does_not_tell_whether_an_address_is_known(pages: Pages) -> None:
    pages.subscriber()
    known, stranger = (pages.post("/subscribe", {**FORM, "address": who}) for who in (FORM["address"], "bo@a.example"))
    assert known.status == stranger.status == 200
    assert known.text.replace(FORM["address"], "") == stranger.text.replace("bo@a.example", "")
    assert set(known.headers) == set(stranger.headers)


def test_a_form_says_what_is_wrong_and_keeps_what_was_right(pages: Pages) -> None:
    wrong = {**FORM, "address": "anna", "zone": "Europe/Kyivv", "at": "25:00", "quiet_from": "22:00"}
    answer = pages.post("/subscribe", wrong)
    assert answer.status == 422
    assert pages.app.store.subscriptions() == []
    answer = pages.post("/subscribe", {**wrong, "at": "06:00", "quiet_to": "07:00"})
    assert 'value="plums" checked' in answer.text
    assert "is no mail address" in answer.text
    assert "did you mean" in answer.text


def test_what_somebody_types_is_shown_and_never_obeyed(pages: Pages) -> None:
    evil = '"><script>alert(1)</script>'
    answer = pages.post("/subscribe", {"address": evil, "zone": evil, "rule": evil, "tag": evil, "lang": evil})
    assert answer.status == 422
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_what_is_left_out_of_the_form_has_its_usual_value(pages: Pages) -> None:
    pages.post("/subscribe", {"address": FORM["address"]})
    [asked] = pages.app.store.subscriptions(SubscriptionState.PENDING)
    assert asked.schedule.cadences[Severity.LOW] is Cadence.DAILY
    assert asked.schedule.cadences[Severity.HIGH] is Cadence.NOW
    assert (asked.schedule.at, asked.schedule.zone, asked.rules) == (time(7), "UTC", ())


# --- links ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", Purpose)
def test_opening_a_link_changes_nothing(pages: Pages, purpose: Purpose) -> None:
    pages.post("/subscribe", FORM)
    [anna] = pages.app.store.subscriptions()
    if purpose is not Purpose.CONFIRM:
        anna = pages.desk.confirm(anna.id, pages.clock())
    alert = pages.alert(anna)
    before = stored(pages)
    assert pages.get(pages.path(purpose, anna, alert)).status == (403 if purpose is Purpose.ACKNOWLEDGE else 200)
    assert stored(pages) == before


@pytest.mark.parametrize("purpose", Purpose)
def test_forged_foreign_and_old_links_lead_nowhere(pages: Pages, purpose: Purpose) -> None:
    anna, bo = pages.subscriber(), pages.subscriber("bo@newsroom.example")
    alert = pages.alert(anna, bo)
    path, other = pages.path(purpose, anna, alert), pages.path(purpose, bo, alert)
    elsewhere = next(each for each in Purpose if each is not purpose)
    half = len(path) // 2
    forged = [
        path[:-1] + ("A" if path[-1] != "A" else "B"),
        path[:half] + other[half:],
        path.replace(f"/{purpose}/", f"/{elsewhere}/"),
        f"/{purpose}/{anna.id}",
    ]
    before = stored(pages)
    for each in forged:
        assert (pages.get(each).status, pages.post(each, {"do": "end"}).status) == (404, 404), each
    pages.clock.forward(days=2)
    assert (pages.get(path).status, pages.post(path, {"do": "end"}).status) == (404, 404)
    pages.clock.forward(days=-2)
    assert stored(pages) == before


@pytest.mark.parametrize("purpose", SHOWN)
def test_a_link_to_what_is_gone_leads_nowhere(pages: Pages, purpose: Purpose) -> None:
    grant = Grant(purpose=purpose, subscription="gone", alert_id="gone", until=pages.clock() + timedelta(days=1))
    path = pages.links.url(grant).removeprefix(pages.links.base)
    assert (pages.get(path).status, pages.post(path, {"lasts": "1h"}).status) in ((404, 404), (404, 409))


def test_unsubscribing_needs_one_click_no_login_and_no_form(pages: Pages) -> None:
    anna, bo = pages.subscriber(), pages.subscriber("bo@newsroom.example")
    path = pages.path(Purpose.UNSUBSCRIBE, anna)
    one_click = pages.ask("POST", path, b"List-Unsubscribe=One-Click", {"Content-Type": "multipart/form-data"})
    assert one_click.status == 200
    ended = kept(pages, anna)
    assert ended.state is SubscriptionState.ENDED
    pages.clock.forward(hours=1)
    assert pages.post(path).status == 200
    assert kept(pages, anna) == ended
    assert kept(pages, bo).state is SubscriptionState.ACTIVE
    assert pages.get(pages.path(Purpose.PREFERENCES, anna)).status == 410


# --- preferences ----------------------------------------------------------------------------------------------------


def test_preferences_show_what_is_chosen_and_save_all_of_it(pages: Pages) -> None:
    anna = pages.subscriber(rules=("plums",))
    path = pages.path(Purpose.PREFERENCES, anna)
    assert 'value="plums" checked' in pages.get(path).text
    form = {
        "do": "save",
        "rule": "pears",
        "tag": "war",
        "lang": "uk",
        "at_least": "low",
        "cadence_critical": "now",
        "cadence_low": "weekly",
        "at": "06:30",
        "weekday": "Friday",
        "zone": "Europe/Kyiv",
        "quiet_from": "22:00",
        "quiet_to": "06:00",
        "passes": "critical",
    }
    answer = pages.post(path, form)
    assert "Saved." in answer.text
    saved = kept(pages, anna)
    assert (saved.rules, saved.tags, saved.langs, saved.at_least) == (("pears",), ("war",), ("uk",), Severity.LOW)
    when = saved.schedule
    assert (when.at, when.weekday, when.zone, when.cadences[Severity.LOW]) == (time(6, 30), 4, "Europe/Kyiv", "weekly")
    assert when.quiet is not None
    assert (when.quiet.start, when.quiet.end, when.quiet.passes) == (time(22), time(6), Severity.CRITICAL)
    assert (saved.address, saved.channel) == (anna.address, anna.channel)


def test_nobody_can_change_the_address_or_the_channel_of_a_subscription(pages: Pages) -> None:
    anna = pages.subscriber()
    pages.post(pages.path(Purpose.PREFERENCES, anna), {"do": "save", "address": "x@evil.example", "channel": "console"})
    assert (kept(pages, anna).address, kept(pages, anna).channel) == (anna.address, "mail")


def test_a_pause_is_shown_and_can_be_lifted_by_its_owner_alone(pages: Pages) -> None:
    anna, bo = pages.subscriber(), pages.subscriber("bo@newsroom.example")
    mine, others = pages.path(Purpose.PREFERENCES, anna), pages.path(Purpose.PREFERENCES, bo)
    assert "everything, until" in pages.post(mine, {"pause": "7d"}).text
    [mute] = pages.app.store.mutes(pages.clock())
    assert mute.subscription == anna.id
    assert pages.post(others, {"do": "lift", "lift": mute.id}).status == 409
    assert len(pages.app.store.mutes(pages.clock())) == 1
    assert "hear of it again" in pages.post(mine, {"do": "lift", "lift": mute.id}).text
    assert pages.app.store.mutes(pages.clock()) == []


@pytest.mark.parametrize("form", [{"pause": "1000d"}, {"do": "lift", "lift": "nothing"}])
def test_a_form_that_no_page_has_changes_nothing(pages: Pages, form: dict[str, Any]) -> None:
    anna = pages.subscriber()
    before = stored(pages)
    assert pages.post(pages.path(Purpose.PREFERENCES, anna), form).status in (400, 409)
    assert stored(pages) == before


# --- alerts ---------------------------------------------------------------------------------------------------------


def test_the_first_who_acknowledges_stays_and_everybody_is_told(pages: Pages) -> None:
    anna = pages.subscriber()
    alert = pages.alert(anna, "ops")
    team, own = pages.path(Purpose.ACKNOWLEDGE, "ops", alert), pages.path(Purpose.ACKNOWLEDGE, anna, alert)
    assert "You take care of it" in pages.post(team, {"name": "Ada", "reason": "calling"}).text
    for answer in (pages.post(own, {}), pages.post(team, {"name": "Eve"}), pages.get(own)):
        assert "Ada (ops), since" in answer.text
    taken = pages.app.store.acknowledgement(alert.id)
    assert taken is not None
    assert (taken.author, taken.reason) == ("Ada (ops)", "calling")


@pytest.mark.parametrize("origin", ["link", "telegram"])
def test_who_subscribed_alone_cannot_keep_others_from_being_woken(pages: Pages, origin: str) -> None:
    stranger = pages.subscriber(origin=origin)
    alert = pages.alert(stranger)
    assert pages.post(pages.path(Purpose.ACKNOWLEDGE, stranger, alert), {}).status == 403
    assert pages.app.store.acknowledgement(alert.id) is None
    assert pages.post(pages.path(Purpose.SNOOZE, stranger, alert), {"lasts": "1h"}).status == 200


@pytest.mark.parametrize(("lasts", "hours"), [("1h", 1), ("8h", 8), ("1d", 24), ("7d", 168)])
def test_a_snooze_holds_one_alert_back_from_one_reader(pages: Pages, lasts: str, hours: int) -> None:
    anna = pages.subscriber()
    alert = pages.alert(anna, "ops")
    for _ in range(2):
        assert pages.post(pages.path(Purpose.SNOOZE, anna, alert), {"lasts": lasts}).status == 200
    [mute] = pages.app.store.mutes(pages.clock())
    assert (mute.alert_id, mute.subscription, mute.rule) == (alert.id, anna.id, "")
    assert mute.until == pages.clock() + timedelta(hours=hours)


def test_the_preview_of_a_mute_counts_what_its_reader_got(pages: Pages) -> None:
    anna = pages.subscriber()
    for number in range(3):
        pages.alert(anna, "ops", number=number, group="story-1")
    last = pages.alert(anna, "ops", number=9, group="story-2")
    pages.alert("ops", number=5, group="story-2")
    text = pages.get(pages.path(Purpose.MUTE, anna, last)).text
    assert "Only what this alert is about<small>1 message" in text
    assert "Everything of “Plums in the talks”<small>4 messages" in text
    assert "<small>5 messages" in pages.get(pages.path(Purpose.MUTE, "ops", last)).text


def test_a_mute_by_link_is_for_its_reader_alone(pages: Pages) -> None:
    anna = pages.subscriber()
    alert = pages.alert(anna, "ops")
    form = {"do": "mute", "what": "rule", "lasts": "ever", "reason": "known"}
    assert "Muted." in pages.post(pages.path(Purpose.MUTE, anna, alert), form).text
    assert "Muted." in pages.post(pages.path(Purpose.MUTE, "ops", alert), {**form, "what": "story"}).text
    found = {mute.subscription: mute for mute in pages.app.store.mutes(pages.clock())}
    assert (found[anna.id].rule, found[anna.id].story, found[anna.id].until) == ("plums", "", None)
    assert (found["ops"].rule, found["ops"].story) == ("plums", "story-1")


@pytest.mark.parametrize("form", [{}, {"what": "everything", "lasts": "1d"}, {"what": "rule", "lasts": "9999d"}])
def test_a_mute_that_no_page_offers_is_refused(pages: Pages, form: dict[str, str]) -> None:
    anna = pages.subscriber()
    alert = pages.alert(anna)
    assert pages.post(pages.path(Purpose.MUTE, anna, alert), form).status == 400
    assert pages.app.store.mutes(pages.clock()) == []


def test_a_title_with_markup_is_only_ever_text(pages: Pages) -> None:
    anna = pages.subscriber()
    alert = pages.alert(anna)
    for purpose in (Purpose.MUTE, Purpose.SNOOZE, Purpose.ACKNOWLEDGE):
        text = pages.get(pages.path(purpose, anna, alert)).text
        assert "<b>Plums" not in text
        assert "&lt;b&gt;Plums&lt;/b&gt; &amp; talks" in text


# --- with the rest of the service -----------------------------------------------------------------------------------


def news(pages: Pages, *titles: str) -> None:
    """What a poll of a watched feed would bring."""
    items = [
        Item(id=title, feed_id="orchard", title=title, story=title, lang="uk", first_seen_at=pages.clock())
        for title in titles
    ]
    with pages.app.store.unit() as unit:
        pages.app.detector.detect(unit, unit.add_items(items), pages.clock())


def got(pages: Pages, subscription: Subscription) -> dict[str, NotificationState]:
    found = [each for each in pages.app.store.notifications() if each.subscription == subscription.id]
    return {each.message.title.rpartition(": ")[2]: each.state for each in found}


def test_two_readers_get_what_each_of_them_asked_for(pages: Pages) -> None:
    anna = pages.subscriber(rules=("plums",))
    bo = pages.subscriber("bo@newsroom.example", tags=("war",), at_least=Severity.HIGH)
    news(pages, "Plums for all", "Pears at the gate")
    assert got(pages, anna) == {"Plums for all": NotificationState.HELD}
    assert got(pages, bo) == {"Pears at the gate": NotificationState.PENDING}


def test_a_mute_holds_back_as_many_as_its_preview_of_the_same_news_said(pages: Pages) -> None:
    anna, bo = pages.subscriber(), pages.subscriber("bo@newsroom.example")
    titles = ["Plums in spring", "Plums by boat", "Pears in the snow"]
    news(pages, *titles)
    [alert] = [each for each in pages.app.store.alerts(rule="plums") if each.group == titles[0]]
    path = pages.path(Purpose.MUTE, anna, alert)
    assert "<small>2 messages" in pages.get(path).text
    pages.post(path, {"do": "mute", "what": "rule", "lasts": "7d"})
    pages.clock.forward(days=1)
    news(pages, *(f"{title} again" for title in titles))
    again = [state for title, state in got(pages, anna).items() if title.endswith("again")]
    assert again.count(NotificationState.MUTED) == 2
    assert NotificationState.MUTED not in got(pages, bo).values()


def test_a_change_of_preferences_counts_from_the_next_alert_on(pages: Pages) -> None:
    anna = pages.subscriber(rules=("plums",))
    pages.desk.change(anna.id, replace(Wish.of(anna), rules=("pears",)))
    news(pages, "Plums for all", "Pears at the gate")
    assert list(got(pages, anna)) == ["Pears at the gate"]
    pages.desk.end(anna.id, pages.clock())
    news(pages, "Pears in the rain")
    assert list(got(pages, anna)) == ["Pears at the gate"]


def test_the_operator_can_mute_what_the_service_says_of_itself(pages: Pages) -> None:
    def tell(feed: str) -> None:
        verdict = Verdict(group=feed, firing=True, reason="410")
        with pages.app.store.unit() as unit:
            pages.app.detector.tell_operator(unit, service.FEED, verdict, pages.clock())

    tell("orchard")
    [alert] = pages.app.store.alerts()
    form = {"do": "mute", "what": "rule", "lasts": "ever"}
    assert "Muted." in pages.post(pages.path(Purpose.MUTE, "operator", alert), form).text
    tell("garden")
    states = {each.message.title: each.state for each in pages.app.store.notifications()}
    assert states == {
        "Feed orchard cannot be read": NotificationState.PENDING,
        "Feed garden cannot be read": NotificationState.MUTED,
    }
