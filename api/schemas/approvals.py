"""Approvals over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict

from api.wire.bounds import CentsIn, IdIn, In, Lax, LineIn, MomentIn, Out
from dispatch.desk.approval import ApprovalStep
from dispatch.desk.practice import ApprovalKind, DeskRole


class ApprovalOut(Out):
    """A request as it stands.

    `may_decide`: the roles that may, from the bottom up; `is_mine`: the caller may decide it; `step`: the last one,
    `requested` while it waits; `asked_by_name`, `decided_by_name`: for people to read, the id where there is no account.
    """

    approval: str
    ticket: str
    kind: ApprovalKind
    price_cents: int
    currency: str
    reason: str
    asked_at: datetime
    asked_by: str
    asked_by_name: str
    may_decide: list[DeskRole]
    is_mine: bool
    step: ApprovalStep
    decided_at: datetime | None
    decided_by: str
    decided_by_name: str
    role: DeskRole | None
    answer: str


class ApprovalIn(In):
    """Something that costs money is asked for; `approval` is your own number for it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "approval": "AP-0412",
                    "ticket": "T-20260306-0007",
                    "kind": "purchase",
                    "price_cents": 150000,
                    "reason": "the board is not in stock",
                }
            ]
        }
    )

    approval: IdIn
    ticket: IdIn
    kind: Annotated[ApprovalKind, Lax]
    price_cents: CentsIn
    reason: LineIn
    at: MomentIn | None = None


class DecisionIn(In):
    """The word on a request; declining says why. The role is that of the account."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"approved": False, "reason": "a repaired board lies in D1"}]}
    )

    approved: bool
    reason: LineIn = ""
    at: MomentIn | None = None


class WithdrawalIn(In):
    """Whoever asked needs it no more, and says why."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "the part was found"}]})

    reason: LineIn
    at: MomentIn | None = None


class ApprovalStepOut(Out):
    """The step that was written; `new`: it was not there before."""

    approval: str
    step: ApprovalStep
    new: bool
