"""Read routes on both databases: what they say, page by page, and how they refuse."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from api.usecases.importing import import_into
from dispatch.board import Board
from dispatch.desk.milestone import Milestone
from inventory.stockroom import position
from kernel.clock import moment
from kernel.envelope import Envelope
from storage.database import Database, open_database
from storage.dataset.read import load, read
from storage.plans import PlanSummary, decide, keep
from storage.rows.region import load_region
from storage.tables.people import Role
from storage.tables.plan import PlanStep
from storage.tables.region import RegionRow
from storage.unit_of_work import UnitOfWork
from tests.api.http.conftest import AS_OF, StandingClock
from tests.dataset_builder import tiny
from tests.own_schemes import own_text, with_own
from tests.people_builders import bearer

PATHS = ("/healthz", "/readyz", "/v1/tickets", "/v1/plans", "/v1/stock")


def code_of(answer: Any) -> str:
    """The code of a problem document, checked to be one."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"] == f"urn:fieldwright:problem:{body['code']}"
    return str(body["code"])


def test_the_process_says_that_it_lives(client: TestClient) -> None:
    """Asked every few seconds by whoever restarts dead processes."""
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_says_what_was_checked_and_which_sqlite(client: TestClient, stored: Database) -> None:
    """It writes, it knows the tables' version, and on SQLite it names the library at work."""
    body = client.get("/readyz").json()
    again = client.get("/readyz")

    assert body["ready"]
    assert again.status_code == 200
    assert (body["checks"]["write"], body["checks"]["migrations"]) == ("ok", "ok")
    assert bool(body["sqlite"]) == (stored.kind == "sqlite")


def test_a_database_of_another_version_is_not_ready(client: TestClient, stored: Database) -> None:
    """A program that meets unknown tables must not serve from them."""
    head = Envelope("operator", "test", AS_OF, "k", "none")
    stored.run(
        head, lambda work: work.connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'x'")
    )

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] == "database.newer_than_program"


def test_tickets_under_a_scheme_of_the_region_s_own_are_counted_by_it(url: str, tmp_path: Path) -> None:
    """A screen that shows other due times than the plan keeps would be worse than none."""
    reading = read(with_own(tmp_path / "own", own_text()))
    assert reading.region is not None
    database = open_database(url)
    import_into(database, reading.region, digest=reading.digest, as_of=None)

    headers = bearer(database, Role.MANAGER, now=AS_OF)
    with TestClient(make_app(database, clock=StandingClock()), headers=headers) as client:
        tickets = client.get("/v1/tickets").json()["tickets"]

    database.close()
    shown = next(one for one in tickets if one["id"] == "G1")
    board = Board.of(reading.region, now=AS_OF)
    due = board.clocks(board.ticket("G1"))[Milestone.ARRIVE].due_at
    assert due is not None
    assert shown["scheme"] == "ours"
    assert moment(next(one["due_at"] for one in shown["clocks"] if one["milestone"] == "arrive")) == due


def test_tickets_come_with_their_clocks(client: TestClient, tmp_path: Path) -> None:
    """The list says what the pure fold says at that moment."""
    board = Board.of(load(tiny(tmp_path / "again")), now=AS_OF)

    body = client.get("/v1/tickets").json()

    assert [one["id"] for one in body["tickets"]] == ["G1", "G2"]
    for one in body["tickets"]:
        expected = board.clocks(board.ticket(one["id"]))
        assert [(c["milestone"], c["state"], c["remaining_s"]) for c in one["clocks"]] == [
            (state.milestone.value, state.state.value, state.remaining_s) for state in expected.values()
        ]


def test_tickets_can_be_asked_for_at_another_moment(client: TestClient) -> None:
    """The desk looks ahead: which clocks will have run out by tonight."""
    body = client.get("/v1/tickets", params={"at": "2026-03-08T00:00:00+08:00"}).json()

    states = {clock["state"] for clock in body["tickets"][0]["clocks"]}
    assert "breached" in states


