"""A region moved in time: arranged hours kept, what happened as long ago as before, order kept, nothing else changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.desk.clock import clocks
from dispatch.desk.milestone import Severity
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.rebase import Shift, live_at, rebased
from dispatch.region import Region
from kernel.errors import Refusal
from kernel.interval import Interval
from storage.dataset.read import load
from storage.dataset.write import write
from tests.dataset_builder import crewed
from tests.regions import region, ticket

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
MOMENTS = st.integers(0, 4 * 365 * 86_400).map(
    lambda s: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
)
# The hours around the changes of clocks, where anything can go wrong.
CHANGES = st.builds(
    lambda day, seconds: datetime.combine(day, time(), UTC) + timedelta(seconds=seconds),
    st.sampled_from([date(2026, *day) for day in ((3, 29), (10, 25), (3, 8), (11, 1), (4, 4), (10, 3))]),
    st.integers(-6 * 3600, 30 * 3600),
)
ANY = MOMENTS | CHANGES
SHIFTS = st.builds(Shift, st.integers(-800, 800), st.just(0), st.sampled_from(ZONES).map(ZoneInfo))


LATER = st.builds(
    replace, SHIFTS, then=st.integers(-86_400, 86_400).map(lambda seconds: timedelta(seconds=seconds))
)


def on(whole: Region, day: date) -> Region:
    """The region on another day at its own local time of day."""
    here = ZoneInfo(whole.settings.zone)
    wall = whole.settings.as_of.astimezone(here).time()
    return rebased(whole, as_of=datetime.combine(day, wall, here))


@given(SHIFTS, ANY)
def test_a_moment_keeps_its_wall_clock_unless_the_day_has_no_such_hour(by: Shift, at: datetime) -> None:
    """Eight in the morning stays eight in the morning, that many days later."""
    local = at.astimezone(by.zone)
    wanted = local.replace(tzinfo=None) + timedelta(days=by.days)

    moved = by.at(at).astimezone(by.zone).replace(tzinfo=None)

    if moved != wanted:
        skipped = wanted.replace(tzinfo=by.zone).astimezone(UTC).astimezone(by.zone).replace(tzinfo=None)
        assert skipped != wanted or local.fold == 1
        assert abs(moved - wanted) <= timedelta(days=1)


@given(LATER, ANY, st.integers(0, 48 * 3600))
def test_what_came_first_does_not_come_last(by: Shift, at: datetime, later_s: int) -> None:
    """Events keep their order through every change of clocks: a history still folds."""
    assert by.at(at) <= by.at(at + timedelta(seconds=later_s))


@given(ANY, st.sampled_from(ZONES))
def test_no_days_change_nothing(at: datetime, zone: str) -> None:
    """Also in an hour that comes twice."""
    assert Shift(0, 0, ZoneInfo(zone)).at(at) == at


@given(LATER, ANY, st.integers(1, 36 * 3600))
def test_an_interval_never_becomes_empty(by: Shift, start: datetime, length_s: int) -> None:
    """A shift that falls into a skipped hour would otherwise be refused."""
    moved = by.span(Interval(start, start + timedelta(seconds=length_s)))

    assert moved.end > moved.start


def test_the_hour_that_daylight_saving_skips_ends_where_it_ends() -> None:
    """In Berlin 02:30 does not exist on 29 March 2026: it becomes 03:00, not 03:30, which something else may be."""
    berlin = ZoneInfo("Europe/Berlin")

    moved = Shift(1, 0, berlin).at(datetime(2026, 3, 28, 2, 30, tzinfo=berlin))

    assert moved == datetime(2026, 3, 29, 3, 0, tzinfo=berlin)


def test_the_second_pass_of_a_repeated_hour_follows_the_first() -> None:
    """In Berlin 02:10 comes twice on 25 October 2026; a day later the second becomes 03:00, after the first's 02:50."""
    berlin = ZoneInfo("Europe/Berlin")
    by = Shift(1, 0, berlin)

    first = by.at(datetime(2026, 10, 25, 2, 50, tzinfo=berlin))
    second = by.at(datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=berlin))

    assert first == datetime(2026, 10, 26, 2, 50, tzinfo=berlin)
    assert second == datetime(2026, 10, 26, 3, 0, tzinfo=berlin)


