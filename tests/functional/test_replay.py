"""The month of invented news, played through the engine on a simulated clock: every indicator turns in it."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.cli.replay import Archive
from monitor.model import Alert, AlertState, Document, FeedLease, Severity
from monitor.pipeline import Collected, Detector
from monitor.rules.load import load
from monitor.sources import table
from monitor.store.store import Store
from monitor.stories import Stories

ROOT = Path(__file__).parents[2]
STEP = timedelta(hours=6)
RULES = load([ROOT / "rules"]).rules


def collected(archive: Archive, lease: FeedLease, now: datetime) -> Collected:
    """What fetching and parsing would bring."""
    content_type, body = archive.document(lease.feed.id, now)
    body_hash = hashlib.blake2b(body).hexdigest()
    document = Document(
        feed_id=lease.feed.id, url=lease.feed.url, status=200, body=body, content_type=content_type, fetched_at=now
    )
    known = body_hash == lease.state.body_hash
    return Collected(
        document=document, body_hash=body_hash, parsed=None if known else table.parse(lease.feed.kind, document)
    )


def play(archive: Archive, store: Store) -> None:
    """Poll everything every six hours, from two days into the archive to a day after its end."""
    detector = Detector(RULES, Stories())
    now = archive.first_at + timedelta(days=2)
    feeds = [
        replace(publisher.feed(f"https://{name}.example/feed"), every=STEP)
        for name, publisher in archive.publishers.items()
    ]
    store.sync_feeds(feeds, now)
    while now < archive.last_at + timedelta(days=1):
        for lease in store.claim_feeds(now, limit=100, ttl=STEP):
            detector.commit(lease, collected(archive, lease, now), store, now)
        detector.tick(store, now)
        now += STEP


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('replay')}/replay.db")
    store.migrate()
    play(Archive.load(ROOT / "seeds/replay"), store)
    yield store
    store.close()


def alerts(store: Store, rule: str) -> list[Alert]:
    return store.alerts(limit=1000, rule=rule)


def test_every_item_is_read_once(store: Store) -> None:
    archive = Archive.load(ROOT / "seeds/replay")
    assert store.counts().items == sum(len(publisher.items) for publisher in archive.publishers.values())


@pytest.mark.parametrize("rule", [rule.id for rule in RULES.rules])
def test_every_shipped_rule_speaks_up(store: Store, rule: str) -> None:
    assert any(alert.severity.rank >= Severity.LOW.rank for alert in alerts(store, rule))


def test_sport_and_markets_stay_unnoticed(store: Store) -> None:
    seen = {observation.publisher for alert in store.alerts(limit=1000) for observation in store.observations_of(alert)}
    assert "Harbour Wire" in seen
    assert "The Weekend Post" not in seen


def test_the_kremlin_softens_once_and_two_publishers_say_so(store: Store) -> None:
    (soft,) = (alert for alert in alerts(store, "kremlin-us-proposals") if alert.name == "soft signal")
    assert soft.opened_at.date().isoformat() == "2025-11-21"
    assert len(soft.publishers) >= 2


def test_six_reports_of_one_package_are_one_alert(store: Store) -> None:
    patriot = [alert for alert in alerts(store, "aid-packages") if "105" in alert.title and alert.name == "new package"]
    assert len(patriot) == 1
    assert len(patriot[0].publishers) >= 5


def test_three_weeks_without_a_package_are_told_and_end_with_the_next_one(store: Store) -> None:
    (silence,) = (alert for alert in alerts(store, "aid-packages") if alert.name == "no package for three weeks")
    assert silence.opened_at.date().isoformat() == "2025-11-29"
    assert silence.state is AlertState.RESOLVED


def test_the_reading_of_both_tracks_turns_when_aid_stops_and_turns_back(store: Store) -> None:
    readings = [alert for alert in alerts(store, "military-vs-diplomatic-track") if alert.name == "reading"]
    assert {"instead of", "in parallel"} <= {alert.group for alert in readings}
    latest = max(readings, key=lambda alert: alert.opened_at)
    assert latest.group == "in parallel"
