"""From the board to the planning problem: text ids to indices, moments to ticks, money to cents.

Every tuple is sorted by id before it is indexed, and only what open visits can use is taken along, so the
same board gives the same problem and a part nobody needs does not change its digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from dispatch import problem as posed
from dispatch.board import Board
from dispatch.crew import CertificateHeld, Shift, ToolHeld, on_call_shift, present
from dispatch.desk.milestone import Milestone, Severity
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import EventKind, Ticket
from dispatch.desk.visit import Lock, PublishedStop, Visit
from dispatch.loaners import LoanerPool, loaner_pool
from dispatch.parts import Delivery, Supplies, supplies
from dispatch.problem import UNREACHABLE, Objective, PlanningProblem
from kernel.clock import zone
from kernel.ids import natural_key
from kernel.interval import Interval
from kernel.money import cents

HOUR_S, DAY_S = 3600, 86_400
PIECE = "#"
"""Between a shift's id and the number of a later piece of it; no id has it."""

FOREVER_S = 10**11
"""Ticks; later than any horizon: a certificate without an end."""


def problem_of(board: Board) -> PlanningProblem:
    """Pose the board's open visits as a planning problem of money."""
    visits = sorted(board.visits.values(), key=lambda visit: natural_key(visit.id))
    index = _Index.of(board, visits)
    policy = board.region.settings.policy
    return PlanningProblem(
        objective=Objective.MONEY,
        places=board.roads.places,
        travel_s=board.roads.seconds,
        distance_m=board.roads.metres,
        skills=index.skills,
        certificates=index.certificates,
        tools=index.tools,
        parts=index.parts,
        loaner_classes=index.classes,
        engineers=tuple(_engineer(board, index, name) for name in index.engineers),
        shifts=_shifts(board, index),
        stores=_stores(board, index),
        offers=tuple(_offer(board, index, one) for one in index.deliveries),
        visits=tuple(_visit(board, index, visit) for visit in visits),
        prices=posed.Prices(
            travel_hour=cents(policy.travel_hour),
            distance_km=cents(policy.distance_km),
            overtime_hour=cents(policy.overtime_hour),
        ),
        horizon_s=board.tick(board.horizon_end),
    )


@dataclass(frozen=True, slots=True)
class _Index:
    """The sorted ids a problem is indexed by, and what inventory offers."""

    skills: tuple[str, ...]
    certificates: tuple[str, ...]
    tools: tuple[str, ...]
    parts: tuple[str, ...]
    classes: tuple[str, ...]
    engineers: tuple[str, ...]
    stores: tuple[str, ...]
    deliveries: tuple[Delivery, ...]
    supplies: Supplies
    pool: LoanerPool
    loaner_class: Mapping[str, str]

    @classmethod
    def of(cls, board: Board, visits: Sequence[Visit]) -> _Index:
        settings = board.region.settings
        offered = supplies(board.region.stock, now=board.now, zone_name=settings.zone)
        pool = loaner_pool(board.region.stock, now=board.now)
        asset_class = {asset.id: asset.loaner_class for asset in board.region.field.assets}
        loaner_class = {t.id: asset_class.get(t.asset, "") for t in board.tickets.values()}
        needed = {line.part for visit in visits for line in board.part_needs.get(visit.id, ())}
        parts = needed | {other for part in needed for other in offered.stand_ins.get(part, ())}
        wanted = {loaner_class[visit.ticket] for visit in visits} - {""}
        classes = {other for name in wanted for other in pool.classes_for(name)}
        return cls(
            skills=_sorted({skill for visit in visits for skill, _ in visit.skills}),
            certificates=_sorted({name for visit in visits for name in visit.certificates}),
            tools=_sorted({name for visit in visits for name in visit.tools}),
            parts=_sorted(parts),
            classes=_sorted(classes),
            engineers=_sorted({engineer.id for engineer in board.region.field.engineers}),
            stores=tuple(shelf.id for shelf in offered.shelves),
            deliveries=tuple(
                sorted(
                    (
                        one
                        for visit in visits
                        for one in offered.deliveries.get(visit.id, ())
                        if one.part in parts
                    ),
                    key=lambda one: natural_key(one.id),
                )
            ),
            supplies=offered,
            pool=pool,
            loaner_class=loaner_class,
        )


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=natural_key))


def _midnight(board: Board, day: date) -> int:
    here = zone(board.region.settings.zone)
    return board.tick(datetime.combine(day, time(), tzinfo=here))


def _until(board: Board, last_day: date | None) -> int:
    return FOREVER_S if last_day is None else _midnight(board, last_day + timedelta(days=1))


