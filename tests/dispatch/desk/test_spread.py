"""Preventive visits spread over days: nobody is crowded while somebody else could move, nothing is laid out twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.desk.clause import PreventiveClause, PreventiveTask
from dispatch.desk.customer import Contract, Site
from dispatch.desk.maintenance import (
    PreventiveEvent,
    PreventiveStanding,
    PreventiveStep,
    PreventiveVisit,
    preventive_standing,
)
from dispatch.desk.milestone import Milestone, Severity, TicketKind
from dispatch.desk.preventive_need import Need, Period, needs
from dispatch.desk.spread import Capacity, booked, lay_out
from dispatch.desk.ticket import Ticket
from dispatch.desk.visit import Appointment, PublishedStop, Visit
from kernel.clock import moment
from kernel.interval import Interval
from kernel.place import LatLon
from tests.desk_builders import make_scheme, minutes

NEW_YEAR = date(2026, 1, 1)
DAY = timedelta(days=1)
CLAUSE = PreventiveClause(4, (PreventiveTask.CLEAN, PreventiveTask.REPORT))
SCHEME = replace(make_scheme({Milestone.REPAIR: minutes(60)}), preventive=CLAUSE)
SCHEMES = {("test", "1"): SCHEME}
CONTRACT = Contract("C-1", "K-1", "test", "1", NEW_YEAR)
SITES = [Site("S-1", "K-1", LatLon(26.0, 119.0)), Site("S-2", "K-1", LatLon(26.1, 119.0))]
VISIT = PreventiveVisit("PM-1", "C-1", "S-1", NEW_YEAR, date(2026, 4, 1), date(2026, 2, 10))
SAID_AT = moment("2026-02-01T08:00Z")


def weekdays(level: int) -> Capacity:
    """So many visits on each day from Monday to Friday."""
    return lambda day: level if day.weekday() < 5 else 0


def planned(visits: Sequence[PreventiveVisit]) -> list[tuple[PreventiveVisit, PreventiveStanding]]:
    """The visits as they stand when nothing has happened to them."""
    return [(v, preventive_standing(v, [], SAID_AT, report=True)) for v in visits]


def test_laying_out_again_adds_nothing() -> None:
    """A job that runs every night must not double the year."""
    owed = needs([CONTRACT], SITES, SCHEMES, date(2027, 1, 1))
    once = lay_out(owed, [], weekdays(2), from_on=NEW_YEAR)

    again = lay_out(owed, planned(once), weekdays(2), from_on=NEW_YEAR + 40 * DAY)

    assert len(once) == 8
    assert again == ()


def test_a_cancelled_or_moved_visit_is_not_made_anew() -> None:
    """One period, one visit, whatever became of it."""
    owed = needs([CONTRACT], SITES[:1], SCHEMES, date(2026, 4, 1))
    (visit,) = lay_out(owed, [], weekdays(1), from_on=NEW_YEAR)
    gone = PreventiveEvent(visit.id, SAID_AT, PreventiveStep.CANCELLED, "E01", "site closed")

    standing = preventive_standing(visit, [gone], SAID_AT, report=True)

    assert lay_out(owed, [(visit, standing)], weekdays(1), from_on=NEW_YEAR) == ()


def test_a_region_moved_in_time_is_not_laid_out_twice() -> None:
    """Moved by whole days the months differ and so do the ids; the visit that stands is still the period's one."""
    owed = needs([CONTRACT], SITES, SCHEMES, date(2027, 1, 1))
    once = lay_out(owed, [], weekdays(2), from_on=NEW_YEAR)
    by = 100 * DAY
    moved = [
        replace(v, period_from=v.period_from + by, period_until=v.period_until + by, on=v.on + by)
        for v in once
    ]
    again = needs([replace(CONTRACT, valid_from=NEW_YEAR + by)], SITES, SCHEMES, date(2027, 1, 1) + by)

    assert {need.id for need in again}.isdisjoint(visit.id for visit in moved)
    assert lay_out(again, planned(moved), weekdays(2), from_on=NEW_YEAR + by) == ()


def test_a_visit_of_another_period_stands_for_its_own_only() -> None:
    """Forty days in common of ninety is somebody else's quarter."""
    owed = needs([CONTRACT], SITES[:1], SCHEMES, date(2026, 4, 1))
    other = replace(VISIT, period_from=NEW_YEAR - 50 * DAY, period_until=NEW_YEAR + 40 * DAY, on=NEW_YEAR)

    assert len(lay_out(owed, planned([other]), weekdays(1), from_on=NEW_YEAR)) == 1


def test_a_full_day_is_left_to_who_has_no_other() -> None:
    """The first would rather have the second day, the other has nothing else: the first makes room."""
    first = Need("PM-1", "C-1", "S-1", Period(NEW_YEAR, NEW_YEAR + 2 * DAY))
    second = Need("PM-2", "C-1", "S-2", Period(NEW_YEAR + DAY, NEW_YEAR + 2 * DAY))

    alone = lay_out([first], [], lambda _: 1, from_on=NEW_YEAR)
    both = lay_out([first, second], [], lambda _: 1, from_on=NEW_YEAR)

    assert [visit.on for visit in alone] == [NEW_YEAR + DAY]
    assert [(visit.on, visit.overbooked) for visit in both] == [(NEW_YEAR, False), (NEW_YEAR + DAY, False)]


