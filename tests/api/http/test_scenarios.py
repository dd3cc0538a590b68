"""Scenarios over HTTP: asked for once, worked on by a worker, read as files, stopped, removed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from api.usecases.simulation_run import SimulationJob, make_simulation
from api.worker import Worker
from storage.database import Database, open_database
from storage.rows.region import load_stored
from storage.runs import Run
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed
from tests.people_builders import QUICK, bearer

SMALL: dict[str, Any] = {"library": "office_equipment", "days": 5, "warm_up_days": 1}
SECOND = {"id": "second", "patches": [{"library": "office_second_technician"}]}
WORK: dict[str, Any] = {"base": SMALL, "scenarios": [SECOND], "replications": 3, "seed": 7}


def worked(stored: Database) -> Run:
    """Have a worker take what waits, here."""
    ended = Worker(stored, "w-1", simulate=make_simulation, clock=StandingClock()).once()
    assert ended is not None
    return ended


def asked(client: TestClient, body: Mapping[str, Any] = WORK, key: str = "one", path: str = "") -> str:
    """Ask, give where to follow it."""
    answer = client.post(f"/v1/scenarios{path}", json=body, headers=keyed(key))
    assert answer.status_code == 202, answer.text
    return str(answer.headers["location"])


def test_scenarios_asked_for_become_tables_and_a_page_in_both_languages(
    client: TestClient, stored: Database
) -> None:
    """What the command line writes into a folder: the grid, all figures, the page; never run by the browser that reads it."""
    where = asked(client)

    waiting = client.get(where).json()
    worked(stored)
    done = client.get(where).json()
    names = [one["name"] for one in done["files"]]
    figures = client.get(f"{where}/files/scenarios.json")
    page = client.get(f"{where}/files/scenarios.zh.html")
    grid = client.get(f"{where}/files/comparison.csv")
    plans = client.get(f"{where}/files/plans.json").json()

    assert (waiting["state"], waiting["files"]) == ("waiting", [])
    assert waiting["asked_by_name"].startswith("manager-")
    assert (done["state"], done["errors"]) == ("done", [])
    assert done["asked"]["seed"] == 7
    assert set(names) >= {"comparison.csv", "manifest.json", "scenarios.en.html", "scenarios.zh.html"}
    assert set(names) >= {"plans.json", "plans.en.html", "plans.zh.html"}
    assert [(one["id"], len(one["days"])) for one in plans["scenarios"]] == [("base", 5), ("second", 5)]
    assert [one["id"] for one in figures.json()["scenarios"]] == ["base", "second"]
    assert figures.json()["replications"] == [0, 1, 2]
    assert "sandbox" in page.headers["content-security-policy"]
    assert "数字来自模型" in page.text
    assert "second" in grid.text
    held = client.get(f"{where}/files/comparison.csv", headers={"If-None-Match": grid.headers["etag"]})
    assert (held.status_code, held.content) == (304, b"")


def test_the_list_needs_one_connection_where_there_is_one(
    tiny_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A SQLite that may lose its write-ahead log is opened once: who waits for a second waits for himself."""
    monkeypatch.setattr("storage.engine.carries_the_fix", lambda _: False)
    database = open_database(tiny_url)
    app = make_app(database, clock=StandingClock(), settings=QUICK)

    with TestClient(app, headers=bearer(database, Role.MANAGER, now=AS_OF)) as manager:
        asked(manager)
        listed = manager.get("/v1/scenarios")
    database.close()

    assert listed.status_code == 200, listed.text
    assert listed.json()["rows"][0]["asked_by_name"].startswith("manager-")


def test_the_same_request_gives_the_same_bytes_in_a_process_of_its_own(
    client: TestClient, stored: Database
) -> None:
    """A figure that depends on where it was computed cannot be checked by anybody else."""
    here = asked(client, key="one")
    worked(stored)
    there = asked(client, key="two")

    Worker(stored, "w-2", clock=StandingClock()).once()

    for name in ("comparison.csv", "scenarios.json", "manifest.json"):
        assert client.get(f"{here}/files/{name}").content == client.get(f"{there}/files/{name}").content, name