def test_stock_says_what_the_fold_says(client: TestClient, stored: Database) -> None:
    """On hand, usable, reserved, in transit of every part at every place."""
    with stored.reading() as connection:
        fold = position(load_region(connection, "R1").stock, AS_OF)

    body = client.get("/v1/stock").json()

    shown = {
        (row["part"], row["place"]): (row["on_hand"], row["reserved"], row["available"])
        for row in body["stock"]
    }
    assert shown == {
        key: (at.on_hand, at.reserved, at.available)
        for key, at in fold.items()
        if at.on_hand or at.reserved or at.in_transit
    }
    one_place = client.get("/v1/stock", params={"place": "D1"}).json()["stock"]
    assert {row["place"] for row in one_place} == {"D1"}


def test_plans_are_listed_newest_first_and_given_byte_for_byte(client: TestClient, stored: Database) -> None:
    """A plan is a document somebody may have signed: not one byte of it changes."""
    for number in range(5):
        at = AS_OF + timedelta(minutes=number // 2)  # two of them at the same moment
        head = Envelope("worker", "w", at, f"k-{number}", "R1")
        plan = PlanSummary(f"plan/{number}", AS_OF, "p", "d", 100, 3, 1, at)
        document = '{"a": 1.0,  "b": "福"}\n'
        stored.run(head, partial(keep, plan=plan, document=document, manifest=""))

    pages = list(_pages(client, "/v1/plans", "plans", limit=2))

    assert [[one["id"] for one in page] for page in pages] == [
        ["plan/4", "plan/3"],
        ["plan/2", "plan/1"],
        ["plan/0"],
    ]
    assert client.get("/v1/plans/plan/3").content == '{"a": 1.0,  "b": "福"}\n'.encode()
    assert code_of(client.get("/v1/plans/plan/9")) == "plan_file.unknown_plan"


def test_plans_are_listed_by_what_has_become_of_them(client: TestClient, stored: Database) -> None:
    """Who looks for the plan to publish does not read through those that were decided against."""
    steps = {
        "p-0": (),
        "p-1": (PlanStep.TAKEN,),
        "p-2": (PlanStep.DISCARDED,),
        "p-3": (PlanStep.TAKEN, PlanStep.TAKEN),
        "p-4": (PlanStep.TAKEN, PlanStep.DISCARDED),
        "p-5": (),
    }
    for name, decided in steps.items():
        plan = PlanSummary(name, AS_OF, "p", "d", 100, 3, 1, AS_OF)
        head = Envelope("worker", "w", AS_OF, f"k-{name}", "R1")
        stored.run(head, partial(keep, plan=plan, document="{}", manifest=""))
        for step in decided:
            stored.run(head, partial(decide, plan=name, step=step))

    shown = {
        state: [
            (one["id"], one["state"])
            for page in _pages(client, "/v1/plans", "plans", limit=1, state=state)
            for one in page
        ]
        for state in ("made", "taken", "discarded")
    }

    assert shown == {
        "made": [("p-5", "made"), ("p-0", "made")],
        "taken": [("p-3", "taken"), ("p-1", "taken")],
        "discarded": [("p-4", "discarded"), ("p-2", "discarded")],
    }
    file = client.get("/v1/plans?format=csv&state=taken").text.splitlines()
    assert [line.partition(",")[0] for line in file[1:]] == ["p-3", "p-1"]
    wrong = client.get("/v1/plans?state=lost")
    assert code_of(wrong) == "request.wrong_value"
    assert "'made', 'taken' or 'discarded'" in wrong.json()["detail"]


@pytest.mark.parametrize("limit", [1, 2, 200])
@pytest.mark.parametrize(("path", "name"), [("/v1/tickets", "tickets"), ("/v1/stock", "stock")])
def test_pages_together_are_the_whole_list(client: TestClient, path: str, name: str, limit: int) -> None:
    """Nothing twice, nothing left out, whatever the page's size."""
    whole = client.get(path, params={"limit": 200}).json()[name]

    assert [row for page in _pages(client, path, name, limit=limit) for row in page] == whole
    assert whole


def _pages(client: TestClient, path: str, name: str, *, limit: int, **query: str) -> Any:
    after = ""
    while True:
        body = client.get(path, params={**query, "limit": limit, "after": after}).json()
        assert len(body[name]) <= limit
        yield body[name]
        if body["next"] is None:
            return
        after = body["next"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "request.wrong_value"),
        ("limit=201", "request.wrong_value"),
        ("limit=NaN", "request.wrong_value"),
        ("limit=73786976294838206464", "request.wrong_value"),
        ("limit=1&limit=2", "request.repeated_parameter"),
        ("colour=red", "request.unknown_parameter"),
        ("after=%00", "request.bad_cursor"),
        ("after=WyJcdWQ4MDAiXQ", "request.bad_cursor"),
        ("after=" + "W1" * 300, "request.wrong_value"),
        ("region=R9", "region.unknown"),
        ("region=%00", "request.wrong_value"),
        ("region=%ED%A0%80", "request.wrong_value"),
        ("region=a%27%3B--", "request.wrong_value"),
        ("at=2026-03-06T10:40", "clock.naive_time"),
        ("at=9999-12-31T00:00Z", "clock.out_of_range"),
        ("at=yesterday", "clock.not_a_moment"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/tickets", "/v1/stock"])
def test_what_cannot_be_asked_is_refused_with_a_code(
    client: TestClient, path: str, query: str, code: str
) -> None:
    """Bad input is an answer with a code, never a defect and never a guess."""
    answer = client.get(f"{path}?{query}")

    assert code_of(answer) == code
    assert answer.status_code in {404, 422}


def test_unknown_paths_and_methods_are_problems_too(client: TestClient) -> None:
    """A client needs one way to read errors, not three."""
    assert code_of(client.get("/v1/nothing")) == "request.no_such_path"
    answer = client.delete("/v1/stock")
    assert code_of(answer) == "request.method_not_allowed"
    assert answer.headers["allow"] == "GET"


def test_problems_speak_chinese_when_asked(client: TestClient) -> None:
    """The sentence is for people, in their language; the code is for programs."""
    answer = client.get("/v1/stock?region=R9", headers={"Accept-Language": "zh-CN,zh;q=0.9"})

    assert "没有区域" in answer.json()["detail"]
    assert answer.headers["content-language"] == "zh"


def test_the_region_has_to_be_named_where_there_are_several(client: TestClient, stored: Database) -> None:
    """Two regions: a list without a name would be half the truth."""

    def second(work: UnitOfWork) -> None:
        row = dict(work.connection.execute(RegionRow.select()).mappings().one()) | {"id": "R2"}
        work.connection.execute(RegionRow.insert().values(row))

    stored.run(Envelope("operator", "test", AS_OF, "k", "R2"), second)

    assert code_of(client.get("/v1/stock")) == "region.which"
    assert client.get("/v1/stock?region=R2").json()["stock"] == []


def test_the_interface_documents_itself(client: TestClient) -> None:
    """Every route stands in the document; nothing in it comes from elsewhere."""
    document = client.get("/openapi.json").json()

    assert set(PATHS) <= document["paths"].keys()
    assert client.get("/docs").status_code == 404


def test_a_database_that_is_gone_is_said_and_the_process_lives(client: TestClient, stored: Database) -> None:
    """Not now is another answer than never: 503 with the time to try again."""
    stored.engine.dispose()

    class Gone:
        """A database nobody reaches."""

        def __getattr__(self, name: str) -> Any:
            from kernel.errors import Refusal

            raise Refusal("database.unreachable", database="x")

    client.app.state.database = Gone()  # type: ignore[attr-defined]  # the test client types its app as a callable

    answer = client.get("/v1/stock")

    assert code_of(answer) == "database.unreachable"
    assert answer.headers["retry-after"] == "2"
    assert client.get("/healthz").status_code == 200


def test_stock_and_audit_are_files_too(client: TestClient) -> None:
    """A storekeeper counts from a sheet, an auditor keeps what was done: whole, whatever the page."""
    stock = client.get("/v1/stock?format=csv&limit=1").content.decode("utf-8-sig").splitlines()
    shown = client.get("/v1/stock?limit=200").json()["stock"]
    audit = client.get("/v1/audit?format=csv&limit=1").content.decode("utf-8-sig").splitlines()
    entries = client.get("/v1/audit?limit=200").json()["entries"]

    assert stock[0] == "part,place,on_hand,usable,reserved,available,in_transit"
    assert len(stock) == 1 + len(shown) > 2
    assert audit[0] == "lane,number,at,actor,actor_name,device,action,about,facts,hash"
    assert len(audit) == 1 + len(entries) >= 2
