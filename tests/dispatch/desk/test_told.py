"""Told: who knows which time, what that locks, and who believes something that no longer holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.told import ToCall, as_told, tellings, to_call, told
from dispatch.desk.visit import Lock, PublishedStop
from kernel.errors import Refusal
from tests.desk_builders import FRIDAY_16

NINE = FRIDAY_16 + timedelta(hours=17)


def said(starts: str = "2026-03-07T09:00Z", *, visit: str = "V-1", minute: int = 5) -> TicketEvent:
    """The desk tells the customer a time."""
    at = FRIDAY_16 + timedelta(minutes=minute)
    return TicketEvent("T-1", at, EventKind.TOLD, "desk", value=f"{starts} front desk", visit=visit)


def stop(
    visit: str = "V-1", *, lock: Lock = Lock.NONE, hours: int = 0, told_at: bool = False
) -> PublishedStop:
    """A published visit, at nine or later."""
    return PublishedStop(visit, "S-1", NINE + timedelta(hours=hours), lock, FRIDAY_16 if told_at else None)


@pytest.mark.parametrize(
    ("before", "after"),
    [(Lock.NONE, Lock.TIME), (Lock.ENGINEER, Lock.BOTH), (Lock.TIME, Lock.TIME), (Lock.BOTH, Lock.BOTH)],
)
def test_telling_a_customer_his_time_locks_it(before: Lock, after: Lock) -> None:
    """A time somebody was told is a promise; who comes may still change."""
    (telling,) = tellings([said()], FRIDAY_16 + timedelta(hours=1))

    known = told(stop(lock=before), telling)

    assert (known.lock, known.told_at, known.starts_at) == (after, telling.at, NINE)
    assert (telling.whom, telling.starts_at, telling.by) == ("front desk", NINE, "desk")


def test_another_time_than_the_published_one_cannot_be_told() -> None:
    """The plan would go on counting on a time nobody was told."""
    (telling,) = tellings([said("2026-03-07T10:00Z")], FRIDAY_16 + timedelta(hours=1))

    with pytest.raises(Refusal, match=r"told\.other_time"):
        told(stop(), telling)


def test_nobody_tells_seconds() -> None:
    """A plan counts in seconds, people in minutes: within the tolerance the time told is the published one."""
    (telling,) = tellings([said("2026-03-07T09:00Z")], NINE)
    published = replace(stop(), starts_at=NINE + timedelta(seconds=37))
    near, tickets = timedelta(minutes=15), {"V-1": "T-1"}

    assert told(published, telling, tolerance=near).starts_at == published.starts_at
    assert as_told([published], tickets, [telling], tolerance=near)[0].lock is Lock.TIME
    assert to_call([published], tickets, [telling], tolerance=near) == ()
    assert len(to_call([published], tickets, [telling])) == 1


def test_what_is_told_later_is_not_known_now() -> None:
    """The fold at a moment."""
    assert tellings([said(minute=5)], FRIDAY_16 + timedelta(minutes=4)) == ()


def test_who_believes_something_wrong_is_called_first() -> None:
    """Then by the time to tell; who knows the right time is not called, nor anybody twice for one visit."""
    known = tellings([said(visit="V-2"), said(visit="V-4")], NINE)
    known = tuple(replace(one, ticket=one.visit.replace("V", "T")) for one in known)
    stops = [
        stop("V-1", hours=0),
        stop("V-2", hours=2),
        stop("V-3", told_at=True),
        stop("V-4", hours=0),
        stop("V-5", hours=-1),
        PublishedStop("V-1", "S-2", NINE, role="helper"),
        PublishedStop("V-1", "S-1", NINE, piece=2),
        stop("V-gone"),
    ]
    tickets = {f"V-{n}": f"T-{n}" for n in range(1, 6)}

    assert to_call(stops, tickets, known) == (
        ToCall("V-2", "T-2", NINE + timedelta(hours=2), NINE, "front desk"),
        ToCall("V-5", "T-5", NINE - timedelta(hours=1)),
        ToCall("V-1", "T-1", NINE),
    )


def test_a_telling_without_a_visit_is_about_the_tickets_only_one() -> None:
    """As with every event of a ticket with one visit."""
    (call,) = to_call([stop("V-1", hours=1)], {"V-1": "T-1"}, tellings([said(visit="")], NINE))

    assert (call.believed, call.whom) == (NINE, "front desk")


def test_a_visit_that_comes_back_to_the_time_told_is_told() -> None:
    """Moved away and back before anybody called: the customer still waits at nine, and nine is a promise again."""
    known = tellings([said()], NINE)
    tickets = {"V-1": "T-1"}

    assert [(one.lock, one.told_at) for one in as_told([stop()], tickets, known)] == [
        (Lock.TIME, known[0].at)
    ]
    assert as_told([stop(hours=1)], tickets, known) == (stop(hours=1),)
    assert as_told([stop()], {}, known) == (stop(),)
    assert to_call([stop()], tickets, known) == ()


def test_only_the_last_time_told_counts() -> None:
    """Told nine, then ten: at nine he is not at home."""
    known = tellings([said(), said("2026-03-07T10:00Z", visit="", minute=6)], NINE)

    assert as_told([stop()], {"V-1": "T-1"}, known) == (stop(),)
    (call,) = to_call([stop()], {"V-1": "T-1"}, known)
    assert call.believed == NINE + timedelta(hours=1)
