"""Whatever happens, in whatever order: the board gone forward is the board built anew from the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.crew import Absence, Partner, Position
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import Appointment, CrewRole, Lock, PartNeed, PublishedStop, Visit, VisitOrder
from dispatch.event import (
    AppointmentAgreed,
    CustomersTold,
    EngineerAway,
    EngineerSeen,
    Event,
    LoanerLent,
    LoanerReturned,
    PlanPublished,
    StockMoved,
    SupplyOffered,
    TicketHappened,
    TicketOpened,
    VisitRequested,
)
from dispatch.loaners import Loan
from dispatch.parts import OfferKind, SupplyOffer
from dispatch.pose import problem_of
from dispatch.region import Region
from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.supply.purchasing import PurchaseOrderLine
from kernel.errors import Refusal
from kernel.interval import Interval
from kernel.place import LatLon
from tests import regions as build

SPOTS = (LatLon(26.06, 119.31), LatLon(26.09, 119.33))


def world() -> Region:
    """The tiny region with a loaner unit, an order on its way and an outside partner."""
    region = build.region(partners=(Partner("X-1", "Other firm", Decimal(80), skills=(("HV", 5),)),))
    stock = replace(
        region.stock,
        loaner_classes=(LoanerClass("L-1", "Printer", (), Decimal(50)),),
        loaner_units=(LoanerUnit("LU-1", "L-1", "D-1"),),
        purchase_orders=(PurchaseOrderLine("PO-1", "SUP", "P-1", 3, "D-1", build.at(7, day=1)),),
    )
    return replace(region, stock=stock)


def happened(kind: EventKind, by: str, number: int, at: datetime) -> TicketHappened:
    """A step of one of the two tickets; a revised finish is an hour later, a wait is for a part."""
    value = {EventKind.FORECAST_FINISH: (at + timedelta(hours=1)).isoformat(), EventKind.WAITING: "part"}
    return TicketHappened(TicketEvent(f"T-{number}", at, kind, by, "because", value.get(kind, "")))


Made = Callable[[datetime, int], Event]
"""An event that happens at a moment, the how many-th of the day."""

KINDS = (
    EventKind.TRAVELLING,
    EventKind.ON_SITE,
    EventKind.FORECAST_FINISH,
    EventKind.WAITING,
    EventKind.RESUMED,
    EventKind.LEFT,
    EventKind.REPAIRED,
)
number = st.integers(1, 3)
engineer = st.sampled_from(["E-1", "E-2"])


def _two_hours(start: datetime) -> Interval:
    return Interval(start, start + timedelta(hours=2))


def steps() -> st.SearchStrategy[Made]:
    """Anything that can happen, also what will be refused."""
    return st.one_of(
        st.builds(
            lambda kind, by, n: lambda at, _: happened(kind, by, n, at),
            st.sampled_from(KINDS),
            st.sampled_from(["E-1", "E-2", "X-1"]),
            number,
        ),
        st.builds(lambda n: lambda at, _: TicketOpened(build.ticket(f"T-{n}", reported_at=at)), number),
        st.builds(
            lambda n, t: (
                lambda at, _: VisitRequested(
                    Visit(f"V-{n}", f"T-{t}", "S-1", 30),
                    (Appointment(f"V-{n}", Interval(at, at + timedelta(hours=3))),),
                    (PartNeed(f"V-{n}", "P-1", 1),),
                    (CrewRole(f"V-{n}", "helper", 20),) if n == t else (),
                    (VisitOrder(f"V-{n}", "V-1"),) if n > t else (),
                )
            ),
            number,
            number,
        ),
        st.builds(
            lambda n, hours: (
                lambda at, _: AppointmentAgreed(
                    f"V-{n}", (Interval(at + timedelta(hours=hours), at + timedelta(hours=hours + 2)),)
                )
            ),
            number,
            st.integers(0, 3),
        ),
        st.builds(
            lambda who, minutes: (
                lambda at, k: EngineerAway(
                    Absence(f"AB-{k}", who, _two_hours(at + timedelta(minutes=minutes)), "illness")
                )
            ),
            engineer,
            st.integers(-30, 30),
        ),
        st.builds(
            lambda who, spot: lambda at, _: EngineerSeen(Position(who, at, spot)),
            engineer,
            st.sampled_from(SPOTS),
        ),
        st.builds(
            lambda ends, n: (
                lambda at, k: StockMoved(
                    replace(
                        build.move(f"M-{k + 10}", "P-1", n, "D-1"),
                        at=at,
                        from_place=ends[0],
                        to_place=ends[1],
                    )
                )
            ),
            st.sampled_from([("ADJUST", "D-1"), ("D-1", "ADJUST"), ("VAN-2", "ADJUST")]),
            st.integers(1, 2),
        ),
        st.builds(
            lambda n: (
                lambda at, k: SupplyOffered(
                    SupplyOffer(f"O-{k}", "P-1", OfferKind.COURIER, "D-1", f"V-{n}", at, Decimal(60), 1)
                )
            ),
            number,
        ),
        st.just(lambda at, k: LoanerLent(Loan(f"L-{k}", "LU-1", "T-1", at, at + timedelta(days=2)))),
        st.builds(lambda n: lambda at, _: LoanerReturned(f"L-{n}", at), st.integers(0, 9)),
        st.builds(
            lambda who, lock: (
                lambda at, _: PlanPublished(
                    (PublishedStop("V-1", f"{who}/06", at + timedelta(hours=1), lock),)
                )
            ),
            engineer,
            st.sampled_from(list(Lock)),
        ),
        st.just(lambda at, _: CustomersTold(("V-1",), at)),
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(steps(), st.integers(1, 40)), max_size=9), st.sampled_from([60, 16 * 60]))
def test_the_board_gone_forward_is_the_board_built_anew(day: list[tuple[Made, int]], minutes: int) -> None:
    """One board for live work, previews and simulations; what is refused changes nothing."""
    region = world()
    visits = (replace(region.field.visits[0], duration_min=minutes),)
    board = Board.of(replace(region, field=replace(region.field, visits=visits)))
    for count, (make, later) in enumerate(day):
        board = board.at(board.now + timedelta(minutes=later))
        before = problem_of(board).digest
        try:
            board = board.apply(make(board.now, count))
        except Refusal:
            assert problem_of(board).digest == before

    anew = Board.of(board.region, now=board.now)
    assert problem_of(board).digest == problem_of(anew).digest
    assert board.visits == anew.visits
    assert board.standing == anew.standing
    assert board.published == anew.published
    assert board.begun == anew.begun
    assert board.partners == anew.partners


def test_roads_are_kept_where_nobody_and_nothing_new_is_to_be_reached() -> None:
    """A matrix of thousands of sites is not worked out again because an engineer called."""
    board = Board.of(world())

    ill = board.apply(EngineerAway(Absence("AB-1", "E-1", Interval(build.at(8), build.at(17)), "illness")))
    seen = board.apply(EngineerSeen(Position("E-1", build.at(8), SPOTS[0])))

    assert ill.roads is board.roads
    assert len(seen.roads.places) == len(board.roads.places) + 1
    old = [seen.roads.index[place] for place in board.roads.places]
    assert (seen.roads.seconds[old][:, old] == board.roads.seconds).all()


def refused(event: Event, board: Board | None = None) -> str:
    """The code an event is refused with."""
    with pytest.raises(Refusal) as caught:
        (board or Board.of(world())).apply(event)
    return caught.value.code


NOON = build.at(12)


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (AppointmentAgreed("V-9", ()), "board.unknown_visit"),
        (PlanPublished((PublishedStop("V-1", "E-9/06", NOON),)), "board.unknown_shift"),
        (CustomersTold(("V-1",), build.at(8)), "board.not_published"),
        (TicketOpened(build.ticket("T-1")), "board.ticket_known"),
        (VisitRequested(Visit("V-1", "T-1", "S-1", 30)), "board.visit_known"),
        (VisitRequested(Visit("V-2", "T-1", "S-2", 30)), "dataset.visit_elsewhere"),
        (
            VisitRequested(Visit("V-2", "T-1", "S-1", 30), part_needs=(PartNeed("V-3", "P-1", 1),)),
            "board.line_of_other_visit",
        ),
        (
            VisitRequested(Visit("V-2", "T-1", "S-1", 30), part_needs=(PartNeed("V-2", "P-9", 1),)),
            "stock.unknown_part",
        ),
        (
            VisitRequested(Visit("V-2", "T-1", "S-1", 30), crew=(CrewRole("V-1", "helper", 20),)),
            "board.line_of_other_visit",
        ),
        (
            VisitRequested(
                Visit("V-2", "T-1", "S-1", 30, role="helper"), crew=(CrewRole("V-2", "helper", 20),)
            ),
            "dataset.role_twice",
        ),
        (
            VisitRequested(
                Visit("V-2", "T-1", "S-1", 30),
                crew=(CrewRole("V-2", "helper", 20), CrewRole("V-2", "helper", 30)),
            ),
            "dataset.role_twice",
        ),
        (
            VisitRequested(
                Visit("V-2", "T-1", "S-1", 30, bench_min=60, return_min=20),
                crew=(CrewRole("V-2", "helper", 20),),
            ),
            "dataset.crew_at_workshop",
        ),
        (
            VisitRequested(Visit("V-2", "T-1", "S-1", 30), order=(VisitOrder("V-1", "V-1"),)),
            "board.line_of_other_visit",
        ),
        (
            VisitRequested(
                Visit("V-2", "T-1", "S-1", 30), order=(VisitOrder("V-1", "V-2"), VisitOrder("V-2", "V-1"))
            ),
            "dataset.order_in_circle",
        ),
        (
            VisitRequested(Visit("V-2", "T-1", "S-1", 30), order=(VisitOrder("V-2", "V-8"),)),
            "board.unknown_visit",
        ),
        (
            VisitRequested(Visit("V-2", "T-1", "S-1", 30, skills=(("MAGIC", 1),))),
            "board.unknown_skill",
        ),
        (
            VisitRequested(
                Visit("V-2", "T-1", "S-1", 30), crew=(CrewRole("V-2", "h", 9, skills=(("X", 1),)),)
            ),
            "board.unknown_skill",
        ),
        (
            VisitRequested(Visit("V-2", "T-1", "S-1", 30, certificates=("MAGIC",))),
            "board.unknown_certificate",
        ),
        (
            VisitRequested(
                Visit("V-2", "T-1", "S-1", 30), crew=(CrewRole("V-2", "h", 9, certificates=("MAGIC",)),)
            ),
            "board.unknown_certificate",
        ),
        (VisitRequested(Visit("V-2", "T-1", "S-1", 30, tools=("WAND",))), "board.unknown_tool"),
        (
            VisitRequested(Visit("V-2", "T-1", "S-1", 30), crew=(CrewRole("V-2", "h", 9, tools=("WAND",)),)),
            "board.unknown_tool",
        ),
        (TicketOpened(build.ticket("T-9", asset="A-9")), "board.unknown_asset"),
        (TicketOpened(build.ticket("T-9", contract="C-9")), "board.unknown_contract"),
        (TicketHappened(TicketEvent("T-1", NOON, EventKind.ON_SITE, "E-1")), "board.ahead_of_now"),
        (
            TicketHappened(TicketEvent("T-1", build.at(8), EventKind.LEFT, "E-1", visit="V-7")),
            "board.visit_of_other_ticket",
        ),
        (TicketHappened(TicketEvent("T-1", build.at(8), EventKind.RESUMED, "E-1")), "ticket.not_waiting"),
        (
            StockMoved(replace(build.move("M-9", "P-1", 9, "D-1"), from_place="D-1", to_place="ADJUST")),
            "stock.not_enough",
        ),
        (
            SupplyOffered(SupplyOffer("O-1", "P-9", OfferKind.COURIER, "D-1", "V-1", NOON, Decimal(1), 1)),
            "stock.unknown_part",
        ),
        (LoanerLent(Loan("L-1", "LU-9", "T-1", build.at(8), NOON)), "stock.unknown_loaner_unit"),
        (LoanerReturned("L-9", build.at(8)), "stock.unknown_loan"),
    ],
)
def test_what_cannot_have_happened_is_refused(event: Event, code: str) -> None:
    """Nothing is accepted and ignored."""
    assert refused(event) == code


def test_a_loaner_is_lent_once_and_comes_back_once() -> None:
    """One unit stands in one place."""
    lent = Board.of(world()).apply(LoanerLent(Loan("L-1", "LU-1", "T-1", build.at(8), build.at(8, day=8))))
    back = lent.apply(LoanerReturned("L-1", build.at(8)))

    assert refused(LoanerLent(Loan("L-2", "LU-1", "T-1", build.at(8), NOON)), lent) == "stock.lent_twice"
    assert refused(LoanerReturned("L-1", build.at(8)), back) == "stock.loan_over"


def test_a_receipt_counts_on_the_order_it_names() -> None:
    """What has arrived is no longer on order."""
    region = world()
    supplier = replace(
        region.stock.places[-1], id="SUPPLIERS", kind=type(region.stock.places[-1].kind).SUPPLIER
    )
    region = replace(region, stock=replace(region.stock, places=(*region.stock.places, supplier)))
    came = replace(
        build.move("M-9", "P-1", 2, "D-1"), at=build.at(8), from_place="SUPPLIERS", source_document="PO-1"
    )

    board = Board.of(region).apply(StockMoved(came))
    again = board.apply(StockMoved(came))

    assert board.region.stock.purchase_orders[0].received == 2
    assert problem_of(board).stores[0].stock == ((0, 4),)
    assert again.region == board.region


def test_another_time_asked_for_releases_the_locked_start_and_keeps_the_engineer() -> None:
    """The customer himself no longer wants the time he was told; he still expects the name."""
    stop = PublishedStop("V-1", "E-2/06", build.at(9), Lock.BOTH, told_at=build.at(7))
    board = Board.of(build.region(published=(stop,)))

    later = board.apply(AppointmentAgreed("V-1", (Interval(build.at(14), build.at(16)),)))
    same = board.apply(AppointmentAgreed("V-1", (Interval(build.at(8), build.at(10)),)))

    assert later.published["V-1"] == replace(stop, lock=Lock.ENGINEER)
    assert problem_of(later).visits[0].start_lock_s is None
    assert same.published["V-1"] == stop


def test_a_part_that_cannot_be_staged_frees_the_start_until_the_customer_is_told_another() -> None:
    """What cannot be kept is no reason to leave the visit out; whoever was told still has to be called."""
    stop = PublishedStop("V-1", "E-2/06", build.at(9), Lock.BOTH, told_at=build.at(7))
    board = Board.of(build.region(published=(stop,)))
    short = TicketEvent("T-1", build.at(8), EventKind.PART_SHORT, "W-1", value="P-1 1", visit="V-1")

    after = board.apply(TicketHappened(short))
    told_again = replace(stop, told_at=build.at(8, 30))

    assert after.published["V-1"] == replace(stop, lock=Lock.ENGINEER)
    assert problem_of(after).visits[0].start_lock_s is None
    assert Board.of(after.region, now=after.now).published == after.published
    assert after.at(build.at(9)).apply(PlanPublished((told_again,))).published["V-1"] == told_again
    unknown = replace(short, value="P-404 1")
    assert refused(TicketHappened(unknown), board) == "stock.unknown_part"
