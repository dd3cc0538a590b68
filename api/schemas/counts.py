"""Counting, picking and availability over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from api.schemas.moves import ConditionIn, ReferenceIn
from api.schemas.orders import WhyOut
from api.schemas.receipts import SerialsIn
from api.wire.bounds import CountIn, IdIn, In, MaybeIdIn, MomentIn, Out
from inventory.stock.count_plan import CountClass
from inventory.stock.move import Condition


class CountDueOut(Out):
    """One balance to count, blind: nothing says how much there should be. `due_at` null: it was never counted."""

    count_class: CountClass
    place: str
    part: str
    condition: Condition
    lot: str
    due_at: datetime | None


class CountedIn(In):
    """What somebody found of one part, condition and lot at one place; `by` empty: the caller; without `at`: just now."""

    part: IdIn
    place: IdIn
    counted: CountIn
    at: MomentIn | None = None
    by: MaybeIdIn = ""
    condition: ConditionIn = Condition.USABLE
    lot: MaybeIdIn = ""
    serials: SerialsIn | None = None


class StockCountIn(In):
    """A count: first counts, second counts by somebody else where the difference is worth it.

    `approve`: the caller, who may and has not counted, approves what it comes to.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "document": "CT-31",
                    "counts": [
                        {
                            "part": "P-1",
                            "place": "D1",
                            "counted": 6,
                            "at": "2026-03-06T18:10:00+08:00",
                            "by": "S02",
                        }
                    ],
                }
            ]
        }
    )

    document: Annotated[ReferenceIn, Field(min_length=1)]
    counts: Annotated[list[CountedIn], Field(min_length=1, max_length=500)]
    again: Annotated[list[CountedIn], Field(max_length=500, default_factory=list)]
    adjustment: MaybeIdIn = ""
    approve: bool = False


class PickLineOut(Out):
    """Units of a part picked at a depot for a van, for the visits named, parted by a blank."""

    day: date
    van: str
    depot: str
    departs_at: datetime | None
    part: str
    quantity: int
    visits: str


class ShortageOut(Out):
    """Units a van will need and that are neither on it nor free at its depot."""

    van: str
    depot: str
    part: str
    quantity: int
    at: datetime
    visit: str


class PickListsOut(Out):
    """What to pick before the vans leave on a day, and what is missing."""

    region: str
    day: date
    lines: list[PickLineOut]
    shortages: list[ShortageOut]


class ChanceOut(Out):
    """The chance that a unit is there within a window of hours, 0 to 1, with its calculation."""

    hours: float
    chance: float
    why: WhyOut


class AvailabilityOut(Out):
    """How likely a part is there in time at a place that keeps it."""

    part: str
    place: str
    criticality: int
    per_month: float
    reorder_point: int
    order_up_to: int
    within: list[ChanceOut]


class ChanceRowOut(Out):
    """The same as a line of a file: one for each window."""

    part: str
    place: str
    criticality: int
    per_month: float
    reorder_point: int
    order_up_to: int
    hours: float
    chance: float
