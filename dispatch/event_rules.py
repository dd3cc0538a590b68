"""What an event has to agree with for a board to take it: a new ticket, a new visit with all its lines, a plan to publish."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dispatch.desk.belonging import misplaced, outside_terms
from dispatch.desk.life import check_history
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import Ticket, TicketEvent
from dispatch.desk.visit import LEAD, CrewRole, Lock, PublishedStop, Visit, closing
from dispatch.event import VisitRequested
from dispatch.region import Fieldwork, Region
from kernel.errors import Refusal
from kernel.interval import Interval


def check_ticket(ticket: Ticket, region: Region) -> None:
    """Say whether a ticket is new, and about equipment and a contract there are, at its site and in force.

    Raises:
        Refusal: ``board.ticket_known``, ``board.unknown_asset``, ``board.unknown_contract``; those of
            `dispatch.desk.belonging`.
    """
    field = region.field
    if any(ticket.id == one.id for one in field.tickets) or any(
        ticket.id == one.ticket for one in field.closed_tickets
    ):
        raise Refusal("board.ticket_known", ticket=ticket.id)
    if ticket.asset and all(ticket.asset != one.id for one in field.assets):
        raise Refusal("board.unknown_asset", ticket=ticket.id, asset=ticket.asset)
    if ticket.contract and all(ticket.contract != one.id for one in field.contracts):
        raise Refusal("board.unknown_contract", ticket=ticket.id, contract=ticket.contract)
    site_of = {asset.id: asset.site for asset in field.assets}
    customer_of = {site.id: site.customer for site in field.sites}
    signed_by = {contract.id: contract.customer for contract in field.contracts}
    for _, refusal in misplaced(ticket, site_of=site_of, customer_of=customer_of, signed_by=signed_by):
        raise refusal
    for contract in (one for one in field.contracts if one.id == ticket.contract):
        for _, refusal in outside_terms(ticket, contract, zone_name=region.settings.zone):
            raise refusal


def history_with(
    happened: TicketEvent, ticket: Ticket, before: tuple[TicketEvent, ...], scheme: Scheme
) -> tuple[TicketEvent, ...]:
    """A ticket's events in order of time with one more.

    Raises:
        Refusal: ``ticket.*`` where one more makes wrong what was not wrong before.
    """
    history = tuple(sorted((*before, happened), key=lambda event: event.at))
    said = {(flaw.code, str(flaw.message.params)) for flaw in check_history(ticket, before, scheme)}
    for flaw in check_history(ticket, history, scheme):
        if (flaw.code, str(flaw.message.params)) not in said:
            raise flaw
    return history


def check_request(
    event: VisitRequested, ticket: Ticket, field: Fieldwork, open_visits: Collection[str]
) -> None:
    """Say whether a visit is new, and what comes with it is about it and can be.

    Raises:
        Refusal: ``board.visit_known``, ``board.unknown_site``, ``dataset.visit_elsewhere``,
            ``board.line_of_other_visit``, ``board.unknown_visit``, ``dataset.order_in_circle``,
            ``dataset.crew_at_workshop``, ``dataset.role_twice``, ``board.unknown_skill``, ``board.unknown_certificate``, ``board.unknown_tool``.
    """
    visit = event.visit
    if any(known.id == visit.id for known in field.visits):
        raise Refusal("board.visit_known", visit=visit.id)
    if all(site.id != visit.site for site in field.sites):
        raise Refusal("board.unknown_site", visit=visit.id, site=visit.site)
    if visit.site != ticket.site:
        raise Refusal("dataset.visit_elsewhere", ticket=ticket.id, site=ticket.site)
    mine = [line.visit for line in event.appointments] + [line.visit for line in event.part_needs]
    for other in (*mine, *(role.visit for role in event.crew)):
        if other != visit.id:
            raise Refusal("board.line_of_other_visit", visit=visit.id, other=other)
    for order in event.order:
        if visit.id not in {order.visit, order.after}:
            raise Refusal("board.line_of_other_visit", visit=visit.id, other=order.visit)
        for name in {order.visit, order.after} - {visit.id}:
            _open(name, open_visits)
    circle = next(closing((*field.visit_order, *event.order)), None)
    if circle is not None:
        raise Refusal("dataset.order_in_circle", visit=circle.visit, after=circle.after)
    if event.crew and visit.bench_min is not None:
        raise Refusal("dataset.crew_at_workshop", visit=visit.id)
    taken = {visit.role or LEAD} if event.crew else set[str]()
    for role in event.crew:
        if role.role in taken:
            raise Refusal("dataset.role_twice", visit=visit.id, role=role.role)
        taken.add(role.role)
    _can_be_met(event, field)


def _can_be_met(event: VisitRequested, field: Fieldwork) -> None:
    """Refuse what nobody has heard of: a word nobody holds is more likely misspelt than a rule out for everybody."""
    visit = event.visit
    needs: tuple[Visit | CrewRole, ...] = (visit, *event.crew)
    skills = {skill.id for skill in field.skill_catalogue} | {held.skill for held in field.skills}
    for skill, _ in (pair for one in needs for pair in one.skills):
        if skill not in skills:
            raise Refusal("board.unknown_skill", visit=visit.id, skill=skill)
    certificates = {held.certificate for held in field.certificates}
    certificates |= {name for partner in field.partners for name in partner.certificates}
    for name in (name for one in needs for name in one.certificates):
        if name not in certificates:
            raise Refusal("board.unknown_certificate", visit=visit.id, certificate=name)
    tools = {held.tool for held in field.tools}
    for name in (name for one in needs for name in one.tools):
        if name not in tools:
            raise Refusal("board.unknown_tool", visit=visit.id, tool=name)


def check_stops(stops: Sequence[PublishedStop], field: Fieldwork, open_visits: Collection[str]) -> None:
    """Say whether stops can be what people go by: open visits, each part once, with somebody there is.

    Raises:
        Refusal: ``board.unknown_visit``, ``board.unknown_shift``, ``board.unknown_partner``, ``board.published_twice``,
            ``dataset.unknown_role``, ``dataset.lock_outside_appointment``.
    """
    shifts = {shift.id for shift in field.shifts} | {duty.id for duty in field.on_call}
    partners = {partner.id for partner in field.partners}
    roles = {(role.visit, role.role) for role in field.crew_roles}
    agreed: dict[str, list[Interval]] = {}
    for one in field.appointments:
        agreed.setdefault(one.visit, []).append(one.window)
    seen: set[str] = set()
    for stop in stops:
        _open(stop.visit, open_visits)
        if stop.partner and stop.partner not in partners:
            raise Refusal("board.unknown_partner", visit=stop.visit, partner=stop.partner)
        if not stop.partner and stop.shift not in shifts:
            raise Refusal("board.unknown_shift", visit=stop.visit, shift=stop.shift)
        if stop.role and (stop.visit, stop.role) not in roles:
            raise Refusal("dataset.unknown_role", visit=stop.visit, role=stop.role)
        if stop.planned in seen:
            raise Refusal("board.published_twice", visit=stop.planned)
        seen.add(stop.planned)
        if lock_outside(stop, agreed.get(stop.visit, ())):
            raise Refusal("dataset.lock_outside_appointment", visit=stop.visit, lock=str(stop.lock))


def lock_outside(stop: PublishedStop, agreed: Sequence[Interval]) -> bool:
    """Whether a start that may not be changed lies outside every time the customer agreed to.

    He agreed to when work begins: of a visit in several parts, to the first one's start.
    """
    held = stop.lock in {Lock.TIME, Lock.BOTH} and stop.planned == stop.visit
    return held and bool(agreed) and not any(stop.starts_at in window for window in agreed)


def _open(name: str, open_visits: Collection[str]) -> None:
    if name not in open_visits:
        raise Refusal("board.unknown_visit", visit=name)
