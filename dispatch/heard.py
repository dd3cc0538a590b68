"""What ticket events, positions and absences say of who is where and what has been done, folded."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import UTC, datetime, timedelta
from itertools import count

from dispatch.crew import Absence, Position
from dispatch.desk.life import work_ended
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import CrewRole, PartNeed, Visit
from dispatch.region import Fieldwork, schemes_of
from dispatch.underway import (
    EARLY,
    LEAST_LEFT,
    MOVES_SOMEBODY,
    STOPS,
    Begun,
    PartnerThere,
    Standing,
    Stint,
    done,
    is_return,
    place_at,
    work_of,
)
from kernel.clock import moment
from kernel.ids import natural_key

TOLD_OF_WORK = MOVES_SOMEBODY | {EventKind.REOPENED, EventKind.PART_NEEDED}
"""Kinds that say something of a visit's work."""


@dataclass(frozen=True)
class Heard:
    """What ticket events and positions say.

    Args:
        standings: the last that is known of every engineer somebody has heard of, by engineer.
        begun: what has been done of visits somebody has left, by visit.
        over: visits that are no longer planned: their ticket is done, or everybody has left and nothing remains. Of a
            ticket that was reopened those had begun before: the work that did not hold.
        asked: parts engineers asked for, as needs of the visits they were at, in order of time.
        partners: outside partners who are at work, by visit.
    """

    standings: Mapping[str, Standing]
    begun: Mapping[str, Begun]
    over: frozenset[str]
    asked: tuple[PartNeed, ...] = ()
    partners: Mapping[str, PartnerThere] = dataclass_field(default_factory=dict)


def heard(field: Fieldwork, *, now: datetime | None = None) -> Heard:
    """Fold the ticket events and positions of a region, and the absences that have begun at `now`.

    None for `now`: at the last event or position.

    An engineer's part is the one published for him, else the first that nobody has. Who leaves ends his own part
    only; `LEFT` by somebody who is no engineer ends everybody's. Of work that no shift can hold in one go, and of what
    was published to go on, the rest remains. Work that is broken off (its engineer's absence begins, or the ticket has to
    wait) is not over: what was done of it counts where it lasts several shifts or is continuous, and shorter work is
    begun anew.
    """
    fold = _Fold(field)
    facts: list[TicketEvent | Position] = [e for e in field.ticket_events if e.kind in TOLD_OF_WORK]
    facts += field.positions
    facts.sort(key=lambda fact: fact.at)
    until = now if now is not None else facts[-1].at if facts else None
    gone = (one for one in field.absences if until is not None and one.away.start <= until)
    away = deque(sorted(gone, key=lambda one: one.away.start))
    for fact in facts:
        while away and away[0].away.start < fact.at:
            fold.away(away.popleft())
        fold.take(fact)
    for one in away:
        fold.away(one)
    return fold.result()


def needed_parts(field: Fieldwork) -> tuple[PartNeed, ...]:
    """What visits need: as given, and what engineers asked for on them."""
    if all(event.kind is not EventKind.PART_NEEDED for event in field.ticket_events):
        return field.part_needs
    return (*field.part_needs, *heard(field).asked)


