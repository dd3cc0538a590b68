"""Reorder proposals and purchase orders over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from api.wire.bounds import CentsIn, DayIn, IdIn, In, LineIn, MaybeIdIn, MomentIn, Out, UnitsIn
from inventory.replenish.assessment import Urgency
from inventory.replenish.reorder import Source
from inventory.supply.ordering import OrderState


class WhyOut(Out):
    """One step of a calculation: its code, its values, its sentence."""

    code: str
    values: dict[str, str | int | float]
    text: str


class StoodOut(Out):
    """How a part at a place stood when it was judged, in whole units.

    `given`: moved to other places by the same review; `planned`: taken by planned visits until a delivery would be there; `projected`: what is there and comes, less
    both.
    """

    on_hand: int
    reserved: int
    available: int
    in_transit: int
    on_order: int
    given: int
    planned: int
    projected: int
    reorder_point: int
    order_up_to: int


class ProposalOut(Out):
    """Bring so many units of a part to a place.

    `breaks_at`: when a known need breaks or the stock is used up if nothing is done, null: not in sight;
    `cost_cents`: the goods of a purchase, the way of a transfer; `snoozed_until`: the day a snoozed line wakes.
    """

    part: str
    place: str
    quantity: int
    source: Source
    from_place: str
    supplier: str
    arrives_at: datetime | None
    cost_cents: int
    currency: str
    urgency: Urgency
    breaks_at: datetime | None
    criticality: int
    why: list[WhyOut]
    stood: StoodOut
    snoozed_until: date | None


class SnoozeIn(In):
    """Leave a part at a place alone until a day of the region's calendar."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "part": "P-1",
                    "place": "D1",
                    "until_on": "2026-03-20",
                    "reason": "the year's order is coming",
                }
            ]
        }
    )

    part: IdIn
    place: IdIn
    until_on: DayIn
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class WakeIn(In):
    """Look at a snoozed part at a place again from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"part": "P-1", "place": "D1"}]})

    part: IdIn
    place: IdIn
    reason: LineIn = ""


class LineSaidOut(Out):
    """What was said about a line; `until_on` empty: it is awake."""

    part: str
    place: str
    until_on: str


class SnoozedOut(Out):
    """A part at a place that reviews leave alone until a day: who said so, when, why."""

    part: str
    place: str
    until_on: date
    reason: str
    by: str
    by_name: str = ""
    at: datetime


class OrderLineOut(Out):
    """One part on an order; `promised_at`: the last date confirmed."""

    part: str
    quantity: int
    price_cents: int
    received: int
    promised_at: datetime | None


class OrderOut(Out):
    """An order as it stands; `approval_needed`: it may not be sent without somebody else's word."""

    order: str
    supplier: str
    to_place: str
    state: OrderState
    cost_cents: int
    currency: str
    made_at: datetime
    made_by: str
    made_by_name: str = ""
    approved_by: str
    approved_by_name: str = ""
    approval_needed: bool
    sent_at: datetime | None
    lines: list[OrderLineOut]


class ExpectedOut(Out):
    """Units of an order line still to come; `expected_at`: the last date confirmed, else by the lead time promised."""

    order: str
    supplier: str
    part: str
    place: str
    ordered: int
    received: int
    left: int
    expected_at: datetime
    late: bool


class OrderLineIn(In):
    """One part to buy, at a price for one unit."""

    part: IdIn
    quantity: UnitsIn
    price_cents: CentsIn


class OrderIn(In):
    """An order written by hand; `order` is your own number for it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "order": "PO-118",
                    "supplier": "S-3",
                    "to_place": "D1",
                    "lines": [{"part": "P-1", "quantity": 20, "price_cents": 1100}],
                }
            ]
        }
    )

    order: IdIn
    supplier: IdIn
    to_place: IdIn
    lines: Annotated[list[OrderLineIn], Field(min_length=1, max_length=500)]


class OrdersProposedIn(In):
    """Orders from a review of the stock, called prefix-1, prefix-2, and so on.

    `as_delivered`: by the lead times and yields suppliers have shown, not promised.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"prefix": "PO-20260306", "budget_cents": 5000000}]}
    )

    prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/+-]{0,51}$")]
    budget_cents: CentsIn | None = None
    as_delivered: bool = False


class ChosenLineIn(In):
    """So many units of a part, from this supplier, for this place."""

    part: IdIn
    place: IdIn
    supplier: IdIn
    quantity: UnitsIn


class OrdersChosenIn(In):
    """Lines of a review somebody chose, with the quantity they decided; one order a supplier and place, prefix-1, prefix-2, ..."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "prefix": "PO-20260306",
                    "lines": [{"part": "P-1", "place": "D1", "supplier": "S-3", "quantity": 12}],
                }
            ]
        }
    )

    prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/+-]{0,51}$")]
    lines: Annotated[list[ChosenLineIn], Field(min_length=1, max_length=500)]


class OrderWrittenOut(Out):
    """An order that was written; nothing is sent yet."""

    order: str
    supplier: str
    place: str
    lines: int
    cost_cents: int


class OrdersWrittenOut(Out):
    """The orders that were written; none: nothing has to be bought, or it waits on an order already."""

    orders: list[OrderWrittenOut]


class ConfirmationIn(In):
    """The date the supplier confirms, for one part or, without one, for every line."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"promised_at": "2026-03-16T08:00:00+08:00"}]})

    promised_at: MomentIn
    part: MaybeIdIn = ""


class ClosingIn(In):
    """Why nothing more of an order comes."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "the maker has stopped it"}]})

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class OrderStateOut(Out):
    """Where the order is now."""

    order: str
    state: OrderState
