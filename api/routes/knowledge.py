"""Knowledge: found by words, written down when a repair is done."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.asked import strict
from api.auth.action import Action
from api.auth.called import with_names
from api.auth.door import Asked, Command, may, may_write
from api.schemas.knowledge import KnowledgeFoundOut, KnowledgeIn, KnowledgeOut, KnowledgeWrittenOut
from api.wire.body import StrictRoute
from api.wire.written import carried_out
from dispatch.desk.knowledge import KnowledgeEntry
from storage.desk.learning import learn
from storage.idempotency import Reply
from storage.rows.knowledge import search
from storage.unit_of_work import UnitOfWork

router = APIRouter(
    prefix="/v1/knowledge", tags=["knowledge"], dependencies=[Depends(strict)], route_class=StrictRoute
)


@router.get("")
def find(
    asked: Annotated[Asked, may(Action.KNOWLEDGE_READ)],
    q: Annotated[
        str,
        Query(
            min_length=1, max_length=200, description="Words in any order; two Chinese characters are a word."
        ),
    ],
    public: Annotated[bool, Query(description="Only what customers may see.")] = False,
    most: Annotated[int, Query(ge=1, le=100, description="Entries at most.")] = 20,
) -> KnowledgeFoundOut:
    """Find what was wrong and what helped, the best first; every word has to stand in the entry."""
    with asked.database.reading() as connection:
        found = search(connection, asked.region, q, public_only=public, most=most)
    entries = with_names(asked, [_out(one) for one in found])
    return KnowledgeFoundOut(region=asked.region, query=q, entries=entries)


@router.post("", status_code=201)
def write_entry(
    command: Annotated[Command, may_write(Action.KNOWLEDGE_WRITE)], body: KnowledgeIn
) -> KnowledgeWrittenOut:
    """Write down cause and solution of a ticket; the equipment and its model are those of the ticket."""

    def written(work: UnitOfWork) -> Reply:
        entry = KnowledgeEntry(
            body.ticket,
            body.at or work.now,
            command.principal.user,
            body.cause,
            body.solution,
            symptom=body.symptom,
            problem=body.problem,
            customer_caused=body.customer_caused,
            public=body.public,
        )
        return learn(work, entry)

    return KnowledgeWrittenOut.model_validate(carried_out(command.database, command.envelope, written))


def _out(one: KnowledgeEntry) -> KnowledgeOut:
    return KnowledgeOut(
        ticket=one.ticket,
        at=one.at,
        by=one.by,
        cause=one.cause,
        solution=one.solution,
        asset=one.asset,
        serial=one.serial,
        model=one.model,
        symptom=one.symptom,
        problem=one.problem,
        customer_caused=one.customer_caused,
        public=one.public,
    )
