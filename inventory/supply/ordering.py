"""From proposals to orders: grouped by supplier, priced with its breaks, approved over a limit, sent, confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from inventory.catalogue.price import PriceBreak, cheapest
from inventory.catalogue.supplier import SupplierTerms
from inventory.replenish.reorder import Proposal, Source
from inventory.stock.lot import day_of
from inventory.supply.purchasing import PurchaseOrderLine
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import natural_key


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One part on an order.

    Raises:
        Refusal: ``stock.not_positive``, ``money.negative``.
    """

    part: str
    quantity: int
    price: Decimal

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise Refusal("stock.not_positive", id=self.part, value=self.quantity)
        if self.price < 0:
            raise Refusal("money.negative", value=str(self.price))


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be bought from one supplier for one place.

    Args:
        id: natural key.
        supplier: supplier id.
        to_place: where it is to arrive.
        lines: each part once.
        made_at: when it was written, aware.
        made_by: who wrote it.

    Raises:
        Refusal: ``supply.order_empty``, ``stock.duplicate``, ``clock.naive_time``.
    """

    id: str
    supplier: str
    to_place: str
    lines: tuple[OrderLine, ...]
    made_at: datetime
    made_by: str

    def __post_init__(self) -> None:
        if not self.lines:
            raise Refusal("supply.order_empty", order=self.id)
        seen: set[str] = set()
        for line in self.lines:
            if line.part in seen:
                raise Refusal("stock.duplicate", id=f"{self.id} / {line.part}")
            seen.add(line.part)
        object.__setattr__(self, "made_at", utc(self.made_at))

    @property
    def cost(self) -> Decimal:
        """What all lines cost."""
        return sum((line.quantity * line.price for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line of an order with the order's own words beside it, as a table holds them; see `Order`, `OrderLine`."""

    order: str
    supplier: str
    to_place: str
    part: str
    quantity: int
    price: Decimal
    made_at: datetime
    made_by: str

    def __post_init__(self) -> None:
        OrderLine(self.part, self.quantity, self.price)
        object.__setattr__(self, "made_at", utc(self.made_at))


def drafted(order: Order) -> tuple[DraftLine, ...]:
    """Give an order line by line."""
    return tuple(
        DraftLine(
            order.id,
            order.supplier,
            order.to_place,
            line.part,
            line.quantity,
            line.price,
            order.made_at,
            order.made_by,
        )
        for line in order.lines
    )


def orders_of(rows: Iterable[DraftLine]) -> tuple[Order, ...]:
    """Put lines together to orders, in the order of their first lines.

    Raises:
        Refusal: ``supply.order_differs`` when two lines say different things about their order; as `Order`.
    """
    lines: dict[str, list[DraftLine]] = {}
    for row in rows:
        lines.setdefault(row.order, []).append(row)
    made: list[Order] = []
    for order, own in lines.items():
        heads = {(row.supplier, row.to_place, row.made_at, row.made_by) for row in own}
        if len(heads) > 1:
            raise Refusal("supply.order_differs", order=order)
        ((supplier, to_place, made_at, made_by),) = heads
        listed = tuple(OrderLine(row.part, row.quantity, row.price) for row in own)
        made.append(Order(order, supplier, to_place, listed, made_at, made_by))
    return tuple(made)


def waiting(rows: Iterable[DraftLine], facts: Iterable[OrderFact], *, now: datetime) -> tuple[DraftLine, ...]:
    """Give the lines that wait to be sent: what they bring is on no order yet, but need not be bought twice."""
    over = {
        fact.order for fact in facts if fact.at <= now and fact.step in {OrderStep.SEND, OrderStep.CANCEL}
    }
    return tuple(row for row in rows if row.made_at <= now and row.order not in over)


def orders_from(
    proposals: Iterable[Proposal],
    terms: Iterable[SupplierTerms],
    breaks: Iterable[PriceBreak] = (),
    *,
    prefix: str,
    now: datetime,
    by: str,
) -> tuple[Order, ...]:
    """Write the orders that purchase proposals ask for: one a supplier and place, ids `prefix`-1, -2, ... in that order.

    Units of one part for one place are ordered together, priced anew with what is bought. Transfers and proposals
    without a source order nothing.

    Raises:
        Refusal: ``supply.no_terms`` when a supplier has none for a part it is to bring.
    """
    wishes = (
        Wanted(row.supplier, row.place, row.part, row.quantity)
        for row in proposals
        if row.source is Source.PURCHASE
    )
    return _written(wishes, terms, breaks, prefix=prefix, now=now, by=by)


class Wanted(NamedTuple):
    """Units of a part to buy from a supplier for a place."""

    supplier: str
    place: str
    part: str
    quantity: int


