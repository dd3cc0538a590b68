"""Backlog, papers that run out, utilisation, standby, stock fill, loaner days, told times."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from dispatch.crew import Absence, CertificateHeld, Shift, ToolHeld
from dispatch.desk.clause import LadderRole
from dispatch.desk.milestone import Wait
from dispatch.desk.on_call import DutyHandedOver, RosterDuty, roster
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.loaners import Loan
from dispatch.measures.backlog import backlog
from dispatch.measures.expiring import Paper, expiring
from dispatch.measures.promises import Version
from dispatch.measures.standby import Standby, standbys
from dispatch.measures.stock import job_fill, loaner_days, shelf_fill
from dispatch.measures.words_kept import words_kept
from dispatch.measures.working_time import working_times
from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.replenish.policy import StockPolicy
from kernel.calendars import weekly
from kernel.interval import Interval
from tests.dispatch.measures.worlds import case, histories, hours, in_march, step
from tests.regions import AS_OF, region

TODAY = date(2026, 3, 2)


@given(st.lists(st.tuples(histories(), st.integers(-900, 300)), max_size=6), st.integers(1, 700))
def test_the_age_groups_add_up_to_the_backlog(
    rows: list[tuple[tuple[TicketEvent, ...], int]], now_h: int
) -> None:
    """Every open ticket has one age."""
    cases = [case(*events, ticket=f"T-{n}", reported_h=at) for n, (events, at) in enumerate(rows)]

    found = backlog(cases, in_march(hours(now_h)))

    assert sum(group.tickets for group in found.groups) == found.tickets
    assert (found.oldest_s is None) == (found.tickets == 0)


def test_a_day_old_ticket_belongs_to_the_second_group() -> None:
    """Groups are half-open: exactly one day is no longer under a day."""
    found = backlog([case()], in_march(hours(24)))

    assert [group.tickets for group in found.groups[:2]] == [0, 1]
    assert (found.oldest, found.oldest_s, found.median_s) == ("T-1", 86_400, 86_400)


def test_a_renewed_certificate_and_one_without_an_end_are_not_listed() -> None:
    """What is renewed in time needs nobody's attention."""
    papers = [
        CertificateHeld("E-1", "WELD", date(2025, 1, 1), date(2026, 3, 10)),
        CertificateHeld("E-1", "WELD", date(2026, 3, 1), date(2027, 3, 1)),
        CertificateHeld("E-2", "HV", date(2025, 1, 1), None),
        CertificateHeld("E-3", "HV", date(2025, 1, 1), date(2026, 2, 27)),
    ]

    found = expiring(papers, [], today=TODAY, within_days=30)

    assert [(row.engineer, row.days_left) for row in found] == [("E-3", -3)]


def test_papers_stand_in_the_order_they_run_out() -> None:
    """The most urgent is read first; certificates and calibrations share the list; day 30 is still listed."""
    papers = [CertificateHeld("E-1", "WELD", date(2025, 1, 1), date(2026, 4, 1))]
    tools = [
        ToolHeld("S-1", "scope", "E-2", date(2026, 3, 5)),
        ToolHeld("S-2", "scope", "E-2", None),
        ToolHeld("S-3", "scope", "E-3", date(2026, 4, 2)),
    ]

    found = expiring(papers, tools, today=TODAY, within_days=30)

    assert [(row.paper, row.days_left) for row in found] == [(Paper.CALIBRATION, 3), (Paper.CERTIFICATE, 30)]


def test_travel_and_work_within_the_shift_are_utilisation_and_the_rest_is_outside() -> None:
    """8 h present less 2 h away; 1 h road, 3 h work inside, 1 h after the end."""
    shifts = [Shift("E-1/1", "E-1", Interval(hours(0), hours(8)))]
    away = [Absence("A-1", "E-1", Interval(hours(0), hours(2)), "course")]
    events = [
        step(4, EventKind.TRAVELLING),
        step(5, EventKind.ON_SITE),
        step(6, EventKind.FORECAST_FINISH, hours(9).isoformat()),
        step(9, EventKind.REPAIRED),
    ]

    one, total = working_times(shifts, away, events, in_march())

    assert [x / 3600 for x in (one.present_s, one.travel_s, one.work_s, one.outside_s)] == [6, 1, 3, 1]
    assert replace(total, engineer="E-1") == one
    assert one.share == 4 / 6


def test_work_nobody_ended_lasts_to_the_end_of_the_shift_at_most() -> None:
    """A forgotten step must not make a night of work."""
    shifts = [Shift("E-1/1", "E-1", Interval(hours(0), hours(8)))]

    forgotten = working_times(shifts, [], [step(6, EventKind.ON_SITE)], in_march())[0]
    at_work = working_times(shifts, [], [step(6, EventKind.ON_SITE)], in_march(hours(7)))[0]

    assert (forgotten.work_s, at_work.work_s) == (2 * 3600, 3600)


def test_a_wait_ends_the_work_of_the_one_who_says_it() -> None:
    """What the desk writes about the same ticket ends nobody's work."""
    shifts = [Shift("E-1/1", "E-1", Interval(hours(0), hours(8)))]
    events = [
        step(1, EventKind.ON_SITE),
        step(2, EventKind.WAITING, Wait.ACCESS, by="desk"),
        step(3, EventKind.WAITING, Wait.PART),
    ]

    assert working_times(shifts, [], events, in_march())[0].work_s == 2 * 3600


