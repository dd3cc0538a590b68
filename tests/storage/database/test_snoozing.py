"""A line left alone until a day, on both databases: every word kept, the last one counts, sent again it is said once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from inventory.replenish.snooze import Snooze
from kernel.errors import Refusal
from storage.check import untrue
from storage.database import Database
from storage.dataset.counter_tables import SNOOZES
from storage.idempotency import Reply
from storage.stock.facts import told
from storage.stock.snoozing import snooze, wake
from storage.tables.counter import SnoozeRow
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope
from tests.stock_builders import NOW

UNTIL = date(2026, 3, 20)


def left_alone(
    place: str = "FUZHOU", until: date = UNTIL, part: str = "P-1"
) -> Callable[[UnitOfWork], Reply]:
    """P-1 is left alone until the twentieth."""
    return lambda work: snooze(work, part, place, until_on=until, reason="comes by boat")


def said(database: Database) -> tuple[Snooze, ...]:
    """All that was said, in order."""
    with database.reading() as connection:
        return told(connection, "R-1", SNOOZES, SnoozeRow)


def test_every_word_is_kept_and_said_once_for_its_key(database: Database) -> None:
    """Snoozed, sent again, ended early, ended again: two facts, and the second end has nothing to end."""
    later = NOW + timedelta(hours=1)

    first = database.run(envelope("S-1"), left_alone())
    again = database.run(envelope("S-1"), left_alone())
    database.run(envelope("W-1", now=later, actor="head"), lambda work: wake(work, "P-1", "FUZHOU"))

    assert first == again == {"part": "P-1", "place": "FUZHOU", "until_on": "2026-03-20"}
    assert said(database) == (
        Snooze("P-1", "FUZHOU", NOW, UNTIL, "comes by boat", "keeper"),
        Snooze("P-1", "FUZHOU", later, None, "", "head"),
    )
    with pytest.raises(Refusal, match=r"replenish\.not_snoozed"):
        database.run(envelope(now=later), lambda work: wake(work, "P-1", "FUZHOU"))
    with pytest.raises(Refusal, match=r"database\.key_reused"):
        database.run(envelope("S-1"), left_alone("XIAMEN"))
    assert untrue(database) == []


@pytest.mark.parametrize(
    ("part", "place", "until", "code"),
    [
        ("P-99", "FUZHOU", UNTIL, "stock.unknown_part"),
        ("P-1", "NOWHERE", UNTIL, "stock.unknown_place"),
        ("P-1", "QUARANTINE", UNTIL, "stock.not_a_shelf"),
        ("P-1", "FUZHOU", date(2026, 3, 2), "replenish.snooze_over"),
        ("P-1", "FUZHOU", date(2028, 3, 2), "replenish.snooze_too_long"),
    ],
)
def test_what_no_review_would_look_at_is_refused(
    database: Database, part: str, place: str, until: date, code: str
) -> None:
    """Nothing is written of a word that could hold nothing."""
    with pytest.raises(Refusal) as refused:
        database.run(envelope(), left_alone(place, until, part))

    assert refused.value.code == code
    assert said(database) == ()


def test_the_day_is_the_regions_own(database: Database) -> None:
    """At one in the morning in Shanghai it is still yesterday in UTC: until today would be over at once."""
    at_night = NOW.replace(day=3, hour=17)

    with pytest.raises(Refusal, match=r"replenish\.snooze_over"):
        database.run(envelope(now=at_night), left_alone(until=date(2026, 3, 4)))
