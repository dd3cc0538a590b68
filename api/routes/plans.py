"""Plans that runs have made."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi import Path as InPath

from api.asked import (
    ID_PATTERN,
    CursorAsked,
    DatabaseAsked,
    LimitAsked,
    RegionAsked,
    cursor,
    strict,
    uncursor,
)
from api.schemas import PlanOut, PlansOut
from kernel.clock import moment
from storage.plans import document_of, page
from storage.rows.region import only_region

router = APIRouter(prefix="/v1/plans", tags=["plans"], dependencies=[Depends(strict)])


@router.get("")
def list_plans(
    database: DatabaseAsked, region: RegionAsked = "", limit: LimitAsked = 50, after: CursorAsked = ""
) -> PlansOut:
    """Plans of a region, newest first."""
    started = uncursor(after, parts=2)
    with database.reading() as connection:
        which = only_region(connection, region)
        last = (moment(started[0]), started[1]) if started else None
        found = page(connection, which, most=limit + 1, after=last)
    shown = found[:limit]
    return PlansOut(
        region=which,
        plans=[
            PlanOut(
                id=one.id,
                now=one.now,
                made_at=one.made_at,
                problem_digest=one.problem_digest,
                dataset_digest=one.dataset_digest,
                cost_cents=one.cost_cents,
                visits=one.visits,
                left_out=one.left_out,
            )
            for one in shown
        ],
        next=cursor(shown[-1].made_at.isoformat(), shown[-1].id) if len(found) > limit else None,
    )


@router.get("/{plan:path}", response_class=Response, responses={200: {"content": {"application/json": {}}}})
def read_plan(
    plan: Annotated[str, InPath(pattern=ID_PATTERN)], database: DatabaseAsked, region: RegionAsked = ""
) -> Response:
    """One plan as `plan.json` holds it, byte for byte."""
    with database.reading() as connection:
        which = only_region(connection, region)
        return Response(document_of(connection, which, plan), media_type="application/json")
