"""Send writes without waiting for the answer to each: on PostgreSQL a round trip costs as much as the write.

What is sent inside must give no rows and be asked for no count; a refusal by the server comes at the end at the latest.
SQLite has no way to go, so there each statement is run as it comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import Connection as Server
from psycopg import Error
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


@contextmanager
def unwaited(connection: Connection) -> Iterator[None]:
    """Let the statements inside go one after another, and wait once, at the end.

    Raises:
        sqlalchemy.exc.DBAPIError: the first thing the server refused.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    server = connection.connection.driver_connection
    assert isinstance(server, Server)
    try:
        with server.pipeline():
            yield
    except Error as error:
        # What comes with the last answer has not passed through SQLAlchemy.
        raise DBAPIError.instance(None, None, error, Error, dialect=connection.dialect) from error
