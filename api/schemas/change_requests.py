"""Changes asked for after a simulation, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.wire.bounds import IdIn, In, LineIn, Out
from dispatch.desk.change_request import ChangeStep


class ChangesIn(In):
    """The patches of a simulated scenario are asked for, one request each; `patches`: their numbers from 1, empty: all."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"run": "scenarios-w1", "scenario": "two-more", "reason": "mornings in Fuzhou"}]
        }
    )

    run: IdIn
    scenario: IdIn
    patches: Annotated[list[Annotated[int, Field(ge=1, le=10)]], Field(default_factory=list, max_length=10)]
    reason: LineIn = ""


class ChangesAskedOut(Out):
    """The requests that were made."""

    requests: list[str]


class ChangeStepIn(In):
    """The next step of a request: `accepted` or `declined` by another than who asked, `withdrawn` by himself, `done` when it is entered."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"step": "declined", "reason": "no vans before June"}]}
    )

    step: Literal["accepted", "declined", "withdrawn", "done"]
    reason: LineIn = ""


class ChangeStepOut(Out):
    """The step that was written."""

    request: str
    step: ChangeStep


class ChangeSaidOut(Out):
    """One step: who said what when and why; the name for people to read."""

    step: ChangeStep
    at: datetime
    by: str
    by_name: str
    reason: str


class ChangeFigureOut(Out):
    """A figure of the scenario and its change against the base, with the interval of the change."""

    figure: str
    mean: float | None
    change: float | None
    low: float | None
    high: float | None
    effect: str


class ChangeRequestOut(Out):
    """A request as it stands: `is_mine`: the caller may decide it now; `name`: what is asked for, in a sentence.

    `figures` are those of the whole scenario, of `together` patches; `patch` is the change as it was simulated.
    """

    request: str
    name: str
    run: str
    scenario: str
    lists: list[str]
    patch: dict[str, Any]
    together: int
    replications: int
    currency: str
    figures: list[ChangeFigureOut]
    reason: str
    asked_at: datetime
    asked_by: str
    asked_by_name: str
    step: ChangeStep
    steps: list[ChangeSaidOut]
    is_mine: bool
    is_own: bool