def _engineer(board: Board, index: _Index, name: str) -> posed.Engineer:
    work = board.region.field
    van = index.supplies.vans.get(name, {})
    return posed.Engineer(
        id=name,
        skills=tuple(
            sorted(
                (index.skills.index(held.skill), held.level)
                for held in work.skills
                if held.engineer == name and held.skill in index.skills
            )
        ),
        certificates=tuple(
            _certificate(board, index, c)
            for c in work.certificates
            if c.engineer == name and c.certificate in index.certificates
        ),
        tools=tuple(_tool(board, index, t) for t in work.tools if t.holder == name and t.tool in index.tools),
        van=tuple((i, van[part]) for i, part in enumerate(index.parts) if part in van),
    )


def _certificate(board: Board, index: _Index, held: CertificateHeld) -> posed.Held:
    return posed.Held(
        index.certificates.index(held.certificate),
        _midnight(board, held.valid_from),
        _until(board, held.valid_until),
    )


def _tool(board: Board, index: _Index, held: ToolHeld) -> posed.Held:
    return posed.Held(index.tools.index(held.tool), -FOREVER_S, _until(board, held.calibrated_until))


def _shifts(board: Board, index: _Index) -> tuple[posed.Shift, ...]:
    work = board.region.field
    rows = [*work.shifts, *(on_call_shift(duty) for duty in work.on_call)]
    ahead = Interval(board.now, board.horizon_end)
    found: list[posed.Shift] = []
    for shift in sorted(rows, key=lambda row: natural_key(row.id)):
        pieces = present(shift, work.absences)
        for number, piece in enumerate(pieces, start=1):
            if piece.overlaps(ahead):
                found.append(_piece(board, index, shift, piece, number=number))
    return tuple(found)


def _piece(board: Board, index: _Index, shift: Shift, piece: Interval, *, number: int) -> posed.Shift:
    """What is left of a shift after absences and after now; overtime and break stay with the piece they fall in."""
    home = f"home:{shift.engineer}"
    start_s = max(0, board.tick(piece.start))
    rest: tuple[posed.Break, ...] = ()
    if shift.break_between is not None:
        from_s = max(start_s, board.tick(shift.break_between.start))
        until_s = board.tick(min(shift.break_between.end, piece.end))
        rest = (posed.Break(from_s, until_s, shift.break_min * 60),) if from_s < until_s else ()
    return posed.Shift(
        id=shift.id if number == 1 else f"{shift.id}{PIECE}{number}",
        engineer=index.engineers.index(shift.engineer),
        start_place=board.roads.index[f"place:{shift.start_place}" if shift.start_place else home],
        end_place=board.roads.index[f"place:{shift.end_place}" if shift.end_place else home],
        start_s=start_s,
        end_s=board.tick(piece.end),
        overtime_s=shift.overtime_min * 60 if piece.end == shift.worked.end else 0,
        call_out_cents=cents(shift.call_out),
        breaks=rest,
    )


def _stores(board: Board, index: _Index) -> tuple[posed.Store, ...]:
    return tuple(
        posed.Store(
            id=shelf.id,
            place=board.roads.index[f"place:{shelf.id}"],
            stock=tuple((i, shelf.stock[part]) for i, part in enumerate(index.parts) if part in shelf.stock),
            loaners=tuple(
                (i, index.pool.free[shelf.id, name])
                for i, name in enumerate(index.classes)
                if (shelf.id, name) in index.pool.free
            ),
            pick_up_s=shelf.pick_up_min * 60,
        )
        for shelf in index.supplies.shelves
    )


def _offer(board: Board, index: _Index, one: Delivery) -> posed.Offer:
    return posed.Offer(
        id=one.id,
        kind=one.kind,
        part=index.parts.index(one.part),
        quantity=one.quantity,
        arrives_s=board.tick(one.arrives_at),
        cents=cents(one.price),
        from_store=index.stores.index(one.from_shelf) if one.from_shelf else -1,
    )


def _visit(board: Board, index: _Index, visit: Visit) -> posed.Visit:
    ticket = board.ticket(visit.ticket)
    scheme, severity = board.scheme(ticket), severity_now(board, ticket)
    policy = board.region.settings.policy
    due = {milestone: clock.due_at for milestone, clock in board.clocks(ticket).items() if clock.is_open}
    finish = Milestone.REPAIR if Milestone.REPAIR in due else Milestone.DELIVER
    locked = board.published.get(visit.id)
    lock = locked.lock if locked else Lock.NONE
    return posed.Visit(
        id=visit.id,
        ticket=visit.ticket,
        place=board.roads.index[f"site:{visit.site}"],
        service_s=visit.duration_min * 60,
        earliest_s=max(0, board.tick(visit.earliest_at)) if visit.earliest_at else 0,
        left_out=cents(policy.left_out[severity]),
        windows=_windows(board, visit),
        skills=tuple(sorted((index.skills.index(skill), level) for skill, level in visit.skills)),
        certificates=tuple(sorted(index.certificates.index(name) for name in visit.certificates)),
        tools=tuple(sorted(index.tools.index(name) for name in visit.tools)),
        parts=_part_lines(board, index, visit, original_only=scheme.original_only),
        arrive=_lateness(board, scheme, severity, Milestone.ARRIVE, due),
        repair=_lateness(board, scheme, severity, finish, due),
        substitute=_lateness(board, scheme, severity, Milestone.SUBSTITUTE, due),
        loaner=_grant(board, index, visit, ticket, scheme) if due.get(Milestone.SUBSTITUTE) else None,
        engineer_lock=_locked_engineer(board, index, locked.shift)
        if locked and lock in {Lock.ENGINEER, Lock.BOTH}
        else -1,
        start_lock_s=_locked_start(board, locked) if locked and lock in {Lock.TIME, Lock.BOTH} else None,
    )


