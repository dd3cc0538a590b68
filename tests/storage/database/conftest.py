"""Every test of this folder runs on SQLite and on PostgreSQL, each with a database of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from storage.database import Database, open_database
from storage.migration import migrate
from tests.database_builders import envelope, seed
from tests.postgres import server

KINDS = ("sqlite", "postgresql")

Make = Callable[[], str]
"""Makes a migrated database with nothing in it and gives its URL."""


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a server; the test is skipped where there is none."""
    with server() as address:
        yield address


@pytest.fixture(scope="session")
def make_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Copies of one migrated file."""
    folder = tmp_path_factory.mktemp("sqlite")
    numbers = count(1)
    _migrated(f"sqlite:///{folder}/template.db")

    def make() -> str:
        file = folder / f"{next(numbers)}.db"
        shutil.copy(folder / "template.db", file)
        return f"sqlite:///{file}"

    return make


@pytest.fixture(scope="session")
def make_postgresql(postgresql_server: str, worker_id: str) -> Make:
    """Copies of one migrated database."""
    numbers = count(1)
    mine = f"fieldwright_{worker_id}"
    _command(postgresql_server, f"DROP DATABASE IF EXISTS {mine}", f"CREATE DATABASE {mine}")
    _migrated(f"{postgresql_server}/{mine}")

    def make() -> str:
        name = f"{mine}_{next(numbers)}"
        _command(
            postgresql_server,
            f"DROP DATABASE IF EXISTS {name}",
            f"CREATE DATABASE {name} TEMPLATE {mine} STRATEGY file_copy",
        )
        return f"{postgresql_server}/{name}"

    return make


@pytest.fixture(scope="session", params=KINDS)
def make_url(request: pytest.FixtureRequest) -> Make:
    """Makes databases of one kind, then of the other."""
    make: Make = request.getfixturevalue(f"make_{request.param}")
    return make


@pytest.fixture
def url(make_url: Make) -> str:
    """A migrated database with nothing in it."""
    return make_url()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database with the region R-1: parts P-1 and P-2, every kind of place."""
    opened = open_database(url)
    seed(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shared(make_url: Make) -> Iterator[Database]:
    """One database for many examples, each in a region of its own."""
    opened = open_database(make_url())
    yield opened
    opened.close()


def _migrated(url: str) -> None:
    database = open_database(url)
    migrate(database, envelope())
    database.close()


def _command(address: str, *statements: str) -> None:
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def file_of(url: str) -> Path:
    """The file behind a SQLite URL."""
    return Path(url.removeprefix("sqlite:///"))