def test_a_patch_as_text_and_as_values_is_the_same_world(client: TestClient, stored: Database) -> None:
    """JSON for programs, TOML for people: one meaning."""
    text = 'name = "Busier"\n[[demand]]\nfactor = 1.5\n'
    values = {"name": "Busier", "demand": [{"factor": 1.5}]}
    given = [
        {"id": "text", "patches": [{"toml": text}]},
        {"id": "values", "patches": [{"table": values}]},
    ]
    where = asked(client, {**WORK, "scenarios": given})

    worked(stored)

    _, one, other = client.get(f"{where}/files/scenarios.json").json()["scenarios"]
    assert one["figures"] == other["figures"]
    assert one["name"]["en"] == "Busier"


def test_a_search_for_people_gives_the_roster_with_how_sure_it_is(
    client: TestClient, stored: Database
) -> None:
    """The cheapest crew of one place, with its price and the next ones."""
    body = {"base": SMALL, "target": "cost", "confidence": 0.6, "replications": 2}
    where = asked(client, body, path="/staffing")

    worked(stored)

    done = client.get(where).json()
    assert done["state"] == "done", done["errors"]
    answer = client.get(f"{where}/files/staffing.json").json()
    assert answer["engineers"] == sum(row["engineers"] for row in answer["roster"])
    assert answer["whole"] is True
    assert "depot,shift,engineers" in client.get(f"{where}/files/roster.csv").text


def test_a_search_with_a_what_if_answers_both_worlds_and_their_difference(
    client: TestClient, stored: Database
) -> None:
    """Twice the demand asks for more people, and what they cost more is said with its interval."""
    body = {
        "base": SMALL,
        "target": "cost",
        "confidence": 0.6,
        "replications": 2,
        "what_if": [{"toml": 'name = "Twice"\n[[demand]]\nfactor = 2.0'}],
    }
    where = asked(client, body, path="/staffing")

    worked(stored)

    done = client.get(where).json()
    assert done["state"] == "done", done["errors"]
    answer = client.get(f"{where}/files/staffing.json").json()
    other = answer["what_if"]
    assert (other["name"]["en"], other["whole"]) == ("Twice", True)
    assert other["more"]["engineers"] == other["engineers"] - answer["engineers"] > 0
    assert other["more"]["cost_week"]["mean"] == pytest.approx(
        other["cost_week"]["mean"] - answer["cost_week"]["mean"], rel=0.2
    )
    rows = client.get(f"{where}/files/roster.csv").text.splitlines()[1:]
    assert {row.split(",")[0] for row in rows} == {"base", "what-if"}