def test_the_middle_half_goes_before_an_emptier_day() -> None:
    """Half a period lies between two visits of one site, even where the edge of the quarter has more room."""
    owed = needs([CONTRACT], SITES[:1], SCHEMES, date(2026, 4, 1))
    edge, inside = NEW_YEAR + 21 * DAY, NEW_YEAR + 67 * DAY

    (visit,) = lay_out(
        owed, [], lambda day: 2 if day in {edge, inside} else 0, from_on=NEW_YEAR, busy={inside: 1}
    )

    assert visit.on == inside


def test_visits_take_the_emptiest_days_around_the_middle() -> None:
    """Nine sites in one quarter share the middle weeks instead of meeting on its first Monday."""
    sites = [Site(f"S-{n}", "K-1", LatLon(26.0, 119.0)) for n in range(1, 10)]
    owed = needs([CONTRACT], sites, SCHEMES, date(2026, 4, 1))

    found = lay_out(owed, [], weekdays(1), from_on=NEW_YEAR)

    weeks = Counter(visit.on.isocalendar().week for visit in found)
    assert max(weeks.values()) == 2
    assert max(Counter(visit.on for visit in found).values()) == 1
    assert all(date(2026, 1, 23) <= visit.on < date(2026, 3, 10) for visit in found)


def test_other_work_takes_room() -> None:
    """A week full of installations is no week for cleaning."""
    owed = needs([CONTRACT], SITES[:1], SCHEMES, date(2026, 4, 1))
    free_day = date(2026, 2, 5)
    busy = {NEW_YEAR + n * DAY: 1 for n in range(90) if NEW_YEAR + n * DAY != free_day}

    (visit,) = lay_out(owed, [], weekdays(1), from_on=NEW_YEAR, busy=busy)

    assert (visit.on, visit.overbooked) == (free_day, False)


def test_a_full_period_is_overbooked_and_says_so() -> None:
    """Lost would be worse than crowded; a working day is crowded before a Sunday is worked."""
    owed = needs([CONTRACT], SITES[:1], SCHEMES, date(2026, 4, 1))
    full = {NEW_YEAR + n * DAY: 1 for n in range(90)}

    (visit,) = lay_out(owed, [], weekdays(1), from_on=NEW_YEAR, busy=full)

    assert visit.overbooked
    assert visit.on.weekday() < 5


def test_a_period_that_went_by_is_caught_up_with() -> None:
    """Moved, never lost: what nobody laid out in time is laid out now."""
    owed = needs([CONTRACT], SITES[:1], SCHEMES, date(2026, 4, 1))
    late = date(2026, 6, 6)

    (visit,) = lay_out(owed, [], weekdays(1), from_on=late)

    assert visit.on == date(2026, 6, 8)
    assert preventive_standing(visit, [], SAID_AT, report=True).outside


TINY = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 6)).map(
        lambda span: Period(NEW_YEAR + span[0] * DAY, NEW_YEAR + sum(span) * DAY)
    ),
    max_size=9,
)


LEVELS = st.lists(st.integers(0, 2), min_size=20, max_size=20)


def fewest_without_room(spans: Sequence[Period], levels: Sequence[int]) -> int:
    """How many visits no arrangement has room for: day by day, whoever must be done first goes first.

    For visits of one day with first and last days that is the best there is (J. R. Jackson's rule, 1955).
    """
    waiting, lost = sorted(spans, key=lambda span: span.end), 0
    for number, level in enumerate(levels):
        day = NEW_YEAR + number * DAY
        lost += sum(1 for span in waiting if span.end <= day)
        waiting = [span for span in waiting if span.end > day]
        ready = [span for span in waiting if span.start <= day]
        for span in ready[:level]:
            waiting.remove(span)
    return lost + len(waiting)


@settings(deadline=None)
@given(TINY, LEVELS)
def test_a_day_is_overbooked_only_where_no_arrangement_has_room(
    spans: list[Period], levels: list[int]
) -> None:
    """Against another method on small worlds: nobody is crowded while somebody else could have moved."""

    def capacity(day: date) -> int:
        return levels[(day - NEW_YEAR).days]

    owed = [Need(f"PM-{n}", "C-1", f"S-{n}", span) for n, span in enumerate(spans)]

    found = lay_out(owed, [], capacity, from_on=NEW_YEAR)

    assert sorted(visit.id for visit in found) == sorted(need.id for need in owed)
    assert sum(visit.overbooked for visit in found) == fewest_without_room(spans, levels)
    load = Counter(visit.on for visit in found if not visit.overbooked)
    assert all(count <= capacity(day) for day, count in load.items())
    assert all(visit.period_from <= visit.on < visit.period_until for visit in found)


