"""What became of a row on record that was written."""

from __future__ import annotations

from api.wire.bounds import Out


class RowWrittenOut(Out):
    """A row as it stands now: `new`: there was none of its id; `changed`: its columns that were another before."""

    id: str
    new: bool
    changed: list[str]


class RowRemovedOut(Out):
    """A row that is gone; not `removed`: there was none."""

    id: str
    removed: bool


class SchemeAddedOut(Out):
    """A scheme version of the region's own; not `new`: it was there word for word."""

    scheme: str
    version: str
    effective_on: str
    new: bool


class PracticeKeptOut(Out):
    """The practice that holds from now on; not `new`: it held already."""

    new: bool
