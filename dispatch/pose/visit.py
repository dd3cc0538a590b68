"""One visit of the desk as one visit of a problem, before it is parted among people and days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from dispatch import problem as posed
from dispatch.board import Board
from dispatch.desk.customer import Wish
from dispatch.desk.milestone import Milestone, Severity
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import EventKind, Ticket
from dispatch.desk.visit import Visit
from dispatch.pose.index import Index
from dispatch.pose.supply import grant, part_lines
from kernel.ids import natural_key
from kernel.money import cents

HOUR_S = 3600


def whole(board: Board, index: Index, visit: Visit) -> posed.Visit:
    """The visit with everything it needs and everything it is promised, by one engineer in one go."""
    ticket = board.ticket(visit.ticket)
    scheme, severity = board.scheme(ticket), severity_now(board, ticket)
    policy = board.region.settings.policy
    due = {milestone: clock.due_at for milestone, clock in board.clocks(ticket).items() if clock.is_open}
    finish = Milestone.REPAIR if Milestone.REPAIR in due else Milestone.DELIVER
    wishes = _wishes(board, index, visit)
    preferred = _of(index, wishes, Wish.PREFERRED)
    territory = index.sites[visit.site].territory
    return posed.Visit(
        id=visit.id,
        ticket=visit.ticket,
        place=board.roads.index[f"site:{visit.site}"],
        service_s=visit.duration_min * 60,
        earliest_s=max(0, board.tick(visit.earliest_at)) if visit.earliest_at else 0,
        left_out=cents(policy.left_out[severity]),
        windows=_windows(board, visit),
        skills=index.skill_levels(visit.skills),
        certificates=index.certificate_indices(visit.certificates),
        tools=index.tool_indices(visit.tools),
        parts=()
        if _tested(board, visit)
        else part_lines(board, index, visit, original_only=scheme.original_only),
        arrive=_lateness(board, scheme, severity, Milestone.ARRIVE, due),
        repair=_lateness(board, scheme, severity, finish, due),
        substitute=_lateness(board, scheme, severity, Milestone.SUBSTITUTE, due),
        loaner=grant(board, index, visit, ticket, scheme) if due.get(Milestone.SUBSTITUTE) else None,
        barred=_of(index, wishes, Wish.BARRED),
        preferred=preferred,
        other_engineer_cents=cents(policy.other_engineer) if preferred else 0,
        territory=index.territories.index(territory) if territory else -1,
    )


def _tested(board: Board, visit: Visit) -> bool:
    """Whether the unit has passed its test in the workshop since it was collected: what it needed is fitted."""
    if visit.bench_min is None:
        return False
    marks = [
        event.kind
        for event in board.events.get(visit.ticket, ())
        if event.kind in {EventKind.COLLECTED, EventKind.TESTED} and event.at <= board.now
    ]
    return bool(marks) and marks[-1] is EventKind.TESTED


def severity_now(board: Board, ticket: Ticket) -> Severity:
    """The ticket's severity after every change so far."""
    changes = [
        e.value
        for e in board.events.get(ticket.id, ())
        if e.kind is EventKind.SEVERITY_CHANGED and e.at <= board.now
    ]
    return Severity(changes[-1]) if changes else ticket.severity


def finishing_visits(board: Board, visits: Iterable[Visit]) -> Mapping[str, str]:
    """The visit that ends a ticket's work, by ticket: of those no other one waits for, the last by id."""
    named = {visit.id: visit.ticket for visit in visits}
    waited_for = {
        order.after
        for order in board.region.field.visit_order
        if order.visit in named and named[order.visit] == named.get(order.after)
    }
    last: dict[str, str] = {}
    for visit in sorted(named, key=natural_key):
        if visit not in waited_for:
            last[named[visit]] = visit
    return last


def _wishes(board: Board, index: Index, visit: Visit) -> Mapping[str, Wish]:
    """What the customer says about engineers, by engineer; what is said for the site goes before."""
    customer = index.sites[visit.site].customer
    said = board.region.field.wishes
    return {
        **{wish.engineer: wish.wish for wish in said if wish.customer == customer},
        **{wish.engineer: wish.wish for wish in said if wish.site == visit.site},
    }


def _of(index: Index, wishes: Mapping[str, Wish], wish: Wish) -> tuple[int, ...]:
    return tuple(sorted(index.engineers.index(engineer) for engineer, said in wishes.items() if said is wish))


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
