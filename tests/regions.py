"""A tiny region for tests: two engineers, two sites in Fuzhou, one depot, one ticket of the headline scheme."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.crew import CertificateHeld, Engineer, Shift, SkillHeld
from dispatch.desk.customer import Asset, Contract, Customer, Site
from dispatch.desk.milestone import Severity, TicketKind
from dispatch.desk.ticket import Ticket
from dispatch.desk.visit import PartNeed, Visit
from dispatch.parts import Move, Stockroom
from dispatch.region import Fieldwork, Region, Settings
from inventory.catalogue.part import Part, PartKind
from inventory.catalogue.place import Place, PlaceKind
from inventory.stock.ledger import Condition
from kernel.interval import Interval
from kernel.place import LatLon

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 3, 6, 8, 0, tzinfo=SHANGHAI)


def at(hour: int, minute: int = 0, /, *, day: int = 6) -> datetime:
    """A local moment of March 2026."""
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def ticket(name: str, /, **changes: Any) -> Ticket:
    """A P1 fault at site S-1 under field-2-4-24, reported at 07:00."""
    plain = Ticket(
        id=name,
        site="S-1",
        asset="A-1",
        scheme="field-2-4-24",
        version="1",
        severity=Severity.P1,
        kind=TicketKind.FAULT,
        reported_at=at(7),
        contract="C-1",
    )
    return replace(plain, **changes)


def move(name: str, part: str, quantity: int, to_place: str, /) -> Move:
    """Opening stock."""
    return Move(
        id=name,
        at=at(7, day=1),
        part=part,
        quantity=quantity,
        from_place="ADJUST",
        to_place=to_place,
        condition=Condition.USABLE,
        reason="opening",
        by="store",
        device="desk",
        source_document="",
        key=name,
    )


def region(**field: Any) -> Region:
    """The region, its field side changed as said."""
    work = Fieldwork(
        customers=(Customer("K-1", "Customer 1"),),
        contracts=(Contract("C-1", "K-1", "field-2-4-24", "1", date(2026, 1, 1)),),
        sites=(
            Site("S-1", "K-1", LatLon(26.08, 119.30), "Site 1"),
            Site("S-2", "K-1", LatLon(26.05, 119.35), "Site 2"),
        ),
        assets=(Asset("A-1", "S-1", "SN1", "M1"), Asset("A-2", "S-2", "SN2", "M1")),
        engineers=(
            Engineer("E-1", "D-1", LatLon(26.10, 119.28), "VAN-1"),
            Engineer("E-2", "D-1", LatLon(26.02, 119.33), "VAN-2"),
        ),
        skills=(SkillHeld("E-1", "HV", 3), SkillHeld("E-2", "HV", 2)),
        certificates=(CertificateHeld("E-1", "WELD", date(2025, 1, 1), date(2026, 3, 6)),),
        shifts=(
            Shift("E-1/06", "E-1", Interval(at(8), at(17))),
            Shift("E-2/06", "E-2", Interval(at(8), at(17))),
        ),
        tickets=(ticket("T-1"),),
        visits=(Visit("V-1", "T-1", "S-1", 60, skills=(("HV", 2),)),),
        part_needs=(PartNeed("V-1", "P-1", 1),),
    )
    stock = Stockroom(
        parts=(Part("P-1", "Board", PartKind.CONSUMABLE, Decimal(100), 1),),
        places=(
            Place("D-1", PlaceKind.DEPOT, "Depot", LatLon(26.07, 119.31), pick_up_min=10),
            Place("VAN-1", PlaceKind.VAN, "Van 1", engineer="E-1"),
            Place("VAN-2", PlaceKind.VAN, "Van 2", engineer="E-2"),
            Place("ADJUST", PlaceKind.ADJUSTMENT, "Adjustment"),
        ),
        moves=(move("M-1", "P-1", 2, "D-1"), move("M-2", "P-1", 1, "VAN-2")),
    )
    settings = Settings("tiny", "Tiny", AS_OF, "Asia/Shanghai", "CNY", 3)
    return Region(settings, replace(work, **field), stock)
