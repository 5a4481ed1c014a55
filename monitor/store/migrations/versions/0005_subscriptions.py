"""delivery: subscriptions, mutes, acknowledgements; notifications that are held, and their history"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _notification()
    _notification_event()
    _subscription()
    _mute()
    _acknowledgement()


def _notification() -> None:
    with op.batch_alter_table("notification") as table:
        table.alter_column("alert_id", existing_type=sa.String(), nullable=True)
        table.alter_column("alert_state", existing_type=sa.String(), nullable=True)
        table.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="alert"))
        for name in ("address", "subscription", "bundle"):
            table.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_index("ix_notification_bundle", "notification", ["bundle"])
    op.create_index("ix_notification_route_created_at", "notification", ["route", "created_at"])


def _notification_event() -> None:
    op.create_table(
        "notification_event",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("notification_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["notification.id"], name="fk_notification_event_notification_id_notification"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_notification_event"),
    )
    op.create_index("ix_notification_event_notification_id", "notification_event", ["notification_id"])


def _subscription() -> None:
    texts = ("name", "channel", "address", "rules", "tags", "langs", "at_least", "schedule", "state", "origin")
    op.create_table(
        "subscription",
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(name, _kind(name), nullable=False) for name in texts),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
    )
    op.create_index("ix_subscription_channel_address", "subscription", ["channel", "address"])


def _kind(name: str) -> type[sa.String]:
    return sa.Text if name in ("rules", "tags", "langs", "schedule") else sa.String


def _mute() -> None:
    op.create_table(
        "mute",
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("rule", "story", "alert_id", "subscription")),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_mute"),
    )


def _acknowledgement() -> None:
    op.create_table(
        "acknowledgement",
        sa.Column("alert_id", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name="fk_acknowledgement_alert_id_alert"),
        sa.PrimaryKeyConstraint("alert_id", name="pk_acknowledgement"),
    )
