"""How much money where: all parts at every depot and its vans together, against the levels that are kept now.

Depots do not know each other here: each with its vans is a world of its own, and the money goes over all of them. Vans
without a demand history of their own are left out: their depot's history holds what they took.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inventory.catalogue.place import PlaceKind
from inventory.provision import Provision
from inventory.replenish.echelon import Counts, TwoEchelon, base_backorders, two_echelon
from inventory.replenish.lead_time_demand import Floats
from inventory.replenish.least_cost import OrderQuantity, Prices, order_quantity
from inventory.replenish.order_size import OrderedDemand, order_fill, order_sizes
from inventory.replenish.pooling import MOST_STATES, Shares, shares
from inventory.replenish.system import (
    Chosen,
    Curves,
    Run,
    Steps,
    curves,
    down_to,
    sorted_steps,
    within_budget,
)
from inventory.replenish.trace import Trace
from inventory.stock.position import PartPlace
from inventory.stockroom import position
from kernel.errors import Refusal
from kernel.ids import natural_key


@dataclass(frozen=True, slots=True)
class PlannedLevel:
    """One part at one place: units kept now on average between two orders, and units the plan keeps."""

    part: str
    place: str
    now: float
    planned: int


@dataclass(frozen=True, slots=True)
class StockPlan:
    """All parts together.

    Args:
        money_now: price of what is kept now: between its marks on average; without a policy, what lies there.
        short_now: units short on average then, weighted by how much a missing part hurts.
        chosen: the plan for the budget.
        cheapest: the plan that costs least and leaves no more short than now.
        levels: every part and place either of them keeps, in natural order.
    """

    money_now: float
    short_now: float
    chosen: Chosen
    cheapest: Chosen
    levels: tuple[PlannedLevel, ...]


@dataclass(frozen=True, slots=True)
class _World:
    """A home, its vans, and the parts asked for at any of them; the home's own customers are the last base."""

    home: str
    parts: tuple[str, ...]
    vans: tuple[str, ...]
    model: TwoEchelon
    curves: Curves
    weight: Floats


def stock_plan(provision: Provision, *, budget: float | None = None) -> StockPlan:
    """Put the money of a region's levels where it takes off most weighted shortage, beside what is kept now.

    Demand comes at random (Poisson) and stock is refilled one for one: see `echelon`. What is kept now is judged by the
    same model, a depot's position averaged over its marks.

    Args:
        provision: rates, leads and levels as they are.
        budget: money for all parts together; None: as much as what is kept now ties up.

    Raises:
        Refusal: ``plan_stock.no_demand`` where nothing was asked for at a depot or van; ``replenish.budget_negative``.
    """
    lying = position(provision.stockroom, provision.now, zone_name=provision.zone_name)
    there = {key: one.usable for key, one in lying.items()}
    worlds = _worlds(provision)
    if not worlds:
        raise Refusal("plan_stock.no_demand")
    price = np.concatenate([[float(provision.parts[part].price) for part in one.parts] for one in worlds])
    money, short = (sum(each) for each in zip(*(_kept(provision, one, there) for one in worlds), strict=True))
    steps = _together(worlds, price)
    chosen = within_budget(steps, money=money if budget is None else budget)
    return StockPlan(
        money, short, chosen, down_to(steps, short=short), _levels(provision, worlds, chosen.units, there)
    )


def _worlds(provision: Provision) -> list[_World]:
    vans: dict[str, list[str]] = {}
    for place in sorted(provision.places.values(), key=lambda place: natural_key(place.id)):
        home = provision.home(place) if place.kind is PlaceKind.VAN else None
        if home is not None:
            vans.setdefault(home.id, []).append(place.id)
    asked = {key[1] for key in provision.learnt}
    found = []
    for home in provision.shelves:
        # A van nothing is known to be asked of would only tie up money here: see `van_kit`.
        bases = (*(van for van in vans.get(home.id, ()) if van in asked), home.id)
        parts = tuple(
            part
            for part in sorted(provision.parts, key=natural_key)
            if any(provision.rate((part, base)).per_day > 0 for base in bases)
        )
        if parts:
            found.append(_world(provision, home.id, parts, bases))
    return found


def _world(provision: Provision, home: str, parts: tuple[str, ...], bases: tuple[str, ...]) -> _World:
    model = two_echelon(
        [[provision.rate((part, base)).per_day for base in bases] for part in parts],
        depot_lead=[_days(provision, (part, home)) for part in parts],
        base_lead=[
            [0.0 if base == home else _days(provision, (part, base)) for base in bases] for part in parts
        ],
    )
    heavy = [provision.settings.shortage_weight[provision.parts[part].criticality - 1] for part in parts]
    weight = np.tile(np.array(heavy)[:, None], (1, len(bases)))
    return _World(home, parts, bases[:-1], model, curves(model, weight=weight), weight)


def _days(provision: Provision, key: PartPlace) -> float:
    lead = provision.usual(key)[0]
    return lead.days + lead.review_days


def _together(worlds: list[_World], price: Floats) -> Steps:
    """The steps of all worlds, their parts numbered one after another."""
    runs, start, first = [], [], 0
    for one in worlds:
        steps = one.curves.steps(price=price[first : first + len(one.parts)])
        runs.append(Run(steps.part + first, steps.units, steps.gain))
        start.append(steps.start)
        first += len(one.parts)
    return sorted_steps(runs, price, np.concatenate(start))


