"""Bundles of arrays reach compiled code as one address: what is written there is written in the arrays themselves."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import pytest

from dispatch.solve.by_reference import Bundle, by_reference
from dispatch.solve.layout import Ints
from dispatch.solve.timing import entry, jit


@by_reference
class Ledger(NamedTuple):
    """Two arrays of different shape."""

    sums: Ints
    rows: Ints


@jit
def add_row(ledger: Ledger, row: int) -> int:
    """Add up one row, two calls deep."""
    total = 0
    for column in range(ledger.rows.shape[1]):
        total += ledger.rows[row, column]
    ledger.sums[row] = total
    return total


@entry
def add_up(ledger: Ledger) -> int:
    """Add up all rows."""
    total = 0
    for row in range(len(ledger.sums)):
        total += add_row(ledger, row)
    return total


def ledger(rows: int) -> Ledger:
    """A ledger of ones."""
    return Ledger(np.zeros(rows, dtype=np.int64), np.ones((rows, 3), dtype=np.int64))


def test_what_is_called_from_compiled_code_writes_into_the_arrays() -> None:
    """One version serves bundles of any length, each with its own arrays."""
    small, large = ledger(2), ledger(5)
    assert add_up(small) == 6
    assert add_up(large) == 15
    assert small.sums.tolist() == [3] * 2
    assert large.sums.tolist() == [3] * 5
    (signature,) = add_up.signatures  # type: ignore[attr-defined]
    assert isinstance(signature[0], Bundle)


def test_another_bundle_in_place_of_an_array_is_seen() -> None:
    """The address is that of the bundle of this call."""
    first = ledger(2)
    assert add_up(first) == 6
    assert add_up(first._replace(rows=first.rows * 2)) == 12


def test_an_array_a_bundle_does_not_have_is_refused_when_it_is_compiled() -> None:
    """As of any type of numba: a wrong name is told, not guessed."""

    @entry
    def wrong(ledger: Ledger) -> int:
        return int(ledger.columns[0])  # type: ignore[attr-defined]

    with pytest.raises(numba.TypingError, match="columns"):
        wrong(ledger(2))
