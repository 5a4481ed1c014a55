"""feeds: the entries of the last document, so that they are not parsed again"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("feed") as table:
        table.add_column(sa.Column("entries", sa.LargeBinary(), nullable=False, server_default=""))
