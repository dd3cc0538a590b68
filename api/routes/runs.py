"""Runs of plans: work in the queue, how far it is, asked to stop. What else is long has its own routes and rights."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi import Path as InPath

from api.asked import strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.routes.run_files import FILE_PAGE
from api.schemas.plans import RunOut, RunsOut
from api.shapes.listed import CSV
from api.shapes.plans import run_out
from api.usecases.plan_run import KIND
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked, OneOf, SortTold, next_in, place_in
from api.wire.table import FileWanted, every, table
from storage.idempotency import Reply, once
from storage.order import Place
from storage.runs import RUN_ORDERS, ask_to_stop, find, latest
from storage.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1/runs", tags=["runs"], dependencies=[Depends(strict)], route_class=StrictRoute)

RunPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the run.")]


@router.get("", response_model=RunsOut, responses=CSV)
def list_runs(
    asked: Annotated[Asked, may(Action.PLAN_READ)],
    file: FileWanted,
    sort: Annotated[str, OneOf(RUN_ORDERS), SortTold] = "newest",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RunsOut:
    """Runs of plans, the newest first unless asked otherwise."""
    started = place_in(after, sort, RUN_ORDERS)
    with asked.database.reading() as connection:

        def page(last: Place | None, most: int = FILE_PAGE) -> tuple[list[RunOut], Place | None]:
            found, more = latest(connection, asked.region, kinds=(KIND,), sort=sort, after=last, most=most)
            return [run_out(one, lang=asked.lang) for one in found], more

        if file:
            return table("runs", RunOut, every(page))
        runs, last = page(started, limit)
    return RunsOut(region=asked.region, runs=runs, next=next_in(sort, last))


@router.post("/{run:path}/stop")
def stop(command: Annotated[Command, may_write(Action.PLAN_MAKE)], run: RunPath) -> RunOut:
    """Ask a run to end: a waiting one ends now, a running one soon, with the best it has found."""

    def asked(work: UnitOfWork) -> Reply:
        def act() -> Reply:
            ask_to_stop(work, run, kinds=(KIND,))
            return {"run": run}

        return once(work, "run.stop", {"run": run}, act)

    command.database.run(command.envelope, asked)
    with command.database.reading() as connection:
        return run_out(find(connection, command.region, run, kinds=(KIND,)), lang=command.lang)


@router.get("/{run:path}")
def show_run(run: RunPath, asked: Annotated[Asked, may(Action.PLAN_READ)]) -> RunOut:
    """A run as it stands: waiting, running with its progress, done, stopped, failed and why."""
    with asked.database.reading() as connection:
        return run_out(find(connection, asked.region, run, kinds=(KIND,)), lang=asked.lang)