def _locked_start(board: Board, locked: PublishedStop) -> int | None:
    """The tick of a locked start; one that has passed can no longer be kept and holds nothing but its engineer."""
    start_s = board.tick(locked.starts_at)
    return start_s if start_s >= 0 else None


def severity_now(board: Board, ticket: Ticket) -> Severity:
    """The ticket's severity after every change so far."""
    changes = [
        e.value
        for e in board.events.get(ticket.id, ())
        if e.kind is EventKind.SEVERITY_CHANGED and e.at <= board.now
    ]
    return Severity(changes[-1]) if changes else ticket.severity


def _windows(board: Board, visit: Visit) -> tuple[posed.Window, ...]:
    """Agreed times, overlapping ones joined; one that has passed stays and makes the visit wait for a new one."""
    joined: list[posed.Window] = []
    for one in sorted(board.appointments.get(visit.id, ()), key=lambda one: one.window):
        window = posed.Window(board.tick(one.window.start), board.tick(one.window.end))
        if joined and window.open_s <= joined[-1].close_s:
            joined[-1] = posed.Window(joined[-1].open_s, max(joined[-1].close_s, window.close_s))
        else:
            joined.append(window)
    return tuple(joined)


def _part_lines(
    board: Board, index: _Index, visit: Visit, *, original_only: bool
) -> tuple[posed.PartLine, ...]:
    needed: dict[str, int] = {}
    for line in board.part_needs.get(visit.id, ()):
        needed[line.part] = needed.get(line.part, 0) + line.quantity
    lines = []
    for part in _sorted(needed):
        usable = (part,) if original_only else (part, *index.supplies.stand_ins.get(part, ()))
        lines.append(
            posed.PartLine(
                part=index.parts.index(part),
                quantity=needed[part],
                alternates=tuple(sorted(index.parts.index(other) for other in usable[1:])),
                offers=tuple(
                    i
                    for i, one in enumerate(index.deliveries)
                    if one.visit == visit.id and one.part in usable and one.quantity >= needed[part]
                ),
            )
        )
    return tuple(lines)


def _lateness(
    board: Board,
    scheme: Scheme,
    severity: Severity,
    milestone: Milestone,
    due: Mapping[Milestone, datetime | None],
) -> posed.Lateness | None:
    at = due.get(milestone)
    if at is None:
        return None
    breach = scheme.breach.get(milestone)
    if breach is None:
        return posed.Lateness(board.tick(at), cents(board.region.settings.policy.late_hour), HOUR_S)
    return posed.Lateness(board.tick(at), breach.cents[severity], breach.per.seconds)


def _grant(
    board: Board, index: _Index, visit: Visit, ticket: Ticket, scheme: Scheme
) -> posed.LoanerGrant | None:
    wanted = index.loaner_class[ticket.id]
    if scheme.loaner is None or not wanted:
        return None
    policy = board.region.settings.policy
    site = board.roads.index[f"site:{visit.site}"]
    classes = index.pool.classes_for(wanted)
    couriers: list[posed.LoanerCourier] = []
    for number, shelf in enumerate(index.stores):
        origin = board.roads.index[f"place:{shelf}"]
        seconds, metres = int(board.roads.seconds[origin, site]), int(board.roads.metres[origin, site])
        if seconds == UNREACHABLE:
            continue
        price = policy.loaner_courier + policy.loaner_courier_km * Decimal(metres) / 1000
        couriers.extend(
            posed.LoanerCourier(
                index.classes.index(name), number, policy.loaner_prepare_min * 60 + seconds, cents(price)
            )
            for name in classes
            if (shelf, name) in index.pool.free
        )
    return posed.LoanerGrant(
        classes=tuple(sorted(index.classes.index(name) for name in classes)),
        couriers=tuple(couriers),
        day_cents=cents(index.pool.day_cost[wanted]),
        stops_repair=scheme.loaner.stops_repair,
    )


def _locked_engineer(board: Board, index: _Index, shift: str) -> int:
    row = next(
        row
        for row in (*board.region.field.shifts, *map(on_call_shift, board.region.field.on_call))
        if row.id == shift
    )
    return index.engineers.index(row.engineer)
