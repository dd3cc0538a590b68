"""Inventing what is kept: parts and their stand-ins, suppliers and terms, places, loaner classes and units."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.catalogue.part import Alternate, AlternateKind, Part, PartKind
from inventory.catalogue.place import Place, PlaceKind
from inventory.catalogue.supplier import Supplier, SupplierTerms
from scenarios.world.crew import areas, engineer_id, van_id
from scenarios.world.equipment import Equipment, Family
from scenarios.world.spec import Spec
from scenarios.world.streams import Cause, apportioned, stream

SUPPLIER_PLACE = "SUPPLIERS"
CUSTOMER_PLACE = "CUSTOMERS"
TRANSIT = "TRANSIT"
ADJUSTMENT = "ADJUSTMENT"
QUARANTINE = "QUARANTINE"
SCRAP = "SCRAP"

PICK_UP_MIN = 15
SUPPLIERS = (
    ("SUP-01", "East Power Components", 9.0, 2.0),
    ("SUP-02", "Delta Drives and Sensors", 14.0, 4.0),
    ("SUP-03", "River Pumps and Filters", 7.0, 2.0),
    ("SUP-04", "Harbour Instruments", 21.0, 6.0),
    ("SUP-05", "Mountain Electric", 12.0, 3.0),
    ("SUP-06", "Straits General Supply", 5.0, 1.5),
)


CLEANING_MIN = 240
"""A loaner that is back is cleaned for half a working day,"""
INSPECTION_MIN = 120
"""and then inspected."""


@dataclass(frozen=True, slots=True)
class KeptPart:
    """A part with what is needed to invent its use.

    Args:
        family: the equipment it belongs to.
        model: the one model it fits, or empty: all of the family.
        popularity: its share of the repairs of what it fits.
    """

    part: Part
    family: Family
    component: str
    model: str
    popularity: int


def parts(spec: Spec, equipment: Equipment) -> tuple[KeptPart, ...]:
    """Parts dealt out family by family; from the second round through the components on, for one model each."""
    families = equipment.families
    found = []
    for number in range(spec.parts):
        family = families[number % len(families)]
        turn = number // len(families)
        component = family.components[turn % len(family.components)]
        generation = turn // len(family.components)
        model = ""
        if generation:
            model = family.models[(generation - 1) % len(family.models)][0]
        suffix = f" {model}" if model else ""
        if generation > len(family.models):
            suffix += f" mk {generation}"
        price = (component.price * (Decimal(1) + Decimal(generation) / 20)).quantize(Decimal("0.01"))
        part = Part(
            id=f"P-{family.code}-{turn + 1:02d}",
            name=f"{component.name.capitalize()}, {family.name}{suffix}",
            kind=PartKind.REPAIRABLE if component.repairable else PartKind.CONSUMABLE,
            price=price,
            criticality=component.criticality,
        )
        found.append(KeptPart(part, family, component.name, model, component.popularity))
    return tuple(found)


def alternates(kept: tuple[KeptPart, ...]) -> tuple[Alternate, ...]:
    """What stands in for what, among the parts that fit the whole family."""
    by_name = {(row.family.code, row.component): row.part.id for row in kept if not row.model}
    return tuple(
        Alternate(by_name[family.code, old], by_name[family.code, new], AlternateKind(kind))
        for family in dict.fromkeys(row.family for row in kept)
        for old, new, kind in family.alternates
        if (family.code, old) in by_name and (family.code, new) in by_name
    )


def suppliers() -> tuple[Supplier, ...]:
    """Six suppliers, quick and slow."""
    return tuple(Supplier(*row) for row in SUPPLIERS)


def terms(kept: tuple[KeptPart, ...], seed: int) -> tuple[SupplierTerms, ...]:
    """A main supplier for every part and, for every third, a second one: dearer and quicker."""
    found = []
    for number, row in enumerate(kept):
        rng = stream(seed, Cause.SUPPLIER, number)
        first = int(rng.integers(len(SUPPLIERS) - 1))
        cheap = row.part.price < 200
        discount = Decimal(int(rng.integers(85, 96))) / 100
        found.append(
            SupplierTerms(
                SUPPLIERS[first][0],
                row.part.id,
                (row.part.price * discount).quantize(Decimal("0.01")),
                None,
                minimum=5 if cheap else 1,
                multiple=5 if cheap else 1,
            )
        )
        if number % 3 == 0:
            found.append(
                SupplierTerms(
                    "SUP-06", row.part.id, (row.part.price * Decimal("1.12")).quantize(Decimal("0.01")), 4.0
                )
            )
    return tuple(found)


def places(spec: Spec) -> tuple[Place, ...]:
    """Depots, vans, and the places outside the count."""
    found = [
        Place(area.depot_id, PlaceKind.DEPOT, f"Depot {area.name}", area.depot, pick_up_min=PICK_UP_MIN)
        for area in areas(spec)
    ]
    for number in range(spec.engineers):
        code = engineer_id(number)
        found.append(Place(van_id(code), PlaceKind.VAN, f"Van of {code}", engineer=code))
    found += [
        Place(SUPPLIER_PLACE, PlaceKind.SUPPLIER, "Suppliers"),
        Place(CUSTOMER_PLACE, PlaceKind.CUSTOMER, "Customers"),
        Place(TRANSIT, PlaceKind.IN_TRANSIT, "On the way"),
        Place(ADJUSTMENT, PlaceKind.ADJUSTMENT, "Opening stock and count differences"),
        Place(QUARANTINE, PlaceKind.QUARANTINE, "Quarantine", areas(spec)[0].depot),
        Place(SCRAP, PlaceKind.SCRAP, "Scrap"),
    ]
    return tuple(found)


def loaner_classes(equipment: Equipment) -> tuple[LoanerClass, ...]:
    """Every class of the equipment file."""
    return tuple(
        LoanerClass(row.code, row.name, row.substitutes, row.day, CLEANING_MIN, INSPECTION_MIN)
        for row in equipment.loaners
    )


def loaner_units(spec: Spec, equipment: Equipment) -> tuple[LoanerUnit, ...]:
    """The pool, shared over the classes by weight and over the depots in turn, the second unit at the third depot."""
    kinds = equipment.loaners
    open_areas = areas(spec)
    count: dict[str, int] = {}
    found = []
    for number, at in enumerate(apportioned(spec.loaners, [float(kind.weight) for kind in kinds])):
        code = kinds[at].code
        count[code] = count.get(code, 0) + 1
        depot = open_areas[(number + 1) % len(open_areas)].depot_id
        found.append(LoanerUnit(id=f"LU-{code}-{count[code]}", loaner_class=code, place=depot))
    return tuple(found)
