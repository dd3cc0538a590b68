"""Lists sorted by choice, on both databases: pages together are the whole list sorted, nothing twice, nothing lost."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.wire.page import cursor
from inventory.supply.ordering import OrderState
from kernel.envelope import Envelope
from storage.database import Database, open_database
from storage.dataset.read import read
from storage.order import MOST_LETTERS
from storage.plans import PlanSummary, keep
from storage.runs import ask, ask_to_stop
from tests.api.http.conftest import AS_OF
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed
from tests.databases import Make, copies, with_region
from tests.dataset_builder import TINY, tiny

NAMES = ("Fuse", "fuse", "板卡", "板\u3000卡", "😀" * 70, "Éclair", "Fuse", "a" * 200, "a" * 199, "-")
"""Alike but for capitals, wide, with a blank that is none, longer than what is compared, the same."""
STARTS = ("T10:00", "T09:00", "T10:00", "T13:00")


def lines(file: str, rows: list[str]) -> str:
    """A file of the tiny folder with rows more."""
    return TINY[file] + "".join(f"{row}\n" for row in rows)


CHANGED = {
    "customers": lines("customers.csv", [f"C{n},{name}" for n, name in enumerate(NAMES, 2)]),
    "sites": lines("sites.csv", [f"S{n},C{n % 3 + 1},{name},26.1,119.2," for n, name in enumerate(NAMES, 3)]),
    "assets": "asset_id,site_id,model,serial,loaner_class,made_on\nA1,S1,M-9,0007,L1,\nA2,S2,M-9,0008,,\n"
    + "".join(
        f"A{n},S{n % 4 + 1},{name},X{n},,{f'202{n % 3}-01-01' if n % 4 else ''}\n"
        for n, name in enumerate(NAMES, 3)
    ),
    "contracts": lines(
        "contracts.csv",
        [
            f"K{n},C{n % 3 + 1},field-2-4-24,,2026-0{n % 3 + 1}-01,{f'202{n % 2 + 7}-12-31' if n % 3 else ''}"
            for n in range(2, 12)
        ],
    ),
    "places": lines("places.csv", ["D2,depot,Other depot,26.2,119.1,,15"]),
    "engineers": lines("engineers.csv", [f"E{n},D{n % 2 + 1},26.1,119.2," for n in range(3, 12)]),
    "parts": lines(
        "parts.csv",
        [f"P{n},{name},consumable,{12.5 if n % 3 else 9.99},{n % 3 + 1}" for n, name in enumerate(NAMES, 3)],
    ),
    "stock_moves": lines(
        "stock_moves.csv",
        [
            f"N{n},2026-03-05T0{n % 9}:00Z,P{n % 7 + 3},{n % 3 + 1},X1,D{n % 2 + 1},usable,opening,count,till,,n:{n},,"
            for n in range(20)
        ],
    ),
    "tickets": lines(
        "tickets.csv",
        [
            f"G{n},S{n % 2 + 1},,,field-2-4-24,,P{n % 4 + 1},fault,2026-03-05T07:00+08:00,,"
            for n in range(3, 9)
        ],
    ),
    "visits": lines("visits.csv", [f"V{n},G{n % 6 + 3},S{(n % 6 + 3) % 2 + 1},30,,,," for n in range(3, 15)]),
    "published_plan": lines(
        "published_plan.csv",
        [f"V{n},H{n % 2 + 1},2026-03-06{STARTS[n % 4]}+08:00,none," for n in range(3, 11)],
    ),
    "order_drafts": lines(
        "order_drafts.csv",
        [f"O{n},U1,D1,P1,{n % 3 * 5 + 10},11,2026-03-0{n % 2 + 1}T08:00Z,store" for n in range(8)],
    ),
    "order_steps": lines(
        "order_steps.csv", [f"O{n},cancel,2026-03-03T08:00Z,store,," for n in range(0, 8, 3)]
    ),
}


@pytest.fixture(scope="session")
def make_many(make_url: Make, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """A region where many rows are alike in what they are sorted by, with plans and runs."""
    reading = read(tiny(tmp_path_factory.mktemp("imported") / "many", **CHANGED))
    assert not reading.refusals
    url = with_region(make_url(), reading)
    database = open_database(url)
    for number in range(9):
        head = Envelope("worker", "w", AS_OF + timedelta(minutes=number // 2), f"k-{number}", "R1")
        plan = PlanSummary(f"plan/{number}", AS_OF, "p", "d", number % 3, 3, number % 2, head.now)
        database.run(head, partial(keep, plan=plan, document="{}", manifest=""))
        for kind in ("plan", "scenarios"):
            database.run(head, partial(ask, run=f"{kind}/{number}", kind=kind, content={"seed": 1}))
        if number % 3 == 0:
            database.run(head, partial(ask_to_stop, run=f"plan/{number}"))
    database.close()
    return copies(url)


@pytest.fixture
def stored(make_many: Make) -> Iterator[Database]:
    """A database with that region."""
    database = open_database(make_many())
    yield database
    database.close()


Key = Callable[[dict[str, Any]], tuple[Any, ...]]


def by(*names: str, last: str = "~") -> Key:
    """Rows by some of their columns, those with nothing in it last."""
    return lambda row: tuple(last if row[name] in {None, ""} else row[name] for name in names)


def by_letters(name: str, number: str) -> Key:
    """Rows by the first letters of a text, capitals or not, byte by byte."""
    return lambda row: (
        "".join(one.lower() if one.isascii() else one for one in row[name][:MOST_LETTERS]).encode(),
        row[number],
    )


PARTS = ("visit", "role", "piece")
SORTS: dict[str, tuple[str, dict[str, Key | None]]] = {
    "/v1/tickets": ("tickets", {"number": by("id"), "newest": None, "due": by("next_due_at", "id")}),
    "/v1/visits": (
        "visits",
        {
            "visit": by(*PARTS),
            "start": by("starts_at", *PARTS),
            "engineer": by("engineer", "starts_at", *PARTS),
            "site": by("site", *PARTS),
            "severity": by("severity", *PARTS),
        },
    ),
    "/v1/customers": (
        "rows",
        {"written": None, "customer": by("customer_id"), "name": by_letters("name", "customer_id")},
    ),
    "/v1/sites": (
        "rows",
        {
            "written": None,
            "site": by("site_id"),
            "name": by_letters("name", "site_id"),
            "customer": by("customer_id", "site_id"),
        },
    ),
    "/v1/assets": (
        "rows",
        {
            "written": None,
            "asset": by("asset_id"),
            "site": by("site_id", "asset_id"),
            "model": by_letters("model", "asset_id"),
            "oldest": by("made_on", "asset_id"),
        },
    ),
    "/v1/contracts": (
        "rows",
        {
            "written": None,
            "contract": by("contract_id"),
            "customer": by("customer_id", "contract_id"),
            "ending": by("valid_until", "contract_id"),
            "newest": lambda row: (-int(row["valid_from"].replace("-", "")), row["contract_id"]),
        },
    ),
    "/v1/engineers": (
        "rows",
        {"written": None, "engineer": by("engineer_id"), "depot": by("depot", "engineer_id")},
    ),
    "/v1/parts": (
        "rows",
        {
            "written": None,
            "part": by("part_id"),
            "name": by_letters("name", "part_id"),
            "cheapest": lambda row: (float(row["price"]), row["part_id"]),
            "dearest": lambda row: (-float(row["price"]), row["part_id"]),
            "criticality": by("criticality", "part_id"),
        },
    ),
    "/v1/orders": (
        "rows",
        {
            "written": None,
            "newest": None,
            "order": by("order"),
            "supplier": None,
            "state": None,
            "dearest": None,
        },
    ),
    "/v1/stock": (
        "stock",
        {
            "part": by("part", "place"),
            "place": by("place", "part"),
            "most": lambda row: (-row["on_hand"], row["part"], row["place"]),
            "least": by("on_hand", "part", "place"),
        },
    ),
    "/v1/plans": (
        "plans",
        {
            "newest": None,
            "oldest": by("made_at", "id"),
            "cheapest": by("cost_cents", "id"),
            "fewest": by("left_out", "cost_cents", "id"),
        },
    ),
    "/v1/runs": ("runs", {"newest": None, "oldest": by("asked_at", "id"), "state": None}),
    "/v1/scenarios": ("rows", {"newest": None, "oldest": by("asked_at", "id"), "state": None}),
}
"""Every list that can be sorted: where its rows are, and by what each order has them; None: by what is told below or not shown."""

DOWN: dict[tuple[str, str], str] = {
    ("/v1/tickets", "newest"): "reported_at",
    ("/v1/orders", "newest"): "made_at",
    ("/v1/orders", "dearest"): "cost_cents",
    ("/v1/plans", "newest"): "made_at",
    ("/v1/runs", "newest"): "asked_at",
    ("/v1/scenarios", "newest"): "asked_at",
}
"""Orders that begin with the greatest."""


def paged(client: TestClient, path: str, name: str, sort: str, limit: int) -> list[dict[str, Any]]:
    """A list page by page."""
    found: list[dict[str, Any]] = []
    after: str | None = ""
    for number in count():
        body = client.get(path, params={"sort": sort, "limit": limit, "after": after or ""}).json()
        assert name in body, body
        assert len(body[name]) <= limit
        found += body[name]
        after = body["next"]
        if after is None:
            return found
        assert number < 1_000
    raise AssertionError


@pytest.mark.parametrize("path", SORTS)
def test_pages_together_are_the_whole_list_sorted(client: TestClient, path: str) -> None:
    """Whatever the order and the page's size: nothing twice, nothing lost, and the file says the same."""
    name, sorts = SORTS[path]
    whole = client.get(path, params={"limit": 200}).json()[name]
    assert len(whole) >= 8
    for sort, key in sorts.items():
        shown = paged(client, path, name, sort, 200)
        assert sorted(map(str, shown)) == sorted(map(str, whole)), sort
        if key is not None:
            assert shown == sorted(whole, key=key), sort
        if column := DOWN.get((path, sort)):
            values = [row[column] for row in shown]
            assert values == sorted(values, reverse=True), sort
            assert len(set(values)) < len(values), sort
        for limit in (1, 2, 3):
            assert paged(client, path, name, sort, limit) == shown, (sort, limit)
        file = client.get(path, params={"sort": sort, "format": "csv"}).content.decode("utf-8-sig")
        first = [str(next(iter(row.values()))) for row in shown]
        assert [line.partition(",")[0] for line in file.splitlines()[1:]] == first, sort