def test_a_simulation_under_both_policies_compares_them(client: TestClient, stored: Database) -> None:
    """What the quick policy leaves out can be measured where the plans are made."""
    body = {"base": {**SMALL, "days": 1, "warm_up_days": 0}, "replications": 2, "policy": "fast,live"}
    where = asked(client, body)

    worked(stored)

    done = client.get(where).json()
    assert done["state"] == "done", done["errors"]
    figures = client.get(f"{where}/files/scenarios.json").json()
    assert [one["id"] for one in figures["scenarios"]] == ["base", "base@live"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"base": {"library": "none_such"}}, "scenario.no_file"),
        ({"base": {"library": "../../pyproject"}}, "request.wrong_value"),
        ({"scenarios": [{"id": "a", "patches": [{}]}]}, "scenario.one_form"),
        ({"scenarios": [{"id": "a", "patches": [{"toml": "x = ["}]}]}, "scenario.not_toml"),
        ({"scenarios": [{"id": "a", "patches": [{"toml": 'name = "x"'}]}]}, "scenario.changes_nothing"),
        ({"scenarios": [{"id": "a", "patches": [{"table": {"name": 1}}]}]}, "scenario.wrong_type"),
        *(
            ({"scenarios": [{"id": "a", "patches": [{"toml": text}]}]}, code)
            for text, code in (
                ('name = "x"\n[[demand]]\nfactor = nan', "scenario.out_of_range"),
                ('name = "x"\n[[demand]]\nfactor = inf', "scenario.out_of_range"),
                (f'name = "x"\n[[demand]]\nfactor = 0x{"f" * 400}', "scenario.out_of_range"),
                (f'name = "x"\n[[demand]]\nfactor = {"9" * 6_000}', "scenario.not_toml"),
                (f"a = {'[' * 5_000}{']' * 5_000}", "scenario.not_toml"),
                (f"a = {'{a = ' * 3_000}1{'}' * 3_000}", "scenario.not_toml"),
                (f"{'.'.join(['a'] * 20_000)} = 1", "scenario.not_toml"),
                (f"{'.'.join(['{}a{}'.format(*'QQ')] * 9_000)} = 1".replace("Q", '"'), "scenario.not_toml"),
            )
        ),
        ({"scenarios": [SECOND, SECOND]}, "scenario.named_twice"),
        ({"scenarios": [{**SECOND, "id": "base"}]}, "scenario.named_twice"),
        ({"base": {"days": 366}, "replications": 1000}, "scenario.too_much"),
        ({"base": {"days": 60}, "policy": "live"}, "scenario.too_much_live"),
        ({"policy": "slow"}, "request.wrong_value"),
        ({"replications": 0}, "request.wrong_value"),
        ({"plans_of": 20}, "scenario.no_such_replication"),
    ],
)
def test_what_cannot_be_simulated_is_refused_before_it_waits(
    client: TestClient, body: dict[str, Any], code: str
) -> None:
    """Nobody waits for a worker to hear of a slip of the pen, and one request must not keep it for a day."""
    answer = client.post("/v1/scenarios", json=body, headers=keyed("one"))

    assert (answer.status_code, code_of(answer)) == (422, code)
    assert client.get("/v1/scenarios").json()["rows"] == []


def test_what_does_not_fit_the_world_fails_with_its_place(client: TestClient, stored: Database) -> None:
    """The line of the text that names nobody, in the caller's language."""
    text = 'name = "Without him"\n\n[[engineers]]\ndo = "remove"\nengineers = ["E-999"]\n'
    where = asked(client, {**WORK, "scenarios": [{"id": "less", "patches": [{"toml": text}]}]})

    worked(stored)

    failed = client.get(where, headers={"Accept-Language": "zh"}).json()
    (error,) = failed["errors"]
    assert (failed["state"], error["code"]) == ("failed", "scenario.unknown_id")
    assert error["at"] == {"file": "less-1.toml", "line": 3, "column": "engineers.0"}
    assert "E-999" in error["detail"]
    assert client.get("/v1/scenarios").json()["rows"][0]["code"] == "scenario.unknown_id"
    assert client.get(f"{where}/files/scenarios.json").status_code == 404


def test_the_region_as_it_stands_is_a_base(client: TestClient, stored: Database) -> None:
    """What the database holds now, by the digest of its contents; with patches over it that name its people."""
    less = {"name": "Without E1", "engineers": [{"do": "remove", "engineers": ["E1"]}]}
    body = {
        "base": {"days": 3, "warm_up_days": 0},
        "scenarios": [{"id": "less", "patches": [{"table": less}]}],
        "replications": 1,
    }
    where = asked(client, body)
    with stored.reading() as connection:
        digest = load_stored(connection, "R1").digest

    ended = worked(stored)

    assert not ended.errors
    manifest = client.get(f"{where}/files/manifest.json").json()
    base, fewer = client.get(f"{where}/files/scenarios.json").json()["scenarios"]
    assert manifest["dataset_sha256"] == digest
    assert fewer["engineers"] == base["engineers"] - 1


