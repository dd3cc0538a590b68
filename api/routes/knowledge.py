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
from api.wire.page import CursorAsked, LimitAsked, next_in, page_by, place_in
from api.wire.written import carried_out
from dispatch.desk.knowledge import KnowledgeEntry
from kernel.errors import Refusal
from storage.desk.learning import learn
from storage.idempotency import Reply
from storage.rows.knowledge import hits_of, last_entry
from storage.unit_of_work import UnitOfWork

router = APIRouter(
    prefix="/v1/knowledge", tags=["knowledge"], dependencies=[Depends(strict)], route_class=StrictRoute
)

BEST = "best"
"""The one order of what is found."""


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
    limit: LimitAsked = 20,
    after: CursorAsked = "",
) -> KnowledgeFoundOut:
    """Find what was wrong and what helped, the best first; every word has to stand in the entry."""
    # How well an entry is found hangs on all there are: a cursor ends with the last there was when the search began.
    started = place_in(after, BEST, (BEST,))
    with asked.database.reading() as connection:
        until = started[-1] if started else last_entry(connection, asked.region)
        if type(until) is not int:
            raise Refusal("request.bad_cursor")
        found = hits_of(connection, asked.region, q, public_only=public, until=until)
    shown, last = page_by(found, lambda hit: (*hit.stands, until), after=started, limit=limit)
    entries = with_names(asked, [_out(hit.entry) for hit in shown])
    return KnowledgeFoundOut(region=asked.region, query=q, entries=entries, next=next_in(BEST, last))


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
