"""Promises in danger, ways out, candidates, previews, explanations, over HTTP; money as decimals in the region's currency."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.wire.bounds import IdIn, In, MomentIn, Out, WordIn


class SaidOut(Out):
    """A sentence as a code with its values, and in the caller's language."""

    code: str
    values: dict[str, Any]
    text: str


class PartMissingOut(Out):
    """Units of a part."""

    part: str
    quantity: int


class EndangeredOut(Out):
    """A promise that will not be kept as things stand: by the engineer's word, a missing part, the plan, or nobody planned."""

    ticket: str
    milestone: str
    due_at: datetime
    danger: str
    forecast_at: datetime | None
    parts: list[PartMissingOut]


class EndangeredListOut(Out):
    """Promises in danger, the earliest due first."""

    region: str
    at: datetime
    endangered: list[EndangeredOut]


class PromiseOut(Out):
    """A promise with its forecast; `spare_s` is negative when it will be broken."""

    milestone: str
    due_at: datetime | None
    met_at: datetime | None
    spare_s: int | None


class OthersOut(Out):
    """What a way does to other visits."""

    moved: list[str]
    late: list[str]
    displaced: list[str]


class LoanerPriceOut(Out):
    """A loaner beside the bill it replaces."""

    unit: str
    cost: str
    bill_without: str
    bill_with: str


class WayOut(Out):
    """A way out; `closed` says why it is not open, else the figures hold. `choice` names it to be chosen."""

    number: int
    choice: str
    kind: str
    way: SaidOut
    closed: SaidOut | None = None
    engineer: str = ""
    starts_at: datetime | None = None
    finishes_at: datetime | None = None
    promises: Annotated[list[PromiseOut], Field(default_factory=list)]
    money: str = ""
    terms: Annotated[dict[str, str], Field(default_factory=dict)]
    others: OthersOut | None = None
    safe_until: datetime | None = None
    loaner: LoanerPriceOut | None = None


class RescueOut(Out):
    """The ways out for a ticket, the plan as it is first."""

    ticket: str
    visit: str
    currency: str
    at: datetime
    ways: list[WayOut]


class ChooseIn(In):
    """The way chosen, as the list named it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"choice": "3f2a9c1b7e5d-29547360"}]})

    choice: WordIn


class ChosenOut(Out):
    """The way published, and how many published stops changed."""

    ticket: str
    visit: str
    choice: str
    kind: str
    stops_changed: int


class SupplyOut(Out):
    """Where a part comes from; `reserved`: it is a unit reserved for this visit."""

    needed: str
    part: str
    quantity: int
    source: str
    place: str
    reserved: bool


class LoanerOut(Out):
    """A loaner that comes along."""

    unit: str
    by: str
    place: str
    stands_at: datetime


class CandidateOut(Out):
    """An engineer who could take a visit; `money` against the plan with the visit left out and its penalty paid."""

    engineer: str
    starts_at: datetime
    money: str
    promises: dict[str, int | None]
    parts: list[SupplyOut]
    loaner: LoanerOut | None
    others: OthersOut


class CandidatesOut(Out):
    """Who could take a visit, the cheapest first."""

    visit: str
    currency: str
    at: datetime
    candidates: list[CandidateOut]


class FillerOut(Out):
    """A visit that fits into free time, what it saves there, and who has it now; empty: nobody."""

    visit: str
    shift: str
    starts_at: datetime
    saves: str
    now: str


class FillersOut(Out):
    """What fits best into an engineer's free time, what saves most first."""

    engineer: str
    currency: str
    at: datetime
    fillers: list[FillerOut]


class MoveIn(In):
    """A move: the visit to this engineer, at his best place for it that begins at `not_before` or later."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"engineer": "E2"}]})

    engineer: IdIn
    not_before: MomentIn | None = None


class AnswerOut(Out):
    """What one shift says to a visit: whether it fits in the plan as it stands, at what cost, by which rule not."""

    shift: str
    engineer: str
    layer: str
    fits: bool
    known: str
    rule: str | None
    answer: SaidOut
    cents: int | None
    starts_at: datetime | None


class PreviewOut(Out):
    """What a move would do: its cost against the plan in force, parts, loaner, whom it moves, or the rules it breaks."""

    visit: str
    engineer: str
    at: datetime
    currency: str
    possible: bool
    money: str | None
    starts_at: datetime | None
    promises: list[PromiseOut]
    parts: list[SupplyOut]
    loaner: LoanerOut | None
    others: OthersOut | None
    broken: list[AnswerOut]


class RemedyOut(Out):
    """A single change after which the visit fits, tried and found so."""

    rule: str
    shift: str
    engineer: str
    remedy: SaidOut
    size: int
    cents: int


class ExplanationOut(Out):
    """Why a visit is where it is, or why it is left out, and what would help."""

    visit: str
    at: datetime
    shift: str
    starts_at: datetime | None
    reason: SaidOut | None
    known: str | None
    answers: list[AnswerOut]
    partners: list[SaidOut]
    remedies: list[RemedyOut]


class CallOut(Out):
    """A customer to call; `believed_at`: the time he was told that no longer holds."""

    visit: str
    ticket: str
    starts_at: datetime
    believed_at: datetime | None
    told: str


class CallsOut(Out):
    """Customers to call about the published plan, who believes a wrong time first."""

    region: str
    at: datetime
    calls: list[CallOut]


class ToldIn(In):
    """A customer was told a time."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"starts_at": "2026-03-06T10:00:00+08:00", "whom": "gate 3"}]}
    )

    starts_at: MomentIn
    whom: Annotated[str, Field(min_length=1, max_length=200)]
    at: MomentIn | None = None