def test_orders_go_by_how_far_they_are(client: TestClient) -> None:
    """What is still to be sent stands before what is over; of a supplier the first written comes first."""
    by_state = [one["state"] for one in paged(client, "/v1/orders", "rows", "state", 2)]
    by_supplier = [one["order"] for one in paged(client, "/v1/orders", "rows", "supplier", 2)]

    assert by_state == sorted(by_state, key=list(OrderState).index)
    assert len(set(by_state)) >= 2
    assert by_supplier == [one["order"] for one in paged(client, "/v1/orders", "rows", "written", 200)]


def test_every_list_that_can_be_sorted_is_tried_here_in_every_order(client: TestClient) -> None:
    """An order nobody has tried is one nobody can rely on."""
    document = client.get("/openapi.json").json()
    offered = {
        path: set(parameter["schema"]["enum"])
        for path, item in document["paths"].items()
        for parameter in item.get("get", {}).get("parameters", ())
        if parameter["name"] == "sort"
    }

    tried = {path: set(sorts) for path, (_, sorts) in SORTS.items()}
    # Imports are another kind of the same runs, for other eyes.
    assert offered == tried | {"/v1/imports/datasets": tried["/v1/scenarios"]}


@pytest.mark.parametrize("path", SORTS)
def test_an_order_there_is_not_is_refused_with_those_there_are(client: TestClient, path: str) -> None:
    """Who misspells it learns what it could have been."""
    answer = client.get(path, params={"sort": "colour"})

    assert code_of(answer) == "request.wrong_value"
    assert all(f"'{sort}'" in answer.json()["detail"] for sort in SORTS[path][1])


