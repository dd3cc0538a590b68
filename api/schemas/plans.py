"""Plans, what they would change, and the runs that make them, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.schemas.rescue import SupplyOut
from api.wire.bounds import In, MaybeIdIn, MomentIn, Out, SeedIn
from storage.tables.plan import PlanState


class PlanIn(In):
    """How to plan: from when (left out: the moment the region is described at), and how much to search, by steps (repeatable) or by seconds.

    `engineer`: only his days are put in a better order, everybody else goes on as published; empty: everybody's.
    `review_s`: so many seconds somebody will look at the plan before publishing it; it sends nobody off before that.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"work": 4000}, {"seconds": 20}, {"seconds": 5, "engineer": "E1"}]}
    )

    from_at: MomentIn | None = None
    seed: SeedIn = 1
    work: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    seconds: Annotated[float, Field(ge=0.1, le=3600, strict=False)] | None = None
    engineer: MaybeIdIn = ""
    review_s: Annotated[int, Field(ge=0, le=3600)] = 120


class RunAskedOut(Out):
    """A run was put into the queue; the plan will have its id."""

    run: str
    plan: str


class AtOut(Out):
    """Where in what was given something is wrong; line 0: all of the file."""

    file: str
    line: int
    column: str


class ErrorOut(Out):
    """Why a run failed: a code with its values, the sentence in the caller's language, and where, if it is at a place."""

    code: str
    detail: str
    params: dict[str, Any]
    at: AtOut | None


class RunOut(Out):
    """A run as it stands; `progress` is what its worker last said."""

    id: str
    kind: str
    state: str
    attempts: int
    worker: str
    progress: dict[str, Any]
    stop_requested: bool
    errors: list[ErrorOut]
    asked_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None


class RunsOut(Out):
    """A page of runs, the newest first."""

    region: str
    runs: list[RunOut]
    next: str | None


class PlanOut(Out):
    """A plan in a list; money in whole cents of the region's currency."""

    id: str
    now: datetime
    made_at: datetime
    problem_digest: str
    dataset_digest: str
    cost_cents: int
    visits: int
    left_out: int
    state: PlanState


class PlansOut(Out):
    """A page of plans, newest first."""

    region: str
    plans: list[PlanOut]
    next: str | None


class PlaceOut(Out):
    """Where a visit stands in a plan: the shift or the partner, its start, parts and loaner; empty where nobody is planned."""

    who: str
    starts_at: datetime | None
    parts: list[SupplyOut]
    loaner: str


class VisitChangeOut(Out):
    """A visit of a part: where it goes on as things are, and where the plan has it."""

    visit: str
    before: PlaceOut
    after: PlaceOut


class PlanPartOut(Out):
    """Changes that go together and can be taken by themselves."""

    number: int
    shifts: list[str]
    visits: list[VisitChangeOut]


class StepOut(Out):
    """What was decided about a plan."""

    step: str
    at: datetime
    by: str
    by_name: str = ""
    parts: list[int]


class DifferenceOut(Out):
    """What a plan would change of the plan in force when it was made; `saves_cents` against going on as before."""

    plan: str
    made_at: datetime
    saves_cents: int
    parts: list[PlanPartOut]
    steps: list[StepOut]


class TakeIn(In):
    """Which parts to take."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"parts": [1, 3]}]})

    parts: Annotated[list[Annotated[int, Field(ge=1, le=100_000)]], Field(min_length=1, max_length=1000)]


class ConflictOut(Out):
    """A part that was not taken, and why."""

    part: int
    code: str
    params: dict[str, Any]
    detail: str


class TakenPlanOut(Out):
    """What was published: numbers of the parts, and how many published stops changed."""

    plan: str
    taken: list[int]
    conflicts: list[ConflictOut]
    stops_changed: int


class DiscardedOut(Out):
    """A plan that can no longer be taken."""

    plan: str
