"""What is done to one visit by hand, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from api.wire.bounds import IdIn, In, MaybeIdIn, MomentIn, Out, SpanIn
from dispatch.desk.visit import Lock


class StopOut(Out):
    """Where one part of a visit stands in the published plan."""

    visit: str
    role: str
    piece: int
    shift: str
    partner: str
    starts_at: datetime
    lock: str
    told_at: datetime | None


class ChangedOut(Out):
    """The published stops that are not as they were.

    Args:
        lost: those of `before` that could already no longer be kept as published.
    """

    before: list[StopOut]
    after: list[StopOut]
    lost: list[str]
    stops_changed: int


class MovedOut(ChangedOut):
    """The visit and whose it is now; empty: nobody's."""

    visit: str
    engineer: str


class SupposedMoveIn(In):
    """A visit supposed to be an engineer's, begun at `not_before` or later; an empty engineer: nobody's."""

    visit: Annotated[str, Field(min_length=1, max_length=200)]
    engineer: MaybeIdIn
    not_before: MomentIn | None = None


class LockIn(In):
    """What of the published stop may not be changed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"lock": "both"}]})

    lock: Annotated[Lock, Field(strict=False)]


class LockedOut(ChangedOut):
    """The visit and how it is held."""

    visit: str
    lock: str


class UndoIn(In):
    """Which move, lock or undoing to undo: the `Idempotency-Key` it was sent with."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"key": "6f1c2a3e-9d0b-4b7e-8a55-1f0c2d3e4f50"}]}
    )

    key: Annotated[str, Field(min_length=1, max_length=200)]


class UndoneOut(ChangedOut):
    """What was undone."""

    undone: str


class AgreedIn(In):
    """The times the customer can be visited; none: any time."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"windows": [{"start": "2026-03-06T14:00:00+08:00", "end": "2026-03-06T16:00:00+08:00"}]}
            ]
        }
    )

    windows: Annotated[list[SpanIn], Field(max_length=20)]


class AgreedOut(Out):
    """The visit, and whether its published start was given up because it lies outside."""

    visit: str
    given_up: bool


class OverrunIn(In):
    """When the engineer at work says he will be done."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"finishes_at": "2026-03-06T15:30:00+08:00"}]})

    finishes_at: MomentIn


class WhatIfIn(In):
    """What to suppose, in this order: engineers away from now on, then visits moved; an empty engineer takes one off."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"away": ["E1"], "moves": [{"visit": "V2", "engineer": "E2"}]}]}
    )

    away: Annotated[list[IdIn], Field(max_length=20, default_factory=list)]
    moves: Annotated[list[SupposedMoveIn], Field(max_length=50, default_factory=list)]


class WhatIfCandidatesIn(WhatIfIn):
    """What to suppose, and the visit somebody is sought for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"away": ["E1"], "visit": "V2"}]})

    visit: Annotated[str, Field(min_length=1, max_length=200)]
    most: Annotated[int, Field(ge=1, le=20)] = 5


class WhatIfPreviewIn(WhatIfIn):
    """What to suppose, and the move that is tried after it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"away": ["E1"], "visit": "V2", "engineer": "E2"}]}
    )

    visit: Annotated[str, Field(min_length=1, max_length=200)]
    engineer: IdIn
    not_before: MomentIn | None = None
