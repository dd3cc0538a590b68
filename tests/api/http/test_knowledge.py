"""Knowledge over HTTP: found by words, page by page, written down beside the equipment it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from storage.database import Database, open_database
from storage.dataset.read import read
from storage.tables.people import Role
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed
from tests.databases import Make, copies, with_region
from tests.dataset_builder import crewed


@pytest.fixture(scope="session")
def make_learnt(make_url: Make, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """The crewed region: something is known there."""
    folder = crewed(tmp_path_factory.mktemp("imported") / "learnt")
    return copies(with_region(make_url(), read(folder)))


@pytest.fixture
def stored(make_learnt: Make) -> Iterator[Database]:
    """A database with that region."""
    database = open_database(make_learnt())
    yield database
    database.close()


@pytest.mark.parametrize(
    ("words", "found"), [("卡纸", ["G1"]), ("老化", ["G0"]), ("fuse", ["G0"]), ("dragon", [])]
)
def test_knowledge_is_found_by_words_of_two_characters(
    client: TestClient, words: str, found: list[str]
) -> None:
    """Chinese has no spaces: a word of two characters is found whatever stands around it."""
    entries = client.get("/v1/knowledge", params={"q": words}).json()["entries"]

    assert [one["ticket"] for one in entries] == found


def test_knowledge_comes_page_by_page(client: TestClient) -> None:
    """Who turns the page goes on behind what was read: nothing comes twice."""
    for number in range(3):
        body = {
            "ticket": f"G{number + 1}",
            "cause": "worn fuse " + "again " * number,
            "solution": "replaced it",
        }
        client.post("/v1/knowledge", json=body, headers=keyed(f"learn-{number}"))
    whole = client.get("/v1/knowledge", params={"q": "fuse"}).json()
    paged: list[dict[str, Any]] = []
    after = ""
    while True:
        page = client.get("/v1/knowledge", params={"q": "fuse", "limit": 1, "after": after}).json()
        paged += page["entries"]
        after = page["next"]
        if after is None:
            break

    assert len(whole["entries"]) == 4
    assert whole["next"] is None
    assert paged == whole["entries"]
    assert (
        code_of(client.get("/v1/knowledge", params={"q": "fuse", "after": "WyJhIl0"})) == "request.bad_cursor"
    )


def test_what_is_learnt_meanwhile_moves_nothing_that_is_read_on(client: TestClient) -> None:
    """How well an entry is found depends on all the others: read on among those the search began with, nothing comes twice."""
    for number in range(3):
        body = {
            "ticket": f"G{number + 1}",
            "cause": "worn fuse",
            "solution": "again " * number + "replaced it",
        }
        client.post("/v1/knowledge", json=body, headers=keyed(f"learn-{number}"))
    whole = client.get("/v1/knowledge", params={"q": "fuse"}).json()["entries"]
    paged: list[dict[str, Any]] = []
    after = ""
    for number in range(len(whole)):
        page = client.get("/v1/knowledge", params={"q": "fuse", "limit": 1, "after": after}).json()
        paged += page["entries"]
        after = page["next"]
        more = {"ticket": "G1", "cause": f"fuse {number}", "solution": "none of the others " * (number + 1)}
        client.post("/v1/knowledge", json=more, headers=keyed(f"more-{number}"))

    assert paged == whole
    assert after is None


def test_what_is_learnt_is_found_with_the_equipment_it_was(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """Repeat faults are counted by the equipment: nobody has to type its serial."""
    body = {"ticket": "G1", "cause": "电源线松动", "solution": "重新插紧", "public": True}

    written = client.post("/v1/knowledge", json=body, headers=keyed("learn"))
    entries = client.get("/v1/knowledge", params={"q": "插紧", "public": True}).json()["entries"]

    assert written.json() == {"ticket": "G1", "new": True}
    assert [(one["asset"], one["serial"], one["model"]) for one in entries] == [("A1", "0007", "M-9")]
    assert client.get("/v1/knowledge", params={"q": "卡纸"}).json()["entries"] == []
    storekeeper = as_role(Role.STOREKEEPER)
    assert code_of(client.get("/v1/knowledge?q=x", headers=storekeeper)) == "right.denied"
    assert code_of(client.get("/v1/knowledge")) == "request.wrong_value"
