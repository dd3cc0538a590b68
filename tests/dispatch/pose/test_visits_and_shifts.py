"""What the board says reaches the problem: locks, windows, clocks, prices, parts, loaners, shifts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from dispatch.board import Board
from dispatch.crew import Absence
from dispatch.desk.customer import Asset
from dispatch.desk.milestone import Severity
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import Appointment, Lock, PartNeed, PublishedStop
from dispatch.event import TicketHappened, VisitRequested
from dispatch.policy import Policy, TravelPair
from dispatch.pose import problem_of
from dispatch.problem import Lateness, LoanerGrant, PlanningProblem, Visit, Window
from dispatch.region import Region
from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.catalogue.part import Alternate, AlternateKind, Part, PartKind
from inventory.stock.sourcing import OfferKind, SupplyOffer
from kernel.interval import Interval
from tests import regions as build

HOUR_S = 3600


def posed(region: Region | None = None, **field: Any) -> PlanningProblem:
    """The problem of a region, or of the tiny one changed as said."""
    return problem_of(Board.of(region or build.region(**field)))


def only(problem: PlanningProblem) -> Visit:
    """The one visit."""
    (visit,) = problem.visits
    return visit


def stocked(region: Region, **stock: Any) -> Region:
    """The region with another stock side."""
    return replace(region, stock=replace(region.stock, **stock))


def with_alternate(scheme: str) -> PlanningProblem:
    """P-2 may stand in for P-1 and is on offer; the ticket is under `scheme`."""
    region = build.region(tickets=(build.ticket("T-1", scheme=scheme),))
    other = Part("P-2", "Board 2", PartKind.CONSUMABLE, Decimal(90), 1)
    offers = tuple(
        SupplyOffer(f"O-{part}", part, OfferKind.COURIER, "D-1", "V-1", build.at(10), Decimal(5), 1)
        for part in ("P-1", "P-2")
    )
    return posed(
        stocked(
            region,
            parts=(*region.stock.parts, other),
            alternates=(Alternate("P-1", "P-2", AlternateKind.EQUAL),),
            supply_offers=offers,
        )
    )


def test_an_alternate_and_its_delivery_are_offered_where_the_scheme_allows_them() -> None:
    """The headline scheme says nothing about original parts."""
    problem = with_alternate("field-2-4-24")

    (line,) = only(problem).parts
    assert [problem.parts[part] for part in line.alternates] == ["P-2"]
    assert [problem.offers[offer].id for offer in line.offers] == ["O-P-1", "O-P-2"]


def test_original_parts_only_means_no_alternate_and_no_delivery_of_one() -> None:
    """One scheme promises the maker's own parts; a cheaper board would break that promise."""
    problem = with_alternate("field-2-12")

    (line,) = only(problem).parts
    assert line.alternates == ()
    assert [problem.offers[offer].id for offer in line.offers] == ["O-P-1"]


def test_a_delivery_of_too_few_is_not_offered() -> None:
    """A line is served whole from one source; one of two boards repairs nothing."""

    def offers(quantity: int) -> int:
        region = build.region(part_needs=(PartNeed("V-1", "P-1", 2),))
        offer = SupplyOffer("O-1", "P-1", OfferKind.COURIER, "D-1", "V-1", build.at(10), Decimal(5), quantity)
        (line,) = only(posed(stocked(region, supply_offers=(offer,)))).parts
        return len(line.offers)

    assert (offers(1), offers(2)) == (0, 1)


def test_a_delivery_to_one_visit_serves_no_other() -> None:
    """A courier on the way to one site does not pass by another."""
    row = build.region().field.visits[0]
    offers = tuple(
        SupplyOffer(f"O-{visit}", "P-1", OfferKind.COURIER, "D-1", visit, build.at(10), Decimal(5), 1)
        for visit in ("V-1", "V-2")
    )
    region = build.region(
        visits=(row, replace(row, id="V-2")),
        part_needs=(PartNeed("V-1", "P-1", 1), PartNeed("V-2", "P-1", 1)),
    )

    problem = posed(stocked(region, supply_offers=offers))

    assert [[problem.offers[o].id for o in visit.parts[0].offers] for visit in problem.visits] == [
        ["O-V-1"],
        ["O-V-2"],
    ]


def test_two_needs_of_one_part_are_one_line_of_both() -> None:
    """Two lines that each find the same single board would both be served by it."""
    needs = (PartNeed("V-1", "P-1", 1), PartNeed("V-1", "P-1", 2))

    assert [line.quantity for line in only(posed(part_needs=needs)).parts] == [3]


def test_where_a_delivery_is_promised_its_clock_is_the_finish() -> None:
    """One scheme sells results, not repairs: reported on Friday at seven, due on Wednesday at nine, 200 a day."""
    visit = only(posed(tickets=(build.ticket("T-1", scheme="value-added", severity=Severity.P3),)))

    assert visit.repair is not None
    assert (visit.repair.cents, visit.repair.per_s) == (20_000, 86_400)


