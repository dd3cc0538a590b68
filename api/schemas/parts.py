"""Parts over HTTP."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import ConfigDict

from api.schemas.stock import StockOut
from api.wire.bounds import DayIn, IdIn, In, LineIn, MaybeIdIn, Out
from inventory.catalogue.part import AlternateKind, PartKind, Tracking


class AlternateOut(Out):
    """A part that may stand in."""

    part: str
    alternate: str
    kind: AlternateKind


class PartOut(Out):
    """A part with what may stand in for it and where it lies; `price_cents` in the region's currency."""

    part: str
    name: str
    kind: PartKind
    price_cents: int
    currency: str
    criticality: int
    tracking: Tracking
    served_until: date | None
    alternates: list[AlternateOut]
    at: datetime
    stock: list[StockOut]


class PromiseStepOut(Out):
    """From `at` on, until the next one, so many units can be promised."""

    at: datetime
    quantity: int


class PromisesOut(Out):
    """What can be promised of a part at a place, from which moment on."""

    part: str
    place: str
    steps: list[PromiseStepOut]


class LotIn(In):
    """A lot, written down before its goods move; `original` unsaid: not known."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "lot": "B-2026-07",
                    "part": "P-1",
                    "supplier": "S-3",
                    "receipt_document": "GR-118",
                    "original": True,
                    "expires_on": "2027-03-31",
                }
            ]
        }
    )

    lot: IdIn
    part: IdIn
    supplier: MaybeIdIn = ""
    receipt_document: LineIn = ""
    original: bool | None = None
    expires_on: DayIn | None = None


class LotWrittenOut(Out):
    """The lot that was described."""

    part: str
    lot: str
