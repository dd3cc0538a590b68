"""From judgement to proposal: how much, from where, when it is there, and why, step by step."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from inventory.catalogue.price import Priced, priced
from inventory.replenish.assessment import Assessment, ReviewSettings, Supply, Urgency
from inventory.replenish.snooze import Snooze
from kernel.errors import Message
from kernel.ids import natural_key


class Source(StrEnum):
    """Where the units come from."""

    TRANSFER = "transfer"
    PURCHASE = "purchase"
    NONE = "none"
    SNOOZED = "snoozed"


class Stood(NamedTuple):
    """How a part at a place stood when it was judged, in whole units.

    Args:
        on_hand: lying there, whatever its condition.
        reserved: kept for somebody.
        available: usable and not reserved.
        in_transit: on the way here between places of ours.
        on_order: ordered for here and still to come.
        given: moved to other places by the same review.
        planned: taken by planned visits until a delivery would be there.
        projected: what is there and comes, less what is given and planned; compared with the reorder point.
        reorder_point: at or below this the stock calls for more; below zero: it is not kept here.
        order_up_to: what is filled up to.
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


@dataclass(frozen=True, slots=True)
class Proposal:
    """Bring `quantity` units of `part` to `place`.

    Args:
        part: the part to bring; the successor where the one that is short is superseded.
        place: where to.
        quantity: units.
        source: transfer, purchase, none when nobody can give or sell it, snoozed when somebody said to leave it alone.
        from_place: the place a transfer leaves; empty else.
        supplier: the supplier a purchase goes to; empty else.
        arrives_at: when it is there; None: no source.
        cost: money: the goods of a purchase, the way of a transfer.
        urgency: what happens if nothing is done.
        breaks_at: when a known need breaks or the stock is used up if nothing is done; None: not in sight.
        criticality: of the part, 1 to 3.
        why: the calculation, step by step, as codes and values.
        stood: how the part that is short stood at the place.
        snoozed_until: the day a snoozed line wakes; None: it is not snoozed.
    """

    part: str
    place: str
    quantity: int
    source: Source
    from_place: str
    supplier: str
    arrives_at: datetime | None
    cost: Decimal
    urgency: Urgency
    breaks_at: datetime | None
    criticality: int
    why: tuple[Message, ...]
    stood: Stood
    snoozed_until: date | None = None


def transfer(
    judged: Assessment, *, from_place: str, quantity: int, spare: int, now: datetime, settings: ReviewSettings
) -> Proposal:
    """Propose to move `quantity` units from a place that can spare `spare`."""
    arrives_at = now + timedelta(days=settings.transfer_days)
    steps = [Message("reorder.transfer", {"quantity": quantity, "from_place": from_place, "spare": spare})]
    steps += _lateness(judged, arrives_at)
    return _proposal(
        judged,
        quantity=quantity,
        source=Source.TRANSFER,
        from_place=from_place,
        arrives_at=arrives_at,
        cost=settings.transfer_cost,
        steps=steps,
    )


def purchase(
    judged: Assessment,
    ways: tuple[Supply, ...],
    *,
    wanted: int,
    now: datetime,
    superseded_by: str = "",
    a_year: float = math.inf,
) -> Proposal:
    """Propose to buy `wanted` units or the nearest order above: cheapest, but fastest when a need would break.

    Args:
        judged: the part and place.
        ways: how the part can be bought, cheapest first; empty: the proposal has no source.
        wanted: units to bring at least.
        now: the moment of ordering.
        superseded_by: the part bought instead; empty: the part itself.
        a_year: units asked for in a year; see `Supply.rank`.
    """
    if not ways:
        return unsourced(
            judged, wanted=wanted, step=Message("reorder.nobody_sells", {"part": judged.part.id})
        )
    way = min(ways, key=lambda row: row.rank(wanted, a_year=a_year))
    steps: list[Message] = []
    if judged.is_due and wanted < judged.wanted:
        moved = judged.wanted - wanted
        steps.append(Message("reorder.rest", {"moved": moved, "wanted": judged.wanted, "rest": wanted}))
    if superseded_by:
        steps.append(Message("reorder.superseded", {"part": judged.part.id, "successor": superseded_by}))
    if judged.breaks_at is not None and _arrival(way, now) > judged.breaks_at:
        fastest = min(ways, key=lambda row: (row.lead_time_days, row.terms.price, row.supplier))
        if fastest.lead_time_days < way.lead_time_days:
            saved = round(way.lead_time_days - fastest.lead_time_days, 1)
            steps.append(Message("reorder.fastest", {"supplier": fastest.supplier, "days": saved}))
            way = fastest
    ordered = wanted
    if way.accepted < 1:
        ordered = math.ceil(wanted / way.accepted - 1e-9)
        share: dict[str, str | int | float | bool] = {"supplier": way.supplier, "accepted": way.accepted}
        steps.append(Message("reorder.accepted", {**share, "wanted": wanted, "ordered": ordered}))
    order = way.order(wanted)
    steps += bought_as(way, order, least=way.terms.order_of(ordered), ordered=ordered)
    arrives_at = _arrival(way, now)
    return _proposal(
        judged,
        part=superseded_by,
        quantity=order.quantity,
        source=Source.PURCHASE,
        supplier=way.supplier,
        arrives_at=arrives_at,
        cost=order.cost,
        steps=steps + _lateness(judged, arrives_at),
    )


