"""What lies in excess and what nobody sells any more, over HTTP."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import ConfigDict

from api.wire.bounds import DayIn, IdIn, In, MaybeIdIn, Out


class ExcessOut(Out):
    """Units of a part that can leave a place: `keep` stay there, `wanting` are the places short of it."""

    part: str
    place: str
    quantity: int
    keep: int
    per_month: float
    money_cents: int
    currency: str
    wanting: list[str]


class EndingOut(Out):
    """A part nobody sells, or nobody after `last_order_on`.

    `left` units lie or come somewhere, `planned` of them are planned work's; `lasts_until` at the usual rate, null: not within
    ten years. Until `served_until` so many units are `needed` and so many `lacking`; null where no last day of order is known.
    """

    part: str
    left: int
    planned: int
    per_month: float
    lasts_until: datetime | None
    stand_ins: list[str]
    last_order_on: date | None
    served_until: date | None
    needed: int | None
    lacking: int | None


class EndIn(In):
    """Until when a part can be ordered and is needed.

    `supplier` stops after `last_order_on`, null: he sells on; `served_until`: the last day on which devices that take the part
    are served, null: no end is known (any more), left out: as it was. Days from 1970 to 2199.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "part": "P1",
                    "supplier": "U1",
                    "last_order_on": "2026-06-30",
                    "served_until": "2031-06-30",
                }
            ]
        }
    )

    part: IdIn
    supplier: MaybeIdIn = ""
    last_order_on: DayIn | None = None
    served_until: DayIn | None = None


class EndSaidOut(Out):
    """What holds now; days empty where none is known."""

    part: str
    supplier: str
    last_order_on: str
    served_until: str
