"""The databases of the storage tests, for the worker's."""

from __future__ import annotations

from tests.storage.database.conftest import (  # noqa: F401 fixtures
    make_postgresql,
    make_sqlite,
    make_tiny,
    make_url,
    postgresql_server,
    url,
)