@pytest.mark.parametrize("path", SORTS)
def test_a_cursor_goes_on_in_its_own_order_only(client: TestClient, path: str) -> None:
    """Gone on with in another order it would lose rows and show some twice: it is refused, and says which order it was."""
    sorts = list(SORTS[path][1])
    for was, sort in zip(sorts, sorts[1:] + sorts[:1], strict=True):
        after = client.get(path, params={"sort": was, "limit": 1}).json()["next"]
        answer = client.get(path, params={"sort": sort, "limit": 1, "after": after})

        assert answer.status_code == 422
        assert code_of(answer) == "request.other_order"
        assert answer.json()["params"] == {"was": was, "sort": sort}


@pytest.mark.parametrize("path", SORTS)
def test_a_cursor_somebody_made_up_is_refused(client: TestClient, path: str) -> None:
    """Another kind of value, one beyond every column, one too few: an answer with a code, and never a defect."""
    for sort in SORTS[path][1]:
        after = client.get(path, params={"sort": sort, "limit": 1}).json()["next"]
        _, *marks = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        made_up = [[*marks, "x"], marks[:-1], [[]] * len(marks), [True] * len(marks), [2**60] * len(marks)]
        made_up += [[2**40 if isinstance(one, str) else "9999-12-31T" for one in marks]]
        made_up += (
            [["\x00" if isinstance(one, str) else one for one in marks]] if str in map(type, marks) else []
        )
        made_up += [[2**52 if isinstance(one, int) else one for one in marks]] if path == "/v1/visits" else []
        for wrong in made_up:
            answer = client.get(path, params={"sort": sort, "after": cursor(sort, *wrong)})
            assert code_of(answer) == "request.bad_cursor", (sort, wrong, answer.text)


