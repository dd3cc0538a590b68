"""A whole region out of a spec and a seed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from dispatch.crew import Skill
from dispatch.region import Fieldwork, Region, Settings
from inventory.replenish.demand import DemandMonth
from inventory.stockroom import Stockroom
from kernel.errors import Refusal
from scenarios.world import catalogue, crew, lending, stock, supply
from scenarios.world.customers import clientele
from scenarios.world.demand import field_tickets, remote_tickets
from scenarios.world.equipment import equipment
from scenarios.world.finished import with_finished
from scenarios.world.history import closed_tickets, monthly_demand
from scenarios.world.published import Crew, published
from scenarios.world.roads import mountain_roads
from scenarios.world.spec import MOST_SEED, Spec


def region(spec: Spec, *, seed: int, thin: Mapping[stock.PartPlace, int] | None = None) -> Region:
    """Invent a region: the same spec and seed give the same one, to the last byte when written.

    Args:
        spec: counts and settings.
        seed: not negative.
        thin: units that lie at a (part, depot) instead of what would be drawn; None: nothing special.

    Raises:
        Refusal: ``scenario.seed_out_of_range``.
    """
    if not 0 <= seed < MOST_SEED:
        raise Refusal("scenario.seed_out_of_range", value=seed)
    tools = equipment()
    clients = clientele(spec, seed, tools)
    kept = catalogue.parts(spec, tools)
    held = crew.skills(spec, seed, tools)
    closed = closed_tickets(spec, seed, clients, kept, held)
    demand = monthly_demand(spec, clients, closed)
    targets = {
        **stock.depot_targets(spec, seed, kept, _mean_demand(spec, demand)),
        **stock.van_targets(spec, seed, tools, held, kept),
        **(thin or {}),
    }
    units = lending.cleaned(spec, catalogue.loaner_units(spec, tools))
    opened = field_tickets(spec, seed, clients, kept)
    loans, opened = lending.lent(spec, units, opened, closed, tools)
    remote = remote_tickets(spec, seed, clients)
    people = Crew(
        engineers=crew.engineers(spec, seed),
        skills=held,
        certificates=crew.certificates(spec, seed, held, tools),
        tools=crew.tools(spec, seed, held, tools),
        shifts=crew.shifts(spec),
        absences=crew.absences(spec, seed),
    )
    moved = stock.flows(spec, seed, clients, closed, targets, kept)
    terms = catalogue.terms(kept, seed)
    settings = Settings(spec.id, spec.name, spec.as_of, spec.zone, spec.currency, spec.horizon_days)
    visited = frozenset(one.visit.site for one in opened)
    work = Fieldwork(
        customers=clients.customers,
        contracts=clients.contracts,
        sites=tuple(row.site for row in clients.served),
        assets=tuple(
            asset
            for row in clients.served
            for asset in [*(one for one, _ in row.assets), *([row.software[0]] if row.software else [])]
        ),
        engineers=people.engineers,
        skill_catalogue=tuple(Skill(name, name.replace("-", " ").capitalize()) for name in tools.skills),
        skills=people.skills,
        certificates=people.certificates,
        tools=people.tools,
        shifts=people.shifts,
        absences=people.absences,
        on_call=crew.on_call(spec),
        tickets=(*(one.ticket for one in opened), *(ticket for ticket, _ in remote)),
        ticket_events=(
            *(event for one in opened for event in one.events),
            *(event for _, events in remote for event in events),
        ),
        closed_tickets=closed,
        visits=tuple(one.visit for one in opened),
        appointments=tuple(agreed for one in opened for agreed in one.appointments),
        part_needs=tuple(need for one in opened for need in one.needs),
        published=published(spec, people, opened),
        bench_times=tools.bench_times,
        travel=mountain_roads(clients, people.engineers, settings.travel, visited),
    )
    return Region(
        settings,
        with_finished(spec, seed, work, loans),
        Stockroom(
            parts=tuple(row.part for row in kept),
            alternates=catalogue.alternates(kept),
            places=catalogue.places(spec),
            moves=stock.ledger(spec, targets, moved),
            suppliers=catalogue.suppliers(),
            terms=terms,
            purchase_orders=supply.purchase_orders(spec, seed, targets, moved, terms),
            loaner_classes=catalogue.loaner_classes(tools),
            loaner_units=units,
            loans=loans,
            demand_history=demand,
            stock_policies=supply.policies(spec, kept, targets),
            supply_offers=supply.offers(spec, seed, opened, targets, held, kept),
        ),
    )


def _mean_demand(spec: Spec, demand: tuple[DemandMonth, ...]) -> dict[stock.PartPlace, float]:
    """Units a month by part and place, over the whole history."""
    total: Counter[stock.PartPlace] = Counter()
    for row in demand:
        total[row.part, row.place] += row.quantity
    mean: dict[stock.PartPlace, float] = defaultdict(float)
    mean.update({key: quantity / spec.history_months for key, quantity in total.items()})
    return mean
