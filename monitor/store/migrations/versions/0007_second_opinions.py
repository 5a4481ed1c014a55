"""judge: second opinions on observations"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    texts = ("rule", "story", "item_id", "observation_id", "state", "key", "model", "answer", "quote", "reason")
    op.create_table(
        "opinion",
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in texts),
        sa.Column("lexicon", sa.Text(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("attempts", "calls", "tokens")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_token", sa.String(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name="fk_opinion_observation_id_observation"),
        sa.PrimaryKeyConstraint("id", name="pk_opinion"),
    )
    op.create_index("ix_opinion_state_next_attempt_at", "opinion", ["state", "next_attempt_at"])
    for name in ("item_id", "observation_id", "key", "asked_at"):
        op.create_index(f"ix_opinion_{name}", "opinion", [name])
