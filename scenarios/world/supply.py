"""Inventing what is coming: stock policies, purchase orders, offers for what a visit needs and nobody near has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from dispatch.crew import SkillHeld
from inventory.catalogue.supplier import SupplierTerms
from inventory.replenish.policy import StockPolicy
from inventory.stock.sourcing import OfferKind, SupplyOffer
from inventory.supply.purchasing import PurchaseOrderLine
from kernel.clock import utc, zone
from kernel.place import LatLon, geodesic_m
from scenarios.world.catalogue import SUPPLIER_PLACE, SUPPLIERS, KeptPart
from scenarios.world.crew import area_of_engineer, areas, engineer_id, van_id
from scenarios.world.demand import Open
from scenarios.world.spec import Spec
from scenarios.world.stock import Flow, PartPlace, name_key
from scenarios.world.streams import Cause, stream

POLICY_POPULARITY = 5
"""Parts at least this usual have a stock policy at every depot."""
RARE_IN_VANS = 0.25
"""Below this share of suitable vans a missing part is worth an offer."""
_LEAD_DAYS = {code: round(days) for code, _, days, _ in SUPPLIERS}
_LEAD_SD_DAYS = {code: spread for code, _, _, spread in SUPPLIERS}


def policies(
    spec: Spec, kept: tuple[KeptPart, ...], targets: Mapping[PartPlace, int]
) -> tuple[StockPolicy, ...]:
    """What is asked of the usual parts at the depots that keep them: fill rate by criticality, a look a week."""
    return tuple(
        StockPolicy(row.part.id, area.depot_id, 0.95 if row.part.criticality == 1 else 0.9, 7.0)
        for area in areas(spec)
        for row in kept
        if row.popularity >= POLICY_POPULARITY and (row.part.id, area.depot_id) in targets
    )


def purchase_orders(
    spec: Spec,
    seed: int,
    targets: Mapping[PartPlace, int],
    moved: list[Flow],
    terms: tuple[SupplierTerms, ...],
) -> tuple[PurchaseOrderLine, ...]:
    """The orders behind the receipts of the last weeks, and some still open, one of them late."""
    best: dict[str, SupplierTerms] = {}
    for row in terms:
        best.setdefault(row.part, row)
    found: list[PurchaseOrderLine] = []
    for flow in moved:
        if flow.from_place == SUPPLIER_PLACE:
            way = best[flow.part]
            rng = stream(seed, Cause.ORDER, 2_000_000, *name_key(flow.document))
            promised = timedelta(days=_LEAD_DAYS[way.supplier])
            # Nobody delivers the day after the order, whatever the draw says.
            drawn = rng.normal(_LEAD_DAYS[way.supplier], _LEAD_SD_DAYS[way.supplier])
            ordered_at = flow.at - timedelta(days=max(2, round(drawn)))
            found.append(
                PurchaseOrderLine(
                    flow.document,
                    way.supplier,
                    flow.part,
                    flow.quantity,
                    flow.to_place,
                    ordered_at,
                    ordered_at + promised,
                    flow.quantity,
                )
            )
    depots = {area.depot_id for area in areas(spec)}
    for (part, place), quantity in targets.items():
        rng = stream(seed, Cause.ORDER, 1_000_000, *name_key(part), *name_key(place))
        if place not in depots or rng.random() >= 0.05:
            continue
        way = best[part]
        ordered_at = spec.as_of - timedelta(
            days=int(rng.integers(1, _LEAD_DAYS[way.supplier] + 2)), minutes=40
        )
        promised_at = ordered_at + timedelta(days=_LEAD_DAYS[way.supplier])
        order = f"PO-{place}-{ordered_at:%m%d}-{part}"
        found.append(
            PurchaseOrderLine(
                order, way.supplier, part, way.order_of(quantity), place, ordered_at, promised_at
            )
        )
    return tuple(found)


def offers(
    spec: Spec,
    seed: int,
    opened: tuple[Open, ...],
    targets: Mapping[PartPlace, int],
    held: tuple[SkillHeld, ...],
    kept: tuple[KeptPart, ...],
) -> tuple[SupplyOffer, ...]:
    """For every need that few vans of the area can meet: courier from its depot, transfer from another, purchase."""
    prices = {row.part.id: row.part.price for row in kept}
    depots = {area.depot_id: area.depot for area in areas(spec)}
    crews: dict[tuple[str, str], list[str]] = defaultdict(list)
    area_of = {engineer_id(number): one.code for number, one in enumerate(area_of_engineer(spec))}
    for row in held:
        crews[area_of[row.engineer], row.skill].append(van_id(row.engineer))
    found: list[SupplyOffer] = []
    for number, one in enumerate(opened):
        for line, need in enumerate(one.needs):
            vans = crews[one.served.area.code, one.family.skill]
            carrying = sum(targets.get((need.part, van), 0) >= need.quantity for van in vans)
            if vans and carrying / len(vans) >= RARE_IN_VANS:
                continue
            rng = stream(seed, Cause.OFFER, number, line)
            stocked = [depot for depot in depots if targets.get((need.part, depot), 0) >= need.quantity]
            own = one.served.area.depot_id
            spot = one.served.site.at
            if own in stocked:
                if rng.random() < 0.4:
                    found.append(
                        _sent(
                            spec,
                            OfferKind.COURIER,
                            len(found),
                            one,
                            need.part,
                            need.quantity,
                            own,
                            depots[own],
                            spot,
                        )
                    )
                continue
            if stocked:
                near = min(stocked, key=lambda depot: geodesic_m(depots[depot], spot))
                found.append(
                    _sent(
                        spec,
                        OfferKind.TRANSFER,
                        len(found),
                        one,
                        need.part,
                        need.quantity,
                        near,
                        depots[near],
                        spot,
                    )
                )
            if rng.random() < 0.7 or not stocked:
                days = int(rng.integers(1, 3))
                price = (prices[need.part] * need.quantity * Decimal("1.15") + 80).quantize(Decimal("0.01"))
                found.append(
                    SupplyOffer(
                        f"O-{len(found) + 1:04d}",
                        need.part,
                        OfferKind.PURCHASE,
                        "SUP-06",
                        one.visit.id,
                        _local_hour(spec, spec.as_of + timedelta(days=days), 10),
                        price,
                        need.quantity,
                    )
                )
    return tuple(found)


def _sent(
    spec: Spec,
    kind: OfferKind,
    number: int,
    one: Open,
    part: str,
    quantity: int,
    source: str,
    start: LatLon,
    end: LatLon,
) -> SupplyOffer:
    """Sent from one of our depots: three hours to get going and drive on, not at night."""
    km = round(geodesic_m(start, end) / 1000 * 1.25)
    ready_h = 1.0 if kind is OfferKind.COURIER else 2.5
    at = spec.as_of + timedelta(hours=ready_h + km / 55)
    at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if at.astimezone(zone(spec.zone)).hour >= 19:
        at = _local_hour(spec, at + timedelta(days=1), 9)
    elif at.astimezone(zone(spec.zone)).hour < 7:
        at = _local_hour(spec, at, 9)
    per_km = Decimal("1.20") if kind is OfferKind.COURIER else Decimal("0.60")
    price = (Decimal(50) + per_km * km).quantize(Decimal("0.01"))
    return SupplyOffer(f"O-{number + 1:04d}", part, kind, source, one.visit.id, at, price, quantity)


def _local_hour(spec: Spec, at: datetime, hour: int) -> datetime:
    here = at.astimezone(zone(spec.zone))
    return utc(here.replace(hour=hour, minute=0, second=0, microsecond=0))