def test_one_asked_to_stop_gives_what_is_done(client: TestClient, stored: Database) -> None:
    """Half the replications are an answer too, and say that they are half."""
    where = asked(client, {**WORK, "replications": 30})

    def interrupted(job: SimulationJob, report: Callable[[Mapping[str, Any]], bool]) -> Any:
        calls: list[Mapping[str, Any]] = []

        def told(said: Mapping[str, Any]) -> bool:
            calls.append(said)
            return report(said) and len(calls) < 3

        return make_simulation(job, told)

    Worker(stored, "w-1", simulate=interrupted, clock=StandingClock()).once()

    manifest = json.loads(client.get(f"{where}/files/manifest.json").content)
    assert client.get(where).json()["state"] == "done"
    assert manifest["complete"] is False
    assert 0 < len(manifest["replications"]) < 30


def test_a_waiting_one_is_stopped_and_an_ended_one_removed(client: TestClient, stored: Database) -> None:
    """What nobody needs any more does not fill the disk; what still waits has to be stopped first."""
    where = asked(client)

    early = client.delete(where, headers=keyed("early"))
    stopped = client.post(f"{where}/stop", headers=keyed("stop"))
    gone = client.delete(where, headers=keyed("gone"))

    assert (early.status_code, code_of(early)) == (409, "run.still_open")
    assert stopped.json()["state"] == "stopped"
    assert gone.status_code == 204
    assert code_of(client.get(where)) == "run.unknown"
    assert client.get("/v1/scenarios").json()["rows"] == []


def test_who_may_plan_cannot_stop_or_read_a_simulation_as_a_plan(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """A run of one kind is no way around the rights of another."""
    where = asked(client)
    run = where.rpartition("/")[2]
    dispatcher = as_role(Role.DISPATCHER)

    stop = client.post(f"/v1/runs/{run}/stop", headers={**dispatcher, **keyed("stop")})

    assert code_of(stop) == "run.unknown"
    assert code_of(client.get(f"/v1/runs/{run}")) == "run.unknown"
    assert client.get("/v1/runs").json()["runs"] == []
    refused = client.post("/v1/scenarios", json=WORK, headers={**dispatcher, **keyed("two")})
    assert code_of(refused) == "right.denied"
    assert client.get(where, headers=dispatcher).status_code == 200


def test_the_list_goes_on_page_by_page(client: TestClient) -> None:
    """The newest first, none twice, none left out; whole as a file."""
    runs = [asked(client, key=f"k-{number}").rpartition("/")[2] for number in range(3)]

    first = client.get("/v1/scenarios", params={"limit": 2}).json()
    second = client.get("/v1/scenarios", params={"limit": 2, "after": first["next"]}).json()

    assert sorted(one["id"] for one in first["rows"] + second["rows"]) == sorted(runs)
    assert second["next"] is None
    assert len(client.get("/v1/scenarios?format=csv").text.splitlines()) == 4


def test_what_ships_can_be_looked_at(client: TestClient) -> None:
    """Bases and patches to name or to copy, in the caller's language."""
    rows = client.get("/v1/scenarios/library", headers={"Accept-Language": "zh"}).json()["rows"]

    assert {one["id"] for one in rows if one["base"]} >= {"fujian_march", "office_equipment"}
    assert any("两名工程师" in one["name"] for one in rows)
    assert all(one["text"] for one in rows)
    tables = {one["id"]: one["table"] for one in rows}
    assert tables["demand_up_a_fifth"] == {"demand": [{"factor": 1.2}]}
    assert tables["fujian_march"] == {}


def test_words_of_a_scenario_do_not_become_markup(client: TestClient, stored: Database) -> None:
    """A name is somebody's text: in the page it is read, not obeyed."""
    evil = 'name = "<script>alert(1)</script>"\n[[demand]]\nfactor = 1.1\n'
    where = asked(client, {**WORK, "scenarios": [{"id": "evil", "patches": [{"toml": evil}]}]})

    worked(stored)

    assert "<script>alert" not in client.get(f"{where}/files/scenarios.en.html").text
