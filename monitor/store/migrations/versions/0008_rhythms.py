"""feeds: their longest pause, and when silence is unlike them"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("feed") as table:
        table.add_column(sa.Column("longest_pause", sa.Interval(), nullable=True))
        table.add_column(sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True))
