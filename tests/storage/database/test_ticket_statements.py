"""How SQLite reads a page of tickets: along an index, whatever the number of tickets."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from storage.rows.tickets import _query
from storage.tables import metadata


@pytest.mark.parametrize("newest", [False, True])
def test_a_page_of_tickets_is_read_in_order_without_sorting_them_all(tmp_path: Path, *, newest: bool) -> None:
    """With 100,000 open tickets a sort before each page costs more than the page."""
    engine = create_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    metadata.create_all(engine)
    query = _query((), over=True, sort="newest" if newest else "number", follows=False)

    with engine.connect() as connection:
        steps = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN " + str(query.compile(engine)), ("FJ", 51, 0)
        ).all()
    engine.dispose()

    said = " / ".join(step[-1] for step in steps)
    assert said.startswith("SEARCH ticket USING INDEX")
    assert "TEMP B-TREE" not in said
