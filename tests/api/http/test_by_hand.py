"""A visit moved, taken off or held by hand over HTTP: what comes out is a plan that holds, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from fastapi.testclient import TestClient

from api.app import make_app
from api.usecases.in_force import carried_on
from dispatch.cost import cost
from dispatch.verify import violations
from kernel.clock import moment
from storage.check import untrue
from storage.database import Database
from storage.rows.region import load_region
from storage.scope import Scope
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.test_plans import starts
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed
from tests.people_builders import QUICK, bearer


def holds(stored: Database) -> bool:
    """What people go by breaks no rule, is priced truly, and the tables say nothing untrue."""
    with stored.reading() as connection:
        going = carried_on(load_region(connection, "R1"), 0, now=AS_OF)
    right = violations(going.problem, going.plan) == () and going.plan.claimed == cost(
        going.problem, going.plan
    )
    return right and untrue(stored) == []


def test_a_move_is_what_its_preview_said_and_happens_once(client: TestClient, stored: Database) -> None:
    """Nobody presses the button for something else than he was shown."""
    shown = client.post("/v1/visits/V2/preview", json={"engineer": "E2"}).json()

    done = client.post("/v1/visits/V2/move", json={"engineer": "E2"}, headers=keyed("one"))
    again = client.post("/v1/visits/V2/move", json={"engineer": "E2"}, headers=keyed("one"))

    assert done.status_code == 200, done.text
    assert again.json() == done.json()
    assert starts(stored)["V2"] == ("H2", moment(shown["starts_at"]))
    assert holds(stored)


def test_who_cannot_come_is_refused_with_the_rules(client: TestClient, stored: Database) -> None:
    """The board puts the bar back and says why."""
    client.post("/v1/visits/V1/lock", json={"lock": "none"}, headers=keyed("free"))
    before = starts(stored)

    answer = client.post("/v1/visits/V1/move", json={"engineer": "E2"}, headers=keyed("one"))

    assert (answer.status_code, code_of(answer)) == (409, "move.cannot_come")
    assert "skill" in answer.json()["detail"]
    assert starts(stored) == before


def test_a_visit_taken_off_leaves_the_others_where_they_are(client: TestClient, stored: Database) -> None:
    """Undo of a move is the move back; taking off is not a new plan."""
    client.post("/v1/visits/V2/move", json={"engineer": "E2"}, headers=keyed("one"))
    before = starts(stored)

    done = client.post("/v1/visits/V2/unassign", headers=keyed("two"))

    after = starts(stored)
    told = done.json()
    assert (told["visit"], told["engineer"], told["stops_changed"], told["after"]) == ("V2", "", 1, [])
    assert [stop["shift"] for stop in told["before"]] == ["H2"]
    assert after == {visit: place for visit, place in before.items() if visit != "V2"}
    assert holds(stored)


def test_a_held_visit_is_not_moved_until_it_is_let_go(client: TestClient, stored: Database) -> None:
    """A padlock that a drag opens is none."""
    client.post("/v1/visits/V2/move", json={"engineer": "E2"}, headers=keyed("one"))
    before = starts(stored)

    locked = client.post("/v1/visits/V2/lock", json={"lock": "both"}, headers=keyed("two"))
    moved = client.post("/v1/visits/V2/move", json={"engineer": "E1"}, headers=keyed("three"))
    off = client.post("/v1/visits/V2/unassign", headers=keyed("four"))

    assert (locked.json()["visit"], locked.json()["lock"], locked.json()["stops_changed"]) == (
        "V2",
        "both",
        1,
    )
    assert [code_of(moved), code_of(off)] == ["move.locked", "move.locked"]
    assert starts(stored) == before

    client.post("/v1/visits/V2/lock", json={"lock": "none"}, headers=keyed("five"))
    free = client.post("/v1/visits/V2/move", json={"engineer": "E1"}, headers=keyed("six"))

    assert free.status_code == 200
    assert starts(stored)["V2"][0] == "H1"
    assert holds(stored)


def test_what_an_ill_engineer_held_is_given_to_somebody_else(client: TestClient, stored: Database) -> None:
    """The padlock stays on a place that can no longer be kept, until it is taken off: then whoever can takes the visit."""
    client.post("/v1/visits/V2/move", json={"engineer": "E2"}, headers=keyed("one"))
    client.post("/v1/visits/V2/lock", json={"lock": "both"}, headers=keyed("two"))
    away = {
        "starts_at": AS_OF.isoformat(),
        "ends_at": (AS_OF + timedelta(days=9)).isoformat(),
        "reason": "illness",
    }
    ill = client.post("/v1/engineers/E2/absences", json=away, headers=keyed("three"))
    held = next(one for one in client.get("/v1/board").json()["visits"] if one["id"] == "V2")

    still = client.post("/v1/visits/V2/move", json={"engineer": "E1"}, headers=keyed("four"))
    freed = client.post("/v1/visits/V2/lock", json={"lock": "none"}, headers=keyed("five"))
    given = client.post("/v1/visits/V2/move", json={"engineer": "E1"}, headers=keyed("six"))

    assert (held["engineer"], held["lock"], code_of(still)) == ("", "both", "move.locked")
    assert (ill.status_code, freed.status_code, given.status_code) == (201, 200, 200), given.text
    assert starts(stored)["V2"][0] == "H1"
    assert holds(stored)


def test_a_visit_nobody_published_cannot_be_held(client: TestClient) -> None:
    """There is no place to hold it at."""
    answer = client.post("/v1/visits/V9/lock", json={"lock": "both"}, headers=keyed("one"))

    assert (answer.status_code, code_of(answer)) == (404, "board.not_published")


def published(stored: Database) -> set[object]:
    """The published stops, as people go by them."""
    with stored.reading() as connection:
        return set(carried_on(load_region(connection, "R1"), 0, now=AS_OF).board.published.values())


def test_a_wished_time_is_a_floor_in_preview_and_move_alike(client: TestClient, stored: Database) -> None:
    """Who drops a bar at three does not find it at nine."""
    first = moment(client.post("/v1/visits/V2/preview", json={"engineer": "E2"}).json()["starts_at"])
    wish = {"engineer": "E2", "not_before": (first + timedelta(minutes=20)).isoformat()}

    shown = client.post("/v1/visits/V2/preview", json=wish).json()
    client.post("/v1/visits/V2/move", json=wish, headers=keyed("one"))

    assert moment(shown["starts_at"]) >= moment(wish["not_before"])
    assert starts(stored)["V2"] == ("H2", moment(shown["starts_at"]))
    assert holds(stored)


def test_a_wish_the_day_has_no_room_for_is_refused_as_such(client: TestClient, stored: Database) -> None:
    """He can come, only not then: another hour helps, another engineer need not."""
    before = starts(stored)

    late = {"engineer": "E2", "not_before": "2026-03-06T23:30:00+08:00"}
    answer = client.post("/v1/visits/V2/move", json=late, headers=keyed("one"))

    assert (answer.status_code, code_of(answer)) == (409, "move.no_room")
    assert starts(stored) == before


def test_undoing_brings_every_stop_back_and_can_be_undone(client: TestClient, stored: Database) -> None:
    """Ctrl+Z is only used by who trusts that it is exact."""
    client.post("/v1/visits/V2/move", json={"engineer": "E1"}, headers=keyed("one"))
    first = published(stored)
    client.post("/v1/visits/V2/move", json={"engineer": "E2"}, headers=keyed("two"))
    second = published(stored)

    undone = client.post("/v1/board/undo", json={"key": "two"}, headers=keyed("three"))
    back = published(stored)
    again = client.post("/v1/board/undo", json={"key": "three"}, headers=keyed("four"))

    assert (undone.status_code, again.status_code) == (200, 200), undone.text + again.text
    assert undone.json()["undone"] == "two"
    assert first != second
    assert (back, published(stored)) == (first, second)
    assert holds(stored)


def test_what_could_no_longer_be_kept_does_not_hold_up_an_undo(stored: Database) -> None:
    """A stop that was lost before the move is lost after it: the dispatcher gets his own step back all the same."""
    late = StandingClock(AS_OF + timedelta(hours=5))  # V1 was published for ten o'clock and nobody went
    with TestClient(
        make_app(stored, clock=late, settings=QUICK), headers=bearer(stored, Role.MANAGER, now=late.moment)
    ) as client:
        before = published(stored)

        done = client.post("/v1/visits/V2/move", json={"engineer": "E1"}, headers=keyed("one"))
        undone = client.post("/v1/board/undo", json={"key": "one"}, headers=keyed("two"))

    assert (done.status_code, undone.status_code) == (200, 200), done.text + undone.text
    assert published(stored) == before


def test_a_move_leaves_what_it_does_not_touch_as_published(client: TestClient, stored: Database) -> None:
    """Nobody's told time is overwritten because somebody else was moved."""
    before = {one for one in published(stored) if one.visit == "V1"}  # type: ignore[attr-defined]

    client.post("/v1/visits/V2/move", json={"engineer": "E2"}, headers=keyed("one"))

    assert before
    assert before <= published(stored)


