"""What would happen if: scenarios and searches for people asked for, followed, stopped, read, removed."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi import Path as InPath

from api.asked import strict
from api.auth.action import Action
from api.auth.called import with_names
from api.auth.door import Asked, Command, may, may_write
from api.headers import PAPER
from api.routes.run_files import FILE_PAGE, run_removed, run_shown
from api.schemas.scenarios import (
    LibraryRowOut,
    ScenariosIn,
    SimulationAskedOut,
    SimulationOut,
    SimulationRowOut,
    StaffingIn,
)
from api.shapes.listed import CSV
from api.shapes.registers import RowsOut
from api.shapes.simulations import simulation_row
from api.usecases.asking import put_run
from api.usecases.scenario_files import library, text_of
from api.usecases.simulation_run import KINDS, SCENARIOS, STAFFING, checked
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked, OneOf, SortTold, next_in, place_in
from api.wire.table import FileWanted, every, table
from api.wire.version import IfNoneMatch
from api.wire.written import carried_out
from scenarios.patch.section import parsed
from storage.idempotency import Reply, once
from storage.order import Place
from storage.run_files import file_of
from storage.runs import RUN_ORDERS, ask_to_stop, find, latest
from storage.unit_of_work import UnitOfWork

router = APIRouter(
    prefix="/v1/scenarios", tags=["scenarios"], dependencies=[Depends(strict)], route_class=StrictRoute
)

Reads = Annotated[Asked, may(Action.SCENARIO_READ)]
Runs = Annotated[Command, may_write(Action.SCENARIO_RUN)]
RunPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the run.")]
NamePath = Annotated[
    str, InPath(pattern=r"^[a-z]+(\.[a-z]{2})?\.[a-z]{3,4}$", description="Name of the file.")
]


@router.post("", status_code=202)
def ask_scenarios(command: Runs, body: ScenariosIn, response: Response) -> SimulationAskedOut:
    """Simulate scenarios beside their base: a run in the queue; follow it at `Location`."""
    return _ask(command, SCENARIOS, body.model_dump(mode="json"), response)


@router.post("/staffing", status_code=202)
def ask_staffing(command: Runs, body: StaffingIn, response: Response) -> SimulationAskedOut:
    """Search how many engineers, where, on which shift, keep a promise: a run in the queue; follow it at `Location`."""
    return _ask(command, STAFFING, body.model_dump(mode="json"), response)


def _ask(command: Command, kind: str, content: Mapping[str, Any], response: Response) -> SimulationAskedOut:
    checked(kind, content)
    # The same key gives the same run: its id is made of the key.
    run = f"{kind}-{command.envelope.key}"[:64]
    carried_out(command.database, command.envelope, lambda work: put_run(work, run, kind, content))
    response.headers["Location"] = f"/v1/scenarios/{run}"
    return SimulationAskedOut(run=run)


@router.get("", response_model=RowsOut[SimulationRowOut], responses=CSV)
def list_simulations(
    asked: Reads,
    file: FileWanted,
    sort: Annotated[str, OneOf(RUN_ORDERS), SortTold] = "newest",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Simulations and searches for people of a region, the newest first unless asked otherwise."""
    started = place_in(after, sort, RUN_ORDERS)
    with asked.database.reading() as connection:

        def page(last: Place | None, most: int = FILE_PAGE) -> tuple[list[SimulationRowOut], Place | None]:
            found, more = latest(connection, asked.region, kinds=KINDS, sort=sort, after=last, most=most)
            return with_names(asked, [simulation_row(one) for one in found], connection), more

        if file:
            return table("scenarios", SimulationRowOut, every(page))
        rows, last = page(started, limit)
    return RowsOut[Any](region=asked.region, rows=rows, next=next_in(sort, last))


@router.get("/library")
def list_library(asked: Reads) -> RowsOut[LibraryRowOut]:
    """The bases and patches that ship, with their text: to be named, or copied and changed."""
    rows = []
    for path in library():
        text = text_of(path)
        top = parsed(text, path.name)
        chinese = "_zh" if asked.lang == "zh" else ""
        name, about = (top.text(f"{key}{chinese}", top.text(key, "")) for key in ("name", "about"))
        base = top.has("world")
        lists = (
            {} if base else {key: one for key, one in tomllib.loads(text).items() if not isinstance(one, str)}
        )
        rows.append(LibraryRowOut(id=path.stem, base=base, name=name, about=about, text=text, table=lists))
    return RowsOut[LibraryRowOut](region=asked.region, rows=rows, next=None)


@router.get(
    "/{run:path}/files/{name}",
    response_class=Response,
    responses={
        200: {"content": {"text/csv": {}, "application/json": {}, "text/html": {}}},
        304: {"description": "The same as held."},
    },
)
def read_made(run: RunPath, name: NamePath, asked: Reads, if_none_match: IfNoneMatch = "") -> Response:
    """A file that came out: tables as CSV, everything as `scenarios.json`, the page to look at in both languages."""
    with asked.database.reading() as connection:
        find(connection, asked.region, run, kinds=KINDS)
        found = file_of(connection, asked.region, run, name)
    tag = f'"{hashlib.sha256(found.content).hexdigest()}"'
    if tag in if_none_match.split(", "):
        return Response(status_code=304, headers={"ETag": tag})
    is_page = found.media_type.startswith("text/html")
    headers = {"ETag": tag} | (
        {"Content-Security-Policy": PAPER}
        if is_page
        else {"Content-Disposition": f'attachment; filename="{name}"'}
    )
    return Response(found.content, media_type=found.media_type, headers=headers)


@router.post("/{run:path}/stop")
def stop(command: Runs, run: RunPath) -> SimulationOut:
    """Ask one to end: waiting, it ends now; at work, soon, with what it has done so far."""

    def asked(work: UnitOfWork) -> Reply:
        def act() -> Reply:
            ask_to_stop(work, run, kinds=KINDS)
            return {"run": run}

        return once(work, "run.stop", {"run": run}, act)

    command.database.run(command.envelope, asked)
    return run_shown(command, run, kinds=KINDS)


@router.delete("/{run:path}", status_code=204)
def remove_simulation(command: Runs, run: RunPath) -> Response:
    """Remove one that has ended, with its files; the audit keeps that it was."""
    run_removed(command, run, kinds=KINDS)
    return Response(status_code=204)


@router.get("/{run:path}")
def show_simulation(run: RunPath, asked: Reads) -> SimulationOut:
    """One as it stands: what was asked, how far it is, why it failed, its files."""
    return run_shown(asked, run, kinds=KINDS)
