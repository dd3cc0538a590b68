"""Two regions, two customers, two depots, and an application that says who may see which."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import true

from api.app import make_app
from api.auth.given import give_link
from api.usecases.importing import import_into
from kernel.envelope import Envelope
from storage.database import Database, open_database
from storage.dataset.read import Reading, read
from storage.scope import Scope
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.databases import Make, copies, file_of, with_region
from tests.dataset_builder import TINY, tiny
from tests.people_builders import EVERYWHERE, QUICK, bearer

OTHERS = {
    "customers": TINY["customers.csv"] + "ZZC2,Other mill\n",
    "sites": TINY["sites.csv"].replace("S2,C1,Far dam", "ZZS2,ZZC2,Other dam"),
    "assets": TINY["assets.csv"].replace("A2,S2", "ZZA2,ZZS2"),
    "contracts": TINY["contracts.csv"] + "ZZK2,ZZC2,field-2-4-24,,2026-01-01,2026-12-31\n",
    "tickets": TINY["tickets.csv"].replace("G2,S2,,", "ZZG2,ZZS2,,"),
    "visits": TINY["visits.csv"].replace("V2,G2,S2", "ZZV2,ZZG2,ZZS2"),
    "travel": TINY["travel.csv"].replace("E1,S2", "E1,ZZS2"),
    "engineers": TINY["engineers.csv"].replace("E2,D1,26.1,119.2,", "ZZE2,ZZD2,26.1,119.2,ZZW2"),
    "engineer_skills": TINY["engineer_skills.csv"].replace("E2,", "ZZE2,"),
    "certificates": TINY["certificates.csv"].replace("E2,", "ZZE2,"),
    "tools": TINY["tools.csv"].replace("E2,", "ZZE2,"),
    "shifts": TINY["shifts.csv"].replace("H2,E2", "ZZH2,ZZE2"),
    "absences": TINY["absences.csv"].replace("B1,E2", "ZZB1,ZZE2"),
    "places": TINY["places.csv"] + "ZZD2,depot,Other depot,26.2,119.1,,15\nZZW2,van,Van,,,ZZE2,\n",
    "stock_moves": TINY["stock_moves.csv"]
    + "M6,2026-03-04T10:00Z,P1,3,X1,ZZD2,usable,opening,count,till,,open:2,,\n"
    + "M7,2026-03-04T10:00Z,P1,1,X1,ZZW2,usable,opening,count,till,,open:3,,\n",
    "published_plan": TINY["published_plan.csv"]
    + "ZZV2,ZZH2,2026-03-06T12:00+08:00,,2026-03-06T08:00+08:00\n",
}
"""The tiny region with a second customer, depot and engineer: whatever is theirs begins with ZZ."""


NAMED = re.compile(
    r"\b((?:ZZ)?(?:[ABCDEFGHIJKLMNOQRTUVWXYZ]\d|S[12]|SI\d|DS\d|CC\d|WB\d)|Mill|Fuse|Board|Maker)\b"
)
"""Ids and names of the tiny region; P1 is a part and a severity, S4 a level of inspection, and both stay."""


def elsewhere() -> dict[str, str]:
    """The files of a region like R1 in which everything that can be named begins with YY."""
    files = {name.partition(".")[0]: text for name, text in TINY.items()} | OTHERS
    head = files["region"].replace('id = "R1"', 'id = "ZZR2"', 1)
    return {name: NAMED.sub(r"YY\1", text) for name, text in files.items()} | {
        "region": head.replace('"V1", "E1"', '"YYV1", "YYE1"'),
        "purchase_orders": NAMED.sub(r"YY\1", files["purchase_orders"]).replace("\nR", "\nYYR"),
    }


@pytest.fixture(scope="module")
def world(make_sqlite: Make, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The regions R1 and ZZR2: what is in the second begins with YY. tests/storage asks the conditions of both databases."""
    database = open_database(make_sqlite())
    for region, files in (("R1", OTHERS), ("ZZR2", elsewhere())):
        reading = read(tiny(tmp_path_factory.mktemp(region), **files))
        assert reading.region is not None, reading.refusals
        import_into(database, reading.region, digest=reading.digest, as_of=None)
    yield database
    database.close()