@pytest.mark.parametrize(
    ("lock", "engineer", "start_s"),
    [
        (Lock.NONE, -1, None),
        (Lock.ENGINEER, 1, None),
        (Lock.TIME, -1, HOUR_S),
        (Lock.BOTH, 1, HOUR_S),
    ],
)
def test_each_lock_holds_what_it_says_and_no_more(lock: Lock, engineer: int, start_s: int | None) -> None:
    """A customer who was told a time but no name may get anybody at that time."""
    published = PublishedStop("V-1", "E-2/06", build.at(9), lock)

    visit = only(posed(published=(published,)))

    assert (visit.engineer_lock, visit.start_lock_s) == (engineer, start_s)


def test_a_visit_waits_for_its_earliest_moment_and_never_for_one_that_has_passed() -> None:
    """Ticks start at now: an earliest moment before it is no bound."""
    row = build.region().field.visits[0]

    assert only(posed(visits=(replace(row, earliest_at=build.at(9)),))).earliest_s == HOUR_S
    assert only(posed(visits=(replace(row, earliest_at=build.at(7)),))).earliest_s == 0
    assert only(posed()).earliest_s == 0


def test_overlapping_appointments_are_joined_and_others_stay_apart() -> None:
    """Windows are disjoint and sorted; joining keeps the outermost ends, also of one within another."""
    agreed = [(13, 15), (9, 11), (10, 12), (10, 11), (12, 13)]
    appointments = tuple(Appointment("V-1", Interval(build.at(a), build.at(b))) for a, b in agreed)
    apart = (appointments[1], Appointment("V-1", Interval(build.at(14), build.at(15))))

    assert only(posed(appointments=appointments)).windows == (Window(HOUR_S, 7 * HOUR_S),)
    assert only(posed(appointments=appointments[1:4])).windows == (Window(HOUR_S, 4 * HOUR_S),)
    assert only(posed(appointments=apart)).windows == (
        Window(HOUR_S, 3 * HOUR_S),
        Window(6 * HOUR_S, 7 * HOUR_S),
    )


def test_a_clock_that_is_met_is_not_priced_again() -> None:
    """An engineer was on site at half past seven: another trip cannot arrive late, but can repair late."""
    arrived = TicketEvent("T-1", build.at(7, 30), EventKind.ON_SITE, "E-2")

    visit = only(posed(ticket_events=(arrived,)))

    assert visit.arrive is None
    assert visit.repair is not None


def breached(severity: Severity, *, named: bool) -> Visit:
    """A visit of a ticket of `severity`; `named`: the scheme says what lateness costs."""
    board = Board.of(build.region(tickets=(build.ticket("T-1", severity=severity),)))
    key = ("field-2-4-24", "1")
    scheme = board.schemes[key] if named else replace(board.schemes[key], breach={})
    return only(problem_of(replace(board, schemes={key: scheme})))


def test_lateness_costs_what_the_scheme_says_for_the_severity() -> None:
    """The scheme's table: repair late by an hour costs 600 at P1 and 100 at P4."""
    prices = {severity: breached(severity, named=True).repair for severity in (Severity.P1, Severity.P4)}

    assert prices == {
        Severity.P1: Lateness(23 * HOUR_S, 60_000, HOUR_S),
        Severity.P4: Lateness(23 * HOUR_S, 10_000, HOUR_S),
    }


def test_where_a_scheme_names_no_price_the_policy_does() -> None:
    """A promise without a price is still a promise: a started hour at `late_hour`."""
    visit = breached(Severity.P1, named=False)

    assert visit.arrive == Lateness(3 * HOUR_S, 10_000, HOUR_S)


@pytest.mark.parametrize(("hour", "left_out"), [(7, 600_000), (8, 600_000), (9, 2_000_000)])
def test_a_severity_counts_from_the_moment_it_changes(hour: int, left_out: int) -> None:
    """A change dated later than now has not happened yet."""
    lowered = TicketEvent(
        "T-1", build.at(hour), EventKind.SEVERITY_CHANGED, "desk", reason="bypass", value="P3"
    )

    assert only(posed(ticket_events=(lowered,))).left_out == left_out


LENDING: dict[str, Any] = {
    "loaner_classes": (LoanerClass("UPS", "UPS", (), Decimal(60)),),
    "loaner_units": (LoanerUnit("U-1", "UPS", "D-1"),),
}


def lending(*, stops_repair: bool = False, **policy: Any) -> tuple[Board, LoanerGrant]:
    """The board with one loaner at the depot for the one asset, and what its visit is granted."""
    region = stocked(build.region(assets=(Asset("A-1", "S-1", "SN1", "M1", "UPS"),)), **LENDING)
    settings = replace(region.settings, policy=Policy(**policy))
    board = Board.of(replace(region, settings=settings))
    key = ("field-2-4-24", "1")
    clause = board.schemes[key].loaner
    assert clause is not None
    scheme = replace(board.schemes[key], loaner=replace(clause, stops_repair=stops_repair))
    board = replace(board, schemes={key: scheme})
    grant = only(problem_of(board)).loaner
    assert grant is not None
    return board, grant