class _Fold:
    """What has been heard so far."""

    def __init__(self, field: Fieldwork) -> None:
        self.field = field
        self.engineers = {engineer.id for engineer in field.engineers}
        self.firms = {partner.id for partner in field.partners}
        self.site_of = {ticket.id: f"site:{ticket.site}" for ticket in field.tickets}
        self.visits = {visit.id: visit for visit in field.visits}
        self.of_tickets = _by_ticket(field.visits)
        self.closed = _closed(field.ticket_events)
        self.roles: dict[str, dict[str, CrewRole]] = {}
        for role in sorted(field.crew_roles, key=lambda role: natural_key(role.role)):
            self.roles.setdefault(role.visit, {})[role.role] = role
        self.promised, self.pieces = _published(field)
        self.one_go = _one_go(field)
        self.spans: dict[str, list[tuple[datetime, datetime]]] = {}
        for row in field.shifts:
            self.spans.setdefault(row.engineer, []).append((row.worked.start, row.worked.end))
        for duty in field.on_call:
            self.spans.setdefault(duty.engineer, []).append((duty.duty.start, duty.duty.end))
        self.found: dict[str, Standing] = {}
        self.there: dict[str, set[str]] = {}
        self.rested: dict[str, datetime] = {}
        self.rests: list[tuple[str, datetime, datetime]] = []
        self.begun: dict[str, Begun] = {}
        self.broken: dict[str, tuple[Standing, datetime | None]] = {}
        """Whose work was broken off and who has not come again, with his absence's beginning; None: it waits."""
        self.partners: dict[str, PartnerThere] = {}
        self.over: set[str] = set()
        self.came: set[str] = set()
        self.asked: list[PartNeed] = []

    def result(self) -> Heard:
        standings = {
            name: replace(one, rested_at=self.rested.get(name))
            for name, one in self.found.items()
            if one.place
        }
        closed = {visit.id for visit in self.visits.values() if visit.ticket in self.closed}
        over = frozenset((self.over | closed) - {""})
        partners = {visit: there for visit, there in self.partners.items() if visit not in over}
        return Heard(standings, self.begun, over, tuple(self.asked), partners)

    def stands(self, now: Standing) -> None:
        """An engineer stands so from now on."""
        before = self.found.get(now.engineer)
        if before is not None and before.visit:
            self.there[before.visit].discard(now.engineer)
        if now.visit:
            self.there.setdefault(now.visit, set()).add(now.engineer)
            self.came.add(now.visit)
            self.broken.pop(now.engineer, None)
        self.found[now.engineer] = now

    def on(self, visit: str) -> list[Standing]:
        """Who is at work on a visit or on the way there, by name."""
        return [self.found[name] for name in sorted(self.there.get(visit, ()))]

    def take(self, fact: TicketEvent | Position) -> None:
        if isinstance(fact, Position):
            self.stands(_seen(fact, self.found.get(fact.engineer)))
            if fact.rested:
                self.rested[fact.engineer] = fact.at
                self.rests.append((fact.engineer, fact.at, fact.free_at or fact.at))
            return
        mine = self.of_tickets.get(fact.ticket, ())
        own = self.found[fact.by].visit if fact.by in self.found else ""
        if fact.by in self.firms:
            mine = (*(name for name in mine if self.promised.get((name, fact.by))), *mine)
        visit = fact.visit or (own if own in mine and own not in self.over else _first(mine, self.over))
        if fact.kind is EventKind.REOPENED:
            self.over |= self.came & set(mine)
        elif fact.kind is EventKind.PART_NEEDED:
            self.asked += [PartNeed(visit, *fact.part_needed)] if visit else []
        elif fact.kind is EventKind.LEFT:
            self.left(fact, visit)
        elif fact.kind in STOPS:
            waits = fact.kind is EventKind.WAITING
            for now in [one for name in mine for one in self.on(name)]:
                if waits and self.broken_off(now, self.until(now, fact)):
                    self.broken[now.engineer] = now, None
                self.stands(_freed(now, fact.at))
            for name in mine:
                self.partners.pop(name, None)
        elif fact.by in self.engineers:
            self.stands(self.went(fact, visit))
        elif fact.by in self.firms and fact.kind is EventKind.ON_SITE and visit:
            self.partners[visit] = PartnerThere(fact.by, fact.at)
            self.came.add(visit)

    def away(self, absence: Absence) -> None:
        """An engineer's absence begins: he is no longer at work, nor on the way there."""
        now, at = self.found.get(absence.engineer), absence.away.start
        if now is None or not now.visit:
            return
        self.broken_off(now, min(at, self.shift_end(now)))
        self.stands(_freed(now, at))
        if not now.travelling:
            self.broken[now.engineer] = now, at

    def broken_off(self, one: Standing, at: datetime) -> bool:
        """Somebody stops before his part is over; whether what he did counts: then it is a stint."""
        if one.travelling or (self.visits[one.visit].bench_min is not None and not one.role):
            return False
        stint = self.stint(one, max(at, one.at))
        before = self.begun.get(one.visit, Begun())
        own, role = done([stint]), self.roles.get(one.visit, {}).get(one.role)
        left = work_of(self.visits[one.visit], role) - done(before.of(one.role))
        later = self.pieces.get((one.visit, one.role), 0) > one.piece
        several = later or bool(before.of(one.role)) or left > self.one_go.get(one.engineer, left)
        if not own or not (several or self.continuous(one.visit)):
            return False
        self.begun[one.visit] = replace(before, stints=(*before.stints, stint))
        return True

    def continuous(self, visit: str) -> bool:
        """Whether the work of a visit goes on, with relief."""
        row = self.visits[visit]
        if row.continuous is not None:
            return row.continuous
        ticket = next(one for one in self.field.tickets if one.id == row.ticket)
        scheme = schemes_of(self.field).get((ticket.scheme, ticket.version))
        return scheme is not None and scheme.continuous

    def shift_end(self, one: Standing) -> datetime:
        """When the shift he came in ends: who has not said that he left went home then."""
        ends = [end for start, end in self.spans.get(one.engineer, ()) if start - EARLY <= one.at < end]
        return min(ends, default=datetime.max.replace(tzinfo=UTC))

    def until(self, one: Standing, event: TicketEvent) -> datetime:
        """How long he was at work, by an event that ends it: as he says himself, else no longer than his shift."""
        return event.at if event.by == one.engineer else min(event.at, max(one.at, self.shift_end(one)))

    def went(self, event: TicketEvent, visit: str) -> Standing:
        """What an engineer's own event makes of his standing; a ticket without a visit moves him all the same."""
        before, site = self.found.get(event.by), self.site_of[event.ticket]
        if event.kind is EventKind.FORECAST_FINISH:
            # A revised finish counts from whoever is at work there.
            if before is not None and before.visit and before.visit == visit and not before.travelling:
                return replace(before, finish=moment(event.value), said=True)
            return before if before is not None else Standing(event.by, event.at, "")
        role, piece = self.part(event.by, visit) if visit else ("", 1)
        if event.kind is EventKind.TRAVELLING:
            here = "" if before is None else before.origin if before.travelling else before.place
            here = here if before is not None and self.same_shift(event.by, before.at, event.at) else ""
            return Standing(
                event.by, event.at, site, visit, travelling=True, origin=here, role=role, piece=piece
            )
        lasts = self.remains(visit, role, event.at, piece=piece) if visit else timedelta()
        return Standing(event.by, event.at, site, visit, finish=event.at + lasts, role=role, piece=piece)

    def same_shift(self, engineer: str, one: datetime, two: datetime) -> bool:
        """Whether two moments belong together: where somebody was last night is not where he sets out this morning."""
        spans = self.spans.get(engineer, ())
        return two - one <= EARLY or any(start <= one and two < end for start, end in spans)

    def part(self, engineer: str, visit: str) -> tuple[str, int]:
        """The part of a visit an engineer is on, or takes up."""
        now = self.found.get(engineer)
        if now is not None and now.visit == visit:
            return now.role, now.piece
        begun = self.begun.get(visit, Begun())
        others = self.on(visit)
        before = [stint.role for stint in begun.stints if stint.engineer == engineer]
        promised = self.promised.get((visit, engineer), ())
        gone = {one.role for one in others} | begun.ended
        free = [role for role in ("", *self.roles.get(visit, ())) if role not in gone]
        role = (*before[-1:], *(role for role, _ in promised[:1]), *free, "")[0]
        taken = {stint.piece for stint in begun.of(role)} | {one.piece for one in others if one.role == role}
        mine = (piece for own, piece in promised if own == role and piece not in taken)
        return role, next(mine, None) or next(piece for piece in count(1) if piece not in taken)

    def remains(self, visit: str, role: str, at: datetime, *, piece: int) -> timedelta:
        """The work of a role that remains at a moment, by those who have been there until then."""
        whole = work_of(self.visits[visit], self.roles.get(visit, {}).get(role), piece=piece)
        if piece > 1 and is_return(self.visits[visit], role, piece):
            return whole
        there = [
            (one.at, at)
            for one in self.on(visit)
            if one.role == role and not one.travelling and one.piece < piece
        ]
        stints = [stint for stint in self.begun.get(visit, Begun()).of(role) if stint.left <= at]
        left = whole - done(stints, there)
        return left if left > timedelta() else LEAST_LEFT

    def left(self, event: TicketEvent, visit: str) -> None:
        """Somebody has left a visit."""
        if visit not in self.visits:
            return
        there = self.on(visit)
        everybody = event.by not in self.engineers
        firm = self.partners.pop(visit, None) if everybody else None
        if firm is not None and firm.partner == event.by:
            # He did it whole; ours who are there as well leave by themselves.
            self.over |= set() if there else {visit}
            return
        leaving = [one for one in there if everybody or event.by == one.engineer]
        broken = [
            one
            for one, _ in self.broken.values()
            if one.visit == visit and (everybody or event.by == one.engineer)
        ]
        for one in broken:
            self.went_home(one, event)
        if broken and not leaving:
            return
        ended = [self.stint(one, event.at) for one in leaving]
        if not ended:
            role, piece = self.part(event.by, visit)
            ended = [Stint(role, piece, event.by, event.at, event.at)]
        for one in leaving:
            self.stands(_freed(one, event.at))
        staying = {one.role for one in there if one not in leaving}
        before = self.begun.get(visit, Begun())
        self.begun[visit] = begun = Begun((*before.stints, *ended), before.ended)
        over = {stint.role for stint in ended if not self.goes_on(visit, stint)} - staying
        self.begun[visit] = begun = replace(begun, ended=begun.ended | over)
        if not staying and visit not in self.partners and self.roles_over(visit, begun):
            self.over.add(visit)

    def went_home(self, one: Standing, event: TicketEvent) -> None:
        """Somebody leaves whose work was broken off: who has been there past his absence's beginning worked until then."""
        _, since = self.broken.pop(one.engineer)
        before = self.begun.get(one.visit)
        if since is None or before is None or not self.same_shift(one.engineer, one.at, event.at):
            return
        known = self.stint(one, min(since, self.shift_end(one)))
        stints = tuple(self.stint(one, event.at) if stint == known else stint for stint in before.stints)
        self.begun[one.visit] = replace(before, stints=stints)

    def stint(self, one: Standing, left: datetime) -> Stint:
        """What somebody did who leaves."""
        began = left if one.travelling else one.at
        rests = ((at, min(until, left)) for name, at, until in self.rests if name == one.engineer)
        rested = sum((until - at for at, until in rests if began <= at < until), timedelta())
        return Stint(one.role, one.piece, one.engineer, began, left, rested)

    def goes_on(self, visit: str, stint: Stint) -> bool:
        """Whether something of its part remains once a stint is over: what was published to go on, or fits no shift."""
        row = self.visits[visit]
        if not stint.role and row.bench_min is not None:
            return not is_return(row, stint.role, stint.piece)
        left = self.remains(visit, stint.role, stint.left, piece=stint.piece + 1)
        own = done([stint])
        if left <= LEAST_LEFT or not own:
            return False
        later = self.pieces.get((visit, stint.role), 0) > stint.piece
        before = left + own
        return later or before > self.one_go.get(stint.engineer, before)

    def roles_over(self, visit: str, begun: Begun) -> bool:
        """Whether nobody's part remains: a mate who was to come at the same time as one who has left will not come."""
        if "" not in begun.ended:
            return False
        came = {stint.role for stint in begun.stints}
        return all(
            name in begun.ended or (name not in came and not role.within_min)
            for name, role in self.roles.get(visit, {}).items()
        )


