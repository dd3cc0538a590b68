"""Lists brought in over HTTP."""

from __future__ import annotations

from api.wire.bounds import Out


class TakenLineOut(Out):
    """A line that is a report now: its number, and what is still to be asked; `opened`: nothing is."""

    line: int
    ticket: str
    opened: bool
    missing: list[str]


class RefusedLineOut(Out):
    """A line that was not taken, and why."""

    line: int
    code: str
    detail: str


class ImportOut(Out):
    """What became of every line given; `known` of the accepted had been taken before."""

    given: int
    accepted: int
    known: int
    reports: list[TakenLineOut]
    refused: list[RefusedLineOut]
