"""feeds: what their kind needs to know, and why they are due when they are"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("feed") as table:
        table.add_column(sa.Column("options", sa.Text(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("why", sa.String(), nullable=False, server_default=""))
