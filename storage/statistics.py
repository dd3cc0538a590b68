"""What the database knows of its own rows, made new where a command has brought many.

PostgreSQL chooses its ways by counts it takes itself, up to a minute later (autovacuum): until then what was brought in reads
as if it were not there. Before this a report of a ticket read every contract of every customer again and again in that minute. SQLite
keeps no counts and always goes by its indexes, which suits these tables: it is left alone, as counts taken once would be wrong when the tables
have grown.
"""

from __future__ import annotations

from sqlalchemy import Connection

MANY = 50
"""Rows from which on autovacuum would take the counts too (its own default, ``autovacuum_analyze_threshold``)."""

_FILLED = """
SELECT relid::regclass::text FROM pg_stat_xact_user_tables WHERE n_tup_ins >= %(many)s ORDER BY relid
"""
"""The tables this transaction has brought rows into."""


def count_what_came(connection: Connection) -> None:
    """Take the counts of every table this transaction has brought at least `MANY` rows into; nothing on SQLite.

    A table somebody else counts or tidies up is left to autovacuum: no command waits for counts, or is refused for want of them.
    """
    if connection.dialect.name != "postgresql":
        return
    filled = connection.exec_driver_sql(_FILLED, {"many": MANY}).scalars().all()
    if filled:
        connection.exec_driver_sql(f"ANALYZE (SKIP_LOCKED) {', '.join(filled)}")
