"""articles: the pages behind entries that are stubs"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("key", "title", "text", "why")),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_article"),
    )
    op.create_index("ix_article_read_at", "article", ["read_at"])
    with op.batch_alter_table("feed") as table:
        table.add_column(sa.Column("article", sa.String(), nullable=True))
    with op.batch_alter_table("item") as table:
        table.add_column(sa.Column("article", sa.String(), nullable=False, server_default=""))
