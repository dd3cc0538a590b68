"""Plans: asked for, looked at, compared with what is in force, taken whole or in part, discarded."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from math import ceil
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath
from fastapi.responses import JSONResponse

from api.asked import strict
from api.auth.action import Action
from api.auth.called import with_names
from api.auth.door import Asked, Command, may, may_write
from api.report.plan_geojson import plan_geojson
from api.schemas.plans import (
    DifferenceOut,
    DiscardedOut,
    PlanIn,
    PlanOut,
    PlansOut,
    RunAskedOut,
    TakeIn,
    TakenPlanOut,
)
from api.shapes.listed import CSV
from api.shapes.plans import difference_out, plan_out, taken_out
from api.usecases.asking import put_plan
from api.usecases.deciding import discard, stored_proposal, take_proposal
from api.usecases.plan_run import Ask
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked, OneOf, SortTold, next_in, place_in
from api.wire.table import FileWanted, every, table
from api.wire.version import IfNoneMatch
from api.wire.written import carried_out
from kernel.errors import Refusal
from storage.dataset.stock_tables import PLACES
from storage.idempotency import Reply
from storage.order import Place
from storage.plans import PLAN_ORDERS, decided, document_of, page
from storage.rows.facts import values_in
from storage.rows.visits import sites_of_visits
from storage.tables.plan import PlanState
from storage.unit_of_work import UnitOfWork

router = APIRouter(
    prefix="/v1/plans", tags=["plans"], dependencies=[Depends(strict)], route_class=StrictRoute
)

PlanPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the plan, that of its run.")]
SECONDS = 20.0
"""How long to search when nothing is said."""
FILE_PAGE = 1_000


@router.post("", status_code=202)
def ask(
    command: Annotated[Command, may_write(Action.PLAN_MAKE)], body: PlanIn, response: Response
) -> RunAskedOut:
    """Ask for a plan: a run in the queue, whose plan will have its id; follow it at `Location`."""
    if body.work is not None and body.seconds is not None:
        raise Refusal("request.work_or_seconds")
    seconds = SECONDS if body.work is None and body.seconds is None else body.seconds
    # The same key gives the same run: its id is made of the key.
    run = f"plan-{command.envelope.key}"[:64]

    def put(work: UnitOfWork) -> Reply:
        if body.from_at is not None and body.from_at < work.now:
            raise Refusal("request.from_past", now=work.now.isoformat())
        start = body.from_at or work.now
        # What is made and looked at before the moment it is planned from holds nobody up then.
        ahead = (start - work.now) // timedelta(seconds=1)
        review_s = max(0, body.review_s + ceil(seconds or 0) - ahead) if body.review_s else 0
        return put_plan(work, run, Ask(start, body.seed, body.work, seconds, body.engineer, review_s))

    carried_out(command.database, command.envelope, put)
    response.headers["Location"] = f"/v1/runs/{run}"
    return RunAskedOut(run=run, plan=run)


@router.get("", response_model=PlansOut, responses=CSV)
def list_plans(
    asked: Annotated[Asked, may(Action.PLAN_READ)],
    file: FileWanted,
    state: Annotated[PlanState | None, Query(description="Only those of which this has become.")] = None,
    sort: Annotated[str, OneOf(PLAN_ORDERS), SortTold] = "newest",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | PlansOut:
    """Plans of a region, all or those of a state, newest first unless asked otherwise."""
    started = place_in(after, sort, PLAN_ORDERS)
    with asked.database.reading() as connection:

        def behind(last: Place | None, most: int = FILE_PAGE) -> tuple[list[PlanOut], Place | None]:
            found, more = page(connection, asked.region, most=most, sort=sort, after=last, state=state)
            return [plan_out(one) for one in found], more

        if file:
            return table("plans", PlanOut, every(behind))
        shown, last = behind(started, limit)
    return PlansOut(region=asked.region, plans=shown, next=next_in(sort, last))


@router.get("/{plan:path}/difference")
def difference(plan: PlanPath, asked: Annotated[Asked, may(Action.PLAN_READ)]) -> DifferenceOut:
    """Say what a plan would change of what was in force when it was made, in parts that can be taken by themselves."""
    with asked.database.reading() as connection:
        proposal = stored_proposal(connection, asked.region, plan)
        steps = decided(connection, asked.region, plan)
    told = difference_out(plan, proposal, steps)
    return told.model_copy(update={"steps": with_names(asked, told.steps)})


@router.post("/{plan:path}/apply")
def apply(
    command: Annotated[Command, may_write(Action.PLAN_PUBLISH)], plan: PlanPath, body: TakeIn
) -> TakenPlanOut:
    """Publish some parts of a plan; one that no longer holds or would be at others' cost stays out and is listed."""
    reply = take_proposal(command.database, command.envelope, plan, parts=frozenset(body.parts))
    return taken_out(reply, lang=command.lang)


@router.post("/{plan:path}/publish")
def publish(command: Annotated[Command, may_write(Action.PLAN_PUBLISH)], plan: PlanPath) -> TakenPlanOut:
    """Publish a whole plan: what still holds of it is taken, the rest listed; refused when nothing of it holds any more."""
    reply = take_proposal(command.database, command.envelope, plan, parts=None)
    return taken_out(reply, lang=command.lang)


@router.post("/{plan:path}/discard")
def discard_plan(command: Annotated[Command, may_write(Action.PLAN_PUBLISH)], plan: PlanPath) -> DiscardedOut:
    """Decide against a plan: it stays to be read and can no longer be taken."""
    reply = command.database.run(command.envelope, lambda work: discard(work, plan))
    return DiscardedOut.model_validate(reply)


@router.get("/{plan:path}/routes.geojson", response_class=JSONResponse)
def map_of_plan(plan: PlanPath, asked: Annotated[Asked, may(Action.PLAN_READ)]) -> JSONResponse:
    """Any plan as GeoJSON (RFC 7946), published or not: a point for every stop, a line through those of a route."""
    with asked.database.reading() as connection:
        document = json.loads(document_of(connection, asked.region, plan))
        places = values_in(connection, PLACES, asked.region)
        sites = sites_of_visits(connection, asked.region)
    stores = {one.id: one.at for one in places if one.at is not None}
    return JSONResponse(plan_geojson(document, sites, stores), media_type="application/geo+json")


@router.get(
    "/{plan:path}",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}, 304: {"description": "The same as held."}},
)
def read_plan(
    plan: PlanPath, asked: Annotated[Asked, may(Action.PLAN_READ)], if_none_match: IfNoneMatch = ""
) -> Response:
    """One plan as `plan.json` holds it, byte for byte."""
    with asked.database.reading() as connection:
        document = document_of(connection, asked.region, plan).encode()
    tag = f'"{hashlib.sha256(document).hexdigest()}"'
    if tag in if_none_match.split(", "):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(document, media_type="application/json", headers={"ETag": tag})