def test_a_lock_undone_is_the_lock_that_was(client: TestClient, stored: Database) -> None:
    """What the customer was told stays told when the padlock comes back."""
    before = published(stored)
    client.post("/v1/visits/V1/lock", json={"lock": "none"}, headers=keyed("one"))
    open_ = published(stored)

    client.post("/v1/board/undo", json={"key": "one"}, headers=keyed("two"))

    assert open_ != before
    assert published(stored) == before


def test_what_another_changed_since_is_not_undone(client: TestClient, stored: Database) -> None:
    """Two people on one board: the second one's decision is not thrown away in silence."""
    client.post("/v1/visits/V2/move", json={"engineer": "E2"}, headers=keyed("one"))
    client.post("/v1/visits/V2/lock", json={"lock": "engineer"}, headers=keyed("two"))
    before = published(stored)

    answer = client.post("/v1/board/undo", json={"key": "one"}, headers=keyed("three"))

    assert (answer.status_code, code_of(answer)) == (409, "move.changed_since")
    assert published(stored) == before


def test_nobody_undoes_what_another_did(
    client: TestClient, stored: Database, as_role: Callable[..., dict[str, str]]
) -> None:
    """A key is its sender's: said by somebody else it names nothing."""
    client.post("/v1/visits/V2/move", json={"engineer": "E2"}, headers=keyed("one"))
    before = published(stored)

    other = as_role(Role.DISPATCHER)
    answer = client.post("/v1/board/undo", json={"key": "one"}, headers={**other, **keyed("two")})

    assert (answer.status_code, code_of(answer)) == (404, "move.nothing_to_undo")
    assert published(stored) == before


