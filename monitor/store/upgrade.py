"""Runs the migrations, with Alembic."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(connection: Connection, scripts: str) -> None:
    """Bring the tables to the newest version, in the transaction that is open.

    Args:
        scripts: The folder of the migrations.
    """
    config = Config()
    config.set_main_option("script_location", scripts.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
