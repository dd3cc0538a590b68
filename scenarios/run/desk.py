"""The desk in simulated time: what is open and where everybody stands as a `Board`, planned by the planner of live work.

A board of the moment is built of facts, as live operation builds its own when it looks (`Board.of`); what it does not
need for deciding stays behind, so that it is posed in milliseconds. What will happen by chance is not on it: work takes
what such work takes, the way what was measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np

from dispatch.board import Board
from dispatch.carry import shifted
from dispatch.crew import Shift
from dispatch.desk.clause import Breach, Per
from dispatch.desk.milestone import Milestone, Promise, Severity, SeverityChange
from dispatch.desk.scheme import Scheme
from dispatch.desk.term import CHOSEN, Term, Unit
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from dispatch.desk.visit import Lock, PartNeed, PublishedStop, Visit, part_of_trip
from dispatch.plan import Plan, StopKind
from dispatch.problem import PlanningProblem
from dispatch.region import Fieldwork, schemes_of
from dispatch.replan import replan
from dispatch.solve import Budget
from dispatch.travel import Travel
from dispatch.underway import Standing
from inventory.catalogue.place import OPEN_SHELVES, Place, PlaceKind
from inventory.stock.move import Condition, Move
from inventory.stock.reservation import Reservation
from inventory.stockroom import Stockroom
from kernel.clock import zone
from kernel.interval import Interval
from kernel.money import cents
from scenarios.run.layout import USUAL_H, Layout

FIRST_WORK, WORK = 1500, 150
"""Iterations of the search: of a look when people have come on duty, of every later one."""
LONGEST = 0.7
"""Work longer than this share of the longest duty is planned as so long: the rest is done past the end of the day."""
UNTIL_DAYS = 2
"""Added to the planned days: what is late by then counts as late."""
_LONG_AGO = timedelta(days=1)
_NONE, _OPENING = "nothing-promised", "opening-balance"


@dataclass(frozen=True, slots=True)
class Waits:
    """A ticket to be planned.

    Args:
        ticket: its number; `work_s`: what such work takes.
        lines: parts it needs, staged at the place `staged_at`, or carried in a van.
        arrived_s: somebody was there; `lent_s`: a loaner stands there. -1: not.
        held_by: who has its parts in his van, by position; -1: nobody.
    """

    ticket: int
    work_s: int
    lines: tuple[tuple[str, int], ...] = ()
    staged_at: str = ""
    arrived_s: int = -1
    lent_s: int = -1
    held_by: int = -1


@dataclass(frozen=True, slots=True)
class Stands:
    """An engineer on duty: where he is or will be (location number), and when he is expected to be free there."""

    engineer: int
    at: int
    free_s: int


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of duty to be planned: from when to when, how much longer at most, what its use still costs."""

    engineer: int
    start_s: int
    end_s: int
    over_s: int
    call_out_cents: int


@dataclass(frozen=True, slots=True)
class Next:
    """A stop of somebody's day: a ticket, and the places (location numbers) he picks parts up at on the way there."""

    ticket: int
    by_way_of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A ticket given to a partner: for how much, and when he begins."""

    ticket: int
    cents: int
    start_s: int


@dataclass(frozen=True)
class Days:
    """What a look at the desk decided: everybody's stops by (engineer, start of his duty), and what partners do."""

    routes: Mapping[tuple[int, int], tuple[Next, ...]]
    outside: tuple[Asked, ...]