@settings(deadline=None)
@given(TINY, LEVELS, st.integers(0, 9))
def test_what_was_laid_out_before_stays_and_nothing_stands_twice(
    spans: list[Period], levels: list[int], cut: int
) -> None:
    """Laying out in two goes gives every period its one visit, and customers keep the day they know."""
    owed = [Need(f"PM-{n}", "C-1", f"S-{n}", span) for n, span in enumerate(spans)]

    first = lay_out(owed[:cut], [], lambda _: 1, from_on=NEW_YEAR)
    second = lay_out(owed, planned(first), lambda day: levels[(day - NEW_YEAR).days], from_on=NEW_YEAR)

    assert sorted(visit.id for visit in (*first, *second)) == sorted(need.id for need in owed)


HERE = "Asia/Shanghai"
NINE = moment("2026-02-10T09:00+08:00")


def preventive_ticket(name: str, kind: TicketKind = TicketKind.PREVENTIVE) -> Ticket:
    """A ticket at the desk."""
    return Ticket(name, "S-1", "", "test", "1", Severity.P4, kind, SAID_AT)


def test_what_is_booked_takes_its_day_once() -> None:
    """The published plan by its days where the region is, a visit that lasts two days both, two of a crew one."""
    late = moment("2026-02-10T23:00+08:00")  # the same day there, whatever the server's zone says
    tickets = [preventive_ticket("T-1", TicketKind.FAULT), preventive_ticket("T-2")]
    visits = [Visit("V-1", "T-1", "S-1", 60), Visit("V-2", "T-2", "S-1", 60)]
    stops = [
        PublishedStop("V-1", "H-1", late),
        PublishedStop("V-1", "H-2", late, role="mate"),
        PublishedStop("V-1", "H-3", NINE + DAY, piece=2),
        PublishedStop("V-2", "H-1", NINE),
    ]

    found = booked([], tickets, visits, [], stops, zone_name=HERE)

    assert found.days == {date(2026, 2, 10): 2, date(2026, 2, 11): 1}


def test_a_visit_laid_out_and_planned_elsewhere_takes_that_day_alone() -> None:
    """Opened for the tenth and planned for the eleventh, it leaves room on the tenth."""
    opened = PreventiveEvent(VISIT.id, SAID_AT, PreventiveStep.OPENED, "E01")
    standing = [(VISIT, preventive_standing(VISIT, [opened], SAID_AT, report=True))]
    visits = [Visit(VISIT.id, VISIT.id, "S-1", 90, earliest_at=NINE)]
    stop = PublishedStop(VISIT.id, "H-1", NINE + DAY)

    waiting = booked(standing, [preventive_ticket(VISIT.id)], visits, [], [], zone_name=HERE)
    planned_for = booked(standing, [preventive_ticket(VISIT.id)], visits, [], [stop], zone_name=HERE)

    assert (waiting.laid_out[0][1].on, dict(waiting.days)) == (date(2026, 2, 10), {})
    assert (planned_for.laid_out[0][1].on, dict(planned_for.days)) == (date(2026, 2, 11), {})


def test_a_preventive_visit_opened_by_hand_takes_the_day_agreed_or_its_first() -> None:
    """Nobody laid it out; the engineer is gone that day all the same. A fault without a plan takes no day yet."""
    tickets = [preventive_ticket(f"T-{n}") for n in (1, 2, 3)] + [preventive_ticket("T-4", TicketKind.FAULT)]
    visits = [
        Visit("V-1", "T-1", "S-1", 60, earliest_at=NINE),
        Visit("V-2", "T-2", "S-1", 60, earliest_at=NINE),
        Visit("V-3", "T-3", "S-1", 60),
        Visit("V-4", "T-4", "S-1", 60, earliest_at=NINE),
    ]
    window = Interval(NINE + DAY, NINE + DAY + timedelta(hours=2))

    found = booked([], tickets, visits, [Appointment("V-2", window)], [], zone_name=HERE)

    assert found.days == {date(2026, 2, 10): 1, date(2026, 2, 11): 1}


@given(st.dictionaries(st.integers(0, 89), st.integers(1, 3), max_size=60))
@settings(deadline=None)
def test_no_visit_goes_where_the_day_is_booked_while_another_day_has_room(busy: dict[int, int]) -> None:
    """Room is what a day takes less what is booked, whoever booked it."""
    taken = {NEW_YEAR + n * DAY: count for n, count in busy.items()}
    owed = needs([CONTRACT], SITES, SCHEMES, date(2026, 4, 1))

    visits = lay_out(owed, [], weekdays(1), from_on=NEW_YEAR, busy=taken)

    open_days = [day for n in range(90) if (day := NEW_YEAR + n * DAY).weekday() < 5 and day not in taken]
    assert sum(visit.overbooked for visit in visits) == max(0, len(visits) - len(open_days))
    assert all(visit.on not in taken for visit in visits if not visit.overbooked)
