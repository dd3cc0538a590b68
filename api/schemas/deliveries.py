"""Parts brought straight to a visit, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from api.schemas.rescue import SaidOut
from api.wire.bounds import CentsIn, IdIn, In, Lax, MomentIn, Out, UnitsIn
from inventory.bringing.followed import BringStage
from inventory.bringing.way import WayKind
from inventory.stock.sourcing import OfferKind


class BringingWayOut(Out):
    """One way to bring it: how, from where, when it is there, what it costs, and how that comes about.

    `free` are the units that may be taken there, `units` those it takes (of a supplier what he sells at least); `via` is the
    store it changes at; `price_cents` is `goods_cents` and `carriage_cents`.
    """

    kind: WayKind
    source: str
    name: str
    free: int
    units: int
    arrives_at: datetime
    leaves_at: datetime
    via: str
    price_cents: int
    goods_cents: int
    carriage_cents: int
    why: SaidOut


class NoWayOut(Out):
    """One way that is not open, and why; `there` are the units that lie there."""

    kind: WayKind
    source: str
    name: str
    there: int
    why: SaidOut


class WaysOut(Out):
    """The ways a part can be brought to a visit, the cheapest first, and those that are not open."""

    visit: str
    part: str
    quantity: int
    currency: str
    at: datetime
    ways: list[BringingWayOut]
    closed: list[NoWayOut]


class ToBringOut(Out):
    """What is to be brought to a visit: `stage` of the `left` units furthest behind; it is booked under `delivery`."""

    delivery: str
    stage: BringStage
    left: int
    late: bool
    part: str
    quantity: int
    kind: OfferKind
    source: str
    visit: str
    due_at: datetime
    price_cents: int
    text: str


class ToBringListOut(Out):
    """What has to be sent or ordered, or is on the way, the first due first."""

    at: datetime
    currency: str
    rows: list[ToBringOut]


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
