"""A quote from the scheme: which lines a ticket is charged, and what each may cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from dispatch.desk.charge import ChargeItem, ChargeLine
from dispatch.desk.clause import Bound, Charging, FeeKind
from dispatch.desk.entitlement import Entitlement, Verdict
from dispatch.desk.milestone import Severity
from dispatch.desk.scheme import Scheme
from kernel.calendars import BusinessCalendar
from kernel.errors import Refusal
from kernel.money import from_cents


class PartPrice(NamedTuple):
    """A part that was or will be fitted: what one cost us, and its list price, in cents."""

    part: str
    quantity: int
    cost_cents: int
    list_cents: int


def quote(
    scheme: Scheme,
    entitlement: Entitlement,
    severity: Severity,
    asked_at: datetime,
    calendars: Mapping[str, BusinessCalendar],
    *,
    parts: Iterable[PartPrice] = (),
    asked_for: Iterable[FeeKind] = (),
    amounts: Mapping[FeeKind, int] | None = None,
) -> tuple[ChargeLine, ...]:
    """Give the lines a ticket is to be quoted; what is covered has none, out of hours and what was asked for by name do.

    Args:
        scheme: the ticket's scheme version.
        entitlement: what it is entitled to.
        severity: of the ticket.
        asked_at: when the work was asked for; decides about out of hours.
        calendars: by id; they take the place of the scheme's own of the same id.
        parts: parts fitted or to be fitted.
        asked_for: prices the customer asked for by name (a report, a monthly plan).
        amounts: what to quote where a price is a bound: a bound is no amount.

    Raises:
        Refusal: ``charge.not_known`` while a fact is missing, ``charge.suspended``, ``charge.no_price`` for a
            price the scheme does not have, ``charge.outside_bound``, ``charge.amount_missing`` where a price is a bound
            and no amount is given, ``charge.fee_not_due`` for an amount nothing is charged for.
    """
    if entitlement.verdict is Verdict.UNKNOWN:
        raise Refusal("charge.not_known", facts=", ".join(entitlement.missing) or "-")
    if entitlement.verdict is Verdict.SUSPENDED:
        raise Refusal("charge.suspended", scheme=scheme.id)
    given = dict(amounts or {})
    named = list(dict.fromkeys(asked_for))
    for kind in (*named, *given):
        if kind not in scheme.fees.prices:
            raise Refusal("charge.no_price", scheme=scheme.id, fee=kind)
    chargeable = entitlement.verdict is Verdict.CHARGEABLE
    lines = []
    for kind, fee in scheme.fees.prices.items():
        due = severity in fee.severities
        if kind is FeeKind.OUT_OF_HOURS:
            hours = calendars.get(fee.calendar) or scheme.calendars[fee.calendar]
            due = due and not hours.is_open(asked_at)
        elif not chargeable or (kind is FeeKind.CALL and scheme.fees.labour is Charging.FREE):
            due = False
        if due or kind in named:
            if kind not in given and fee.bound is not Bound.EXACTLY:
                bound, price = fee.bound, str(from_cents(fee.cents))
                raise Refusal("charge.amount_missing", fee=kind, bound=bound, price=price)
            cents = given.pop(kind, fee.cents)
            if not fee.allows(cents):
                raise Refusal(
                    "charge.outside_bound",
                    fee=kind,
                    amount=str(from_cents(cents)),
                    bound=fee.bound,
                    price=str(from_cents(fee.cents)),
                )
            lines.append(ChargeLine(ChargeItem(kind), cents))
    for kind in given:
        raise Refusal("charge.fee_not_due", fee=kind, severity=severity)
    if chargeable and scheme.fees.parts is not Charging.FREE:
        at_cost = scheme.fees.parts is Charging.AT_COST
        for one in parts:
            each = one.cost_cents if at_cost else one.list_cents
            if each * one.quantity > 0:
                lines.append(ChargeLine(ChargeItem.PART, each * one.quantity, one.part, one.quantity))
    return tuple(lines)
