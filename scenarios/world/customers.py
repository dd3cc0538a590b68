"""Inventing customers: who they are, what they were promised, where their equipment stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dispatch.desk.customer import Asset, Contract, Customer, Site
from scenarios.world.crew import areas, local_day
from scenarios.world.equipment import Equipment, Family, Software
from scenarios.world.spec import Spec
from scenarios.world.streams import Cause, apportioned, pick, stream
from scenarios.world.towns import Area, Town, somewhere

FIELD_SCHEMES = {
    "field-2-4-24": 18,
    "field-substitute": 17,
    "field-2-12": 14,
    "field-24-48": 17,
    "field-customer-set": 11,
    "field-p1-p4": 10,
    "product-warranty": 10,
    "value-added": 5,
}
"""Schemes sold for equipment and their share of the customers; the scheme files say what they promise."""

SCHEME_VERSION = "1"
OLDEST_REPORT = timedelta(days=31)
"""No ticket is open for longer."""
SOFTWARE_SHARE = 0.4
CHINESE = {
    "hospital": "医院",
    "data centre": "数据中心",
    "university": "大学",
    "factory": "工厂",
    "water works": "水厂",
    "food plant": "食品厂",
    "hotel": "酒店",
    "laboratory": "实验室",
}


@dataclass(frozen=True, slots=True)
class Served:
    """A site with what stands on it.

    Args:
        assets: each with its family.
        software: its software asset with what it is, or None.
        contract: for the equipment.
        support: for the software, or None.
    """

    site: Site
    area: Area
    town: Town
    assets: tuple[tuple[Asset, Family], ...]
    contract: Contract
    software: tuple[Asset, Software] | None
    support: Contract | None


@dataclass(frozen=True, slots=True)
class Clientele:
    """All customers and sites, in order of number."""

    customers: tuple[Customer, ...]
    contracts: tuple[Contract, ...]
    served: tuple[Served, ...]


def site_count(spec: Spec) -> int:
    """Sites a region of this size has: five for every four visits, a dozen at least, in steps of ten."""
    return max(12, -(-spec.visits * 5 // 40) * 10)


def contract_year(spec: Spec) -> tuple[date, date]:
    """Contracts run with the calendar year: first day, first day it no longer holds.

    In January they began a year earlier: tickets still open from December have to be covered.
    """
    today = local_day(spec)
    return date((today - OLDEST_REPORT).year, 1, 1), date(today.year + 1, 1, 1)


def clientele(spec: Spec, seed: int, equipment: Equipment) -> Clientele:
    """Three customers for every five sites; the first site of a number is the customer's seat."""
    open_areas = areas(spec)
    sites = site_count(spec)
    seats = sites * 3 // 5
    first, last = contract_year(spec)
    customers: list[Customer] = []
    contracts: list[Contract] = []
    kinds: list[str] = []
    supports: list[tuple[Contract, Software] | None] = []
    for number in range(seats):
        rng = stream(seed, Cause.CUSTOMER, number)
        kind = pick(rng, equipment.customer_kinds)
        scheme = pick(rng, list(FIELD_SCHEMES), list(FIELD_SCHEMES.values()))
        kinds.append(kind)
        code = f"C-{number + 1:03d}"
        customers.append(Customer(code, f"{kind.capitalize()} {number + 1:03d} {CHINESE[kind]}"))
        contracts.append(Contract(f"K-{number + 1:03d}", code, scheme, SCHEME_VERSION, first, last))
        support = None
        if number == 0 or rng.random() < SOFTWARE_SHARE:
            software = equipment.software[number % len(equipment.software)]
            contract = Contract(f"K-{number + 1:03d}-S", code, software.scheme, SCHEME_VERSION, first, last)
            support = (contract, software)
        supports.append(support)
    order = apportioned(sites, [area.weight for area in open_areas])
    served = []
    for number, at in enumerate(order):
        area = open_areas[at]
        rng = stream(seed, Cause.SITE, number)
        town = pick(rng, area.towns, [town.weight for town in area.towns])
        spot = somewhere(rng, town)
        owner = number if number < seats else int(rng.integers(seats))
        code = f"S-{number + 1:03d}"
        name = f"{town.name} · {customers[owner].name}"
        site = Site(id=code, customer=customers[owner].id, at=spot, name=name, remote=town.slow)
        own = _equipment_of(spec, seed, number, equipment, kinds[owner])
        software_asset, support_contract = None, None
        bought = supports[owner]
        if number < seats and bought is not None:
            support_contract, product = bought
            software_asset = (
                Asset(f"A-{number + 1:03d}-S", code, f"{product.model}-{number + 1:05d}", product.model),
                product,
            )
        served.append(Served(site, area, town, own, contracts[owner], software_asset, support_contract))
    sold = [row[0] for row in supports if row is not None]
    return Clientele(tuple(customers), tuple(contracts + sold), tuple(served))


def _equipment_of(
    spec: Spec, seed: int, number: int, equipment: Equipment, kind: str
) -> tuple[tuple[Asset, Family], ...]:
    rng = stream(seed, Cause.ASSET, number)
    suited = [family for family in equipment.families if kind in family.customers]
    year = local_day(spec).year
    found = []
    for nth in range(int(rng.integers(2, 6))):
        family = pick(rng, suited)
        model, loaner = pick(rng, family.models)
        built = year % 100 - int(rng.integers(0, 7))
        serial = f"{model}-{built:02d}-{int(rng.integers(10_000, 100_000))}-{number + 1:03d}{nth + 1}"
        found.append(
            (Asset(f"A-{number + 1:03d}-{nth + 1}", f"S-{number + 1:03d}", serial, model, loaner), family)
        )
    return tuple(found)
