"""A board with something supposed, and what would fit a gap: computed from the plan in force, nothing kept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient

from api.usecases.in_force import carried_on
from api.usecases.supposing import SupposedMove, Supposing, explained, supposed
from dispatch.cost import cost
from dispatch.explain import reasons
from dispatch.verify import violations
from kernel.clock import moment
from storage.audit import revision
from storage.database import Database
from storage.rows.region import load_region
from tests.api.http.conftest import AS_OF
from tests.api.http.test_plans import starts
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed


def test_what_is_supposed_is_what_the_move_then_does_and_nothing_is_kept(
    client: TestClient, stored: Database
) -> None:
    """Who tries it in the frame and then does it gets what he saw."""
    before = starts(stored)
    with stored.reading() as connection:
        seen = revision(connection, "R1")

    board = client.post("/v1/board/what-if", json={"moves": [{"visit": "V2", "engineer": "E2"}]})

    assert board.status_code == 200, board.text
    assert starts(stored) == before
    with stored.reading() as connection:
        assert revision(connection, "R1") == seen
    client.post("/v1/visits/V2/move", json={"engineer": "E2"}, headers=keyed("one"))
    done = client.get("/v1/board").json()
    place = {one["id"]: (one["engineer"], one["start"]) for one in done["visits"]}
    assert {one["id"]: (one["engineer"], one["start"]) for one in board.json()["visits"]} == place


def test_who_is_supposed_away_goes_nowhere(client: TestClient) -> None:
    """What if he were ill: the board says what would be left, before anybody is called."""
    client.post("/v1/visits/V2/move", json={"engineer": "E1"}, headers=keyed("one"))

    board = client.post("/v1/board/what-if", json={"away": ["E1"]}).json()

    assert {one["engineer"] for one in board["visits"]} == {""}
    assert all(one["reason"] for one in board["visits"])


def test_candidates_and_previews_in_the_frame_are_of_what_is_supposed(client: TestClient) -> None:
    """In a frame where somebody is away, he is no candidate; outside it he still is."""
    frame = {"away": ["E2"], "moves": [{"visit": "V2", "engineer": "E1"}]}
    free = {"moves": [{"visit": "V2", "engineer": ""}]}

    found = client.post("/v1/board/what-if/candidates", json={**frame, "visit": "V2"}).json()
    gone = client.post("/v1/board/what-if/preview", json={**frame, "visit": "V2", "engineer": "E2"}).json()
    tried = client.post("/v1/board/what-if/preview", json={**free, "visit": "V2", "engineer": "E2"}).json()
    board = client.post(
        "/v1/board/what-if", json={"moves": [*free["moves"], {"visit": "V2", "engineer": "E2"}]}
    ).json()

    assert [one["engineer"] for one in found["candidates"]] == ["E1"]
    assert {one["engineer"] for one in client.get("/v1/visits/V2/candidates").json()["candidates"]} >= {"E2"}
    assert (gone["possible"], gone["money"]) == (False, None)
    (place,) = [one for one in board["visits"] if one["id"] == "V2"]
    assert (place["engineer"], place["start"]) == ("E2", int(moment(tried["starts_at"]).timestamp()))


def test_steps_kept_are_those_of_the_same_state(stored: Database) -> None:
    """The next step begins at the last one: the same plan as from the beginning, and never one of another state."""
    with stored.reading() as connection:
        region = load_region(connection, "R1")
    first, later = carried_on(region, 1, now=AS_OF), carried_on(region, 2, now=AS_OF + timedelta(hours=2))
    moves = (SupposedMove("V2", "E1"), SupposedMove("V2", ""), SupposedMove("V2", "E2"))
    supposing = Supposing()

    for going in (first, later):
        for many in (1, 2, 3, 2):
            made = supposing.of(going, moves=moves[:many])

            assert made.board.now == going.board.now
            assert made.plan == supposed(going, moves=moves[:many]).plan


def test_every_supposed_plan_holds_and_is_priced_as_its_problem_says(stored: Database) -> None:
    """Moves stand one on the other: the last one is judged on what the first ones left."""
    with stored.reading() as connection:
        going = carried_on(load_region(connection, "R1"), 0, now=AS_OF)

    for away in ((), ("E2",)):
        moves = (SupposedMove("V2", "E1"), SupposedMove("V2", ""), SupposedMove("V2", "E1"))
        made = supposed(going, away=away, moves=moves)

        assert violations(made.problem, made.plan) == ()
        assert made.plan.claimed == cost(made.problem, made.plan)


def test_reasons_are_worked_out_first_for_what_the_supposing_took_off(stored: Database) -> None:
    """A request asks so many shifts and no more, however much is left out; what the dispatcher has just caused comes first."""
    with stored.reading() as connection:
        there = carried_on(load_region(connection, "R1"), 0, now=AS_OF)
    going = supposed(there, moves=(SupposedMove("V2", "E1"),))
    made = supposed(going, away=("E1",))
    taken_off = {one.visit for one in made.plan.unassigned} - {one.visit for one in going.plan.unassigned}

    told = explained(made, before=going.plan, answers=1).plan.unassigned
    all_told = explained(made, before=going.plan).plan.unassigned

    assert len(taken_off) == 1 < len(told)
    assert {one.visit for one in told if one.reason.code != "unassigned.not_found"} == taken_off
    assert all_told == reasons(made.problem, made.plan)
    assert {one.visit: one for one in all_told if one.visit in taken_off} == {
        one.visit: one for one in told if one.visit in taken_off
    }


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"moves": [{"visit": "V9", "engineer": "E1"}]}, "explain.unknown_visit"),
        ({"moves": [{"visit": "V2", "engineer": "E9"}]}, "candidates.unknown_engineer"),
        ({"moves": [{"visit": "V1", "engineer": "E2"}]}, "move.locked"),
        ({"away": ["E9"]}, "board.unknown_engineer"),
    ],
)
def test_what_cannot_be_supposed_is_refused_by_name(
    client: TestClient, wish: dict[str, object], code: str
) -> None:
    """A frame that shows something else than was asked for would be believed."""
    assert code_of(client.post("/v1/board/what-if", json=wish)) == code


def test_what_fills_a_gap_saves_what_is_said(client: TestClient) -> None:
    """The list of a free hour: a visit nobody has comes with what leaving it out costs."""
    found = client.get("/v1/engineers/E2/fillers").json()["fillers"]

    assert [one["visit"] for one in found] == ["V2"]
    assert found[0]["now"] == ""
    shown = client.post("/v1/visits/V2/preview", json={"engineer": "E2"}).json()
    assert Decimal(found[0]["saves"]) == -Decimal(shown["money"])
    assert code_of(client.get("/v1/engineers/E9/fillers")) == "candidates.unknown_engineer"
