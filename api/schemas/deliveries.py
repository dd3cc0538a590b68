"""Parts brought straight to a visit, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from api.wire.bounds import CentsIn, IdIn, In, Lax, MomentIn, Out, UnitsIn
from inventory.stock.sourcing import OfferKind


class SourceOut(Out):
    """A store that has the part: how many are free, when they could be at the site, what the way costs."""

    place: str
    name: str
    free: int
    arrives_at: datetime
    price_cents: int


class SourcesOut(Out):
    """From where a part can be brought, the earliest first."""

    visit: str
    part: str
    quantity: int
    currency: str
    at: datetime
    sources: list[SourceOut]


class BringIn(In):
    """What is to be brought, from where, by when and for how much."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "part": "P-1",
                    "quantity": 1,
                    "place": "WH",
                    "arrives_at": "2026-03-06T14:00:00+08:00",
                    "price_cents": 4000,
                }
            ]
        }
    )

    part: IdIn
    quantity: UnitsIn
    place: IdIn
    arrives_at: MomentIn
    price_cents: CentsIn
    kind: Annotated[OfferKind, Lax, Field(description="Our own transfer, or a courier.")] = OfferKind.TRANSFER


class BroughtOut(Out):
    """What was arranged."""

    delivery: str
    visit: str
