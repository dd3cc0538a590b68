"""What customers say afterwards, over HTTP: complaints with their two clocks, surveys and follow-ups."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from api.wire.bounds import IdIn, In, Lax, LineIn, MaybeIdIn, MomentIn, Out, TextIn
from dispatch.desk.clause import Remedy
from dispatch.desk.clock import State
from dispatch.desk.complaint import ComplaintState, ComplaintStep
from dispatch.desk.survey import SurveyStep


class ComplaintOut(Out):
    """A complaint, where it stands, its two clocks.

    `next_step`: what we owe next, null while the customer is to speak; `next_due_at`: when, null: not promised.
    """

    complaint: str
    customer: str
    ticket: str
    scheme: str
    scheme_version: str
    made_at: datetime
    by: str
    by_name: str = ""
    text: str
    state: ComplaintState
    accept_state: State
    accept_due_at: datetime | None
    answer_state: State
    answer_due_at: datetime | None
    next_step: ComplaintStep | None
    next_due_at: datetime | None
    remedies: list[Remedy]


class ComplaintIn(In):
    """A customer complains; `complaint` is your own number. Of a complaint about a ticket the ticket's scheme holds."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "complaint": "Q-0031",
                    "customer": "C-12",
                    "ticket": "T-20260306-0007",
                    "text": "Nobody came and nobody called.",
                }
            ]
        }
    )

    complaint: IdIn
    customer: IdIn
    ticket: MaybeIdIn = ""
    scheme: MaybeIdIn = ""
    scheme_version: MaybeIdIn = ""
    text: TextIn
    at: MomentIn | None = None


class ComplaintStepIn(In):
    """What happens to a complaint; an answer may grant something beside it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"step": "answered", "reason": "We come again tomorrow.", "remedy": "free-repeat"}]
        }
    )

    step: Annotated[ComplaintStep, Lax]
    reason: TextIn = ""
    remedy: Annotated[Remedy, Lax] | None = None
    at: MomentIn | None = None


class ComplaintWrittenOut(Out):
    """What was written; `new`: it was not there before."""

    complaint: str
    new: bool


class SurveyOut(Out):
    """What was asked after a ticket was closed; `owed`: what is due and not done."""

    ticket: str
    closed_at: datetime | None
    survey_due_at: datetime | None
    follow_up_due_at: datetime | None
    sent_at: datetime | None
    answered_at: datetime | None
    score: int | None
    declined_at: datetime | None
    followed_up_at: datetime | None
    came_back: bool
    owed: list[SurveyStep]


class SurveyStepIn(In):
    """What happened after a ticket was closed; a score goes with `answered` only."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"step": "answered", "score": 5, "remark": "quick"}]}
    )

    step: Annotated[SurveyStep, Lax]
    score: Annotated[int, Field(ge=1, le=100)] | None = None
    remark: LineIn = ""
    at: MomentIn | None = None


class SurveyWrittenOut(Out):
    """What was written; `ticket_event`: the step of the ticket's life it is too, empty: none."""

    ticket: str
    ticket_event: str
    new: bool
