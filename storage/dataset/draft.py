"""A row on its way to a region, and what rules find wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kernel.errors import Refusal
from storage.dataset.table import Row


@dataclass(slots=True)
class Draft:
    """A row that could be read: its line, its cells as values, what it makes."""

    line: int
    row: Row
    value: Any


Accepted = Mapping[str, Sequence[Draft]]
"""Drafts by table, in the order of the file."""

Found = tuple[str, Draft, str, Refusal]
"""Table, row, column and what is wrong with it."""