def _kept(provision: Provision, world: _World, there: Mapping[PartPlace, int]) -> tuple[float, float]:
    """Money and weighted units short of the levels kept now."""
    money = short = 0.0
    for row, part in enumerate(world.parts):
        positions, held = _held(provision, world, part, there)
        found = base_backorders(
            world.model.rows(np.array([row])), depot_stock=max(positions), base_stock=max(held, default=0)
        )[0]
        at = np.array([found[positions, base, units].mean() for base, units in enumerate([*held, 0])])
        short += float((at * world.weight[row]).sum())
        money += float(provision.parts[part].price) * (float(np.mean(positions)) + sum(held))
    return money, short


def _held(
    provision: Provision, world: _World, part: str, there: Mapping[PartPlace, int]
) -> tuple[list[int], list[int]]:
    """Positions the home goes through between its marks, and what every van is filled up to; without a policy, what lies there."""
    at_home = provision.levels.get((part, world.home))
    positions = [there.get((part, world.home), 0) if at_home is None else 0]
    if at_home is not None and at_home.order_up_to > 0:
        positions = list(range(max(0, at_home.reorder_point + 1), at_home.order_up_to + 1))
    return positions, [
        max(0, provision.levels[part, van].order_up_to)
        if (part, van) in provision.levels
        else there.get((part, van), 0)
        for van in world.vans
    ]


def _levels(
    provision: Provision, worlds: list[_World], units: Counts, there: Mapping[PartPlace, int]
) -> tuple[PlannedLevel, ...]:
    found: list[PlannedLevel] = []
    first = 0
    for one in worlds:
        depot, bases = one.curves.split(units[first : first + len(one.parts)])
        first += len(one.parts)
        for row, part in enumerate(one.parts):
            positions, held = _held(provision, one, part, there)
            # What the plan keeps at home for its own customers and for its vans lies on one shelf.
            planned = [int(depot[row] + bases[row, -1]), *(int(number) for number in bases[row, :-1])]
            for place, now, then in zip(
                (one.home, *one.vans), (float(np.mean(positions)), *held), planned, strict=True
            ):
                if now or then:
                    found.append(PlannedLevel(part, place, now, then))
    return tuple(sorted(found, key=lambda row: (natural_key(row.part), natural_key(row.place))))


@dataclass(frozen=True, slots=True)
class PartWorked:
    """One part over all depots.

    Args:
        part: its id.
        depots: those that keep it, in natural order.
        helping: those of them that are worked together: the most asked ones, as many as the exact chain can hold.
        lent: who serves whom when these help each other, at the stock their levels keep; None: fewer than two.
        cheapest: by depot, the order that costs least when a unit short costs what the wanted fill rate says it does.
        steps: every calculation, in order.
    """

    part: str
    depots: tuple[str, ...]
    helping: tuple[str, ...]
    lent: Shares | None
    cheapest: tuple[tuple[str, OrderQuantity], ...]
    steps: tuple[Trace, ...]


DAYS_A_YEAR = 365.25


def part_worked(provision: Provision, part: str, *, taken: tuple[int, ...] = ()) -> PartWorked:
    """Work one part: who helps whom, the order that costs least, and how often a whole order is served.

    What a unit short costs nobody writes down; the fill rate wanted says it: with holding h a day and fill rate f,
    ``h f / (1 - f)`` makes f the best share (the newsvendor's critical ratio).

    Args:
        provision: rates, leads and levels as they are.
        part: its id.
        taken: units of each job that took it, for the share of whole orders; empty: not worked.

    Source: Arrow, Harris and Marschak (1951), Econometrica 19(3), 250-272; those of the formulas.

    Raises:
        Refusal: ``stock.unknown_part``; ``plan_stock.not_kept`` where no depot keeps it by a policy.
    """
    if part not in provision.parts:
        raise Refusal("stock.unknown_part", part=part[:64])
    depots = tuple(one.id for one in provision.shelves if (part, one.id) in provision.levels)
    if not depots:
        raise Refusal("plan_stock.not_kept", part=part)
    stock = [max(0, provision.levels[part, one].order_up_to) for one in depots]
    demand = [provision.rate((part, one)).per_day * _days(provision, (part, one)) for one in depots]
    helping = _helping(depots, stock, demand)
    rows = [depots.index(one) for one in helping]
    lent = shares([stock[at] for at in rows], [demand[at] for at in rows]) if len(rows) > 1 else None
    steps = [lent.why] if lent is not None else []
    cheapest = []
    for at, depot in enumerate(depots):
        key = (part, depot)
        rate, lead = provision.rate(key), provision.usual(key)[0]
        if taken and demand[at] > 0:
            sizes = order_sizes(taken)
            mean = sum(size * share for size, share in enumerate(sizes, start=1))
            steps.append(
                order_fill(OrderedDemand(demand[at] / mean, sizes), highest=stock[at]).why(stock[at])
            )
        if rate.per_day > 0 and provision.parts[part].price > 0:
            holding = float(provision.parts[part].price) * provision.settings.holding_rate / DAYS_A_YEAR
            fill = provision.policies[key].fill_rate
            prices = Prices(holding, holding * fill / (1 - fill), float(provision.settings.order_cost))
            found = order_quantity(lead.demand(rate), prices, demand_a_period=rate.per_day)
            cheapest.append((depot, found))
            steps.append(found.why)
    return PartWorked(part, depots, helping, lent, tuple(cheapest), tuple(steps))


def _helping(depots: Sequence[str], stock: Sequence[int], demand: Sequence[float]) -> tuple[str, ...]:
    """The most asked depots whose states the chain of `pooling.shares` can hold, in natural order."""
    found: list[str] = []
    states = 1
    for at in sorted(range(len(depots)), key=lambda at: (-demand[at], at)):
        if states * (stock[at] + 1) <= MOST_STATES:
            states *= stock[at] + 1
            found.append(depots[at])
    return tuple(sorted(found, key=natural_key))
