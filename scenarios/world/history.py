"""Inventing what was repaired before: closed tickets with their parts, and the monthly demand they amount to."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

import numpy as np

from dispatch.crew import SkillHeld
from dispatch.desk.customer import Asset
from dispatch.desk.history import ClosedTicket, PartUsed
from dispatch.desk.milestone import Severity
from inventory.replenish.demand import DemandMonth
from kernel.clock import utc, zone
from scenarios.world.catalogue import KeptPart
from scenarios.world.crew import area_of_engineer, engineer_id, local_day
from scenarios.world.customers import Clientele, Served
from scenarios.world.equipment import Family, Software
from scenarios.world.spec import Spec
from scenarios.world.streams import Cause, pick, stream

SEVERITIES = (Severity.P1, Severity.P2, Severity.P3, Severity.P4)
AGAIN = 0.04
"""Share of field repairs that come back: the same asset, the same cause, some days later."""


def first_day(spec: Spec) -> date:
    """First day of the history: the first of a month, `history_months` whole months before this one."""
    today = local_day(spec)
    months = today.year * 12 + today.month - 1 - spec.history_months
    return date(months // 12, months % 12 + 1, 1)


def closed_tickets(
    spec: Spec, seed: int, clients: Clientele, kept: tuple[KeptPart, ...], held: tuple[SkillHeld, ...]
) -> tuple[ClosedTicket, ...]:
    """Closed tickets in order of their report, one in eight about software."""
    tz = zone(spec.zone)
    start = utc(datetime.combine(first_day(spec), datetime.min.time(), tz))
    span_h = (spec.as_of - start) / timedelta(hours=1) - 120
    crews = _crews(spec, held)
    supported = [row for row in clients.served if row.software is not None]
    drafts = []
    for number in range(spec.closed):
        rng = stream(seed, Cause.CLOSED, number)
        day_h = float(rng.triangular(0, 11, 24))
        at = start + timedelta(hours=float(rng.uniform(0, span_h)))
        midnight = datetime.combine(at.astimezone(tz).date(), datetime.min.time(), tz)
        reported_at = utc(midnight + timedelta(minutes=round(day_h * 60)))
        if supported and rng.random() < 0.125:
            served = pick(rng, supported)
            assert served.software is not None
            drafts.append(_remote(rng, reported_at, *served.software))
            continue
        served = pick(rng, clients.served)
        asset, family = pick(rng, served.assets)
        parts = _parts(stream(seed, Cause.USED, number), asset.model, family, kept)
        draft = _field(rng, reported_at, served, asset, family, parts, crews)
        drafts.append(draft)
        if rng.random() < AGAIN and len(drafts) < spec.closed:
            later = draft.repaired_at + timedelta(hours=int(rng.integers(30, 300)))
            if later + timedelta(days=4) < spec.as_of:
                drafts.append(_field(rng, later, served, asset, family, parts, crews, cause=draft.cause))
    drafts = sorted(drafts[: spec.closed], key=lambda draft: (draft.reported_at, draft.asset))
    return tuple(_numbered(number, draft) for number, draft in enumerate(drafts))


def _numbered(number: int, draft: ClosedTicket) -> ClosedTicket:
    return ClosedTicket(
        ticket=f"H-{number + 1:05d}",
        asset=draft.asset,
        model=draft.model,
        severity=draft.severity,
        reported_at=draft.reported_at,
        arrived_at=draft.arrived_at,
        repaired_at=draft.repaired_at,
        symptom=draft.symptom,
        cause=draft.cause,
        solution=draft.solution,
        engineer=draft.engineer,
        parts=draft.parts,
    )


def _crews(spec: Spec, held: tuple[SkillHeld, ...]) -> dict[tuple[str, str], list[str]]:
    """Engineers by area and skill."""
    area = {engineer_id(number): one.code for number, one in enumerate(area_of_engineer(spec))}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in held:
        found[area[row.engineer], row.skill].append(row.engineer)
    return found


def _remote(
    rng: np.random.Generator, reported_at: datetime, asset: Asset, software: Software
) -> ClosedTicket:
    cause = pick(rng, software.causes)
    return ClosedTicket(
        ticket="draft",
        asset=asset.id,
        model=asset.model,
        severity=pick(rng, SEVERITIES, (5, 25, 45, 25)),
        reported_at=reported_at,
        arrived_at=None,
        repaired_at=reported_at + timedelta(minutes=int(rng.lognormal(4.8, 0.9)) + 5),
        symptom="how-to" if "question" in cause else "error-shown",
        cause=cause,
        solution="answered" if "question" in cause else "set right at a distance",
    )


def _field(
    rng: np.random.Generator,
    reported_at: datetime,
    served: Served,
    asset: Asset,
    family: Family,
    parts: tuple[PartUsed, ...],
    crews: dict[tuple[str, str], list[str]],
    *,
    cause: str = "",
) -> ClosedTicket:
    arrived_at = reported_at + timedelta(minutes=int(np.clip(rng.lognormal(5.1, 0.7), 25, 2600)))
    work_min = pick(rng, family.minutes)
    waited_min = int(rng.integers(600, 2600)) if parts and rng.random() < 0.12 else 0
    crew = crews.get((served.area.code, family.skill), [])
    return ClosedTicket(
        ticket="draft",
        asset=asset.id,
        model=asset.model,
        severity=pick(rng, SEVERITIES, (9, 28, 45, 18)),
        reported_at=reported_at,
        arrived_at=arrived_at,
        repaired_at=arrived_at + timedelta(minutes=work_min + waited_min),
        symptom=f"{family.code.lower()}-{pick(rng, ('stopped', 'alarm', 'slow', 'leaking', 'noisy'))}",
        cause=cause or pick(rng, family.causes),
        solution="part replaced" if parts else pick(rng, ("cleaned", "adjusted", "reset", "tightened")),
        engineer=pick(rng, crew) if crew else "",
        parts=parts,
    )


def _parts(
    rng: np.random.Generator, model: str, family: Family, kept: tuple[KeptPart, ...]
) -> tuple[PartUsed, ...]:
    fitting = [row for row in kept if row.family.code == family.code and row.model in {"", model}]
    used: Counter[str] = Counter()
    for _ in range(pick(rng, (0, 1, 2, 3), (30, 48, 17, 5)) if fitting else 0):
        row = pick(rng, fitting, [float(one.popularity) for one in fitting])
        used[row.part.id] += int(rng.integers(1, 3)) if row.part.price < 150 else 1
    return tuple(PartUsed(part, quantity) for part, quantity in used.items())


def depot_of(clients: Clientele) -> dict[str, str]:
    """The depot that serves each asset."""
    return {asset.id: row.area.depot_id for row in clients.served for asset, _ in row.assets}


def monthly_demand(
    spec: Spec, clients: Clientele, closed: tuple[ClosedTicket, ...]
) -> tuple[DemandMonth, ...]:
    """Parts taken by closed tickets, by part, depot and local month of the repair; months without any are left out."""
    tz = zone(spec.zone)
    depots = depot_of(clients)
    taken: Counter[tuple[str, str, str]] = Counter()
    for ticket in closed:
        month = f"{ticket.repaired_at.astimezone(tz):%Y-%m}"
        for used in ticket.parts:
            taken[used.part, depots[ticket.asset], month] += used.quantity
    return tuple(DemandMonth(*key, quantity) for key, quantity in sorted(taken.items()))