class Desk:
    """The desk of one replication: it knows the plan it made last, and starts from it."""

    def __init__(self, laid: Layout) -> None:
        self._laid, self._starts_at = laid, laid.world.starts_at.astimezone(UTC)
        region = laid.world.region
        self._names = [engineer.id for engineer in region.field.engineers]
        self._homes = [f"home:{name}" for name in self._names]
        self._field = _always_valid(
            region.field, on=laid.world.starts_at.astimezone(zone(region.settings.zone)).date()
        )
        self._stock = Stockroom(
            places=(
                Place(_OPENING, PlaceKind.SUPPLIER, _OPENING),
                *(p for p in region.stock.places if p.kind in OPEN_SHELVES),
            ),
            loaner_classes=region.stock.loaner_classes,
        )
        self._parts = {part.id: part for part in region.stock.parts}
        self._kept = [
            place.id
            for place in self._stock.places
            if place.kind is not PlaceKind.VAN and place.kind in OPEN_SHELVES and place.at is not None
        ]
        self.vans = tuple(engineer.van for engineer in region.field.engineers if engineer.van)
        self._schemes = {**schemes_of(region.field), (_NONE, "1"): _nothing_promised(laid)}
        lengths = [one.end_s - one.start_s for own in laid.duty for one in own]
        self._longest_s = int(LONGEST * max(lengths, default=86_400))
        self._known: dict[int, tuple[Ticket, Visit]] = {}
        self._made: tuple[datetime, Plan] | None = None

    def planned_s(self, work_s: int) -> int:
        """What work is planned as: whole minutes, at most what fits a day."""
        return min(-(-work_s // 60), self._longest_s // 60) * 60

    def look(
        self,
        now_s: int,
        waits: Iterable[tuple[Waits, int, int, int]],
        stands: Iterable[Stands],
        spells: Iterable[Spell],
        vans: Mapping[tuple[str, str], int],
        *,
        afresh: bool,
    ) -> Days:
        """Plan what waits.

        Args:
            now_s: second.
            waits: every ticket, with its source, job and birth.
            stands: everybody on duty now.
            spells: the duties planned with.
            vans: units in vans by (van, part).
            afresh: search long: people have come on duty.
        """
        board = self.board(now_s, list(waits), list(stands), list(spells), vans)
        made = self._made
        in_force = None if made is None else shifted(made[1], board.tick(made[0]))
        budget = Budget(seed=1, work=FIRST_WORK if afresh else WORK)
        turned = replan(board, budget, in_force=in_force, explained=False)
        self._made = board.now, turned.plan
        return self._read(turned.plan, turned.problem, now_s)

    def board(
        self,
        now_s: int,
        waits: list[tuple[Waits, int, int, int]],
        stands: list[Stands],
        spells: list[Spell],
        vans: Mapping[tuple[str, str], int],
    ) -> Board:
        """What is true at a moment; see `look`."""
        now = self._moment(now_s)
        rows = [(one, *self._row(one, source, job, born_s)) for one, source, job, born_s in waits]
        shifts = {(one.engineer, one.start_s): self._shift(one) for one in spells}
        begun = {e: shift for (e, start_s), shift in shifts.items() if start_s <= now_s}
        held = tuple(
            PublishedStop(visit.id, begun[one.held_by].id, now - _LONG_AGO, Lock.ENGINEER)
            for one, _, visit in rows
            if one.held_by in begun
        )
        last_s = max((one.start_s for one in spells), default=now_s)
        region = self._laid.world.region
        settings = replace(
            region.settings, as_of=now, horizon_days=max(0, last_s - now_s) // 86_400 + UNTIL_DAYS
        )
        needs = {
            visit.id: tuple(PartNeed(visit.id, part, units) for part, units in one.lines)
            for one, _, visit in rows
            if one.lines
        }
        field = replace(
            self._field,
            shifts=tuple(shifts.values()),
            tickets=tuple(ticket for _, ticket, _ in rows),
            visits=tuple(visit for _, _, visit in rows),
            part_needs=tuple(need for mine in needs.values() for need in mine),
            published=held,
        )
        roads = self._roads({ticket.site for _, ticket, _ in rows}, {one.at for one in stands})
        return Board(
            region=replace(region, settings=settings, field=field, stock=self._stocked(now, rows, vans)),
            now=now,
            tickets={ticket.id: ticket for _, ticket, _ in rows},
            events={ticket.id: self._events(one, ticket) for one, ticket, _ in rows},
            visits={visit.id: visit for _, _, visit in rows},
            appointments={},
            part_needs=needs,
            published={stop.planned: stop for stop in held},
            standing={
                self._names[one.engineer]: Standing(
                    self._names[one.engineer],
                    now,
                    self._laid.travel.places[one.at],
                    finish=self._moment(one.free_s),
                )
                for one in stands
            },
            begun={},
            partners={},
            roads=roads,
            schemes=self._schemes,
        )

    def _moment(self, at_s: int) -> datetime:
        return self._starts_at + timedelta(seconds=at_s)

    def _shift(self, one: Spell) -> Shift:
        return Shift(
            f"S{one.engineer}-{one.start_s}",
            self._names[one.engineer],
            Interval(self._moment(one.start_s), self._moment(one.end_s)),
            overtime_min=one.over_s // 60,
            call_out=Decimal(one.call_out_cents) / 100,
        )

    def _row(self, one: Waits, source: int, job: int, born_s: int) -> tuple[Ticket, Visit]:
        known = self._known.get(one.ticket)
        if known is None:
            demand = self._laid.world.demand
            of, what = demand.sources[source], demand.jobs[job]
            scheme, version = (of.scheme, of.version) if of.scheme else (_NONE, "1")
            ticket = Ticket(
                f"T{one.ticket}",
                of.site,
                of.asset,
                scheme,
                version,
                what.severity,
                what.kind,
                self._moment(born_s),
            )
            visit = Visit(
                f"V{one.ticket}",
                ticket.id,
                of.site,
                0,
                skills=what.skills,
                certificates=what.certificates,
                tools=what.tools,
                continuous=False,
            )
            known = self._known[one.ticket] = ticket, visit
        return known[0], replace(known[1], duration_min=max(1, self.planned_s(one.work_s) // 60))

    def _events(self, one: Waits, ticket: Ticket) -> tuple[TicketEvent, ...]:
        said = ((one.arrived_s, EventKind.ON_SITE), (one.lent_s, EventKind.LOANER_IN_PLACE))
        return tuple(
            TicketEvent(ticket.id, self._moment(at_s), kind, "desk")
            for at_s, kind in sorted(said)
            if at_s >= 0
        )

    def _stocked(
        self, now: datetime, rows: list[tuple[Waits, Ticket, Visit]], vans: Mapping[tuple[str, str], int]
    ) -> Stockroom:
        lying = {key: units for key, units in vans.items() if units > 0}
        reserved = []
        for one, _, visit in rows:
            if one.staged_at:
                for part, units in one.lines:
                    key = one.staged_at, part
                    lying[key] = lying.get(key, 0) + units
                    reserved.append(
                        Reservation(part, one.staged_at, units, visit.id, id=f"R{visit.id}-{part}")
                    )
        moves = tuple(
            Move(
                id=f"M{number}",
                at=now,
                part=part,
                quantity=units,
                from_place=_OPENING,
                to_place=place,
                condition=Condition.USABLE,
                reason="opening",
                by="desk",
                device="",
                source_document="",
                key=f"M{number}",
            )
            for number, ((place, part), units) in enumerate(sorted(lying.items()))
        )
        parts = tuple(self._parts[part] for part in sorted({part for _, part in lying}))
        return replace(self._stock, parts=parts, moves=moves, reservations=tuple(reserved))

    def _roads(self, sites: set[str], stood: set[int]) -> Travel:
        whole = self._laid.travel
        wanted = {whole.index[f"site:{site}"] for site in sites} | stood
        wanted |= {whole.index[home] for home in self._homes}
        wanted |= {whole.index[f"place:{place}"] for place in self._kept}
        rows = np.array(sorted(wanted))
        cells = np.ix_(rows, rows)
        return Travel(tuple(whole.places[row] for row in rows), whole.seconds[cells], whole.metres[cells])

    def _read(self, plan: Plan, problem: PlanningProblem, now_s: int) -> Days:
        """The plan as the loop's numbers."""
        index = self._laid.travel.index
        routes = {}
        for route in plan.routes:
            engineer, start_s = route.shift.removeprefix("S").split("-")
            stops, before = list[Next](), list[int]()
            for stop in route.stops:
                if stop.kind is StopKind.PICK_UP:
                    before.append(index[f"place:{stop.ref}"])
                elif stop.kind is StopKind.VISIT:
                    visit, _, piece = part_of_trip(stop.ref)
                    if piece == 1:
                        stops.append(Next(int(visit[1:]), tuple(before)))
                        before = []
            routes[int(engineer), int(start_s)] = tuple(stops)
        asked = []
        for one in plan.outside:
            offers = problem.visits[problem.visit_index[one.visit]].outside
            price = next(offer.cents for offer in offers if offer.partner == one.partner)
            asked.append(Asked(int(one.visit[1:]), price, now_s + one.start_s))
        return Days(routes, tuple(asked))


def _always_valid(field: Fieldwork, *, on: date) -> Fieldwork:
    """The people with what is valid at the start, for ever; equipment is known by its tickets alone."""
    return replace(
        field,
        assets=(),
        absences=(),
        certificates=tuple(
            replace(held, valid_until=None)
            for held in field.certificates
            if held.valid_from <= on and (held.valid_until is None or held.valid_until >= on)
        ),
        tools=tuple(
            replace(held, calibrated_until=None)
            for held in field.tools
            if held.calibrated_until is None or held.calibrated_until >= on
        ),
    )


def _nothing_promised(laid: Layout) -> Scheme:
    """Where nothing is promised somebody should be there as soon as is usual (`USUAL_H`), at the price of a late hour."""
    settings = laid.world.region.settings
    late = cents(settings.policy.late_hour)
    return Scheme(
        id=_NONE,
        version="1",
        effective_on=date(2000, 1, 1),
        names={},
        document="",
        zone=settings.zone,
        currency=settings.currency,
        milestones={
            Milestone.REPAIR: {
                severity: Term(Promise.TIMED, CHOSEN, USUAL_H[severity], Unit.HOUR) for severity in Severity
            }
        },
        severity_change=SeverityChange.CARRY,
        breach={Milestone.REPAIR: Breach(Per.HOUR, dict.fromkeys(Severity, late))},
    )