def bought_as(way: Supply, order: Priced, *, least: int, ordered: int) -> list[Message]:
    """Say what is bought at which price, and what made it more than was wanted.

    Args:
        way: how it is bought.
        order: what is bought.
        least: units of the smallest order that brings enough.
        ordered: units that have to come.
    """
    values: dict[str, str | int | float | bool] = {
        "quantity": order.quantity,
        "supplier": way.supplier,
        "price": str(order.price),
        "days": way.lead_time_days,
    }
    steps = [Message("reorder.purchase", values)]
    single = str(way.terms.price)
    if least != ordered:
        bounds = {"wanted": ordered, "minimum": way.terms.minimum, "multiple": way.terms.multiple}
        steps.append(Message("reorder.bounded", {**bounds, "quantity": least}))
    if order.reached is not None:
        minimum = order.reached.minimum
        steps.append(
            Message("reorder.price_break", {"minimum": minimum, "price": str(order.price), "single": single})
        )
    if order.quantity > least:
        fewer = priced(way.terms, way.breaks, ordered, quantity=least)
        costs = {"least": least, "quantity": order.quantity}
        said = {"cost": str(order.cost), "least_cost": str(fewer.cost)}
        steps.append(Message("reorder.bought_up", {**costs, **said}))
    return steps


def unsourced(judged: Assessment, *, wanted: int, step: Message) -> Proposal:
    """Say that `wanted` units are missing and that nobody brings them; `step` says why."""
    return _proposal(judged, quantity=wanted, source=Source.NONE, cost=Decimal(0), steps=[step])


def snoozed(judged: Assessment, *, wanted: int, word: Snooze) -> Proposal:
    """Say that `wanted` units are missing and that somebody said to leave the line alone until a day."""
    left = _proposal(judged, quantity=wanted, source=Source.SNOOZED, cost=Decimal(0), steps=[word.why])
    return replace(left, snoozed_until=word.until_on)


def _arrival(way: Supply, now: datetime) -> datetime:
    return now + timedelta(days=way.lead_time_days)


def _proposal(
    judged: Assessment,
    *,
    quantity: int,
    source: Source,
    cost: Decimal,
    steps: list[Message],
    part: str = "",
    from_place: str = "",
    supplier: str = "",
    arrives_at: datetime | None = None,
) -> Proposal:
    return Proposal(
        part=part or judged.part.id,
        place=judged.position.place,
        quantity=quantity,
        source=source,
        from_place=from_place,
        supplier=supplier,
        arrives_at=arrives_at,
        cost=cost,
        urgency=judged.urgency,
        breaks_at=judged.breaks_at or judged.runs_out_at,
        criticality=judged.part.criticality,
        why=(*calculation(judged), *steps),
        stood=stood_of(judged),
    )


def stood_of(judged: Assessment, /) -> Stood:
    """How the part stood at the place when it was judged."""
    stock = judged.position
    return Stood(
        on_hand=stock.on_hand + judged.given,
        reserved=stock.reserved,
        available=stock.available + judged.given,
        in_transit=stock.in_transit,
        on_order=stock.on_order,
        given=judged.given,
        planned=judged.planned_quantity,
        projected=judged.projected,
        reorder_point=judged.levels.reorder_point,
        order_up_to=judged.levels.order_up_to,
    )


