"""feeds: since when they have been read without a gap"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("feed") as table:
        table.add_column(sa.Column("watched_since", sa.DateTime(timezone=True), nullable=True))
