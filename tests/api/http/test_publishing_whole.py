"""A plan published as a whole, of which something no longer holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from api.stored import opened
from api.usecases.asking import ask_for_plan
from api.usecases.deciding import stored_proposal, take_proposal
from api.usecases.importing import import_into
from api.usecases.plan_run import Ask, make_plan
from api.worker import Worker
from dispatch.crew import Skill
from dispatch.desk.ticket import EventKind, TicketEvent
from kernel.envelope import Envelope
from storage.database import Database
from storage.dataset.write import written_digest
from storage.desk.tickets import happened
from tests.api.http.conftest import StandingClock
from tests.dispatch.test_proposal import town


@pytest.fixture
def store(url: str) -> Iterator[Database]:
    """A database with nothing in it yet."""
    with opened(url, fresh=True) as database:
        yield database


def test_what_still_holds_of_a_whole_plan_is_published_and_the_rest_listed(store: Database) -> None:
    """A plan of eight visits: that one of them was reported on meanwhile does not keep the other engineers at home."""
    plain = town()
    region = replace(plain, field=replace(plain.field, skill_catalogue=(Skill("HV", "High voltage"),)))
    import_into(store, region, digest=written_digest(region), as_of=None)
    now = region.settings.as_of

    def told(key: str) -> Envelope:
        return Envelope("dispatcher", "desk", now, key, region.settings.id)

    ask_for_plan(store, told("ask"), "first", Ask(now, seed=1, work=60, seconds=None))
    assert Worker(store, "w-1", solve=make_plan, clock=StandingClock(now)).once() is not None
    with store.reading() as connection:
        parts = stored_proposal(connection, region.settings.id, "first").parts
    heard = parts[0].visits[0].replace("V", "T")
    store.run(
        told("heard"), lambda work: happened(work, TicketEvent(heard, now, EventKind.ACKNOWLEDGED, "desk"))
    )

    reply = take_proposal(store, told("take"), "first", parts=None)

    assert len(parts) > 1
    assert reply["taken"] == [part.number for part in parts[1:]]
    assert [(one["part"], one["code"]) for one in reply["conflicts"]] == [(1, "proposal.visit_changed")]