def calculation(judged: Assessment) -> tuple[Message, ...]:
    """The worked calculation behind an assessment: inputs, formula's results, comparison."""
    lead, demand, marks, stock = judged.lead, judged.demand, judged.levels, judged.position
    steps = [
        Message("reorder.no_history")
        if not (judged.rate.months or judged.rate.per_month)
        else Message(
            "reorder.demand",
            {
                "rate": judged.rate.per_month,
                "variance": judged.rate.variance,
                "months": judged.rate.months,
                "method": judged.rate.method.value,
            },
        ),
        Message(
            "reorder.lead_time",
            {"days": lead.days, "sd": lead.sd_days, "review": lead.review_days},
        ),
        Message(
            f"reorder.protection_{demand.distribution}",
            {"days": lead.days + lead.review_days, "mean": demand.mean, "variance": demand.variance},
        ),
    ]
    if judged.target is None:
        steps.append(Message("reorder.not_kept"))
    else:
        code = "reorder.levels_by_hand" if marks.by_hand else "reorder.levels"
        values: dict[str, str | int | float | bool] = {
            "target": judged.target,
            "reached": marks.fill_rate,
            "reorder_point": marks.reorder_point,
            "order_up_to": marks.order_up_to,
            "order_size": judged.order_size,
            "safety_stock": marks.safety_stock,
        }
        steps.append(Message(code, values))
    steps.append(
        Message(
            "reorder.stock",
            {
                "on_hand": stock.on_hand,
                "usable": stock.usable,
                "reserved": stock.reserved,
                "available": stock.available,
                "in_transit": stock.in_transit,
                "on_order": stock.on_order,
            },
        )
    )
    if judged.planned:
        first = judged.planned[0]
        steps.append(
            Message(
                "reorder.planned",
                {
                    "quantity": judged.planned_quantity,
                    "first_at": first.at.isoformat(),
                    "first": first.demand_ref,
                    "count": len(judged.planned),
                },
            )
        )
    steps.append(
        Message(
            "reorder.projected_expected" if judged.expected else "reorder.projected",
            {
                "projected": judged.projected,
                "at_arrival": judged.projected - judged.rate.per_day * lead.days,
            },
        )
    )
    code = "reorder.due" if judged.is_due else "reorder.not_due"
    steps.append(
        Message(
            code,
            {
                "projected": judged.projected,
                "reorder_point": marks.reorder_point,
                "order_up_to": marks.order_up_to,
                "wanted": judged.wanted,
            },
        )
    )
    return (*steps, *_consequence(judged))


def _consequence(judged: Assessment) -> list[Message]:
    if judged.breaks_at is not None:
        when = judged.breaks_at.isoformat()
        return [Message("reorder.need_breaks", {"breaks_at": when, "short": judged.short})]
    if judged.runs_out_at is not None:
        return [Message("reorder.runs_out", {"runs_out_at": judged.runs_out_at.isoformat()})]
    return []


def _lateness(judged: Assessment, arrives_at: datetime) -> list[Message]:
    if judged.breaks_at is None or arrives_at <= judged.breaks_at:
        return []
    values = {"arrives_at": arrives_at.isoformat(), "breaks_at": judged.breaks_at.isoformat()}
    return [Message("reorder.arrives_late", dict(values))]


_WORST_FIRST = {urgency: rank for rank, urgency in enumerate(Urgency)}
_OWN_FIRST = {source: rank for rank, source in enumerate(Source)}


def worst_first(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Sort by what breaks first: known needs by their time, then stock running out, then the rest.

    Within one moment the more critical part comes first, then natural order of part and place, transfers before purchases.
    Snoozed lines stand at the end, but one that breaks a known need stays where it breaks: nobody acts on it.
    """
    return tuple(sorted(proposals, key=_rank))


def _rank(proposal: Proposal) -> tuple[object, ...]:
    return (
        proposal.source is Source.SNOOZED and proposal.urgency is not Urgency.NEED_BREAKS,
        _WORST_FIRST[proposal.urgency],
        proposal.breaks_at is None,
        proposal.breaks_at.timestamp() if proposal.breaks_at is not None else 0.0,
        proposal.criticality,
        natural_key(proposal.part),
        natural_key(proposal.place),
        _OWN_FIRST[proposal.source],
        natural_key(proposal.from_place),
    )