def test_another_time_of_the_customer_gives_the_published_start_up(
    client: TestClient, stored: Database
) -> None:
    """He was told ten and cannot be there: the plan moves the visit, it does not hold it."""
    wish = {"windows": [{"start": "2026-03-06T14:00:00+08:00", "end": "2026-03-06T16:00:00+08:00"}]}

    agreed = client.post("/v1/visits/V1/appointments", json=wish, headers=keyed("one"))
    again = client.post("/v1/visits/V1/appointments", json=wish, headers=keyed("one"))

    assert agreed.json() == again.json() == {"visit": "V1", "given_up": True}
    with stored.reading() as connection:
        region = load_region(connection, "R1")
    assert [(one.window.start, one.window.end) for one in region.field.appointments if one.visit == "V1"] == [
        (moment("2026-03-06T14:00+08:00"), moment("2026-03-06T16:00+08:00"))
    ]
    assert [stop.lock.value for stop in region.field.published if stop.visit == "V1"] == ["none"]
    assert untrue(stored) == []


def test_a_time_within_what_he_was_told_gives_nothing_up(client: TestClient) -> None:
    """A wider window is no reason to call again."""
    wish = {"windows": [{"start": "2026-03-06T09:00:00+08:00", "end": "2026-03-06T16:00:00+08:00"}]}

    assert client.post("/v1/visits/V1/appointments", json=wish, headers=keyed("one")).json() == {
        "visit": "V1",
        "given_up": False,
    }
    unknown = client.post("/v1/visits/V9/appointments", json=wish, headers=keyed("two"))
    assert code_of(unknown) == "board.unknown_visit"


def test_an_overrun_is_the_word_of_the_engineer_at_work(
    client: TestClient, stored: Database, as_role: Callable[..., dict[str, str]]
) -> None:
    """The dispatcher writes down what he hears on the phone; of who is not there nothing was heard."""
    wish = {"finishes_at": "2026-03-06T15:00:00+08:00"}
    client.post("/v1/visits/V2/move", json={"engineer": "E1"}, headers=keyed("one"))
    nobody = client.post("/v1/visits/V2/overrun", json=wish, headers=keyed("two"))
    mine = as_role(Role.ENGINEER, Scope(regions=("R1",), engineer="E1"))
    there = {"kind": "on_site", "visit": "V2"}
    said = client.post("/v1/tickets/G2/work", json=there, headers={**mine, **keyed("three")})

    told = client.post("/v1/visits/V2/overrun", json=wish, headers=keyed("four"))

    assert code_of(nobody) == "day.not_at_work"
    assert (said.status_code, told.status_code) == (201, 201), said.text + told.text
    with stored.reading() as connection:
        board = carried_on(load_region(connection, "R1"), 0, now=AS_OF).board
    assert board.standing["E1"].finish == moment(wish["finishes_at"])
    assert board.standing["E1"].said
