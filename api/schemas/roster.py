"""The roster over HTTP: duties, what is handed over, who is called in the end."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from api.wire.bounds import IdIn, In, LineIn, MaybeIdIn, MomentIn, Out
from dispatch.desk.clause import LadderRole


class DutyIn(In):
    """Somebody is on call for a role of the escalation ladder."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "duty": "D-0312",
                    "role": "dispatcher",
                    "person": "P01",
                    "starts_at": "2026-03-12T18:00:00+08:00",
                    "ends_at": "2026-03-13T08:00:00+08:00",
                }
            ]
        }
    )

    duty: IdIn
    role: Annotated[LadderRole, Field(strict=False)]
    person: IdIn
    starts_at: MomentIn
    ends_at: MomentIn
    rank: Annotated[int, Field(ge=1, le=99)] = 1


class DutyWrittenOut(Out):
    """The duty; `new`: it was not there before."""

    duty: str
    new: bool


class HandOverIn(In):
    """Part of a duty goes to somebody else; no `person`: to nobody."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person": "P02",
                    "reason": "ill",
                    "starts_at": "2026-03-12T18:00:00+08:00",
                    "ends_at": "2026-03-13T08:00:00+08:00",
                }
            ]
        }
    )

    starts_at: MomentIn
    ends_at: MomentIn
    reason: Annotated[LineIn, Field(min_length=1)]
    person: MaybeIdIn = ""


class HandedOverOut(Out):
    """What was handed over, and to whom; not `new`: it had been said before."""

    duty: str
    person: str
    new: bool


class WatchOut(Out):
    """Somebody is called for a role from a moment to another; `rank`: 1 is called first."""

    duty: str
    role: LadderRole
    person: str
    starts_at: datetime
    ends_at: datetime
    rank: int


class RosterOut(Out):
    """Who is called, by time."""

    region: str
    watches: list[WatchOut]
