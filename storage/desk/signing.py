"""The customer signs: the signed form, who signed it and the confirmation, in one transaction."""

from __future__ import annotations

from datetime import datetime

from dispatch.desk.life import state_of
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.triage import work_of
from dispatch.desk.work_order import Signature, check_signing, work_order
from storage.appended import queue
from storage.dataset import desk_tables, paper_tables
from storage.desk.contents import digest_of
from storage.desk.intake import Brought, attach
from storage.desk.tickets import check_past, ticket_known, write_event
from storage.idempotency import Reply, once
from storage.rows.facts import add, values_in
from storage.rows.standing import practice_in
from storage.unit_of_work import UnitOfWork


def sign(
    work: UnitOfWork,
    ticket: str,
    form: Brought,
    *,
    by: str,
    name: str,
    remark: str = "",
    at: datetime | None = None,
) -> Reply:
    """Keep a signed form, say who signed it, and confirm the ticket with its digest: ``{"ticket": id, "version": events}``.

    Args:
        work: of the command.
        ticket: its number.
        form: picture of the signed form.
        by: the engineer who held it out.
        name: who signed, as typed.
        remark: what he added.
        at: when, where that was before now (written down without a connection); None: now.

    Raises:
        Refusal: ``work_order.*``, ``intake.attachment_*``, ``ticket.*``, ``desk.unknown_ticket``, ``desk.ahead_of_now``.
    """
    digest, signed_at = digest_of(form.content), at or work.now
    content = {"ticket": ticket, "digest": digest, "name": name, "remark": remark, "by": by}
    if at is not None:
        content["at"] = at.isoformat()

    def act() -> Reply:
        queue(work)
        known = ticket_known(work, ticket)
        check_past(work, (signed_at,))
        there = work.connection, work.region
        site = values_in(*there[:1], desk_tables.SITES, there[1], site_id=known.ticket.site)[0]
        way = state_of(known.ticket, known.events, work.now).way
        signed = Signature(ticket, signed_at, by, name, digest, remark)
        order = work_order(
            known.ticket,
            known.events,
            signed_at,
            customer=values_in(*there[:1], desk_tables.CUSTOMERS, there[1], customer_id=site.customer)[0],
            site=site,
            asset=None,
            work=work_of(practice_in(*there), known.ticket.kind, way),
            answers=values_in(*there[:1], paper_tables.CHECKLIST_ANSWERS, there[1], ticket_id=ticket),
        )
        for refusal in check_signing(order, signed):
            raise refusal
        attach(work, ticket, (form,), by=by)
        add(work, paper_tables.SIGNATURES, (signed,))
        told = TicketEvent(ticket, signed_at, EventKind.VERIFIED, by, value=digest)
        return {"ticket": ticket, "version": write_event(work, told)}

    return once(work, "ticket.sign", content, act)
