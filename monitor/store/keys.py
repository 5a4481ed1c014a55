"""Keys the service makes for itself, once for each database, so that all replicas share them."""

import secrets

from sqlalchemy import Connection, select

from monitor.store.statements import insert_new
from monitor.store.tables import KEY

BYTES = 32


def key(connection: Connection, name: str) -> bytes:
    """The key of this name; made now when there is none yet, and never changed."""
    insert_new(connection, KEY, [{"name": name, "value": secrets.token_bytes(BYTES)}])
    return bytes(connection.execute(select(KEY.c.value).where(KEY.c.name == name)).scalar_one())
