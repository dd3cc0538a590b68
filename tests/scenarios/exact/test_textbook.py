"""The simulation reproduces what the books know exactly, through the same loop every region runs on."""

from __future__ import annotations

import pytest

from scenarios.exact.row import Row, tried
from scenarios.exact.textbook import rows

SEED = 2026
MOST_OFF, MOST_ERROR = 3.0, 0.03
QUICK = ("business hours",)
"""A second; the rest is slow: about a minute and a half together."""

ROWS = [
    pytest.param(number, row, marks=[] if row.name in QUICK else [pytest.mark.slow], id=row.name)
    for number, row in enumerate(rows())
]


@pytest.mark.parametrize(("number", "row"), ROWS)
def test_simulation_meets_the_exact_answer(number: int, row: Row) -> None:
    """Within three standard errors, and those are at most 3 %: clocks, queues, stock and loaners are right together."""
    found = tried(row, seed=SEED + number)

    for one in found:
        if one.exact == 0:
            assert one.mean == 0, one
            continue
        assert one.error <= MOST_ERROR * one.exact, one
        assert one.off <= MOST_OFF, one
