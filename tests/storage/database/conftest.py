"""Every test of this folder runs on SQLite and on PostgreSQL, each with a database of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.database import Database, open_database
from tests.database_builders import seed
from tests.databases import Make


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
