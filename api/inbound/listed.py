"""Reports as a list: a CSV file with one report a line, every line read or refused by its number and column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dispatch.desk.intake import Report
from kernel.errors import Location, Refusal
from storage.dataset.cell import ID, TEXT
from storage.dataset.one_file import rows_of_list
from storage.dataset.paper_tables import SAID
from storage.dataset.table import Column, Table
from storage.desk.intake import DRAFT

_BY = Column("by", ID, "Who took it down.", empty="whoever imports the list", default="")
_REFERENCE = Column(
    "reference",
    TEXT,
    "Number it has elsewhere; the same number of the same `by` is taken once.",
    empty="none",
    default="",
)

REPORT_LIST = Table(
    "reports to import",
    "One report.",
    (_REFERENCE, *(_BY if column.name == "by" else column for column, _ in SAID)),
    (),
    make=lambda row: row,
    rows=lambda _region: (),
)
"""The columns of such a list: those of `reports.csv`, with the other desk's number in place of ours."""


@dataclass(frozen=True, slots=True)
class Line:
    """One report of a list: where it stands, its number elsewhere, whose number that is, what it says.

    `whose`: the column `by` as written; empty where it says nothing, whoever imports the list.
    """

    at: Location
    reference: str
    whose: str
    report: Report


def read_list(raw: bytes, file: str, /, *, by: str) -> Iterator[Line | Refusal]:
    """Read a list; gives every line as a report under the id `DRAFT`, or what is wrong with it.

    Args:
        raw: the file.
        file: its name, for refusals.
        by: who imports it.
    """
    for at, row in rows_of_list(REPORT_LIST, raw, file):
        if isinstance(row, Refusal):
            yield row
            continue
        said = {attribute: row[column.name] for column, attribute in SAID}
        try:
            report = Report(id=DRAFT, **(said | {"by": said["by"] or by}))
            yield Line(at, row["reference"], said["by"], report)
        except Refusal as refusal:
            yield refusal.located(at)