@pytest.fixture(scope="module")
def door(world: Database) -> FastAPI:
    """The application over that world."""
    settings = QUICK.model_copy(update={"live_longest_s": 0.1, "live_heartbeat_s": 0.1, "live_poll_s": 0.05})
    return make_app(world, clock=StandingClock(), settings=settings)


@pytest.fixture(scope="module")
def asking(door: FastAPI) -> Iterator[TestClient]:
    """Nobody yet: each request says who asks; a defect is answered, not raised."""
    with TestClient(door, raise_server_exceptions=False) as client:
        yield client


Who = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def who(world: Database) -> Who:
    """Headers of somebody of a role and scope; a customer's link is one to ticket G1 of R1."""
    known: dict[tuple[Role, Scope], dict[str, str]] = {}

    def headers(role: Role, scope: Scope = EVERYWHERE) -> dict[str, str]:
        found = known.get((role, scope))
        if found is None:
            found = linked(world) if role is Role.CUSTOMER_LINK else bearer(world, role, scope, now=AS_OF)
            known[role, scope] = found
        return found

    return headers


def linked(database: Database, ticket: str = "G1", key: str = "link") -> dict[str, str]:
    """The header of who holds a link to a ticket of R1."""
    envelope = Envelope("operator", "test", AS_OF, f"{key}-{ticket}", "R1")
    given = give_link(database, envelope, ticket=ticket, ends_at=None, lasts=timedelta(days=1), where=true())
    return {"Authorization": f"Bearer {given.secret}"}


@pytest.fixture(scope="session")
def one_region(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """The region R1 alone, as read."""
    return read(tiny(tmp_path_factory.mktemp("house"), **OTHERS))


@pytest.fixture(scope="session")
def house_file(make_sqlite: Make, one_region: Reading) -> Path:
    """The region R1 in a file."""
    return file_of(with_region(make_sqlite(), one_region))


@pytest.fixture
def house(house_file: Path, tmp_path: Path) -> Iterator[Database]:
    """The region R1 alone, in a database of the test's own: what is tried at the door is not the database's matter."""
    shutil.copy(house_file, tmp_path / "house.db")
    yield from _open(f"sqlite:///{tmp_path}/house.db")


@pytest.fixture(scope="session")
def make_stored(make_url: Make, one_region: Reading) -> Make:
    """Copies of a database of each kind with the region R1."""
    return copies(with_region(make_url(), one_region))


@pytest.fixture
def stored(make_stored: Make) -> Iterator[Database]:
    """The same on each kind of database: for what the tables and their locks answer for."""
    yield from _open(make_stored())


def _open(address: str) -> Iterator[Database]:
    database = open_database(address)
    yield database
    database.close()


@pytest.fixture
def clock() -> StandingClock:
    """The application's clock."""
    return StandingClock()


@pytest.fixture
def stranger(house: Database, clock: StandingClock) -> Iterator[TestClient]:
    """Somebody at the door of a house of the test's own."""
    app = make_app(house, clock=clock, settings=QUICK)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(stored: Database, clock: StandingClock) -> Iterator[TestClient]:
    """Nobody yet, at this machine, on each kind of database; a defect is answered, not raised."""
    app = make_app(stored, clock=clock, settings=QUICK)
    with TestClient(app, raise_server_exceptions=False, client=("127.0.0.1", 50000)) as speaking:
        yield speaking


@pytest.fixture
def admin(stored: Database) -> dict[str, str]:
    """An administrator's key, and a key for each of his commands by `once`."""
    return bearer(stored, Role.ADMINISTRATOR, now=AS_OF)