def test_a_region_moved_to_its_own_day_is_the_same_region(tmp_path: Path) -> None:
    """Every row of every table."""
    whole = load(crewed(tmp_path / "tiny"))

    assert rebased(whole, as_of=whole.settings.as_of) == whole


SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "as_of",
    [
        datetime(2026, 11, 22, 8, 0, tzinfo=SHANGHAI),
        datetime(2026, 11, 22, 10, 40, tzinfo=SHANGHAI),
        datetime(2026, 3, 6, 23, 59, 59, tzinfo=SHANGHAI),
        datetime(2024, 2, 29, 0, 0, tzinfo=SHANGHAI),
        datetime(2027, 3, 28, 17, 0, tzinfo=SHANGHAI),
    ],
)
def test_a_moved_region_still_passes_every_check_of_a_dataset(tmp_path: Path, as_of: datetime) -> None:
    """The ledger still adds up, histories still fold, shifts stay apart: writing reads everything back."""
    moved = rebased(load(crewed(tmp_path / "tiny")), as_of=as_of)

    write(moved, tmp_path / "moved")

    assert load(tmp_path / "moved") == moved
    assert moved.settings.as_of == as_of


def test_arranged_hours_stay_and_what_happened_keeps_its_distance(tmp_path: Path) -> None:
    """Two hours and forty minutes later on the same day: nobody starts work at 10:40 because of it."""
    whole = load(crewed(tmp_path / "tiny"))
    moved = rebased(whole, as_of=datetime(2026, 3, 6, 10, 40, tzinfo=SHANGHAI))
    by = Shift(0, 0, SHANGHAI, timedelta(hours=2, minutes=40))

    for arranged in ("shifts", "absences", "on_call", "appointments", "calendars", "visits", "contracts"):
        assert getattr(moved.field, arranged) == getattr(whole.field, arranged), arranged
    assert [stop.starts_at for stop in moved.field.published] == [
        stop.starts_at for stop in whole.field.published
    ]
    assert moved.stock.lots == whole.stock.lots
    assert [row.month for row in moved.stock.demand_history] == [
        row.month for row in whole.stock.demand_history
    ]
    for before, after in (
        ([t.reported_at for t in whole.field.tickets], [t.reported_at for t in moved.field.tickets]),
        ([e.at for e in whole.field.ticket_events], [e.at for e in moved.field.ticket_events]),
        (
            [c.repaired_at for c in whole.field.closed_tickets],
            [c.repaired_at for c in moved.field.closed_tickets],
        ),
        ([m.at for m in whole.stock.moves], [m.at for m in moved.stock.moves]),
        (
            [o.arrives_at for o in whole.stock.supply_offers],
            [o.arrives_at for o in moved.stock.supply_offers],
        ),
        ([loan.due_back_at for loan in whole.stock.loans], [loan.due_back_at for loan in moved.stock.loans]),
    ):
        assert before
        assert after == [by.at(at) for at in before]


@pytest.mark.parametrize("zone_name", ZONES)
def test_live_is_twenty_to_eleven_of_the_region_s_own_day(zone_name: str) -> None:
    """Late in the evening in Shanghai it is still morning in New York: each region has its own today."""
    here = ZoneInfo(zone_name)
    now = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)

    local = live_at(now, here).astimezone(here)

    assert (local.date(), local.hour, local.minute) == (now.astimezone(here).date(), 10, 40)


def test_moving_there_and_back_gives_the_same_region(tmp_path: Path) -> None:
    """Nothing is rounded on the way, in a zone without changes of clocks."""
    whole = load(crewed(tmp_path / "tiny"))

    there = rebased(whole, as_of=datetime(2026, 11, 22, 23, 5, tzinfo=SHANGHAI))

    assert rebased(there, as_of=whole.settings.as_of) == whole


def test_months_of_demand_move_with_the_calendar(tmp_path: Path) -> None:
    """The month before the present one stays the month before the present one."""
    moved = on(load(crewed(tmp_path / "tiny")), date(2026, 11, 22))

    assert [row.month for row in moved.stock.demand_history] == ["2026-09", "2026-10"]


