"""The built-in region: one equipment company in Fujian on a Friday morning, with stories worth seeing.

The folder `fujian` beside this file is what `storage.dataset.write` makes of `fujian()`; a test compares them
byte for byte. Everything but the stories comes from the generator.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from dispatch.board import Board
from dispatch.crew import CertificateHeld
from dispatch.desk.customer import Asset, Contract, Customer, Site
from dispatch.desk.milestone import Severity, TicketKind, Wait
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from dispatch.desk.visit import PartNeed, Visit
from dispatch.region import Region, Story
from dispatch.rescue import refused_parts
from inventory.catalogue.part import Part, PartKind
from inventory.catalogue.supplier import SupplierTerms
from inventory.stock.ledger import Condition, Move
from inventory.stock.sourcing import OfferKind, SupplyOffer
from kernel.clock import moment
from kernel.place import LatLon
from scenarios.library.fujian_desk import desk_facts
from scenarios.library.fujian_faulty import FUSE, FUSE_PLACE, FUSES_LEFT, lot_failed, repeat_fault
from scenarios.library.fujian_supply import laid_down
from scenarios.world.catalogue import ADJUSTMENT
from scenarios.world.customers import SCHEME_VERSION, contract_year
from scenarios.world.region import region
from scenarios.world.spec import Spec
from scenarios.world.stock import opening_at

FOLDER = Path(__file__).with_name("fujian")
"""The region as committed: a dataset folder."""

SEED = 20260306
SPEC = Spec(
    id="fujian",
    name="Fujian 福建",
    as_of=moment("2026-03-06T10:40+08:00"),
    engineers=36,
    visits=197,  # and the three of the stories
    remote=60,
    parts=148,  # and the two of the stories
    loaners=12,
    closed=4200,
    told_days=26,
)

THIN = {("P-WTR-03", "D-FZ"): 1, ("P-CMP-01", "D-XM"): 0, ("P-UPS-01", "D-FZ"): 0}
"""Parts below their reorder point, with the units left; the point is set by hand, see `BY_HAND`."""

BY_HAND = (4, 8)
"""Reorder point and order-up-to level of the parts in `THIN`: several customers around these depots have them."""

CERTIFICATE = "high-voltage"
"""Held by one engineer only, until yesterday."""

TRANSFER_PART, LOANER_PART = "P-UPS-90", "P-UPS-91"


def fujian() -> Region:
    """The built-in region, stories included."""
    made = region(SPEC, seed=SEED, thin={**THIN, (FUSE, FUSE_PLACE): FUSES_LEFT})
    for plant in (
        _transfer_beats_purchase,
        _loaner_for_overrun,
        _original_only,
        _certificate_expired,
        _below_reorder_point,
        desk_facts,
        lot_failed,
        repeat_fault,
        laid_down,
    ):
        made = plant(made)
    return made


def _transfer_beats_purchase(made: Region) -> Region:
    """Fuzhou lacks a part that lies in Xiamen: a van brings it this afternoon, a supplier in two days, dearer."""
    made = _opened(
        made,
        code="FZ-PART",
        customer="University 201 大学",
        place="Fuzhou 福州",
        spot=LatLon(26.07930, 119.28410),
        model="UP-120",
        loaner_class="",
        scheme="field-24-48",
        severity=Severity.P2,
        reported="2026-03-05T16:20+08:00",
        visit=Visit(
            "V-FZ-PART", "T-FZ-PART", "S-FZ-PART", 120, skills=(("power", 2),), certificates=("electrician",)
        ),
        events=(
            ("2026-03-05T16:26+08:00", EventKind.ACKNOWLEDGED),
            ("2026-03-05T17:02+08:00", EventKind.RESPONDED),
        ),
    )
    made = _part(made, TRANSFER_PART, "Inverter module, power supply UP-120", "9800.00", lies=("D-XM", 2))
    offers = (
        SupplyOffer(
            "O-FZ-TRANSFER",
            TRANSFER_PART,
            OfferKind.TRANSFER,
            "D-XM",
            "V-FZ-PART",
            moment("2026-03-06T15:30+08:00"),
            Decimal("220.00"),
            1,
        ),
        SupplyOffer(
            "O-FZ-PURCHASE",
            TRANSFER_PART,
            OfferKind.PURCHASE,
            "SUP-01",
            "V-FZ-PART",
            moment("2026-03-08T10:30+08:00"),
            Decimal("10600.00"),
            1,
        ),
    )
    made = _needs(made, PartNeed("V-FZ-PART", TRANSFER_PART, 1), offers)
    return _told(
        made, "transfer_beats_purchase", "V-FZ-PART", TRANSFER_PART, "O-FZ-TRANSFER", "O-FZ-PURCHASE"
    )


def _loaner_for_overrun(made: Region) -> Region:
    """A Quanzhou repair was looked at yesterday; its part comes tomorrow, after the 24 hours: a loaner goes out."""
    engineer = _engineer(made, "D-QZ")
    made = _opened(
        made,
        code="QZ-LOANER",
        customer="Hospital 202 医院",
        place="Quanzhou 泉州",
        spot=LatLon(24.90720, 118.58610),
        model="UP-10",
        loaner_class="ups-10",
        scheme="field-2-4-24",
        severity=Severity.P2,
        reported="2026-03-05T18:00+08:00",
        visit=Visit("V-QZ-LOANER", "T-QZ-LOANER", "S-QZ-LOANER", 75, skills=(("power", 2),)),
        events=(
            ("2026-03-05T18:06+08:00", EventKind.ACKNOWLEDGED),
            ("2026-03-05T18:25+08:00", EventKind.RESPONDED),
            ("2026-03-05T18:40+08:00", EventKind.ARRANGED),
        ),
    )
    reached = (
        TicketEvent("T-QZ-LOANER", moment("2026-03-05T18:55+08:00"), EventKind.TRAVELLING, engineer),
        TicketEvent("T-QZ-LOANER", moment("2026-03-05T19:30+08:00"), EventKind.ON_SITE, engineer),
        TicketEvent(
            "T-QZ-LOANER",
            moment("2026-03-05T20:15+08:00"),
            EventKind.WAITING,
            engineer,
            "charger board failed, none in stock",
            Wait.PART.value,
        ),
    )
    made = replace(made, field=replace(made.field, ticket_events=(*made.field.ticket_events, *reached)))
    made = _part(made, LOANER_PART, "Charger board, power supply UP-10", "560.00")
    offer = SupplyOffer(
        "O-QZ-PURCHASE",
        LOANER_PART,
        OfferKind.PURCHASE,
        "SUP-06",
        "V-QZ-LOANER",
        moment("2026-03-07T09:00+08:00"),
        Decimal("640.00"),
        1,
    )
    made = _needs(made, PartNeed("V-QZ-LOANER", LOANER_PART, 1), (offer,))
    made = _told(made, "loaner_for_overrun", "V-QZ-LOANER", "T-QZ-LOANER", LOANER_PART, "O-QZ-PURCHASE")
    return _told(made, "loaner_against_bill", "V-QZ-LOANER", "T-QZ-LOANER")


def _original_only(made: Region) -> Region:
    """Of the visits whose scheme promises original parts, the one where a stand-in would save most, as it fell out."""
    board = Board.of(made)
    needed = {(need.visit, need.part): need.quantity for need in made.field.part_needs}
    saved, visit, one = max(
        (
            (one.saved * needed[visit, one.part], visit, one)
            for visit in board.visits
            for one in refused_parts(board, visit)
        ),
        key=lambda found: (found[0], found[1]),
    )
    assert saved > 0
    return _told(made, "original_only", visit, one.part, one.other)


def _certificate_expired(made: Region) -> Region:
    """A Longyan visit needs a certificate that one engineer held until yesterday, and nobody else."""
    engineer = _engineer(made, "D-LY")
    made = _opened(
        made,
        code="LY-CERT",
        customer="Water works 203 水厂",
        place="Longyan 龙岩",
        spot=LatLon(25.09640, 117.03020),
        model="SG-12",
        loaner_class="",
        scheme="field-2-12",
        severity=Severity.P3,
        reported="2026-03-06T08:50+08:00",
        visit=Visit(
            "V-LY-CERT", "T-LY-CERT", "S-LY-CERT", 90, skills=(("power", 2),), certificates=(CERTIFICATE,)
        ),
        events=(
            ("2026-03-06T08:55+08:00", EventKind.ACKNOWLEDGED),
            ("2026-03-06T09:20+08:00", EventKind.RESPONDED),
        ),
    )
    ran_out = CertificateHeld(engineer, CERTIFICATE, date(2023, 3, 6), date(2026, 3, 5))
    made = replace(made, field=replace(made.field, certificates=(*made.field.certificates, ran_out)))
    return _told(made, "certificate_expired", "V-LY-CERT", engineer)


def _below_reorder_point(made: Region) -> Region:
    """Three depots have less of a part than the reorder point set by hand."""
    point, level = BY_HAND
    policies = tuple(
        replace(row, minimum=point, maximum=level) if (row.part, row.place) in THIN else row
        for row in made.stock.stock_policies
    )
    made = replace(made, stock=replace(made.stock, stock_policies=policies))
    for part, place in THIN:
        made = _told(made, "below_reorder_point", part, place)
    return made


def _engineer(made: Region, depot: str) -> str:
    """The engineer of a depot who knows power best; the first of equals."""
    crew = [engineer.id for engineer in made.field.engineers if engineer.depot == depot]
    levels = {held.engineer: held.level for held in made.field.skills if held.skill == "power"}
    return max(crew, key=lambda code: levels.get(code, 0))


def _opened(
    made: Region,
    *,
    code: str,
    customer: str,
    place: str,
    spot: LatLon,
    model: str,
    loaner_class: str,
    scheme: str,
    severity: Severity,
    reported: str,
    visit: Visit,
    events: tuple[tuple[str, EventKind], ...],
) -> Region:
    """The region with one more customer, site, asset, contract, ticket and visit, all named by `code`."""
    first, last = contract_year(SPEC)
    ticket = Ticket(
        id=f"T-{code}",
        site=f"S-{code}",
        asset=f"A-{code}",
        scheme=scheme,
        version=SCHEME_VERSION,
        severity=severity,
        kind=TicketKind.FAULT,
        reported_at=moment(reported),
        symptom="ups-alarm" if model.startswith("UP") else "swg-stopped",
        contract=f"K-{code}",
    )
    facts = made.field
    return replace(
        made,
        field=replace(
            facts,
            customers=(*facts.customers, Customer(f"C-{code}", customer)),
            contracts=(
                *facts.contracts,
                Contract(f"K-{code}", f"C-{code}", scheme, SCHEME_VERSION, first, last),
            ),
            sites=(*facts.sites, Site(f"S-{code}", f"C-{code}", spot, f"{place} · {customer}")),
            assets=(
                *facts.assets,
                Asset(f"A-{code}", f"S-{code}", f"{model}-24-{code}", model, loaner_class),
            ),
            tickets=(*facts.tickets, ticket),
            ticket_events=(
                *facts.ticket_events,
                *(TicketEvent(ticket.id, moment(at), kind, "desk") for at, kind in events),
            ),
            visits=(*facts.visits, visit),
        ),
    )


def _part(made: Region, part: str, name: str, price: str, *, lies: tuple[str, int] | None = None) -> Region:
    """The region with one more part, sold by the quick supplier, lying at one place at most."""
    stock = made.stock
    moves = stock.moves
    if lies is not None:
        place, quantity = lies
        key = f"M-OPEN-{part}"
        opening = Move(
            id=key,
            at=opening_at(SPEC),
            part=part,
            quantity=quantity,
            from_place=ADJUSTMENT,
            to_place=place,
            condition=Condition.USABLE,
            reason="opening stock",
            by="storekeeper",
            device="desk-1",
            source_document="OPENING",
            key=key,
        )
        moves = (opening, *moves)
    sold = SupplierTerms("SUP-06", part, Decimal(price) + 40, 3.0)
    row = Part(part, name, PartKind.REPAIRABLE, Decimal(price), 1)
    return replace(
        made, stock=replace(stock, parts=(*stock.parts, row), moves=moves, terms=(*stock.terms, sold))
    )


def _needs(made: Region, need: PartNeed, offers: tuple[SupplyOffer, ...]) -> Region:
    return replace(
        made,
        field=replace(made.field, part_needs=(*made.field.part_needs, need)),
        stock=replace(made.stock, supply_offers=(*made.stock.supply_offers, *offers)),
    )


def _told(made: Region, kind: str, *ids: str) -> Region:
    """The region with one more story to show."""
    return replace(made, settings=replace(made.settings, stories=(*made.settings.stories, Story(kind, ids))))
