"""Datasets brought in over HTTP: a zip of the folder, read by a worker; only a whole one becomes a region."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath

from api.asked import strict
from api.auth.action import Action
from api.auth.called import with_names
from api.auth.door import Asked, Command, may, may_write
from api.routes.run_files import run_removed, run_shown
from api.schemas.scenarios import SimulationAskedOut, SimulationOut, SimulationRowOut
from api.shapes.registers import RowsOut
from api.shapes.simulations import simulation_row
from api.usecases.asking import put_run
from api.usecases.dataset_run import GIVEN, KIND
from api.wire.body import FileAsked, StrictRoute, takes_file
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked, OneOf, SortTold, next_in, place_in
from api.wire.written import carried_out
from kernel.clock import moment
from kernel.errors import Refusal
from storage.idempotency import Reply, once
from storage.run_files import file_of, given, keep_file
from storage.runs import RUN_ORDERS, ask_to_stop, find, latest
from storage.unit_of_work import UnitOfWork

router = APIRouter(
    prefix="/v1/imports/datasets", tags=["imports"], dependencies=[Depends(strict)], route_class=StrictRoute
)

Reads = Annotated[Asked, may(Action.REGION_IMPORT)]
Writes = Annotated[Command, may_write(Action.REGION_IMPORT)]
RunPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the run.")]
NamePath = Annotated[str, InPath(pattern=r"^[a-z]+\.[a-z]{3,4}$", description="Name of the file.")]

KINDS = (KIND,)
ZIP: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        "description": "A zip of a dataset's folder: `region.toml`, its CSV files, `schemes/`, `attachments/`.",
    }
}


@router.post("", status_code=202, openapi_extra=ZIP)
@takes_file
def take_dataset(
    command: Writes,
    content: FileAsked,
    response: Response,
    as_of: Annotated[
        str, Query(max_length=40, description="Move the region in time: described at this moment.")
    ] = "",
) -> SimulationAskedOut:
    """Bring a region in: a run in the queue; every row that is wrong is named, and then nothing is written at all."""
    if not content:
        raise Refusal("import.not_a_zip")
    asked = {
        "as_of": moment(as_of).isoformat() if as_of else "",
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    run = f"{KIND}-{command.envelope.key}"[:64]

    def put(work: UnitOfWork) -> Reply:
        def kept() -> None:
            keep_file(work, run, given(GIVEN), content, media_type="application/zip")

        return put_run(work, run, KIND, asked, with_it=kept)

    carried_out(command.database, command.envelope, put)
    response.headers["Location"] = f"/v1/imports/datasets/{run}"
    return SimulationAskedOut(run=run)


@router.get("")
def list_datasets(
    asked: Reads,
    sort: Annotated[str, OneOf(RUN_ORDERS), SortTold] = "newest",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> RowsOut[SimulationRowOut]:
    """Imports, the newest first unless asked otherwise."""
    started = place_in(after, sort, RUN_ORDERS)
    with asked.database.reading() as connection:
        found, last = latest(connection, asked.region, kinds=KINDS, sort=sort, after=started, most=limit)
        rows = with_names(asked, [simulation_row(one) for one in found], connection)
    return RowsOut[SimulationRowOut](region=asked.region, rows=rows, next=next_in(sort, last))


@router.get(
    "/{run:path}/files/{name}",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}, "application/json": {}}}},
)
def read_report(run: RunPath, name: NamePath, asked: Reads) -> Response:
    """What became of it: `counts.csv` by file, `refused.csv` with file, line, column and code, `report.json`."""
    with asked.database.reading() as connection:
        find(connection, asked.region, run, kinds=KINDS)
        found = file_of(connection, asked.region, run, name)
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(found.content, media_type=found.media_type, headers=head)


@router.post("/{run:path}/stop")
def stop_import(command: Writes, run: RunPath) -> SimulationOut:
    """Have one that waits not begin; one that is being read ends by itself, whole or not at all."""

    def asked(work: UnitOfWork) -> Reply:
        def act() -> Reply:
            ask_to_stop(work, run, kinds=KINDS)
            return {"run": run}

        return once(work, "run.stop", {"run": run}, act)

    command.database.run(command.envelope, asked)
    return run_shown(command, run, kinds=KINDS)


@router.delete("/{run:path}", status_code=204)
def remove_import(command: Writes, run: RunPath) -> Response:
    """Remove what is kept of an import that has ended; the region stays."""
    run_removed(command, run, kinds=KINDS)
    return Response(status_code=204)


@router.get("/{run:path}")
def show_import(run: RunPath, asked: Reads) -> SimulationOut:
    """One as it stands: waiting, being read, done, or refused and why; its files."""
    return run_shown(asked, run, kinds=KINDS)
