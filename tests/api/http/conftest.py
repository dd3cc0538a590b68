"""An application on each kind of database, with the tiny region in it and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from api.usecases.importing import import_into
from storage.database import Database, open_database
from storage.dataset.read import read
from tests.dataset_builder import tiny
from tests.storage.database.conftest import (  # noqa: F401 fixtures
    Make,
    make_postgresql,
    make_sqlite,
    make_url,
    postgresql_server,
    url,
)

AS_OF = datetime(2026, 3, 6, 0, 0, tzinfo=UTC)


@dataclass
class StandingClock:
    """Says what it is told to say."""

    moment: datetime = AS_OF

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.moment


@pytest.fixture
def stored(url: str, tmp_path: Path) -> Iterator[Database]:  # noqa: F811 asked for by name
    """A database with the tiny region."""
    database = open_database(url)
    reading = read(tiny(tmp_path / "tiny"))
    assert reading.region is not None
    import_into(database, reading.region, digest=reading.digest, as_of=None)
    yield database
    database.close()


@pytest.fixture
def client(stored: Database) -> Iterator[TestClient]:
    """Speaks to the application; a defect is answered, not raised."""
    with TestClient(make_app(stored, clock=StandingClock()), raise_server_exceptions=False) as speaking:
        yield speaking
