"""The customer signs: the signed form, who signed it and the confirmation, in one transaction."""

from __future__ import annotations

from dispatch.desk.practice_file import builtin_practice
from dispatch.desk.ticket import EventKind, TicketEvent, Way
from dispatch.desk.work_order import Signature, check_signing, work_order
from storage.appended import queue
from storage.dataset import desk_tables, paper_tables
from storage.desk.contents import digest_of
from storage.desk.intake import Brought, attach
from storage.desk.tickets import ticket_known, write_event
from storage.idempotency import Reply, once
from storage.rows.facts import add, values_in
from storage.unit_of_work import UnitOfWork


def sign(work: UnitOfWork, ticket: str, form: Brought, *, by: str, name: str, remark: str = "") -> Reply:
    """Keep a signed form, say who signed it, and confirm the ticket with its digest: ``{"ticket": id, "version": events}``.

    Args:
        work: of the command.
        ticket: its number.
        form: picture of the signed form.
        by: the engineer who held it out.
        name: who signed, as typed.
        remark: what he added.

    Raises:
        Refusal: ``work_order.*``, ``intake.attachment_*``, ``ticket.*``, ``desk.unknown_ticket``.
    """
    digest = digest_of(form.content)
    content = {"ticket": ticket, "digest": digest, "name": name, "remark": remark, "by": by}

    def act() -> Reply:
        queue(work)
        known = ticket_known(work, ticket)
        there = work.connection, work.region
        site = values_in(*there[:1], desk_tables.SITES, there[1], site_id=known.ticket.site)[0]
        signed = Signature(ticket, work.now, by, name, digest, remark)
        order = work_order(
            known.ticket,
            known.events,
            work.now,
            customer=values_in(*there[:1], desk_tables.CUSTOMERS, there[1], customer_id=site.customer)[0],
            site=site,
            asset=None,
            work=builtin_practice().works.get((known.ticket.kind, _way(known.events))),
            answers=values_in(*there[:1], paper_tables.CHECKLIST_ANSWERS, there[1], ticket_id=ticket),
        )
        for refusal in check_signing(order, signed):
            raise refusal
        attach(work, ticket, (form,), by=by)
        add(work, paper_tables.SIGNATURES, (signed,))
        told = TicketEvent(ticket, work.now, EventKind.VERIFIED, by, value=digest)
        return {"ticket": ticket, "version": write_event(work, told)}

    return once(work, "ticket.sign", content, act)


def _way(events: tuple[TicketEvent, ...]) -> Way:
    said = [event.value for event in events if event.kind is EventKind.TRIAGED and event.value]
    if any(event.kind is EventKind.COLLECTED for event in events):
        return Way.WORKSHOP
    return Way(said[-1]) if said else Way.ON_SITE
