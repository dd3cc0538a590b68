"""What a file of the folder holds: columns with their meaning, and the way from a row to a value and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dispatch.desk.scheme import Scheme
from dispatch.region import Region
from kernel.errors import Location, Refusal
from kernel.interval import Interval
from storage.dataset.cell import Kind

Row = Mapping[str, Any]
"""One row: the value of every column by its name."""

Schemes = Mapping[tuple[str, str], Scheme]
"""Every scheme version a row may name, by (id, version)."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where an id has to be found: in `table`; when `kinds` is given, in a row whose column `kind` is one of them.

    With `refused`, a code, the other way round: an id found there may not stand here yet, and the code says why.
    """

    table: str
    kinds: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, complete enough to read it, write it and document it.

    Args:
        name: its name in the header.
        kind: what a cell holds.
        text: what it means, one sentence.
        unit: of a number, empty for none.
        empty: what an empty cell means; an empty string here: the cell may not be empty.
        default: the value an empty cell stands for.
        references: the ids in it are found in one of these.
        unknown: the code when they are not.
    """

    name: str
    kind: Kind
    text: str
    unit: str = ""
    empty: str = ""
    default: Any = None
    references: tuple[Reference, ...] = ()
    unknown: str = "dataset.unknown_reference"

    @property
    def required(self) -> bool:
        """Whether an empty cell is refused."""
        return not self.empty

    def read(self, cell: str, /) -> Any:
        """Read a cell.

        Raises:
            Refusal: ``dataset.required`` when empty and not allowed to be, and those of the kind.
        """
        if cell:
            return self.kind.read(cell)
        if self.required:
            raise Refusal("dataset.required")
        return self.default

    def write(self, value: Any, /) -> str:
        """Write a value.

        Raises:
            Refusal: ``dataset.cannot_write`` when reading the cell would not give the value back.
        """
        cell = "" if not self.required and value == self.default else self.kind.write(value)
        try:
            same = self.read(cell) == value
        except Refusal as refusal:
            raise Refusal("dataset.cannot_write", value=cell[:40], reason=refusal.code) from refusal
        if not same:
            raise Refusal("dataset.cannot_write", value=cell[:40], reason="dataset.reads_differently")
        return cell


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV file.

    Args:
        name: the file's name without ``.csv``.
        text: what a row is, one sentence.
        columns: in the order they are written.
        key: columns that together name a row once.
        make: row to domain value; raises `Refusal`, with the column as its place where it knows.
        rows: the rows of a region, in order.
        required: whether the file may not be missing.
        namespace: tables with the same one share their ids: none may be used in two of them.
        under: fills in, from the schemes of its region, the version a row leaves out; None: rows name no scheme.
    """

    name: str
    text: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    make: Callable[[Row], Any]
    rows: Callable[[Region], Iterable[Row]]
    required: bool = False
    namespace: str = ""
    under: Callable[[Row, Schemes], Row] | None = None

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{self.name}.csv"


def flat(
    name: str,
    text: str,
    holds: Callable[..., Any],
    field: str,
    columns: tuple[tuple[Column, str], ...],
    /,
    *,
    key: tuple[str, ...] = (),
    namespace: str = "",
    side: Literal["field", "stock"] = "field",
) -> Table:
    """Make the table of a value whose fields are its columns.

    Args:
        name: the file's name without ``.csv``.
        text: what a row is, one sentence.
        holds: the value's class.
        field: of `dispatch.region.Fieldwork`, or of `inventory.stockroom.Stockroom`, the values go to.
        columns: each with the name of the value's field.
        key: columns that together name a row once.
        namespace: see `Table`.
        side: of the region, on which that field is.
    """
    return Table(
        name,
        text,
        tuple(column for column, _ in columns),
        key,
        make=lambda row: holds(**{attribute: row[column.name] for column, attribute in columns}),
        rows=lambda region: (
            {column.name: getattr(value, attribute) for column, attribute in columns}
            for value in getattr(getattr(region, side), field)
        ),
        namespace=namespace,
    )


def span(row: Row, start: str, end: str, /) -> Interval:
    """Make an interval of two columns.

    Raises:
        Refusal: ``interval.ends_before_start``, placed at the column of the end.
    """
    try:
        return Interval(row[start], row[end])
    except Refusal as refusal:
        raise refusal.located(Location("", column=end)) from None


def to(*tables: str) -> tuple[Reference, ...]:
    """References to any of these tables."""
    return tuple(Reference(table) for table in tables)
