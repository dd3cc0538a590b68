"""What people have to hear when the published plan changes: only who believes something else, once, in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.announcement import (
    BY_MESSAGE,
    Announcement,
    AnnouncementKind,
    moved_stops,
    of_event,
    to_customers,
    to_engineers,
)
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.told import Telling
from dispatch.desk.visit import Lock, PublishedStop

NOW = datetime(2026, 3, 6, 0, 0, tzinfo=UTC)
NEAR = timedelta(minutes=15)
TICKETS = {"V1": "G1"}


def at(hours: float) -> datetime:
    """A moment so many hours on."""
    return NOW + timedelta(hours=hours)


def stop(hours: float, shift: str = "H1", **more: object) -> PublishedStop:
    """V1 as published."""
    return PublishedStop("V1", shift, at(hours), **more)  # type: ignore[arg-type]


def heard(
    before: PublishedStop | None, after: PublishedStop | None, *told: float
) -> tuple[Announcement, ...]:
    """What the customer of V1 hears who was told these hours, one after the other."""
    moved = moved_stops(*({} if one is None else {one.planned: one} for one in (before, after)))
    history = [
        Telling("G1", "V1", NOW - timedelta(hours=9 - count), "desk", at(hours), "gate")
        for count, hours in enumerate(told)
    ]
    return to_customers(moved, tickets=TICKETS, history=history, tolerance=NEAR, now=NOW)


def test_who_was_told_no_time_hears_of_none_by_message() -> None:
    """Telling him first binds the plan: that stays the desk's decision."""
    assert heard(None, stop(3)) == heard(stop(3), stop(5)) == heard(stop(3), None) == ()


def test_who_believes_another_time_hears_the_new_one() -> None:
    """From as much earlier to as much later as nobody calls a change."""
    (one,) = heard(stop(3), stop(5), 3)

    assert (one.kind, one.about, one.visit) == (AnnouncementKind.VISIT_MOVED, "G1", "V1")
    assert (one.values["start_at"], one.values["end_at"]) == (
        (at(5) - NEAR).isoformat(),
        (at(5) + NEAR).isoformat(),
    )
    assert one.starts_at == at(5)


def test_what_is_no_change_for_him_is_not_said() -> None:
    """Another engineer at the same time, a few minutes, a lock, back to what he believes: no word."""
    assert heard(stop(3), stop(3, "H2"), 3) == ()
    assert heard(stop(3), stop(3.2), 3) == ()
    assert heard(stop(3), stop(3, lock=Lock.BOTH), 5) == ()
    assert heard(stop(5), stop(3), 5, 3) == ()


def test_a_visit_left_out_is_called_off_only_before_its_time() -> None:
    """What he believes is over is not called off any more."""
    (gone,) = heard(stop(3), None, 3)

    assert gone.kind is AnnouncementKind.VISIT_CANCELLED
    assert heard(stop(3), None, -1) == ()
    assert heard(stop(3), stop(-1), 3) == ()


@given(
    before=st.none() | st.integers(-4, 9),
    after=st.none() | st.integers(-4, 9),
    told=st.lists(st.integers(-4, 9), max_size=3),
)
def test_he_hears_exactly_when_what_he_believes_is_changed_into_something_else(
    before: int | None, after: int | None, told: list[int]
) -> None:
    """The law of the page: at most one message, never the time he knows, never a time that is over."""
    old, new = (None if one is None else stop(one) for one in (before, after))
    found = heard(old, new, *map(float, told))

    assert len(found) <= 1
    if found and found[0].starts_at is not None:
        assert after is not None
        assert found[0].starts_at == at(after) > NOW
        assert after != told[-1]
    must = before != after and told and after is not None and after > 0 and after != told[-1]
    assert bool(found) == bool(must or (before != after and told and after is None and told[-1] > 0))


def test_an_engineer_hears_once_for_each_near_day() -> None:
    """Today and tomorrow by the region's own calendar; what is planned for next week changes many times yet."""
    worked = {"H1": ("E1", at(1)), "H2": ("E2", at(17)), "H3": ("E2", at(24 * 3))}
    before = {"V1": stop(2), "V2": PublishedStop("V2", "H1", at(4)), "V3": PublishedStop("V3", "H3", at(74))}
    after = {"V1": stop(3), "V2": PublishedStop("V2", "H2", at(18)), "V3": PublishedStop("V3", "H3", at(75))}

    found = to_engineers(moved_stops(before, after), worked=worked, now=NOW, zone_name="Asia/Shanghai")

    assert [(one.about, one.values["day"]) for one in found] == [("E1", "2026-03-06"), ("E2", "2026-03-07")]


def test_a_step_says_what_the_customer_waits_for() -> None:
    """On the way with the time while it is ahead; told in writing what was said; a message is not told of itself."""
    away = TicketEvent("G1", NOW, EventKind.TRAVELLING, "E1", visit="V1")
    told = TicketEvent("G1", NOW, EventKind.TOLD, "U-1", value=f"{at(3).isoformat()} gate", visit="V1")
    by_message = TicketEvent("G1", NOW, EventKind.TOLD, BY_MESSAGE, value=told.value, visit="V1")
    before = [Telling("G1", "V1", at(-2), "desk", at(5), "gate")]

    def said(event: TicketEvent, there: PublishedStop | None = None, *, history: list[Telling]) -> str:
        one = of_event(event, stop=there, history=history, tolerance=NEAR)
        return "" if one is None else one.kind.value

    assert said(away, stop(1), history=[]) == "on_the_way"
    assert said(away, stop(-1), history=[]) == said(away, history=[]) == "set_off"
    assert (said(told, history=[]), said(told, history=before)) == ("visit_time", "visit_moved")
    assert said(by_message, history=[]) == ""
    assert said(TicketEvent("G1", NOW, EventKind.ON_SITE, "E1"), history=[]) == ""


def test_of_a_crew_the_first_who_sets_off_is_announced() -> None:
    """The second comes along; after somebody left, or another time was told, the next who sets off is news again."""

    def says(
        hours: float, who: str, kind: EventKind = EventKind.TRAVELLING, visit: str = "V1"
    ) -> TicketEvent:
        value = f"{at(9).isoformat()} gate" if kind is EventKind.TOLD else ""
        return TicketEvent("G1", at(hours), kind, who, value=value, visit=visit)

    def announced(event: TicketEvent, *others: TicketEvent) -> bool:
        mine = of_event(event, stop=stop(3), history=(), tolerance=NEAR, others=(*others, event))
        return mine is not None

    first, second = says(1, "E1"), says(1.2, "E2")

    assert announced(first)
    assert not announced(second, first)
    assert not announced(first, second)  # written down later, by a telephone that was out of reach
    assert not announced(says(1, "E2"), first)
    assert announced(says(1.2, "E2", visit="V2"), first)
    assert announced(says(5, "E1"), first, second, says(4, "E1", EventKind.LEFT))
    assert announced(says(5, "E1"), first, says(2, "desk-1", EventKind.TOLD))
    assert announced(says(25, "E1"), first)
