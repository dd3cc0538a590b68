"""Inventing stock: what should lie where, and the moves that brought it there; stock is nothing but moves.

Targets are drawn first. The moves of the last weeks (receipts, transfers to vans, parts used, faulty parts
brought back) are laid out, and the opening stock of the year is what makes the end meet the target without any
balance ever falling below nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from dispatch.crew import SkillHeld
from dispatch.desk.history import ClosedTicket
from inventory.stock.ledger import Condition, Move
from kernel.clock import utc, zone
from kernel.ids import natural_key
from scenarios.world.catalogue import (
    ADJUSTMENT,
    CUSTOMER_PLACE,
    QUARANTINE,
    SUPPLIER_PLACE,
    TRANSIT,
    KeptPart,
)
from scenarios.world.crew import area_of_engineer, areas, engineer_id, local_day, van_id
from scenarios.world.customers import Clientele
from scenarios.world.equipment import Equipment
from scenarios.world.history import depot_of
from scenarios.world.spec import Spec
from scenarios.world.streams import Cause, stream

PartPlace = tuple[str, str]

VAN_PRICE_LIMIT = 1500
"""Dearer parts stay at the depots."""
OPENING_DAYS = 63
"""How far back the moves reach."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Units that went from one place to another; `via` an in-transit place for `hours` when given."""

    at: datetime
    part: str
    quantity: int
    from_place: str
    to_place: str
    reason: str
    by: str
    document: str
    hours: int = 0
    condition: Condition = Condition.USABLE


def van_targets(
    spec: Spec, seed: int, equipment: Equipment, held: tuple[SkillHeld, ...], kept: tuple[KeptPart, ...]
) -> dict[PartPlace, int]:
    """What each van carries: the usual and affordable parts of what its engineer can repair."""
    families = {row.skill: [one.code for one in equipment.families if one.skill == row.skill] for row in held}
    can: dict[str, set[str]] = defaultdict(set)
    for skill in held:
        can[skill.engineer].update(families[skill.skill])
    found: dict[PartPlace, int] = {}
    for number in range(spec.engineers):
        code = engineer_id(number)
        for at, row in enumerate(kept):
            if row.family.code not in can[code] or row.part.price > VAN_PRICE_LIMIT:
                continue
            rng = stream(seed, Cause.VAN_STOCK, number, at)
            chance = 0.85 if row.popularity >= 5 else 0.5 if row.popularity >= 3 else 0.2
            if rng.random() < chance:
                found[row.part.id, van_id(code)] = int(rng.integers(1, 4)) if row.part.price < 200 else 1
    return found


def depot_targets(
    spec: Spec, seed: int, kept: tuple[KeptPart, ...], monthly: Mapping[PartPlace, float]
) -> dict[PartPlace, int]:
    """What each depot keeps: two months of its demand and a margin; the rare and dear not everywhere."""
    found: dict[PartPlace, int] = {}
    for place, area in enumerate(areas(spec)):
        for at, row in enumerate(kept):
            rng = stream(seed, Cause.DEPOT_STOCK, place, at)
            big = area.weight >= 15
            chance = 0.97 if row.popularity >= 5 else 0.85 if row.popularity >= 3 else 0.6
            if row.part.price > VAN_PRICE_LIMIT:
                chance *= 0.7 if big else 0.4
            if rng.random() >= (chance if big else chance * 0.9):
                continue
            mean = 2.0 * monthly.get((row.part.id, area.depot_id), 0.0)
            margin = 2.2 if row.part.price < 1000 else 1.5
            found[row.part.id, area.depot_id] = max(
                1, round(mean + margin * mean**0.5 + float(rng.uniform(0.5, 2.2)))
            )
    return found


def flows(
    spec: Spec,
    seed: int,
    clients: Clientele,
    closed: tuple[ClosedTicket, ...],
    targets: Mapping[PartPlace, int],
    kept: tuple[KeptPart, ...],
) -> list[Flow]:
    """What moved in the last weeks: parts used from vans, vans filled, receipts, faulty units brought back."""
    start = opening_at(spec)
    repairable = {row.part.id for row in kept if row.part.kind.value == "repairable"}
    depots = depot_of(clients)
    found: list[Flow] = []
    for ticket in closed:
        if ticket.repaired_at < start or not ticket.engineer:
            continue
        for used in ticket.parts:
            source = (
                van_id(ticket.engineer)
                if (used.part, van_id(ticket.engineer)) in targets
                else depots[ticket.asset]
            )
            found.append(
                Flow(
                    ticket.repaired_at,
                    used.part,
                    used.quantity,
                    source,
                    CUSTOMER_PLACE,
                    "fitted",
                    ticket.engineer,
                    ticket.ticket,
                )
            )
            if used.part in repairable:
                back_at = min(ticket.repaired_at + timedelta(hours=20), spec.as_of - timedelta(hours=1))
                found.append(
                    Flow(
                        back_at,
                        used.part,
                        used.quantity,
                        CUSTOMER_PLACE,
                        QUARANTINE,
                        "taken out faulty",
                        ticket.engineer,
                        ticket.ticket,
                        condition=Condition.DAMAGED,
                    )
                )
    found += _fillings(spec, seed, targets)
    found += _receipts(spec, seed, targets)
    return found


