"""What the service was started with, and copies of its database: for administrators, in one folder, never a secret."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import make_app
from api.auth.action import RIGHTS, Action
from api.routes.operating import shown
from storage.database import Database
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.test_tickets import keyed
from tests.people_builders import QUICK, bearer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where copies go."""
    there = tmp_path / "copies"
    there.mkdir()
    return there


@pytest.fixture
def clock() -> StandingClock:
    """The server's clock, to be set."""
    return StandingClock()


@pytest.fixture
def operator(stored: Database, folder: Path, clock: StandingClock) -> Iterator[TestClient]:
    """An administrator of a service with a folder for copies."""
    settings = QUICK.model_copy(
        update={"backups": str(folder), "smtp_password": SecretStr("swordfish"), "backup_old_h": 26}
    )
    with TestClient(
        make_app(stored, clock=clock, settings=settings),
        raise_server_exceptions=False,
        headers=bearer(stored, Role.ADMINISTRATOR, now=AS_OF),
    ) as speaking:
        yield speaking


def test_settings_are_told_with_their_meaning_and_without_secrets(operator: TestClient) -> None:
    """A password in an answer would stand in logs and screenshots."""
    answer = operator.get("/v1/settings")

    said = {one["name"]: one for one in answer.json()["settings"]}
    assert said["smtp_password"]["value"] == "***"
    assert said["smtp_password"]["secret"]
    assert said["travel_key"]["value"] == ""
    assert said["backup_old_h"]["value"] == "26"
    assert "swordfish" not in answer.text
    chinese = operator.get("/v1/settings", headers={"Accept-Language": "zh"}).json()["settings"]
    assert all(one["about"] and one["about"] != said[one["name"]]["about"] for one in chinese)


def test_an_address_is_shown_without_what_one_signs_in_with() -> None:
    """The host helps to find a mistake, the password does not."""
    assert (
        shown("database", "postgresql://fw:secret@db:5432/fieldwright?sslpassword=x")
        == "postgresql://fw:***@db:5432/fieldwright?***"
    )
    assert shown("database", "sqlite:///fieldwright.db") == "sqlite:///fieldwright.db"
    assert shown("travel_url", "https://roads.example/?key=abc") == "https://roads.example/?***"
    assert shown("travel_url", "") == ""
    assert (
        shown("database", "postgresql://fw:12?secret@db/fieldwright") == "postgresql://fw:***@db/fieldwright"
    )


def test_only_an_administrator_operates() -> None:
    """A program's key may read metrics; what the service was started with is not its business."""
    assert [role for role in Role if Action.OPERATE in RIGHTS.get(role, ())] == [Role.ADMINISTRATOR]


def test_a_copy_is_made_once_for_a_key_listed_and_proved(
    operator: TestClient, folder: Path, stored: Database, clock: StandingClock
) -> None:
    """The answer may be lost: the same press again is the same copy. A dump of PostgreSQL is proved by restoring it."""
    none = operator.get("/v1/backups").json()

    made = operator.post("/v1/backups", headers=keyed("b-1"))
    again = operator.post("/v1/backups", headers=keyed("b-1"))
    checked = operator.get(f"/v1/backups/{made.json()['name']}/check")
    listed = operator.get("/v1/backups").json()
    clock.moment = AS_OF + timedelta(hours=27)
    later = operator.get("/v1/backups").json()

    assert made.status_code == 201, made.text
    assert again.json() == made.json()
    assert listed["backups"] == [made.json()]
    assert (none["too_old"], listed["too_old"], later["too_old"]) == (True, False, True)
    assert made.json()["made_at"].startswith("2026-03-06T00:00:00")
    assert sorted(one.name for one in folder.iterdir()) == [
        made.json()["name"],
        made.json()["name"] + ".json",
    ]
    if stored.kind == "sqlite":
        assert checked.json() == {"name": made.json()["name"], "rows": made.json()["rows"]}
    else:
        assert checked.json()["code"] == "database.proved_by_restoring"


def test_a_damaged_copy_is_said_to_be_damaged(operator: TestClient, folder: Path, stored: Database) -> None:
    """A copy nobody has read is a hope: one that lost a row is found out, in either kind of file."""
    name = operator.post("/v1/backups", headers=keyed("b-1")).json()["name"]
    beside = folder / f"{name}.json"
    held = json.loads(beside.read_text())
    held["rows"]["ticket"] += 1
    beside.write_text(json.dumps(held))

    found = operator.get(f"/v1/backups/{name}/check").json()["code"]

    assert found == ("database.copy_differs" if stored.kind == "sqlite" else "database.proved_by_restoring")


def test_a_copy_of_another_version_is_named_so(operator: TestClient, folder: Path, stored: Database) -> None:
    """The day after an upgrade every copy is one: its tables are others, and that is no damage."""
    name = operator.post("/v1/backups", headers=keyed("b-1")).json()["name"]
    beside = folder / f"{name}.json"
    beside.write_text(json.dumps({**json.loads(beside.read_text()), "revision": "0000"}))

    found = operator.get(f"/v1/backups/{name}/check").json()["code"]

    other = "database.backup_other_version"
    assert found == (other if stored.kind == "sqlite" else "database.proved_by_restoring")


@pytest.mark.parametrize("name", ["nothing.copy", "..", "%2e%2e%2fsecret", "a b", "x.json"])
def test_nothing_outside_the_folder_is_looked_at(operator: TestClient, folder: Path, name: str) -> None:
    """A name is a name in the folder, never a way out of it."""
    (folder.parent / "secret").write_text("not a copy")

    answer = operator.get(f"/v1/backups/{name}/check")

    assert answer.status_code in {404, 405, 422}
    assert "not a copy" not in answer.text


def test_without_a_folder_it_is_said_what_to_do(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """Where nothing is set nothing is written anywhere."""
    headers = as_role(Role.ADMINISTRATOR)

    made = client.post("/v1/backups", headers=headers | keyed("b-1"))
    listed = client.get("/v1/backups", headers=headers).json()

    assert made.json()["code"] == "database.no_copies_folder"
    assert (listed["folder"], listed["backups"], listed["too_old"]) == ("", [], True)
    assert client.get("/v1/settings").status_code == 403, "a manager does not operate"


def test_a_folder_takes_so_many_copies(operator: TestClient, folder: Path) -> None:
    """A disk that copies have filled takes no facts any more; none is removed by itself, and a key made is made."""
    state = operator.app.state  # type: ignore[attr-defined]
    state.settings = state.settings.model_copy(update={"backups_most": 2})
    made = [operator.post("/v1/backups", headers=keyed(f"c-{number}")) for number in range(3)]
    again = operator.post("/v1/backups", headers=keyed("c-1"))

    assert [one.status_code for one in made] == [201, 201, 422], made[-1].text
    assert made[-1].json()["code"] == "database.too_many_copies"
    assert again.json() == made[1].json()
    assert len(list(folder.glob("*.copy"))) == 2
