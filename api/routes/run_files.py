"""Runs as their routes list, show and remove them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from api.auth.called import with_names
from api.auth.door import Asked, Command
from api.schemas.scenarios import SimulationOut
from api.shapes.simulations import simulation_out
from kernel.clock import moment
from storage.idempotency import Reply, once
from storage.run_files import files_of, remove
from storage.runs import Run, find, latest
from storage.unit_of_work import UnitOfWork

FILE_PAGE = 1_000

Last = tuple[str, ...]
"""When the last run of a page was asked for, and its id."""


def runs_page(
    connection: Connection, region: str, last: Last | None, most: int, /, *, kinds: Collection[str]
) -> tuple[list[Run], Last | None]:
    """Runs of these kinds, the newest first, and where the next page starts; None: that was all.

    Raises:
        Refusal: ``request.bad_cursor``, ``clock.*``.
    """
    place = (moment(last[0]), last[1]) if last else None
    found = latest(connection, region, kinds=kinds, after=place, most=most + 1)
    shown = list(found[:most])
    ends = shown[-1] if len(found) > most else None
    return shown, (ends.asked_at.isoformat(), ends.id) if ends and ends.asked_at else None


def run_shown(asked: Asked | Command, run: str, /, *, kinds: Collection[str]) -> SimulationOut:
    """A run of these kinds as it stands, with its files.

    Raises:
        Refusal: as `storage.runs.find`.
    """
    with asked.database.reading() as connection:
        found = find(connection, asked.region, run, kinds=kinds)
        out = simulation_out(found, files_of(connection, asked.region, run), lang=asked.lang)
        return with_names(asked, [out], connection)[0]


def run_removed(command: Command, run: str, /, *, kinds: Collection[str]) -> None:
    """Remove a run that has ended, with its files, once.

    Raises:
        Refusal: as `storage.run_files.remove`.
    """

    def removed(work: UnitOfWork) -> Reply:
        def act() -> Reply:
            remove(work, run, kinds=kinds)
            return {}

        return once(work, "run.remove", {"run": run}, act)

    command.database.run(command.envelope, removed)
