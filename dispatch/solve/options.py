"""The complete ways to supply one visit: each part line carried, delivered or gone without, and a loaner or none.

A carried part comes from the van or from the pick-up stop; which of the two is settled on the route.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from dispatch.problem import LoanerCourier, Objective, PartLine, PlanningProblem, Visit
from dispatch.solve.layout import BY_COURIER, BY_VISIT, NO_LOANER

MOST_OPTIONS = 48
MOST_LINE_CHOICES = 6
MOST_LOANER_PLANS = 8
CARRIED, WITHOUT = -1, -2


@dataclass(frozen=True, slots=True)
class LineChoice:
    """One part line, supplied: `part` carried, delivered by `offer` (index), or gone without for `cents`."""

    line: int
    part: int
    quantity: int
    offer: int = CARRIED
    cents: int = 0

    @property
    def carried(self) -> bool:
        """From the van or the pick-up stop."""
        return self.offer == CARRIED

    @property
    def delivered(self) -> bool:
        """By an offer."""
        return self.offer >= 0


@dataclass(frozen=True, slots=True)
class LoanerPlan:
    """How a loaner comes: `kind` of `layout`, its class, and the courier that brings it."""

    kind: int = NO_LOANER
    loaner_class: int = -1
    courier: LoanerCourier | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One way to supply a visit; `ready_s` is the latest delivery, `cents` what deliveries, courier and going without cost."""

    visit: int
    lines: tuple[LineChoice, ...]
    loaner: LoanerPlan
    ready_s: int
    cents: int


def options_of(problem: PlanningProblem, index: int) -> tuple[Option, ...]:
    """List the options of visit `index`, cheapest first; empty when some part cannot be had at all."""
    visit = problem.visits[index]
    per_line = [_line_choices(problem, at, line) for at, line in enumerate(visit.parts)]
    if not all(per_line):
        return ()
    money = problem.objective is Objective.MONEY
    supplies = [_priced(problem, index, lines, money=money) for lines in itertools.product(*per_line)]
    supplies.sort(key=lambda option: (option.cents, option.ready_s))
    kept = _leading(supplies)
    loaners = _loaner_plans(problem, visit) if money else (LoanerPlan(),)
    options = [
        Option(index, s.lines, plan, s.ready_s, s.cents + (plan.courier.cents if plan.courier else 0))
        for plan in loaners
        for s in kept[: max(4, MOST_OPTIONS // len(loaners))]
    ]
    return tuple(sorted(options, key=lambda option: (option.cents, option.ready_s)))


def _line_choices(problem: PlanningProblem, at: int, line: PartLine) -> tuple[LineChoice, ...]:
    carried = tuple(
        LineChoice(at, part, line.quantity)
        for part in (line.part, *line.alternates)
        if _somewhere(problem, part, line.quantity)
    )
    allowed = {line.part, *line.alternates}
    delivered = sorted(
        (
            offer
            for offer in line.offers
            if problem.offers[offer].quantity >= line.quantity and problem.offers[offer].part in allowed
        ),
        key=lambda offer: (problem.offers[offer].cents, problem.offers[offer].arrives_s),
    )
    choices = carried + tuple(
        LineChoice(at, problem.offers[offer].part, line.quantity, offer) for offer in delivered
    )
    without: tuple[LineChoice, ...] = ()
    if line.without_cents is not None:
        without = (LineChoice(at, line.part, 0, WITHOUT, line.without_cents),)
    return choices[:MOST_LINE_CHOICES] + without


def _somewhere(problem: PlanningProblem, part: int, quantity: int) -> bool:
    return any(
        store.endless or any(p == part and n >= quantity for p, n in store.stock) for store in problem.stores
    ) or any(p == part and n >= quantity for engineer in problem.engineers for p, n in engineer.van)


def _priced(problem: PlanningProblem, index: int, lines: tuple[LineChoice, ...], *, money: bool) -> Option:
    taken = sorted({choice.offer for choice in lines if choice.delivered})
    ready_s = max((problem.offers[offer].arrives_s for offer in taken), default=0)
    cents = sum(problem.offers[offer].cents for offer in taken) + sum(choice.cents for choice in lines)
    return Option(index, lines, LoanerPlan(), ready_s, cents if money else 0)


def _leading(supplies: list[Option]) -> list[Option]:
    """Put those first that are both cheap and early, so that a cut keeps the useful ones."""
    front: list[Option] = []
    rest: list[Option] = []
    soonest: int | None = None
    for option in supplies:
        carried_only = all(choice.carried for choice in option.lines)
        if soonest is None or option.ready_s < soonest or carried_only:
            front.append(option)
            soonest = option.ready_s if soonest is None else min(soonest, option.ready_s)
        else:
            rest.append(option)
    return (front + rest)[:MOST_OPTIONS]


def _loaner_plans(problem: PlanningProblem, visit: Visit) -> tuple[LoanerPlan, ...]:
    grant = visit.loaner
    if grant is None:
        return (LoanerPlan(),)
    units = {
        (index, loaner_class): len(ids)
        for index, store in enumerate(problem.stores)
        for loaner_class, ids in store.loaners
    }
    cheapest: dict[tuple[int, int, int], LoanerCourier] = {}
    for courier in grant.couriers:
        key = (courier.loaner_class, courier.store, courier.arrives_s)
        if courier.loaner_class in grant.classes and units.get((courier.store, courier.loaner_class), 0):
            known = cheapest.get(key)
            cheapest[key] = courier if known is None or courier.cents < known.cents else known
    couriers = sorted(cheapest.values(), key=lambda c: (c.cents, c.arrives_s, c.store, c.loaner_class))
    aboard = {c for engineer in problem.engineers for c, ids in engineer.loaners if ids}
    brought = sorted({c for (_, c), count in units.items() if count} | aboard)
    brought = [loaner_class for loaner_class in brought if loaner_class in grant.classes]
    plans = (
        LoanerPlan(),
        *(LoanerPlan(BY_VISIT, loaner_class) for loaner_class in brought[:3]),
        *(LoanerPlan(BY_COURIER, courier.loaner_class, courier) for courier in couriers),
    )
    return plans[:MOST_LOANER_PLANS]
