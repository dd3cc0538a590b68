"""Every test of this folder runs on SQLite and on PostgreSQL, each with a database of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from api.usecases.importing import import_into
from storage.database import Database, open_database
from storage.dataset.read import read
from storage.migration import migrate
from tests.database_builders import envelope, seed
from tests.dataset_builder import tiny
from tests.postgres import server

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
    template = f"sqlite:///{tmp_path_factory.mktemp('sqlite')}/template.db"
    _migrated(template)
    return copies(template)


@pytest.fixture(scope="session")
def make_postgresql(postgresql_server: str, worker_id: str) -> Make:
    """Copies of one migrated database."""
    mine = f"fieldwright_{worker_id}"
    _command(postgresql_server, f"DROP DATABASE IF EXISTS {mine}", f"CREATE DATABASE {mine}")
    _migrated(f"{postgresql_server}/{mine}")
    return copies(f"{postgresql_server}/{mine}")


def copies(template: str) -> Make:
    """Copies of a database that nobody has open, each under a name of its own beside it."""
    place, _, name = template.rpartition("/")
    numbers = count(1)

    def make() -> str:
        if template.startswith("sqlite"):
            made = f"{place}/{Path(name).stem}_{next(numbers)}.db"
            shutil.copy(file_of(template), file_of(made))
            return made
        copy = f"{name}_{next(numbers)}"
        _command(
            place,
            f"DROP DATABASE IF EXISTS {copy}",
            f"CREATE DATABASE {copy} TEMPLATE {name} STRATEGY file_copy",
        )
        return f"{place}/{copy}"

    return make


@pytest.fixture(
    scope="session",
    # A server and a database of its own for each of 340 tests take longer than all the rest of the quick tests.
    params=("sqlite", pytest.param("postgresql", marks=pytest.mark.slow)),
)
def make_url(request: pytest.FixtureRequest) -> Make:
    """Makes databases of one kind, then of the other."""
    make: Make = request.getfixturevalue(f"make_{request.param}")
    return make


@pytest.fixture(scope="session")
def make_tiny(make_url: Make, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Copies of one database with the tiny region, imported once."""
    template = make_url()
    database = open_database(template)
    reading = read(tiny(tmp_path_factory.mktemp("imported") / "tiny"))
    assert reading.region is not None
    import_into(database, reading.region, digest=reading.digest, as_of=None)
    database.close()
    return copies(template)


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
