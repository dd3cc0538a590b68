"""Charges over HTTP: what a ticket would cost, what was quoted, accepted, received. Nothing is paid here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from api.wire.bounds import CentsIn, IdIn, In, Lax, LineIn, MaybeIdIn, MomentIn, Out, UnitsIn
from dispatch.desk.charge import ChargeItem, ChargeStage, ChargeStep
from dispatch.desk.clause import FeeKind


class ChargeLineOut(Out):
    """One line: `cents` for all of `quantity`."""

    item: ChargeItem
    part: str
    quantity: int
    cents: int


class ChargeOut(Out):
    """A charge as it stands; amounts in cents of `currency`. `balance_cents`: still to come in, below zero to give back."""

    charge: str
    ticket: str
    stage: ChargeStage
    currency: str
    total_cents: int
    deposit_due_cents: int
    received_cents: int
    refunded_cents: int
    balance_cents: int
    repeats: int
    lines: list[ChargeLineOut]


class ChargeStepRowOut(Out):
    """One step of a charge, as it is exported; money that goes back is negative."""

    charge: str
    ticket: str
    at: datetime
    by: str
    by_name: str = ""
    step: ChargeStep
    item: ChargeItem | None
    part: str
    quantity: int
    cents: int
    currency: str
    reason: str


class ChargeStepIn(In):
    """What happened to a charge; `charge` is your own number, its first step is a quoted line."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ticket": "T-20260306-0007",
                    "step": "quoted",
                    "item": "part",
                    "cents": 2500,
                    "part": "P-1",
                    "quantity": 2,
                }
            ]
        }
    )

    ticket: IdIn
    step: Annotated[ChargeStep, Lax]
    item: Annotated[ChargeItem, Lax] | None = None
    cents: CentsIn = 0
    part: MaybeIdIn = ""
    quantity: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    reason: LineIn = ""
    at: MomentIn | None = None


class ChargeWrittenOut(Out):
    """The step that was written; `new`: it was not there before."""

    charge: str
    step: ChargeStep
    new: bool


class PricedPartIn(In):
    """A part of a quote; without a list price it is offered at what it costs us."""

    quantity: UnitsIn
    list_price_cents: CentsIn | None = None


class QuoteIn(In):
    """What a quote is asked for: parts, prices asked for by name, amounts where the scheme gives a bound."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ticket": "T-20260306-0007",
                    "parts": {"P-1": {"quantity": 2, "list_price_cents": 1500}},
                    "asked_for": ["report"],
                    "amounts_cents": {"call": 15000},
                }
            ]
        }
    )

    ticket: IdIn
    parts: Annotated[dict[IdIn, PricedPartIn], Field(max_length=100, default_factory=dict)]
    asked_for: Annotated[list[Annotated[FeeKind, Lax]], Field(max_length=len(FeeKind), default_factory=list)]
    amounts_cents: Annotated[
        dict[Annotated[FeeKind, Lax], CentsIn], Field(max_length=len(FeeKind), default_factory=dict)
    ]


class QuoteOut(Out):
    """What a ticket would cost the customer and why; amounts in cents of `currency`."""

    ticket: str
    verdict: str
    reason: str
    code: str
    currency: str
    lines: list[ChargeLineOut]
    total_cents: int
    deposit_cents: int
