"""A courier a published plan takes: on the storekeeper's list until it is sent, then on the way, then there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from api.stored import opened
from api.usecases.asking import ask_for_plan
from api.usecases.deciding import take_proposal
from api.usecases.importing import import_into
from api.usecases.plan_run import Ask, make_plan
from api.worker import Worker
from dispatch.crew import Skill
from inventory.stock.transfer import Goods
from kernel.envelope import Envelope
from storage.check import untrue
from storage.database import Database
from storage.dataset.write import written_digest
from storage.scope import Scope
from storage.stock.commands import receive_transfer, send
from storage.tables.people import Role
from tests.api.http.conftest import StandingClock
from tests.dispatch.test_bringing import world
from tests.people_builders import QUICK, bearer
from tests.regions import AS_OF

BOARD = {Goods("P-1"): 1}


@pytest.fixture
def store(url: str) -> Iterator[Database]:
    """A database with nothing in it yet."""
    with opened(url, fresh=True) as database:
        yield database


def test_what_a_published_plan_takes_is_sent_followed_and_received(store: Database) -> None:
    """The plan takes the courier; the store sees it, sends it, the van takes it in; nothing is asked for twice."""
    plain = world({"D-1": 1})
    region = replace(plain, field=replace(plain.field, skill_catalogue=(Skill("HV", "High voltage"),)))
    import_into(store, region, digest=written_digest(region), as_of=None)

    def envelope(key: str) -> Envelope:
        return Envelope("dispatcher", "desk", AS_OF, key, "tiny")

    with TestClient(
        make_app(store, clock=StandingClock(AS_OF), settings=QUICK),
        headers=bearer(store, Role.MANAGER, now=AS_OF),
    ) as client:

        def listed(**headers: str) -> list[tuple[str, str, int]]:
            answer = client.get("/v1/deliveries/to-bring", headers=headers)
            assert answer.status_code == 200, answer.text
            return [(one["delivery"], one["stage"], one["left"]) for one in answer.json()["rows"]]

        before = listed()
        ask_for_plan(store, envelope("ask"), "first", Ask(AS_OF, seed=1, work=200, seconds=None))
        assert Worker(store, "w-1", solve=make_plan, clock=StandingClock(AS_OF)).once() is not None
        take_proposal(store, envelope("take"), "first", parts=None)
        asked = listed()
        take_proposal(store, envelope("take"), "first", parts=None)
        again = listed()
        depots = [
            listed(**bearer(store, Role.STOREKEEPER, Scope(regions=("tiny",), depots=(depot,)), now=AS_OF))
            for depot in ("D-1", "D-9")
        ]
        ways = client.get("/v1/visits/V-1/sources?part=P-1").json()
        store.run(
            envelope("send"),
            lambda work: send(work, asked[0][0], BOARD, from_place="D-1", to_place="VAN-1", transit="ROAD"),
        )
        sent = listed()
        store.run(
            envelope("arrive"),
            lambda work: receive_transfer(
                work, asked[0][0], BOARD, to_place="VAN-1", transit="ROAD", adjustment="ADJUST"
            ),
        )

        assert (before, asked) == ([], [("V-1/P-1/courier/D-1", "to_send", 1)])
        assert again == asked
        assert depots == [asked, []], "a storekeeper sees what his own depot sends"
        assert [(one["kind"], one["source"], one["free"]) for one in ways["ways"]] == [
            ("courier", "D-1", 1),
            ("pick_up", "D-1", 1),
        ]
        assert all(one["why"]["text"] for one in (*ways["ways"], *ways["closed"]))
        assert sent == [("V-1/P-1/courier/D-1", "on_the_way", 1)]
        assert listed() == []
        assert untrue(store) == []
