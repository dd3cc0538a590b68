"""Counts of two people in a database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from inventory.stock.counting import CountedCell
from inventory.stock.ledger import Condition
from kernel.errors import Refusal
from storage.database import Database
from storage.idempotency import Reply
from storage.stock import commands, queries
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope
from tests.stock_builders import NOW
from tests.storage.database.stock_worlds import bring, check_world

MINUTE = timedelta(minutes=1)


def count(
    found: int, again: int | None, *, approved_by: str = "", approval_above: int = 10**6
) -> Callable[[UnitOfWork], Reply]:
    """Pumps in Fuzhou, counted by one and then, where given, by another; any difference needs both."""
    first = CountedCell("P-1", "FUZHOU", Condition.USABLE, found, NOW + MINUTE, "E03")
    second = (
        []
        if again is None
        else [CountedCell("P-1", "FUZHOU", Condition.USABLE, again, NOW + 2 * MINUTE, "E04")]
    )
    return lambda work: commands.count(
        work,
        "C-1",
        [first],
        again=second,
        recount_above=Decimal(0),
        adjustment="ADJUSTMENT",
        approval_above=Decimal(approval_above),
        approved_by=approved_by,
    )


def on_hand(database: Database) -> int:
    """Pumps in Fuzhou."""
    with database.reading() as connection:
        return queries.position(connection, "R-1", "P-1", "FUZHOU", now=NOW).on_hand


def test_a_difference_is_posted_when_two_found_it(database: Database) -> None:
    """Sent again it changes nothing; with another second count it is another command."""
    bring(database, 10)
    later = envelope("CNT", now=NOW + 5 * MINUTE)

    with pytest.raises(Refusal, match=r"stock\.recount_needed"):
        database.run(later, count(8, None))
    posted = database.run(later, count(8, 8))

    assert database.run(later, count(8, 8)) == posted
    assert on_hand(database) == 8
    with pytest.raises(Refusal, match=r"database\.key_reused"):
        database.run(later, count(8, 7))
    check_world(database)


def test_two_who_counted_need_a_third_to_approve(database: Database) -> None:
    """Neither the first nor the second counter is another pair of eyes."""
    bring(database, 10)
    later = envelope(now=NOW + 5 * MINUTE)

    for name in ("E03", "E04"):
        with pytest.raises(Refusal, match=r"stock\.count_approved_by_counter"):
            database.run(later, count(8, 8, approved_by=name, approval_above=0))
    database.run(later, count(8, 8, approved_by="E05", approval_above=0))

    assert on_hand(database) == 8
    check_world(database)
