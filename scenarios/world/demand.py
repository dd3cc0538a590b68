"""Inventing what is open: field tickets with their visits and needs, remote tickets, and what has happened to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from dispatch.desk.clock import clocks
from dispatch.desk.customer import Asset
from dispatch.desk.milestone import Milestone, Severity, TicketKind
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.ticket import Ticket, TicketEvent
from dispatch.desk.visit import Appointment, PartNeed, Visit
from kernel.clock import utc, zone
from kernel.interval import Interval
from scenarios.world.catalogue import KeptPart
from scenarios.world.crew import areas, local_day
from scenarios.world.customers import Clientele, Served
from scenarios.world.equipment import Family
from scenarios.world.happened import events_of, remote_events
from scenarios.world.spec import Spec
from scenarios.world.streams import Cause, apportioned, pick, stream

SEVERITIES = (Severity.P1, Severity.P2, Severity.P3, Severity.P4)
SEVERITY_SHARE = (10, 28, 45, 17)
KINDS = (
    TicketKind.FAULT,
    TicketKind.PREVENTIVE,
    TicketKind.INSTALLATION,
    TicketKind.TRAINING,
    TicketKind.RETURN,
)
KIND_SHARE = (80, 9, 6, 3, 2)
CUSTOMER_SET = "field-customer-set"
VISITED_BEFORE = 0.18
"""Share of 24-hour tickets whose first visit has been; the part is still missing."""

AGE_H = {
    "field-2-4-24": (0.1, 2.3),
    "field-substitute": (0.5, 19.0),
    "field-2-12": (0.3, 7.5),
    "field-24-48": (2.0, 40.0),
    "field-customer-set": (20.0, 90.0),
    "field-p1-p4": (0.5, 30.0),
    "product-warranty": (4.0, 40.0),
    "value-added": (5.0, 60.0),
}
"""How long ago a ticket of a scheme was reported, hours, so that most promises can still be kept."""

VISITED_AGE_H = (5.0, 18.0)
"""The same for tickets whose first visit has been."""
SHORT_AGE_H = {
    ("field-p1-p4", Severity.P1): (0.1, 2.0),
    ("field-p1-p4", Severity.P2): (0.5, 6.5),
    ("field-24-48", Severity.P4): (0.5, 9.0),  # solved the same day
}
"""The same for severities that are promised more than the rest of their scheme."""
DEADLINES = (Milestone.ARRIVE, Milestone.SUBSTITUTE, Milestone.REPAIR, Milestone.DELIVER)
AGREED, AGREED_AT_LEISURE = 0.25, 0.5
"""Share of tickets with an agreed time, where the promise leaves room for one; the second where none is timed."""


@dataclass(frozen=True, slots=True)
class Open:
    """An open field ticket with everything about it."""

    ticket: Ticket
    served: Served
    family: Family
    visit: Visit
    needs: tuple[PartNeed, ...]
    appointments: tuple[Appointment, ...]
    events: tuple[TicketEvent, ...]


def field_tickets(spec: Spec, seed: int, clients: Clientele, kept: tuple[KeptPart, ...]) -> tuple[Open, ...]:
    """One ticket and one visit for each of `spec.visits`, spread over the areas as their sites are."""
    open_areas = areas(spec)
    sites = {area.code: [row for row in clients.served if row.area.code == area.code] for area in open_areas}
    used: set[str] = set()
    found = []
    for number, at in enumerate(apportioned(spec.visits, [area.weight for area in open_areas])):
        rng = stream(seed, Cause.TICKET, number)
        choices = sites[open_areas[at].code] or list(clients.served)
        served, (asset, family) = _fresh_asset(rng, choices, used)
        used.add(asset.id)
        scheme = served.contract.scheme
        severity, kind = _severity_and_kind(rng, scheme)
        youngest, oldest = SHORT_AGE_H.get((scheme, severity), AGE_H[scheme])
        before = scheme == "field-2-4-24" and kind is TicketKind.FAULT and rng.random() < VISITED_BEFORE
        if before:
            youngest, oldest = VISITED_AGE_H
        ticket = Ticket(
            id=f"T-{number + 1:04d}",
            site=served.site.id,
            asset=asset.id,
            scheme=scheme,
            version=served.contract.version,
            severity=severity,
            kind=kind,
            reported_at=_minute(spec.as_of - timedelta(hours=float(rng.uniform(youngest, oldest)))),
            symptom=_symptom(rng, family) if kind is TicketKind.FAULT else "",
            contract=served.contract.id,
            remote=served.site.remote,
        )
        visit, appointments, due = _visit(spec, seed, number, ticket, family)
        chance = stream(seed, Cause.NEED, number)
        needs = _needs(chance, visit, kind, asset.model, family, kept, least=int(before))
        events = events_of(spec, rng, ticket, area=served.area, before=before, customer_due=due)
        found.append(Open(ticket, served, family, visit, needs, appointments, events))
    return tuple(found)


def _severity_and_kind(rng: np.random.Generator, scheme: str) -> tuple[Severity, TicketKind]:
    severity = pick(rng, SEVERITIES, SEVERITY_SHARE)
    kind = pick(rng, KINDS, KIND_SHARE)
    if scheme == "value-added":
        kind = pick(rng, (TicketKind.TRAINING, TicketKind.INSTALLATION))
        severity = pick(rng, (Severity.P3, Severity.P4))
    elif kind is not TicketKind.FAULT and severity is Severity.P1:
        severity = Severity.P3
    return severity, kind


def _fresh_asset(
    rng: np.random.Generator, choices: list[Served], used: set[str]
) -> tuple[Served, tuple[Asset, Family]]:
    served = pick(rng, choices)
    for _ in range(8):
        free = [row for row in served.assets if row[0].id not in used]
        if free:
            return served, pick(rng, free)
        served = pick(rng, choices)
    return served, pick(rng, served.assets)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _symptom(rng: np.random.Generator, family: Family) -> str:
    what = pick(
        rng, ("stopped", "alarm", "slow", "leaking", "noisy", "wrong-values"), (30, 30, 12, 10, 10, 8)
    )
    return f"{family.code.lower()}-{what}"


def _visit(
    spec: Spec, seed: int, number: int, ticket: Ticket, family: Family
) -> tuple[Visit, tuple[Appointment, ...], datetime | None]:
    """The visit, what was agreed about its time, and the time the customer set."""
    rng = stream(seed, Cause.VISIT, number)
    minutes = pick(rng, family.minutes)
    if ticket.kind is TicketKind.TRAINING:
        minutes = pick(rng, (60, 90, 120))
    elif ticket.kind is TicketKind.INSTALLATION:
        minutes = min(240, minutes + 60)
    elif rng.random() < 0.45:
        minutes = max(30, minutes - 30)
    level = pick(rng, (1, 2, 3, 4), (30, 44, 22, 4))
    certified = bool(family.certificate) and rng.random() < family.certified * 0.7
    tooled = bool(family.tool) and rng.random() < family.tooled * 0.7
    windows, earliest_at = _times(spec, rng, ticket, timedelta(minutes=minutes))
    visit = Visit(
        id=f"V-{number + 1:04d}",
        ticket=ticket.id,
        site=ticket.site,
        duration_min=int(minutes),
        earliest_at=earliest_at,
        skills=((family.skill, level),),
        certificates=(family.certificate,) if certified else (),
        tools=(family.tool,) if tooled else (),
    )
    customer_due = max(window.end for window in windows) if ticket.scheme == CUSTOMER_SET else None
    return visit, tuple(Appointment(visit.id, window) for window in windows), customer_due


def _times(
    spec: Spec, rng: np.random.Generator, ticket: Ticket, work: timedelta
) -> tuple[list[Interval], datetime | None]:
    """Agreed windows and the earliest start; never such that they alone break the promise."""
    due_at = _first_due(spec, ticket)
    windows: list[Interval] = []
    if ticket.scheme == CUSTOMER_SET or rng.random() < (AGREED_AT_LEISURE if due_at is None else AGREED):
        drawn = _windows(spec, rng, two=rng.random() < 0.15)
        windows = [one for one in drawn if due_at is None or one.end + work <= due_at]
    if windows or rng.random() >= 0.1:
        return windows, None
    later = _minute(spec.as_of) + timedelta(hours=int(rng.integers(2, 24)))
    return [], later if due_at is None or later + work + timedelta(hours=8) <= due_at else None


def _first_due(spec: Spec, ticket: Ticket) -> datetime | None:
    """The first promise an engineer's visit has to keep, as the ticket's scheme counts it; None: none is timed."""
    scheme = builtin_schemes()[ticket.scheme, ticket.version]
    states = clocks(ticket, (), scheme, {}, spec.as_of)
    dues = [states[one].due_at for one in DEADLINES if one in states]
    return min((due for due in dues if due is not None), default=None)


def _windows(spec: Spec, rng: np.random.Generator, *, two: bool) -> list[Interval]:
    """One or two agreed windows of two to four hours, in working time, within the horizon."""
    tz = zone(spec.zone)
    midnight = datetime.combine(local_day(spec), datetime.min.time(), tz)
    found: list[Interval] = []
    for _ in range(2 if two else 1):
        day = int(rng.integers(0, max(1, min(spec.horizon_days, 3))))
        start_h = int(rng.integers(9, 15))
        start = utc(midnight + timedelta(days=day, hours=start_h))
        if start < spec.as_of + timedelta(hours=2):
            start = utc(midnight + timedelta(days=day, hours=14))
        if start < spec.as_of + timedelta(hours=1):
            start = utc(midnight + timedelta(days=day + 1, hours=9))
        window = Interval(start, start + timedelta(hours=int(rng.integers(2, 5))))
        if not any(window.overlaps(other) for other in found):
            found.append(window)
    return sorted(found)


def _needs(
    rng: np.random.Generator,
    visit: Visit,
    kind: TicketKind,
    model: str,
    family: Family,
    kept: tuple[KeptPart, ...],
    *,
    least: int,
) -> tuple[PartNeed, ...]:
    fitting = [row for row in kept if row.family.code == family.code and row.model in {"", model}]
    if kind is TicketKind.PREVENTIVE:
        fitting = [row for row in fitting if row.part.price < 400] or fitting
        lines = int(rng.integers(1, 3))
    elif kind is TicketKind.FAULT:
        lines = max(least, pick(rng, (0, 1, 2), (34, 52, 14)))
    else:
        return ()
    chosen: dict[str, PartNeed] = {}
    for _ in range(lines if fitting else 0):
        row = pick(rng, fitting, [float(one.popularity) for one in fitting])
        quantity = int(rng.integers(1, 3)) if row.part.price < 150 else 1
        chosen.setdefault(row.part.id, PartNeed(visit.id, row.part.id, quantity))
    return tuple(chosen.values())


def remote_tickets(
    spec: Spec, seed: int, clients: Clientele
) -> tuple[tuple[Ticket, tuple[TicketEvent, ...]], ...]:
    """Tickets about software, solved at a distance: no visit."""
    places = [row for row in clients.served if row.software is not None and row.support is not None]
    found = []
    for number in range(spec.remote):
        rng = stream(seed, Cause.REMOTE, number)
        served = pick(rng, places)
        assert served.software is not None
        assert served.support is not None
        severity = pick(rng, SEVERITIES, (6, 26, 44, 24))
        ticket = Ticket(
            id=f"R-{number + 1:04d}",
            site=served.site.id,
            asset=served.software[0].id,
            scheme=served.support.scheme,
            version=served.support.version,
            severity=severity,
            kind=TicketKind.ADVICE if severity is Severity.P4 else TicketKind.FAULT,
            reported_at=_minute(spec.as_of - timedelta(hours=float(rng.uniform(0.1, 50.0)))),
            symptom=pick(rng, ("no-access", "error-shown", "slow", "how-to"), (25, 35, 15, 25)),
            contract=served.support.id,
            remote=served.site.remote,
        )
        found.append((ticket, remote_events(spec, rng, ticket)))
    return tuple(found)
