"""A region of four visits that tells all six stories, planned by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from api.report.view import Report
from dispatch.board import Board
from dispatch.cost import cost, place_of
from dispatch.crew import CertificateHeld, Engineer, Shift, SkillHeld
from dispatch.desk.customer import Asset, Customer, Site
from dispatch.desk.milestone import Severity, TicketKind
from dispatch.desk.ticket import Ticket
from dispatch.desk.visit import Lock, PartNeed, PublishedStop, Visit
from dispatch.eligibility import failures
from dispatch.plan import (
    CostTerms,
    Known,
    LoanerBy,
    LoanerChoice,
    Manifest,
    Plan,
    Route,
    Source,
    Stop,
    StopKind,
    Supply,
    Unassigned,
)
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.region import Fieldwork, Region, Settings, Story
from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.catalogue.part import Alternate, AlternateKind, Part, PartKind
from inventory.catalogue.place import Place, PlaceKind
from inventory.catalogue.supplier import Supplier, SupplierTerms
from inventory.replenish.policy import StockPolicy
from inventory.review import review
from inventory.stock.ledger import Condition, Move
from inventory.stock.sourcing import OfferKind, SupplyOffer
from inventory.stockroom import Stockroom
from kernel.clock import moment
from kernel.errors import Message
from kernel.interval import Interval
from kernel.place import LatLon

NOW = moment("2026-03-06T10:00+08:00")
SCRIPT = "<script>alert('x')</script> & \"Söhne\" 医院"
FUZHOU, XIAMEN = LatLon(26.05, 119.34), LatLon(24.55, 118.10)


def _ticket(name: str, reported: str, *, scheme: str = "field-2-4-24", asset: str = "") -> Ticket:
    return Ticket(
        id=f"T-{name}",
        site=f"S-{name}",
        asset=asset,
        scheme=scheme,
        version="1",
        severity=Severity.P2,
        kind=TicketKind.FAULT,
        reported_at=moment(reported),
    )


def _shift(name: str, engineer: str, day: int) -> Shift:
    starts = moment("2026-03-06T08:00+08:00") + timedelta(days=day)
    lunch = Interval(starts + timedelta(hours=4), starts + timedelta(hours=6))
    worked = Interval(starts, starts + timedelta(hours=10))
    return Shift(name, engineer, worked, overtime_min=120, break_between=lunch, break_min=45)


def region() -> Region:
    """Two engineers, two depots, four visits: a plain one and three with a story; one thin part."""
    places = (
        Place("ADJ", PlaceKind.ADJUSTMENT, "count differences"),
        Place("D-FZ", PlaceKind.DEPOT, "Depot Fuzhou", FUZHOU, pick_up_min=15),
        Place("D-XM", PlaceKind.DEPOT, "Depot Xiamen", XIAMEN, pick_up_min=15),
        Place("VAN-1", PlaceKind.VAN, "van 1", engineer="E-1"),
    )
    stock = Stockroom(
        parts=tuple(
            Part(part, f"name of {part}", PartKind.CONSUMABLE, Decimal(price), 1)
            for part, price in (("INV", 100), ("BRD", 100), ("FLT", 100), ("SEAL", 100), ("SEAL-2", 60))
        ),
        alternates=(Alternate("SEAL", "SEAL-2", AlternateKind.EQUAL),),
        places=places,
        moves=tuple(
            Move(
                id=f"M-{part}", at=NOW - timedelta(days=9), part=part, quantity=quantity, from_place="ADJ",
                to_place=place, condition=Condition.USABLE, reason="opening", by="keeper", device="desk",
                source_document="", key=f"K-{part}",
            )
            for part, quantity, place in (("INV", 2, "D-XM"), ("FLT", 1, "D-FZ"), ("SEAL", 1, "VAN-1"))
        ),
        suppliers=(Supplier("SUP", "supplier", 3.0, 0.5),),
        terms=(SupplierTerms("SUP", "FLT", Decimal(20), 3.0),),
        loaner_classes=(LoanerClass("ups-10", "UPS 10 kVA", (), Decimal(60)),),
        loaner_units=(LoanerUnit("U-1", "ups-10", "D-FZ"),),
        stock_policies=(StockPolicy("FLT", "D-FZ", 0.95, 7.0, minimum=3, maximum=8),),
        supply_offers=(
            SupplyOffer("O-T", "INV", OfferKind.TRANSFER, "D-XM", "V-PART", NOW + timedelta(hours=4), Decimal(220), 1),
            SupplyOffer("O-P", "INV", OfferKind.PURCHASE, "SUP", "V-PART", NOW + timedelta(hours=50), Decimal(900), 1),
            SupplyOffer("O-B", "BRD", OfferKind.PURCHASE, "SUP", "V-LOAN", NOW + timedelta(hours=24), Decimal(640), 1),
        ),
    )  # fmt: skip
    spots = {
        "PLAIN": (26.08, 119.30),
        "PART": (26.10, 119.28),
        "LOAN": (26.00, 119.40),
        "CERT": (25.10, 117.02),
    }
    names = {"PLAIN": SCRIPT, "PART": "=SUM(A1)", "LOAN": "Plant 3", "CERT": "Water works"}
    field = Fieldwork(
        customers=(Customer("C-1", "Customer & Co"),),
        sites=tuple(Site(f"S-{n}", "C-1", LatLon(*spot), names[n]) for n, spot in spots.items()),
        assets=(Asset("A-LOAN", "S-LOAN", "SN1", "UP-10", "ups-10"),),
        engineers=(Engineer("E-1", "D-FZ", LatLon(26.06, 119.31), "VAN-1"), Engineer("E-2", "D-XM", XIAMEN)),
        skills=(SkillHeld("E-1", "power", 3), SkillHeld("E-2", "power", 3)),
        certificates=(CertificateHeld("E-2", "high-voltage", date(2023, 3, 6), date(2026, 3, 5)),),
        shifts=(_shift("W-1", "E-1", 0), _shift("W-2", "E-1", 1), _shift("W-3", "E-2", 0)),
        tickets=(
            _ticket("PLAIN", "2026-03-06T09:30+08:00", scheme="product-warranty"),
            _ticket("PART", "2026-03-06T09:00+08:00"),
            _ticket("LOAN", "2026-03-05T18:00+08:00", asset="A-LOAN"),
            _ticket("CERT", "2026-03-06T08:00+08:00", scheme="field-2-12"),
        ),
        visits=(
            Visit("V-PLAIN", "T-PLAIN", "S-PLAIN", 60),
            Visit("V-PART", "T-PART", "S-PART", 120, skills=(("power", 2),)),
            Visit("V-LOAN", "T-LOAN", "S-LOAN", 75, skills=(("power", 2),)),
            Visit("V-CERT", "T-CERT", "S-CERT", 90, certificates=("high-voltage",)),
        ),
        part_needs=(
            PartNeed("V-PART", "INV", 1),
            PartNeed("V-LOAN", "BRD", 1),
            PartNeed("V-PLAIN", "SEAL", 1),
        ),
        published=(PublishedStop("V-PLAIN", "W-1", NOW + timedelta(hours=1), Lock.ENGINEER),),
    )
    stories = (
        Story("transfer_beats_purchase", ("V-PART", "INV", "O-T", "O-P")),
        Story("loaner_for_overrun", ("V-LOAN", "T-LOAN")),
        Story("loaner_against_bill", ("V-LOAN", "T-LOAN")),
        Story("original_only", ("V-PLAIN", "SEAL", "SEAL-2")),
        Story("certificate_expired", ("V-CERT", "E-2")),
        Story("below_reorder_point", ("FLT", "D-FZ")),
    )
    settings = Settings("small", "Small & <b>", NOW, "Asia/Shanghai", "CNY", 2, stories=stories)
    return Region(settings, field, stock)


@dataclass
class Driver:
    """Drives one shift by hand: every stop as early as the road allows."""

    problem: PlanningProblem
    shift: str

    def __post_init__(self) -> None:
        """Stand at the start."""
        shift = self.problem.shifts[self.problem.shift_index[self.shift]]
        self.here, self.end_place = shift.start_place, shift.end_place
        self.depart_s = self.now_s = max(0, shift.start_s)
        self.stops: list[Stop] = []

    def go(self, stop: Stop, *, work_s: int, not_before_s: int = 0) -> Driver:
        """Drive to a stop and do it."""
        there = place_of(self.problem, stop)
        arrive_s = self.now_s + int(self.problem.travel_s[self.here, there])
        start_s = max(arrive_s, not_before_s)
        self.now_s, self.here = start_s + work_s, there
        self.stops.append(replace(stop, arrive_s=arrive_s, start_s=start_s, end_s=self.now_s))
        return self

    def rest(self, *, at_s: int, for_s: int) -> Driver:
        """Take a break where the engineer is."""
        start_s = max(at_s, self.now_s)
        self.stops.append(Stop(StopKind.BREAK, "", start_s, start_s, start_s + for_s))
        self.now_s = start_s + for_s
        return self

    def route(self) -> Route:
        """Drive home."""
        home_s = self.now_s + int(self.problem.travel_s[self.here, self.end_place])
        return Route(self.shift, self.depart_s, home_s, tuple(self.stops))


def planned(problem: PlanningProblem) -> Plan:
    """The plan that tells all six stories."""

    def visit(name: str, supply: tuple[Supply, ...] = (), loaner: LoanerChoice | None = None) -> Stop:
        return Stop(StopKind.VISIT, name, 0, 0, 0, supply, loaner)

    seal = (Supply("SEAL", "SEAL", 1, Source.VAN),)
    today = Driver(problem, "W-1").go(visit("V-PLAIN", seal), work_s=3600)
    today.rest(at_s=2 * 3600, for_s=45 * 60)
    sent = (Supply("INV", "INV", 1, Source.OFFER, "O-T"),)
    today.go(visit("V-PART", sent), work_s=7200, not_before_s=4 * 3600)
    grant = problem.visits[problem.visit_index["V-LOAN"]].loaner
    assert grant is not None
    courier = grant.couriers[0]
    store = problem.stores[courier.store].id
    loaner = LoanerChoice("U-1", "ups-10", store, LoanerBy.COURIER, courier.arrives_s)
    bought = (Supply("BRD", "BRD", 1, Source.OFFER, "O-B"),)
    tomorrow = Driver(problem, "W-2").go(visit("V-LOAN", bought, loaner), work_s=4500, not_before_s=24 * 3600)
    lapsed = next(
        failure
        for shift in problem.shifts
        for failure in failures(problem, problem.visits[problem.visit_index["V-CERT"]], shift)
        if failure.message.code == "why.certificate_expired"
    )
    reason = Message("unassigned.certificate_expired", {**lapsed.message.params, "engineer": "E-2"})
    manifest = Manifest(problem.digest, 1, 100, {"python": "3.11"}, "by hand", 0, False)
    plan = Plan(
        (today.route(), tomorrow.route()),
        (Unassigned("V-CERT", reason, Known.PROVED),),
        CostTerms(),
        manifest,
    )
    return replace(plan, claimed=cost(problem, plan))


@pytest.fixture(scope="session")
def report() -> Report:
    """The small region's plan, ready to be told."""
    board = Board.of(region())
    problem = problem_of(board)
    return Report(board, problem, planned(problem), review(board.region.stock, (), board.now))