def orders_for(
    wanted: Iterable[Wanted],
    terms: Iterable[SupplierTerms],
    breaks: Iterable[PriceBreak] = (),
    *,
    prefix: str,
    now: datetime,
    by: str,
    zone_name: str,
) -> tuple[Order, ...]:
    """Write the orders for what somebody chose; grouped, priced and named as `orders_from` does.

    A minimum, a multiple or a price break may make a line larger than what is wanted, never smaller.
    `zone_name` says whose day it is.

    Raises:
        Refusal: ``supply.no_terms``, ``supply.sells_no_more``, ``stock.not_positive``.
    """
    today, chosen, known = day_of(now, zone_name=zone_name), tuple(wanted), tuple(terms)
    ended = {(row.supplier, row.part): row.last_order_on for row in known if not row.sold_on(today)}
    for one in chosen:
        last_on = ended.get((one.supplier, one.part))
        if last_on is not None:
            raise Refusal(
                "supply.sells_no_more", supplier=one.supplier, part=one.part, last_on=last_on.isoformat()
            )
    return _written(chosen, known, breaks, prefix=prefix, now=now, by=by)


def _written(
    wanted: Iterable[Wanted],
    terms: Iterable[SupplierTerms],
    breaks: Iterable[PriceBreak],
    *,
    prefix: str,
    now: datetime,
    by: str,
) -> tuple[Order, ...]:
    known = {(row.supplier, row.part): row for row in terms}
    rows = tuple(breaks)
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for one in wanted:
        if one.quantity < 1:
            raise Refusal("stock.not_positive", id=one.part, value=one.quantity)
        parts = sums.setdefault((one.supplier, one.place), {})
        parts[one.part] = parts.get(one.part, 0) + one.quantity
    made: list[Order] = []
    for supplier, place in sorted(sums, key=lambda key: (natural_key(key[0]), natural_key(key[1]))):
        lines: list[OrderLine] = []
        for part in sorted(sums[supplier, place], key=natural_key):
            if (supplier, part) not in known:
                raise Refusal("supply.no_terms", supplier=supplier, part=part)
            priced = cheapest(known[supplier, part], rows, sums[supplier, place][part])
            lines.append(OrderLine(part, priced.quantity, priced.price))
        made.append(Order(f"{prefix}-{len(made) + 1}", supplier, place, tuple(lines), now, by))
    return tuple(made)


NO_LIMIT = Decimal(10) ** 30
"""What was sent was sent: nobody is asked for an approval afterwards."""


ALWAYS_ASKED = Decimal(-1)
"""The limit where none is laid down: whatever an order costs, somebody else has to approve it before it goes out."""


class OrderState(StrEnum):
    """Where an order is on its way."""

    AWAITING_APPROVAL = "awaiting_approval"
    TO_SEND = "to_send"
    SENT = "sent"
    CONFIRMED = "confirmed"
    PARTLY_RECEIVED = "partly_received"
    RECEIVED = "received"
    CANCELLED = "cancelled"
    CLOSED = "closed"


class OrderStep(StrEnum):
    """What can be done to an order; goods received are counted by the ledger."""

    APPROVE = "approve"
    SEND = "send"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    CLOSE = "close"
    """What has not come does not come any more."""


@dataclass(frozen=True, slots=True)
class OrderFact:
    """Something was done to an order.

    Args:
        order: order id.
        step: what.
        at: when, aware.
        by: who.
        part: the line a confirmation is about; empty: every line.
        promised_at: the date confirmed; for a confirmation only.
        reason: why nothing more comes; for closing only.

    Raises:
        Refusal: ``supply.promise_missing``, ``supply.reason_of_closing``, ``clock.naive_time``.
    """

    order: str
    step: OrderStep
    at: datetime
    by: str
    part: str = ""
    promised_at: datetime | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if (self.step is OrderStep.CLOSE) != bool(self.reason.strip()):
            raise Refusal("supply.reason_of_closing", order=self.order[:64], step=self.step.value)
        if (self.step is OrderStep.CONFIRM) != (self.promised_at is not None):
            raise Refusal("supply.promise_missing", order=self.order, step=self.step.value)
        object.__setattr__(self, "at", utc(self.at))
        if self.promised_at is not None:
            object.__setattr__(self, "promised_at", utc(self.promised_at))


