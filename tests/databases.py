"""Databases for tests: one is migrated and filled once by each tester and kind, every test gets a copy of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

import storage.engine
from storage.database import open_database
from storage.dataset.read import Reading
from storage.migration import migrate
from tests.database_builders import envelope

Make = Callable[[], str]
"""Makes a migrated database with nothing in it and gives its URL."""


def sqlite_copies(folder: Path) -> Make:
    """Copies of one migrated file."""
    template = f"sqlite:///{folder}/template.db"
    _migrated(template)
    return copies(template)


def postgresql_copies(server: str, name: str) -> Make:
    """Copies of one migrated database of a server."""
    _command(server, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
    _migrated(f"{server}/{name}")
    return copies(f"{server}/{name}")


def with_region(url: str, reading: Reading) -> str:
    """A database with a region in it, closed again: to be copied."""
    from api.usecases.importing import import_into

    database = open_database(url)
    assert reading.region is not None, reading.refusals
    import_into(database, reading.region, digest=reading.digest, as_of=None)
    database.close()
    return url


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


def file_of(url: str) -> Path:
    """The file behind a SQLite URL."""
    return Path(url.removeprefix("sqlite:///"))


class Statements(dict[tuple[Any, ...], Any]):
    """Statements as SQL, kept for all databases of a kind: written anew for every test they take a third of its time."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        """A statement's SQL."""
        return super().get(_of_a_kind(key), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        """Keep it."""
        super().__setitem__(_of_a_kind(key), compiled)


def _of_a_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *statement = key
    return type(dialect), dialect.dbapi, dialect.server_version_info, *statement


def keep_statements() -> None:
    """From now on every database that is opened shares what its kind has as SQL already."""
    made = getattr(storage.engine, "create_engine")  # noqa: B009 imported there for itself
    if not isinstance(made, partial):
        shared = partial(made, execution_options={"compiled_cache": Statements()})
        setattr(storage.engine, "create_engine", shared)  # noqa: B010 as above


def _migrated(url: str) -> None:
    database = open_database(url)
    migrate(database, envelope())
    database.close()


def _command(address: str, *statements: str) -> None:
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
