"""Commands about accounts go one after another, over all processes."""

from __future__ import annotations

from storage.unit_of_work import UnitOfWork

_LOCK = 720252


def take_turn(work: UnitOfWork) -> None:
    """Wait for every other such command; what is read afterwards stands until the commit.

    Two administrators must not each close the other, a hundred guesses at once must count as a hundred. On SQLite
    every command waits its turn anyway.
    """
    if work.connection.dialect.name == "postgresql":
        work.connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
