"""What was wrong with a ticket's equipment and what helped, written down beside the equipment it was."""

from __future__ import annotations

from dataclasses import replace

from dispatch.desk.knowledge import KnowledgeEntry
from storage.dataset import desk_tables, paper_tables, ticket_tables
from storage.desk.facts import record
from storage.idempotency import Reply
from storage.rows.facts import values_in
from storage.unit_of_work import UnitOfWork


def learn(work: UnitOfWork, entry: KnowledgeEntry) -> Reply:
    """Write an entry down: ``{"ticket": id, "new": yes or no}``.

    Where the entry names none, equipment, serial, model and symptom are those of its ticket: repeat faults are
    counted by them.

    Raises:
        Refusal: those of `storage.desk.facts.record`.
    """
    tickets = values_in(work.connection, ticket_tables.TICKETS, work.region, ticket_id=entry.ticket)
    if tickets:
        entry = replace(
            entry, asset=entry.asset or tickets[0].asset, symptom=entry.symptom or tickets[0].symptom
        )
    if entry.asset:
        for asset in values_in(work.connection, desk_tables.ASSETS, work.region, asset_id=entry.asset):
            entry = replace(entry, serial=entry.serial or asset.serial, model=entry.model or asset.model)
    reply = record(work, paper_tables.KNOWLEDGE, entry)
    return {"ticket": entry.ticket, "new": reply["new"]}
