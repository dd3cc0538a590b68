"""Borrowed engineers: what was agreed about their time becomes shifts the planner uses like any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.borrowed import Borrowing, borrowed_shifts, check_borrowings
from dispatch.cost import cost
from dispatch.crew import Absence, Engineer, Shift, SkillHeld
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.calendars import BusinessCalendar, weekly
from kernel.errors import Refusal
from kernel.interval import Interval
from kernel.place import LatLon
from tests import regions as build

ZONE = "Asia/Shanghai"
LAB_HOURS = weekly("lab", ZONE, {"mon-fri": "09:00-12:00,13:00-17:00"}, country="CN")
LENT = Borrowing(
    id="B-1",
    engineer="E-9",
    department="laboratory",
    first_on=date(2026, 3, 6),
    last_on=date(2026, 3, 20),
    calendar="lab",
    at=build.AS_OF - timedelta(days=3),
    by="E-1",
    reason="winter peak",
)
E_9 = Engineer("E-9", "D-1", LatLon(26.06, 119.29), territories=("FZ",))


def shifts(calendar: BusinessCalendar = LAB_HOURS, **changes: Any) -> tuple[Shift, ...]:
    """The shifts of the agreement, changed as said."""
    return borrowed_shifts(replace(LENT, **changes), calendar, zone_name=ZONE)


def planned(lent: tuple[Shift, ...], *, territory: str = "FZ", absences: tuple[Absence, ...] = ()) -> Plan:
    """The plan for a visit that only the borrowed engineer can do; checked."""
    plain = build.region().field
    region = build.region(
        engineers=(*plain.engineers, E_9),
        skills=(*plain.skills, SkillHeld("E-9", "LASER", 4)),
        sites=tuple(replace(site, territory=territory) for site in plain.sites),
        shifts=(*plain.shifts, *lent),
        absences=absences,
        visits=(replace(plain.visits[0], skills=(("LASER", 3),)),),
        part_needs=(),
    )
    problem = problem_of(Board.of(region))
    plan = solve(problem, Budget(seed=1, work=100))
    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    return plan


def test_a_visit_nobody_else_can_do_is_planned_in_the_borrowed_hours() -> None:
    """The skill comes with the person, the time with the agreement."""
    without, with_him = planned(()), planned(shifts())

    assert [left.visit for left in without.unassigned] == ["V-1"]
    assert [route.shift for route in with_him.routes] == [shifts()[0].id]


def test_outside_his_region_he_is_not_sent() -> None:
    """Lent for one area is lent for no other."""
    assert planned(shifts(), territory="XM").routes == ()


def test_called_back_he_is_absent() -> None:
    """The department needs him after all: an absence like any other, and the agreement stays on record."""
    away = Interval(build.at(8), build.at(8) + timedelta(days=15))

    assert planned(shifts(), absences=(Absence("AB-1", "E-9", away, "called back"),)).routes == ()


def test_a_day_is_one_shift_with_its_break() -> None:
    """Nine to five with an hour in the middle, on working days only."""
    found = shifts()

    assert len(found) == 11
    assert (found[0].worked.start, found[0].worked.end) == (build.at(9), build.at(17))
    assert (found[0].break_between, found[0].break_min) == (Interval(build.at(12), build.at(13)), 60)
    assert [shift.worked.start.astimezone(build.SHANGHAI).day for shift in found[:2]] == [6, 9]


def test_holidays_are_no_borrowed_days() -> None:
    """1 to 5 May 2026 are holidays in China."""
    found = shifts(first_on=date(2026, 4, 29), last_on=date(2026, 5, 6))

    days = [shift.worked.start.astimezone(build.SHANGHAI).date() for shift in found]
    assert days[:2] == [date(2026, 4, 29), date(2026, 4, 30)]
    assert not [day for day in days if date(2026, 5, 1) <= day <= date(2026, 5, 5)]


def test_two_days_a_week_are_the_first_two() -> None:
    """Friday is the only day of the first week; of later weeks Monday and Tuesday."""
    found = shifts(most_days=2)

    days = [shift.worked.start.astimezone(build.SHANGHAI).day for shift in found]
    assert days == [6, 9, 10, 16, 17]


@settings(deadline=None)
@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    st.integers(0, 60),
    st.none() | st.integers(1, 7),
    st.sampled_from(["mon-fri", "mon-sun", "sat"]),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai"]),
)
def test_what_was_agreed_bounds_every_shift(
    first: date, days: int, most: int | None, open_on: str, zone_name: str
) -> None:
    """Inside the days and the hours, never more days a week than lent, and the same again when asked again."""
    calendar = weekly("lab", zone_name, {open_on: "08:00-12:00,12:30-18:00"})
    lent = replace(LENT, first_on=first, last_on=first + timedelta(days=days), most_days=most)

    found = borrowed_shifts(lent, calendar, zone_name=zone_name)

    local = [shift.worked.start.astimezone(ZoneInfo(zone_name)) for shift in found]
    weeks = [at.isocalendar()[:2] for at in local]
    assert all(first <= at.date() <= lent.last_on for at in local)
    assert all(weeks.count(week) <= (most or 7) for week in weeks)
    assert all((shift.worked.end - shift.worked.start) == timedelta(hours=10) for shift in found)
    assert len({shift.id for shift in found}) == len(found)
    assert found == borrowed_shifts(lent, calendar, zone_name=zone_name)


@pytest.mark.parametrize(
    ("changes", "others", "codes"),
    [
        ({}, (), []),
        ({"engineer": "E-77"}, (), ["borrowed.unknown_engineer"]),
        ({"calendar": "nights"}, (), ["borrowed.unknown_calendar"]),
        (
            {},
            (Shift("S-1", "E-9", Interval(build.at(16), build.at(20))),),
            ["borrowed.works_already"],
        ),
        ({}, (Shift("S-1", "E-9", Interval(build.at(17), build.at(20))),), []),
        ({}, shifts(), []),
    ],
)
def test_an_agreement_that_cannot_hold_is_refused(
    changes: dict[str, Any], others: tuple[Shift, ...], codes: list[str]
) -> None:
    """Nobody works twice at once; its own shifts, stored before, are no second work."""
    found = check_borrowings(
        [replace(LENT, **changes)], {"E-9": E_9}, {"lab": LAB_HOURS}, others, zone_name=ZONE
    )

    assert [refusal.code for refusal in found] == codes


def test_lent_twice_at_once_is_refused() -> None:
    """Two departments cannot both send him on the same morning."""
    again = replace(LENT, id="B-2", first_on=date(2026, 3, 20), last_on=date(2026, 3, 25))

    found = check_borrowings([LENT, again], {"E-9": E_9}, {"lab": LAB_HOURS}, (), zone_name=ZONE)

    assert [refusal.code for refusal in found] == ["borrowed.works_already"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"last_on": date(2026, 3, 5)}, "borrowed.ends_before_start"),
        ({"last_on": date(2027, 3, 7)}, "borrowed.too_long"),
        ({"most_days": 0}, "borrowed.no_days"),
        ({"reason": " "}, "borrowed.reason_missing"),
        ({"at": datetime(2026, 3, 1)}, "clock.naive_time"),  # noqa: DTZ001 what is refused
    ],
)
def test_what_was_not_agreed_properly_is_refused(changes: dict[str, Any], code: str) -> None:
    """An agreement without an end or a reason is none."""
    with pytest.raises(Refusal) as caught:
        replace(LENT, **changes)

    assert caught.value.code == code
