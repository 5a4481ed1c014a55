"""Those who hear of alerts: what they asked for, what they muted, what they take care of."""

from datetime import datetime

from sqlalchemy import Connection, case, delete, exists, func, or_, select

from monitor.model import (
    Acknowledgement,
    Alert,
    AlertState,
    Mute,
    Notification,
    NotificationKind,
    Subscription,
    SubscriptionState,
)
from monitor.store.rows import (
    ACKNOWLEDGEMENT_COLUMNS,
    ALERT_COLUMNS,
    MUTE_COLUMNS,
    NOTIFICATION_COLUMNS,
    SUBSCRIPTION_COLUMNS,
    to_acknowledgement,
    to_alert,
    to_mute,
    to_notification,
    to_row,
    to_subscription,
)
from monitor.store.statements import insert_new, upsert
from monitor.store.tables import ACKNOWLEDGEMENT, ALERT, MUTE, NOTIFICATION, NOTIFICATION_EVENT, SUBSCRIPTION

# --- subscriptions --------------------------------------------------------------------------------------------------


def subscriptions(connection: Connection, state: SubscriptionState | None) -> list[Subscription]:
    """Those in a state, or all, the oldest first."""
    query = select(*SUBSCRIPTION_COLUMNS).order_by(SUBSCRIPTION.c.created_at, SUBSCRIPTION.c.id)
    if state is not None:
        query = query.where(SUBSCRIPTION.c.state == state)
    return [to_subscription(row) for row in connection.execute(query)]


def subscription(connection: Connection, subscription_id: str) -> Subscription | None:
    """One subscription, or None when it is unknown."""
    mine = SUBSCRIPTION.c.id == subscription_id
    row = connection.execute(select(*SUBSCRIPTION_COLUMNS).where(mine)).first()
    return to_subscription(row) if row else None


def keep_subscription(connection: Connection, kept: Subscription) -> None:
    """Add a subscription, or replace it."""
    upsert(connection, SUBSCRIPTION, [to_row(kept)])


def forget_unconfirmed(connection: Connection, before: datetime) -> int:
    """Forget those that were asked for before a time and never confirmed, and all letters about them; how many."""
    asked = (SUBSCRIPTION.c.state == SubscriptionState.PENDING, SUBSCRIPTION.c.created_at < before)
    letters = NOTIFICATION.c.subscription.in_(select(SUBSCRIPTION.c.id).where(*asked))
    written = select(NOTIFICATION.c.id).where(letters)
    connection.execute(delete(NOTIFICATION_EVENT).where(NOTIFICATION_EVENT.c.notification_id.in_(written)))
    connection.execute(delete(NOTIFICATION).where(letters))
    return connection.execute(delete(SUBSCRIPTION).where(*asked)).rowcount


# --- mutes ----------------------------------------------------------------------------------------------------------


def mutes(connection: Connection, now: datetime) -> list[Mute]:
    """Those neither lifted nor over, the oldest first."""
    going_on = or_(MUTE.c.until.is_(None), MUTE.c.until > now)
    query = select(*MUTE_COLUMNS).where(MUTE.c.lifted_at.is_(None), going_on)
    return [to_mute(row) for row in connection.execute(query.order_by(MUTE.c.created_at, MUTE.c.id))]


def mute(connection: Connection, mute_id: str) -> Mute | None:
    """One mute, over or not, or None when it is unknown."""
    row = connection.execute(select(*MUTE_COLUMNS).where(MUTE.c.id == mute_id)).first()
    return to_mute(row) if row else None


def keep_mute(connection: Connection, kept: Mute) -> None:
    """Add a mute, or replace it."""
    upsert(connection, MUTE, [to_row(kept)])


def muted_by(connection: Connection, mute: Mute, since: datetime) -> list[Notification]:
    """The notifications written since then that a mute would have held back, the latest first."""
    reader = case((NOTIFICATION.c.subscription == "", NOTIFICATION.c.route), else_=NOTIFICATION.c.subscription)
    choices = (
        (ALERT.c.rule, mute.rule),
        (ALERT.c.group, mute.story),
        (ALERT.c.id, mute.alert_id),
        (reader, mute.subscription),
    )
    fits = (column == value for column, value in choices if value)
    query = select(*NOTIFICATION_COLUMNS).join(ALERT, ALERT.c.id == NOTIFICATION.c.alert_id)
    query = query.where(NOTIFICATION.c.created_at >= since, *fits)
    query = query.order_by(NOTIFICATION.c.created_at.desc(), NOTIFICATION.c.id)
    return [to_notification(row) for row in connection.execute(query)]


# --- acknowledgements -----------------------------------------------------------------------------------------------


def acknowledge(connection: Connection, acknowledgement: Acknowledgement) -> bool:
    """Keep who takes care of an alert; False when somebody was first."""
    return bool(insert_new(connection, ACKNOWLEDGEMENT, [to_row(acknowledgement)]))


def acknowledgement(connection: Connection, alert_id: str) -> Acknowledgement | None:
    """Who takes care of an alert, or None."""
    mine = ACKNOWLEDGEMENT.c.alert_id == alert_id
    row = connection.execute(select(*ACKNOWLEDGEMENT_COLUMNS).where(mine)).first()
    return to_acknowledgement(row) if row else None


def waiting_for_acknowledgement(connection: Connection, before: datetime) -> list[Alert]:
    """Open alerts first told before then, of which nobody took care and that were never escalated."""
    mine = NOTIFICATION.c.alert_id == ALERT.c.id
    digest = NOTIFICATION.alias()
    told = NOTIFICATION.outerjoin(digest, digest.c.id == NOTIFICATION.c.bundle)
    sent = func.min(func.coalesce(NOTIFICATION.c.sent_at, digest.c.sent_at))
    first_sent = select(sent).select_from(told).where(mine).correlate(ALERT).scalar_subquery()
    query = select(*ALERT_COLUMNS).where(
        ALERT.c.state == AlertState.FIRING,
        first_sent < before,
        ~exists().where(ACKNOWLEDGEMENT.c.alert_id == ALERT.c.id),
        ~exists().where(mine, NOTIFICATION.c.kind == NotificationKind.ESCALATION),
    )
    return [to_alert(row) for row in connection.execute(query.order_by(ALERT.c.opened_at, ALERT.c.id))]
