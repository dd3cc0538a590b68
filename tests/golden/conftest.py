"""The databases of the storage tests, for transcripts that have to read the same on both."""

from __future__ import annotations

from tests.storage.database.conftest import (  # noqa: F401 fixtures
    make_postgresql,
    make_sqlite,
    make_url,
    postgresql_server,
    url,
)
