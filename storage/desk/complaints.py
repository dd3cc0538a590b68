"""A customer complains: written down under the scheme of the ticket it is about."""

from __future__ import annotations

from datetime import datetime

from dispatch.desk.complaint import Complaint
from dispatch.desk.scheme_file import find_scheme
from kernel.errors import Refusal
from storage.dataset import owed_tables, ticket_tables
from storage.desk.facts import record
from storage.idempotency import Reply
from storage.rows.facts import values_in
from storage.rows.standing import schemes_in
from storage.unit_of_work import UnitOfWork


def complain(
    work: UnitOfWork,
    complaint: str,
    customer: str,
    text: str,
    *,
    made_at: datetime,
    ticket: str = "",
    scheme: str = "",
    version: str = "",
) -> Reply:
    """Write a complaint down: ``{"complaint": id, "new": yes or no}``.

    Args:
        work: of the command.
        complaint: its number.
        customer: who complains.
        text: his words.
        made_at: when, aware; not after now.
        ticket: the ticket it is about; empty: none.
        scheme: whose clause holds; empty: that of the ticket.
        version: of the scheme; empty: that of the ticket, without one the latest.

    Raises:
        Refusal: ``complaint.which_scheme`` when neither ticket nor scheme says; ``complaint.other_scheme`` when they
            differ; ``scheme.unknown``, ``scheme.unknown_version``; those of `storage.desk.facts.record`.
    """
    known = values_in(work.connection, ticket_tables.TICKETS, work.region, ticket_id=ticket) if ticket else ()
    if known and scheme in {"", known[0].scheme} and version in {"", known[0].version}:
        scheme, version = known[0].scheme, known[0].version
    elif known:
        raise Refusal("complaint.other_scheme", complaint=complaint, ticket=ticket, scheme=known[0].scheme)
    elif not scheme:
        raise Refusal("complaint.which_scheme", complaint=complaint)
    else:
        found = find_scheme(schemes_in(work.connection, work.region), scheme, version=version)
        scheme, version = found.id, found.version
    made = Complaint(complaint, customer, scheme, version, made_at, text, work.actor, ticket)
    reply = record(work, owed_tables.COMPLAINTS, made)
    return {"complaint": complaint, "new": reply["new"]}