def _fillings(spec: Spec, seed: int, targets: Mapping[PartPlace, int]) -> list[Flow]:
    """Every fifth line of a van came from its depot in the last fortnight."""
    depot = {van_id(engineer_id(number)): area.depot_id for number, area in enumerate(area_of_engineer(spec))}
    found = []
    for (part, place), quantity in targets.items():
        if place not in depot or not quantity:
            continue
        rng = stream(seed, Cause.VAN_STOCK, 1_000_000, *name_key(part), *name_key(place))
        if rng.random() < 0.2:
            at = _at_work(spec, rng, most_days=14)
            found.append(
                Flow(
                    at,
                    part,
                    quantity,
                    depot[place],
                    place,
                    "van filled",
                    "storekeeper",
                    f"TR-{place}-{at:%m%d}",
                    hours=2,
                )
            )
    return found


def _receipts(spec: Spec, seed: int, targets: Mapping[PartPlace, int]) -> list[Flow]:
    """Every twelfth line of a depot was bought since the opening."""
    depots = {area.depot_id for area in areas(spec)}
    found = []
    for (part, place), quantity in targets.items():
        if place not in depots or not quantity:
            continue
        rng = stream(seed, Cause.ORDER, *name_key(part), *name_key(place))
        if rng.random() < 0.08:
            at = _at_work(spec, rng, most_days=OPENING_DAYS - 3)
            found.append(
                Flow(
                    at,
                    part,
                    quantity,
                    SUPPLIER_PLACE,
                    place,
                    "received",
                    "storekeeper",
                    f"PO-{place}-{at:%m%d}-{part}",
                )
            )
    return found


def name_key(name: str) -> tuple[int, ...]:
    """A name as part of a stream's name: what is drawn for it does not depend on its place in a list."""
    return tuple(name.encode())


def _at_work(spec: Spec, rng: np.random.Generator, *, most_days: int) -> datetime:
    """A moment of a working morning between two and `most_days` days ago."""
    on = local_day(spec) - timedelta(days=int(rng.integers(2, most_days)))
    midnight = datetime.combine(on, datetime.min.time(), zone(spec.zone))
    return utc(midnight + timedelta(minutes=int(rng.integers(7 * 60, 11 * 60))))


def opening_at(spec: Spec) -> datetime:
    """When the ledger of this dataset opens: a midnight about nine weeks ago."""
    on = local_day(spec) - timedelta(days=OPENING_DAYS)
    return utc(datetime.combine(on, datetime.min.time(), zone(spec.zone)))


def ledger(spec: Spec, targets: Mapping[PartPlace, int], moved: list[Flow]) -> tuple[Move, ...]:
    """Moves in order of time, opening stock first, that end at `targets` or above and never fall below nothing."""
    legs = sorted(
        (leg for flow in moved for leg in _legs(flow)),
        key=lambda leg: (leg[0], leg[1].document, leg[1].part, leg[2]),
    )
    outside = {ADJUSTMENT, CUSTOMER_PLACE, SUPPLIER_PLACE, TRANSIT, QUARANTINE}
    running: dict[PartPlace, int] = defaultdict(int)
    lowest: dict[PartPlace, int] = defaultdict(int)
    for _, flow, source, target in legs:
        for place, change in ((source, -flow.quantity), (target, flow.quantity)):
            if place not in outside:
                running[flow.part, place] += change
                lowest[flow.part, place] = min(lowest[flow.part, place], running[flow.part, place])
    opening = {
        key: max(targets.get(key, 0) - running[key], -lowest[key], 0)
        for key in {**dict.fromkeys(targets), **running}
    }
    start = opening_at(spec)
    moves: list[Move] = []
    for part, place in sorted(opening, key=lambda key: (natural_key(key[1]), natural_key(key[0]))):
        if opening[part, place]:
            flow = Flow(
                start,
                part,
                opening[part, place],
                ADJUSTMENT,
                place,
                "opening stock",
                "storekeeper",
                "OPENING",
            )
            moves.append(_move(len(moves), start, flow, ADJUSTMENT, place))
    for at, flow, source, target in legs:
        moves.append(_move(len(moves), at, flow, source, target))
    return tuple(moves)


def _legs(flow: Flow) -> list[tuple[datetime, Flow, str, str]]:
    if not flow.hours:
        return [(flow.at, flow, flow.from_place, flow.to_place)]
    return [
        (flow.at, flow, flow.from_place, TRANSIT),
        (flow.at + timedelta(hours=flow.hours), flow, TRANSIT, flow.to_place),
    ]


def _move(number: int, at: datetime, flow: Flow, source: str, target: str) -> Move:
    identity = f"M-{number + 1:06d}"
    return Move(
        id=identity,
        at=at,
        part=flow.part,
        quantity=flow.quantity,
        from_place=source,
        to_place=target,
        condition=flow.condition,
        reason=flow.reason,
        by=flow.by,
        device="desk-1",
        source_document=flow.document,
        key=identity,
        bound_for=flow.to_place if TRANSIT in {source, target} else "",
    )
