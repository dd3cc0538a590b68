"""Reorder proposals and purchase orders as HTTP answers them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from api.schemas.orders import OrderLineOut, OrderOut, ProposalOut, StoodOut, WhyOut
from api.text import Lang
from api.text.spoken import tell
from api.usecases.orders import OrderThere
from inventory.replenish.reorder import Proposal
from inventory.supply.ordering import OrderState
from kernel.money import cents


def proposal_out(one: Proposal, /, *, lang: Lang, zone: ZoneInfo, currency: str) -> ProposalOut:
    """A proposal with its calculation."""
    return ProposalOut(
        part=one.part,
        place=one.place,
        quantity=one.quantity,
        source=one.source,
        from_place=one.from_place,
        supplier=one.supplier,
        arrives_at=one.arrives_at,
        cost_cents=cents(one.cost),
        currency=currency,
        urgency=one.urgency,
        breaks_at=one.breaks_at,
        criticality=one.criticality,
        why=[
            WhyOut(
                code=step.code,
                values=dict(step.params),
                text=tell(step, lang, zone=zone, currency=currency),
            )
            for step in one.why
        ],
        stood=StoodOut(**one.stood._asdict()),
        snoozed_until=one.snoozed_until,
    )


def order_out(there: OrderThere, currency: str, /) -> OrderOut:
    """An order with what of it has arrived."""
    standing = there.standing
    order = standing.order
    return OrderOut(
        order=order.id,
        supplier=order.supplier,
        to_place=order.to_place,
        state=standing.state,
        cost_cents=cents(order.cost),
        currency=currency,
        made_at=order.made_at,
        made_by=order.made_by,
        approved_by=standing.approved_by,
        approval_needed=standing.state is OrderState.AWAITING_APPROVAL,
        sent_at=standing.sent_at,
        lines=[
            OrderLineOut(
                part=line.part,
                quantity=line.quantity,
                price_cents=cents(line.price),
                received=there.received.get(line.part, 0),
                promised_at=next(iter(reversed(standing.promises.get(line.part, ()))), None),
            )
            for line in order.lines
        ],
    )