def _closed(events: Iterable[TicketEvent]) -> set[str]:
    """Tickets whose work is over and that were not reopened since."""
    by_ticket: dict[str, list[TicketEvent]] = {}
    for event in sorted(events, key=lambda event: event.at):
        by_ticket.setdefault(event.ticket, []).append(event)
    return {ticket for ticket, own in by_ticket.items() if work_ended(own)}


def _published(
    field: Fieldwork,
) -> tuple[dict[tuple[str, str], tuple[tuple[str, int], ...]], dict[tuple[str, str], int]]:
    """Each engineer's roles and pieces, by visit and engineer; the last piece of each visit's role."""
    of_shift = {shift.id: shift.engineer for shift in field.shifts}
    of_shift |= {duty.id: duty.engineer for duty in field.on_call}
    promised: dict[tuple[str, str], tuple[tuple[str, int], ...]] = {}
    pieces: dict[tuple[str, str], int] = {}
    for stop in sorted(field.published, key=lambda stop: stop.piece):
        who = stop.visit, stop.partner or of_shift.get(stop.shift, "")
        promised[who] = (*promised.get(who, ()), (stop.role, stop.piece))
        pieces[stop.visit, stop.role] = stop.piece
    return promised, pieces


def _one_go(field: Fieldwork) -> dict[str, timedelta]:
    """The longest time each engineer can be at work without a break, whatever the way there, by engineer."""
    found: dict[str, timedelta] = {}
    for shift in field.shifts:
        end, rest = shift.worked.end + timedelta(minutes=shift.overtime_min), shift.break_between
        spans = [end - shift.worked.start]
        if rest is not None:
            after = rest.start + timedelta(minutes=shift.break_min)
            spans = [rest.end - shift.worked.start, end - after]
        found[shift.engineer] = max(found.get(shift.engineer, timedelta()), *spans)
    for duty in field.on_call:
        length = duty.duty.end - duty.duty.start
        found[duty.engineer] = max(found.get(duty.engineer, timedelta()), length)
    return found


def _by_ticket(visits: Iterable[Visit]) -> Mapping[str, tuple[str, ...]]:
    by_ticket: dict[str, list[str]] = {}
    for visit in sorted(visits, key=lambda visit: natural_key(visit.id)):
        by_ticket.setdefault(visit.ticket, []).append(visit.id)
    return {ticket: tuple(of_one) for ticket, of_one in by_ticket.items()}


def _first(visits: Iterable[str], over: Collection[str]) -> str:
    """The first visit of a ticket that is not over; empty: none."""
    return next((visit for visit in visits if visit not in over), "")


def _freed(now: Standing, at: datetime) -> Standing:
    """He is free where he stands; who turned round on the road, where he set out."""
    return Standing(now.engineer, at, now.place if not now.travelling else now.origin)


def _seen(seen: Position, before: Standing | None) -> Standing:
    """A position says where he is; what is under way goes on."""
    if before is not None and before.visit:
        if not before.travelling:
            return before
        return replace(before, origin=place_at(seen.spot), at=seen.at, finish=seen.free_at)
    return Standing(seen.engineer, seen.at, place_at(seen.spot), finish=seen.free_at)