@dataclass(frozen=True, slots=True)
class OrderStanding:
    """An order as its facts leave it.

    Args:
        order: what was written.
        state: where it is.
        approved_by: who approved it; empty: nobody had to, or nobody has.
        sent_at: when it went out; None: not yet.
        promises: dates confirmed, by part, as they came: the supplier is measured by the first, the last is expected.
    """

    order: Order
    state: OrderState
    approved_by: str
    sent_at: datetime | None
    promises: Mapping[str, tuple[datetime, ...]]

    def lines(self, received: Mapping[str, int]) -> tuple[PurchaseOrderLine, ...]:
        """The order as lines on order, what arrived counted by part; nothing before it is sent or once it is cancelled.

        Of an order that is closed only what has arrived is left.
        """
        over = self.state is OrderState.CLOSED
        if self.sent_at is None or self.state is OrderState.CANCELLED:
            return ()
        return tuple(
            PurchaseOrderLine(
                self.order.id,
                self.order.supplier,
                line.part,
                min(line.quantity, received[line.part]) if over else line.quantity,
                self.order.to_place,
                self.sent_at,
                next(iter(self.promises.get(line.part, ())), None),
                received.get(line.part, 0),
                self.promises.get(line.part, ())[1:],
            )
            for line in self.order.lines
            if not over or received.get(line.part, 0)
        )


def standing(
    order: Order,
    facts: Iterable[OrderFact],
    *,
    approval_above: Decimal,
    received: Mapping[str, int] | None = None,
) -> OrderStanding:
    """Fold what was done to an order, oldest first; facts about other orders are passed over.

    Args:
        order: as written.
        facts: in the order they happened.
        approval_above: what an order may cost without somebody else's approval, in the region's currency.
        received: units that have arrived, by part.

    Raises:
        Refusal: ``supply.not_approved`` when it is sent without, ``supply.approved_by_maker``,
            ``supply.order_step`` and ``supply.cancel_received`` for a step that cannot follow, ``supply.not_on_order`` for a part it does not name.
    """
    needs = order.cost > approval_above
    approved_by, sent_at, cancelled, closed = "", None, False, False
    promises: dict[str, tuple[datetime, ...]] = {}
    parts = [line.part for line in order.lines]
    arrived = received or {}
    for fact in facts:
        if fact.order != order.id:
            continue
        if fact.step is OrderStep.CANCEL and any(arrived.values()) and not (cancelled or closed):
            raise Refusal("supply.cancel_received", order=order.id)
        wrong = (
            cancelled
            # A receipt taken back after it was closed leaves units to come: they can be given up as well.
            or (closed and fact.step is not OrderStep.CLOSE)
            or (
                {
                    OrderStep.APPROVE: sent_at is not None,
                    OrderStep.SEND: sent_at is not None,
                    OrderStep.CONFIRM: sent_at is None,
                    OrderStep.CANCEL: False,
                    OrderStep.CLOSE: sent_at is None,
                }[fact.step]
            )
        )
        if wrong:
            raise Refusal("supply.order_step", order=order.id, step=fact.step.value)
        if fact.step is OrderStep.APPROVE:
            if fact.by == order.made_by:
                raise Refusal("supply.approved_by_maker", order=order.id, name=fact.by)
            approved_by = fact.by
        elif fact.step is OrderStep.SEND:
            if needs and not approved_by:
                raise Refusal(
                    "supply.not_approved", order=order.id, cost=str(order.cost), limit=str(approval_above)
                )
            sent_at = fact.at
        elif fact.step is OrderStep.CANCEL:
            cancelled = True
        elif fact.step is OrderStep.CLOSE:
            closed = True
        elif fact.promised_at is not None:
            if fact.part and fact.part not in parts:
                raise Refusal("supply.not_on_order", order=order.id, part=fact.part)
            for part in [fact.part] if fact.part else parts:
                promises[part] = (*promises.get(part, ()), fact.promised_at)
    state = _state(
        order,
        arrived,
        waits=needs and not approved_by,
        sent=sent_at is not None,
        promised=len(promises),
        over=OrderState.CANCELLED if cancelled else OrderState.CLOSED if closed else None,
    )
    return OrderStanding(order, state, approved_by, sent_at, promises)


def state_of(lines: Iterable[PurchaseOrderLine]) -> OrderState:
    """Where an order is that was sent, by its lines on order."""
    rows = tuple(lines)
    if all(not row.outstanding for row in rows):
        return OrderState.RECEIVED
    if any(row.received for row in rows):
        return OrderState.PARTLY_RECEIVED
    return OrderState.CONFIRMED if all(row.promised_at for row in rows) else OrderState.SENT


def _state(
    order: Order,
    arrived: Mapping[str, int],
    *,
    waits: bool,
    sent: bool,
    promised: int,
    over: OrderState | None,
) -> OrderState:
    if over is not None:
        return over
    if not sent:
        return OrderState.AWAITING_APPROVAL if waits else OrderState.TO_SEND
    if all(arrived.get(line.part, 0) >= line.quantity for line in order.lines):
        return OrderState.RECEIVED
    if any(arrived.get(line.part, 0) for line in order.lines):
        return OrderState.PARTLY_RECEIVED
    return OrderState.CONFIRMED if promised == len(order.lines) else OrderState.SENT
