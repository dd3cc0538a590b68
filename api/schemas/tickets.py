"""Reports and tickets over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.wire.bounds import (
    In,
    LineIn,
    MaybeIdIn,
    MinutesIn,
    MomentIn,
    Out,
    SpanIn,
    TextIn,
    UnitsIn,
    WordIn,
)
from dispatch.desk.intake import Asked, Channel
from dispatch.desk.ticket import EventKind


class TripIn(In):
    """A visit to ask for: minutes of work, what it needs, no start before."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"minutes": 90, "skills": {"hv": 2}, "tools": ["scope"]}]}
    )

    minutes: MinutesIn
    earliest_at: MomentIn | None = None
    skills: Annotated[
        dict[WordIn, Annotated[int, Field(ge=1, le=9)]], Field(max_length=20, default_factory=dict)
    ]
    certificates: Annotated[list[WordIn], Field(max_length=20, default_factory=list)]
    tools: Annotated[list[WordIn], Field(max_length=20, default_factory=list)]
    parts: Annotated[dict[WordIn, UnitsIn], Field(max_length=50, default_factory=dict)]
    windows: Annotated[list[SpanIn], Field(max_length=20, default_factory=list)]


class SaidIn(In):
    """What somebody said; what is left out was not said."""

    channel: Annotated[Channel, Field(strict=False)] = Channel.PHONE
    asset: MaybeIdIn = ""
    serial: LineIn = ""
    qr: LineIn = ""
    site: MaybeIdIn = ""
    contract: MaybeIdIn = ""
    scheme: MaybeIdIn = ""
    kind: WordIn = ""
    severity: WordIn = ""
    symptom: LineIn = ""
    text: TextIn = ""
    contact: LineIn = ""


class ReportIn(SaidIn):
    """What somebody said; what is left out was not said and is asked for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "channel": "phone",
                    "asset": "A1",
                    "kind": "fault",
                    "severity": "P1",
                    "text": "It is dark in the hall",
                    "contact": "gate 3",
                    "trip": {"minutes": 90, "skills": {"hv": 2}},
                }
            ]
        }
    )

    at: MomentIn | None = None
    trip: TripIn | None = None


class QuestionOut(Out):
    """Something still to be asked; `choices` would do, `proposed` is the likeliest, `given` could not be used."""

    asked: str
    choices: list[str]
    proposed: str
    given: str


class AlikeOut(Out):
    """An earlier ticket of the same equipment: a duplicate or a repeat."""

    ticket: str
    likeness: str
    at: datetime
    days: int


class TakenOut(Out):
    """What became of a report: its number at once; a ticket when nothing is missing."""

    ticket: str
    opened: bool
    questions: list[QuestionOut]
    evidence: list[str]
    duplicates: list[AlikeOut]
    visit: str


class AnswerIn(In):
    """The answer to one question."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"asked": "severity", "value": "P2"}]})

    asked: Annotated[Asked, Field(strict=False)]
    value: TextIn
    at: MomentIn | None = None


class EventIn(In):
    """Something that happened to a ticket; `value` and `reason` as its kind needs them."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "waiting", "value": "access", "reason": "gate shut"}]}
    )

    kind: Annotated[EventKind, Field(strict=False)]
    at: MomentIn | None = None
    reason: LineIn = ""
    value: LineIn = ""
    visit: MaybeIdIn = ""


class VersionOut(Out):
    """A ticket's version: how many events it has; also its ETag."""

    ticket: str
    version: int


class VisitAskedOut(Out):
    """A visit asked for; the next plan places it."""

    ticket: str
    visit: str


class ClockOut(Out):
    """One milestone of a ticket; moments in UTC, whole seconds.

    `arithmetic`: how the due time comes about, line by line in the caller's language; only of one ticket, while open.
    """

    milestone: str
    promise: str
    state: str
    due_at: datetime | None
    met_at: datetime | None
    elapsed_s: int
    remaining_s: int | None
    arithmetic: list[str]


class TicketOut(Out):
    """A ticket with its stage and clocks at the moment asked for; `severity` after every change."""

    id: str
    stage: str
    waiting: str | None
    severity: str
    kind: str
    customer: str
    site: str
    asset: str
    contract: str
    scheme: str
    scheme_version: str
    reported_at: datetime
    symptom: str
    text: str
    version: int
    next_milestone: str | None
    next_due_at: datetime | None
    clocks: list[ClockOut]


class TicketsOut(Out):
    """A page of tickets; it may hold fewer than asked for and still have a `next`; names of their customers and sites by id."""

    region: str
    at: datetime
    tickets: list[TicketOut]
    customers: dict[str, str]
    sites: dict[str, str]
    next: str | None


class EventOut(Out):
    """Something that happened; `by_name`: what people call the account, empty where `by` is none (an engineer's code)."""

    at: datetime
    kind: str
    by: str
    by_name: str
    reason: str
    value: str
    visit: str


class EventsOut(Out):
    """Everything that happened to a ticket, in order of time; `version` counts it."""

    ticket: str
    version: int
    events: list[EventOut]


class AttachmentOut(Out):
    """A file that came with a ticket, known by the SHA-256 of its bytes."""

    digest: str
    kind: str
    name: str
    media_type: str
    size: int
    at: datetime
    by: str
    by_name: str = ""


class TicketVisitOut(Out):
    """A visit of a ticket and where the published plan has it."""

    visit: str
    minutes: int
    starts_at: datetime | None
    shift: str
    partner: str


class OfferOut(Out):
    """What helped before: in `n` of `m` tickets of the model."""

    cause: str
    solution: str
    n: int
    m: int


class WholeTicketOut(TicketOut):
    """One ticket with everything beside it; `may_follow`: the events that may come next."""

    since: datetime
    waiting_since: datetime | None
    way: str | None
    forecast: datetime | None
    reopened: int
    may_follow: list[str]
    events: list[EventOut]
    visits: list[TicketVisitOut]
    attachments: list[AttachmentOut]
    offers: list[OfferOut]


class ReportOut(Out):
    """A report that is no ticket yet, and what is still to be asked."""

    id: str
    at: datetime
    channel: str
    text: str
    contact: str
    questions: list[QuestionOut]
    evidence: list[str]
    refused: str
    """The code by which it cannot become a ticket; empty: nothing but the answers is missing."""
    attachments: list[AttachmentOut]


class EntitlementOut(Out):
    """What a ticket is entitled to, and why, in the caller's language and as a code with its values."""

    ticket: str
    verdict: str
    reason: str
    code: str
    params: dict[str, Any]
    missing: list[str]


class KeptOut(Out):
    """Files kept with a ticket or report."""

    ticket: str
    digests: list[str]


class SeverityProposedOut(Out):
    """A severity and the scheme's word it rests on; `named`: the symptom is this word, else it only stands in the text."""

    severity: str
    word: str
    named: bool


class ShareOut(Out):
    """In `n` of `m` earlier tickets; `quantity`: most units one took."""

    what: str
    n: int
    m: int
    quantity: int


class TriageOut(Out):
    """Proposals for a ticket with their grounds: severities by the scheme's words, and what earlier tickets of the model took.

    `symptom`: the counts are about tickets with this symptom; empty: about all of the model.
    """

    ticket: str
    severities: list[SeverityProposedOut]
    model: str
    symptom: str
    counted: int
    remote: ShareOut | None
    parts: list[ShareOut]
    causes: list[ShareOut]
    solutions: list[ShareOut]
    repair_min: int | None