def test_a_loaner_by_courier_is_prepared_then_driven_and_paid_by_the_kilometre() -> None:
    """Forty minutes to get it ready, the way by the road, 80 and 1.50 a kilometre."""
    board, grant = lending(loaner_prepare_min=40)

    leg = board.roads.index["place:D-1"], board.roads.index["site:S-1"]
    seconds, metres = int(board.roads.seconds[leg]), int(board.roads.metres[leg])
    (courier,) = grant.couriers
    assert seconds > 0
    assert courier.arrives_s == 40 * 60 + seconds
    assert abs(courier.cents - (8000 + 0.15 * metres)) < 1
    assert grant.day_cents == 6000


def test_no_courier_is_offered_where_the_road_is_closed() -> None:
    """A way that is not there takes no time at all, and would look like the best one."""
    region = stocked(build.region(assets=(Asset("A-1", "S-1", "SN1", "M1", "UPS"),)), **LENDING)
    closed = replace(region.field, travel=(TravelPair("D-1", "S-1", None, 0),))

    grant = only(posed(replace(region, field=closed))).loaner

    assert grant is not None
    assert grant.couriers == ()


def test_the_scheme_says_whether_a_loaner_stops_the_repair_clock() -> None:
    """It is the contract's word, not the planner's."""
    assert lending(stops_repair=True)[1].stops_repair
    assert not lending(stops_repair=False)[1].stops_repair


def test_a_break_that_is_over_is_owed_no_more_and_one_that_has_begun_starts_now() -> None:
    """Planned at eleven, a break of nine to ten is past; one of ten to twelve can still be taken."""
    row = build.region().field.shifts[0]

    def breaks(start: int, end: int) -> list[tuple[int, int, int]]:
        rested = replace(row, break_between=Interval(build.at(start), build.at(end)), break_min=30)
        problem = problem_of(Board.of(build.region(shifts=(rested,)), now=build.at(11)))
        return [(due.from_s, due.until_s, due.duration_s) for due in problem.shifts[0].breaks]

    assert breaks(9, 10) == []
    assert breaks(10, 11) == []
    assert breaks(10, 12) == [(0, HOUR_S, 1800)]


def test_somebody_elses_absence_cuts_nobodys_shift() -> None:
    """One is ill, the other works the whole day."""
    away = Absence("AB-1", "E-2", Interval(build.at(10), build.at(12)), "illness")

    problem = posed(absences=(away,))

    whole = [(s.start_s, s.end_s) for s in problem.shifts if problem.engineers[s.engineer].id == "E-1"]
    cut = [(s.start_s, s.end_s) for s in problem.shifts if problem.engineers[s.engineer].id == "E-2"]
    assert whole == [(0, 9 * HOUR_S)]
    assert cut == [(0, 2 * HOUR_S), (4 * HOUR_S, 9 * HOUR_S)]


DONE = [
    [EventKind.REPAIRED],
    [EventKind.DELIVERED],
    [EventKind.CANCELLED],
    [EventKind.REPAIRED, EventKind.CLOSED],
]


@pytest.mark.parametrize("kinds", DONE)
def test_what_is_done_or_wanted_no_more_is_not_planned(kinds: list[EventKind]) -> None:
    """Read from the files and heard from the desk alike: nobody drives to a closed ticket."""
    over = [TicketEvent("T-1", build.at(7, 30), kind, "desk", reason="said so") for kind in kinds]

    board = Board.of(build.region())
    for event in over:
        board = board.apply(TicketHappened(event))

    assert posed(ticket_events=tuple(over)).visits == ()
    assert problem_of(board).visits == ()


def test_a_reopened_ticket_is_planned_again_but_not_the_visit_that_did_not_help() -> None:
    """The visit that had begun before is history; a new one is asked for, and a cancelled one comes back."""
    again = TicketEvent("T-1", build.at(7, 50), EventKind.REOPENED, "desk", reason="fails again")
    cancelled = [TicketEvent("T-1", build.at(7, 30), EventKind.CANCELLED, "desk", reason="said so"), again]
    repaired = [
        TicketEvent("T-1", build.at(7, 10), EventKind.ON_SITE, "E-1"),
        TicketEvent("T-1", build.at(7, 30), EventKind.REPAIRED, "E-1"),
        again,
    ]
    visit = build.region().field.visits[0]

    for history, planned in ((cancelled, [visit.id]), (repaired, [])):
        board = Board.of(build.region())
        for event in history:
            board = board.apply(TicketHappened(event))

        assert [one.id for one in problem_of(board).visits] == planned
        assert [one.id for one in posed(ticket_events=tuple(history)).visits] == planned

    second = VisitRequested(replace(visit, id="V-again"))
    assert [one.id for one in problem_of(board.apply(second)).visits] == ["V-again"]