def test_shelf_lives_move_with_the_days(tmp_path: Path) -> None:
    """A lot good until yesterday is good until yesterday on the new day too; one that keeps, keeps."""
    whole = load(crewed(tmp_path / "in"))
    moved = on(whole, date(2026, 3, 16))

    assert [lot.expires_on for lot in whole.stock.lots] == [date(2027, 6, 30), None, date(2026, 3, 5)]
    assert [lot.expires_on for lot in moved.stock.lots] == [date(2027, 7, 10), None, date(2026, 3, 15)]


def _due(whole: Region) -> dict[str, list[datetime | None]]:
    board = Board.of(whole)
    return {one.id: [state.due_at for state in board.clocks(one).values()] for one in board.tickets.values()}


@given(st.integers(-400, 400))
def test_due_times_move_by_the_same_days(days: int) -> None:
    """A clock that runs round the clock comes due as many local days later; the rest of the region agrees."""
    whole = region()
    moved = on(whole, date(2026, 3, 6) + timedelta(days=days))
    by = Shift(days, 0, ZoneInfo("Asia/Shanghai"))

    assert _due(moved) == {name: [by.maybe_at(due) for due in dues] for name, dues in _due(whole).items()}


@pytest.mark.parametrize("weeks", [1, 2])
def test_business_clocks_move_by_whole_weeks(weeks: int) -> None:
    """Office hours lie the same in every week: whole weeks without holidays in them move every due time alike."""
    scheme = builtin_schemes()["analytics-support", "1"]
    one = ticket("T-9", scheme="analytics-support", severity=Severity.P3)
    by = Shift(7 * weeks, 0, ZoneInfo("Asia/Shanghai"))

    then = clocks(one, (), scheme, {}, one.reported_at)
    now = clocks(replace(one, reported_at=by.at(one.reported_at)), (), scheme, {}, by.at(one.reported_at))

    assert [state.due_at for state in now.values()] == [by.maybe_at(state.due_at) for state in then.values()]


def test_times_inside_events_move_too() -> None:
    """A forecast or a time the customer named is part of what happened."""
    events = (
        TicketEvent(
            "T-1",
            datetime(2026, 3, 6, 0, tzinfo=UTC),
            EventKind.FORECAST_FINISH,
            "E-1",
            value="2026-03-06T10:00+08:00",
        ),
        TicketEvent(
            "T-1",
            datetime(2026, 3, 6, 0, tzinfo=UTC),
            EventKind.CUSTOMER_SET,
            "K",
            value="arrive 2026-03-07T09:00+08:00",
        ),
    )

    moved = on(region(ticket_events=events), date(2026, 3, 13)).field.ticket_events

    assert moved[0].value == "2026-03-13T02:00:00+00:00"
    assert moved[1].set_due is not None
    assert moved[1].set_due[1] == datetime(2026, 3, 14, 1, tzinfo=UTC)


def test_fujian_live_keeps_its_day() -> None:
    """The demonstration: the same morning, today."""
    with as_file(files("scenarios.library") / "fujian") as there:
        whole = load(there)

    moved = rebased(whole, as_of=live_at(datetime(2026, 11, 22, 5, tzinfo=UTC), SHANGHAI))

    assert moved.settings.as_of.isoformat() == "2026-11-22T02:40:00+00:00"
    by = timedelta(days=261)
    assert [shift.worked.start - by for shift in moved.field.shifts] == [
        shift.worked.start for shift in whole.field.shifts
    ]


def test_a_region_cannot_leave_the_centuries_we_know() -> None:
    """A slip of the year is refused, not wrapped around."""
    with pytest.raises(Refusal, match=r"clock\.out_of_range"):
        rebased(region(), as_of=datetime(2201, 1, 1, tzinfo=UTC))
    with pytest.raises(Refusal, match=r"clock\.out_of_range"):
        Shift(3_000_000, 0, ZoneInfo("UTC")).at(datetime(2026, 3, 6, tzinfo=UTC))
