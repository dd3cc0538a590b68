"""An application on each kind of database, with the tiny region in it and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from storage.database import Database, open_database
from storage.scope import Scope
from storage.tables.people import Role
from tests.databases import Make
from tests.people_builders import EVERYWHERE, QUICK, bearer

AS_OF = datetime(2026, 3, 6, 0, 0, tzinfo=UTC)


@dataclass
class StandingClock:
    """Says what it is told to say."""

    moment: datetime = AS_OF

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.moment


@pytest.fixture
def tiny_url(make_tiny: Make) -> str:
    """Where the database with the tiny region is: for a process of its own that opens it too."""
    return make_tiny()


@pytest.fixture
def stored(tiny_url: str) -> Iterator[Database]:
    """A database with the tiny region."""
    database = open_database(tiny_url)
    yield database
    database.close()


@pytest.fixture
def client(stored: Database) -> Iterator[TestClient]:
    """Speaks to the application as a manager who reaches everything; a defect is answered, not raised."""
    with TestClient(
        make_app(stored, clock=StandingClock(), settings=QUICK),
        raise_server_exceptions=False,
        headers=bearer(stored, Role.MANAGER, now=AS_OF),
    ) as speaking:
        yield speaking


@pytest.fixture
def as_role(client: TestClient, stored: Database) -> Callable[..., dict[str, str]]:
    """Headers of somebody of another role, and scope where given: they go over the client's own."""

    def headers(role: Role, scope: Scope = EVERYWHERE) -> dict[str, str]:
        return bearer(stored, role, scope, now=AS_OF)

    return headers
