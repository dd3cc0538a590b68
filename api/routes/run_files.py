"""Runs as their routes show and remove them."""

from __future__ import annotations

from collections.abc import Collection

from api.auth.called import with_names
from api.auth.door import Asked, Command
from api.schemas.scenarios import SimulationOut
from api.shapes.simulations import simulation_out
from storage.idempotency import Reply, once
from storage.run_files import files_of, remove
from storage.runs import find
from storage.unit_of_work import UnitOfWork

FILE_PAGE = 1_000


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