def test_a_list_that_grows_meanwhile_shows_nothing_twice(client: TestClient, stored: Database) -> None:
    """A page begins behind a row, not behind a number of rows."""
    first = client.get("/v1/plans", params={"sort": "cheapest", "limit": 4}).json()
    head = Envelope("worker", "w", AS_OF, "k-late", "R1")
    cheap = PlanSummary("plan/!", AS_OF, "p", "d", 0, 3, 1, AS_OF)
    stored.run(head, partial(keep, plan=cheap, document="{}", manifest=""))

    rest = client.get("/v1/plans", params={"sort": "cheapest", "limit": 200, "after": first["next"]}).json()

    ids = [one["id"] for one in (*first["plans"], *rest["plans"])]
    assert len(ids) == len(set(ids)) == 9


def test_knowledge_comes_page_by_page(client: TestClient) -> None:
    """Who turns the page goes on behind what was read: the best first, nothing twice."""
    for number in range(1, 6):
        body = {
            "ticket": f"G{number}",
            "cause": "worn fuse " + "again " * (number % 3),
            "solution": "replaced",
        }
        written = client.post("/v1/knowledge", json=body, headers=keyed(f"learn-{number}"))
        assert written.status_code == 201, written.text
    whole = client.get("/v1/knowledge", params={"q": "fuse"}).json()
    found: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        page = client.get("/v1/knowledge", params={"q": "fuse", "limit": 2, "after": after}).json()
        found += page["entries"]
        after = page["next"]

    assert len(whole["entries"]) == 5
    assert whole["next"] is None
    assert found == whole["entries"]
    stranger = client.get("/v1/knowledge", params={"q": "fuse", "after": "WyJhIl0"})
    assert code_of(stranger) == "request.bad_cursor"
