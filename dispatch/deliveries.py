"""What publishing a plan asks to be brought to visits: the ways it takes become facts, those it no longer takes are withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from dispatch.board import Board
from dispatch.bringing import is_computed, with_ways
from dispatch.parts import (
    BY_HAND,
    BringStage,
    Delivery,
    Followed,
    OfferKind,
    SupplyOffer,
    asked_for,
    supplies,
)
from dispatch.plan import Plan, Source
from dispatch.problem import PlanningProblem
from kernel.ids import natural_key


@dataclass(frozen=True, slots=True)
class Asked:
    """What changes when a plan is published: what is asked for from now on, and the ids of what is withdrawn."""

    new: tuple[SupplyOffer, ...] = ()
    withdrawn: tuple[str, ...] = ()


NOTHING = Asked()
"""Nothing is asked for, nothing withdrawn."""


def asking(board: Board, problem: PlanningProblem, plan: Plan) -> Asked:
    """What a plan asks for that nobody has asked for yet, and what was asked for a plan and has not been sent or ordered.

    What people asked for by hand, and what has left, is not touched.

    Args:
        board: the board `problem` was posed from.
        problem: the problem.
        plan: the plan that is published.
    """
    taken = _taken(plan)
    stock = board.region.stock
    known = {offer.id for offer in stock.supply_offers}
    ways = _ways(board, problem) if taken - known else {}
    waiting = {BringStage.TO_SEND, BringStage.TO_ORDER}
    withdrawn = (
        one.offer.id
        for one in asked_for(stock, now=board.now)
        if one.stage in waiting and one.offer.id not in taken and is_computed(one.offer)
    )
    return Asked(
        tuple(_offer(ways[name]) for name in sorted(taken - known, key=natural_key) if name in ways),
        tuple(withdrawn),
    )


def to_bring(board: Board, plan: Plan) -> tuple[Followed, ...]:
    """What has to be sent or ordered for open visits, or is on its way to them, the first expected first.

    That is what the plan takes, and what was asked for by hand or for a plan; an offer nobody takes up is not.

    Args:
        board: what is true now.
        plan: the plan people go by.
    """
    taken = _taken(plan)
    return tuple(
        one
        for one in asked_for(board.region.stock, now=board.now)
        if one.stage is not BringStage.RECEIVED
        and one.offer.demand_ref in board.visits
        and (one.offer.id in taken or one.offer.id.startswith(BY_HAND) or is_computed(one.offer))
    )


def with_asked(board: Board, found: Asked) -> Board:
    """The board with it asked for."""
    if not found.new and not found.withdrawn:
        return board
    stock = board.region.stock
    stay = (offer for offer in stock.supply_offers if offer.id not in found.withdrawn)
    stock = replace(stock, supply_offers=(*stay, *found.new))
    return replace(board, region=replace(board.region, stock=stock))


def _taken(plan: Plan) -> set[str]:
    """Ids of the offers a plan takes."""
    return {
        supply.from_id
        for route in plan.routes
        for stop in route.stops
        for supply in stop.supply
        if supply.source is Source.OFFER
    }


def _ways(board: Board, problem: PlanningProblem) -> dict[str, Delivery]:
    """The ways the problem was posed with, by id: the same visits, the same moment, the same ways."""
    names = sorted({visit.desk_visit for visit in problem.visits}, key=natural_key)
    visits = [board.visits[name] for name in names if name in board.visits]
    offered = supplies(board.region.stock, now=board.now, zone_name=board.region.settings.zone)
    found: Iterable[tuple[Delivery, ...]] = with_ways(board, visits, offered).deliveries.values()
    return {one.id: one for rows in found for one in rows}


def _offer(way: Delivery) -> SupplyOffer:
    price = way.price.quantize(Decimal("0.01"))
    kind = OfferKind(way.kind)
    return SupplyOffer(way.id, way.part, kind, way.source, way.visit, way.arrives_at, price, way.quantity)