@given(histories(), st.integers(1, 24))
def test_time_inside_never_exceeds_presence(events: tuple[TicketEvent, ...], length_h: int) -> None:
    """Nobody works more of his shift than it has."""
    shifts = [Shift("E-1/1", "E-1", Interval(hours(0), hours(length_h)))]

    for row in working_times(shifts, [], events, in_march()):
        assert row.travel_s + row.work_s <= row.present_s == length_h * 3600
        assert row.outside_s >= 0


def test_a_part_waited_for_is_a_job_not_filled() -> None:
    """Tickets that took no part do not count, the archive cannot say."""
    done = step(4, EventKind.REPAIRED)
    cases = [
        case(done, ticket="T-1"),
        case(done, ticket="T-2"),
        case(step(1, EventKind.WAITING, Wait.PART), done, ticket="T-3"),
        case(done, ticket="T-4", archived=True),
    ]

    found = job_fill(cases, {"T-1", "T-4"}, in_march())

    assert (found.at_once, found.waited, found.unknown, found.share) == (1, 1, 1, 0.5)


def test_a_place_is_filled_where_what_is_to_be_kept_is_there() -> None:
    """Two boards at the depot, none in van 1."""
    stock = replace(
        region().stock,
        stock_policies=(StockPolicy("P-1", "D-1", 0.9, 7), StockPolicy("P-1", "VAN-1", 0.9, 7)),
    )

    rows = shelf_fill(stock, {"VAN-1": "E-1", "VAN-2": "E-2"}, now=AS_OF, zone_name="UTC")

    assert [(row.place, row.kept, row.filled) for row in rows] == [("", 2, 1), ("D-1", 1, 1), ("VAN-1", 1, 0)]


def test_loaner_days_are_those_within_the_period() -> None:
    """Out since February, back on 3 March at 08:00; another out for two days and overdue at the end of March."""
    stock = replace(
        region().stock,
        loaner_classes=(LoanerClass("pump", "Pump", (), Decimal(60)),),
        loaner_units=(LoanerUnit("U-1", "pump", "D-1"), LoanerUnit("U-2", "pump", "D-1")),
        loans=(
            Loan("L-1", "U-1", "T-1", hours(-100), hours(30), hours(24)),
            Loan(
                "L-2", "U-2", "T-2", in_march().end - timedelta(days=2), in_march().end - timedelta(hours=1)
            ),
        ),
    )

    total, pump = loaner_days(stock, in_march())

    assert (pump.units, pump.loans, pump.overdue) == (2, 2, 1)
    assert abs(pump.days - (2 + 8 / 24 + 2)) < 1e-9
    assert pump.cost == Decimal("260.00")
    assert replace(total, loaner_class="pump") == pump


def test_the_last_time_told_may_be_kept_where_the_first_was_not() -> None:
    """Told 10:00, then 12:00, came at 12:10 with a quarter of an hour allowed."""
    called = case(
        step(1, EventKind.TOLD, f"{hours(2).isoformat()} reception"),
        step(1.5, EventKind.TOLD, f"{hours(4).isoformat()} reception"),
        step(4 + 10 / 60, EventKind.ON_SITE),
    )

    first, last = words_kept([called], in_march(), tolerance_min=15)

    assert (first.version, first.attained, first.breached) == (Version.FIRST, 0, 1)
    assert (last.attained, last.breached, last.share) == (1, 0, 1.0)


@given(st.lists(histories(), max_size=4), st.integers(0, 400))
def test_every_told_arrival_is_judged_once_in_each_version(
    all_events: list[tuple[TicketEvent, ...]], now_h: int
) -> None:
    """Kept, broken, open and no longer needed are all there is."""
    cases = [case(*events) for events in all_events]

    first, last = words_kept(cases, in_march(hours(now_h)), tolerance_min=15)

    sums = [row.attained + row.breached + row.open + row.no_longer_needed for row in (first, last)]
    assert sums[0] == sums[1]


MANAGER = LadderRole.MANAGER
DUTIES = (
    RosterDuty("D-1", MANAGER, "M-01", hours(0), hours(48)),
    RosterDuty("D-2", MANAGER, "M-02", hours(0), hours(48), rank=2),
)


def test_standby_is_time_on_call_outside_the_hours_of_the_role() -> None:
    """Two days on call, of which the manager sits in the office for ten hours each: who takes over has the rest."""
    over = DutyHandedOver("D-1", hours(0), "M-01", "ill", hours(24), hours(48), "M-03")
    office = weekly("manager", "UTC", {"mon-fri": "08:00-18:00"})

    found = standbys(roster(DUTIES, (over,)), {"manager": office}, in_march())

    day = 14 * 3600
    assert found == (
        Standby("M-01", MANAGER, day, day),
        Standby("M-02", MANAGER, 2 * day, 0),
        Standby("M-03", MANAGER, day, day),
    )


@given(st.integers(0, 60))
def test_standby_is_never_more_than_the_duty_so_far(now_h: int) -> None:
    """What lies ahead was not stood by yet."""
    found = standbys(roster(DUTIES), {}, in_march(hours(now_h)))

    assert [one.standby_s for one in found] == ([min(now_h, 48) * 3600] * 2 if now_h else [])
