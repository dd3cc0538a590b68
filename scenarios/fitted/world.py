"""A world out of a region: everything a replication needs, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dispatch.region import Fieldwork, Region
from scenarios.fitted.reported import demand, past
from scenarios.fitted.rosters import rosters
from scenarios.fitted.shelves import shelves
from scenarios.run.chance import Chance
from scenarios.run.world import Demand, World

PEOPLE = (
    "customers",
    "contracts",
    "sites",
    "assets",
    "calendars",
    "engineers",
    "skill_catalogue",
    "skills",
    "certificates",
    "tools",
    "absences",
    "partners",
    "wishes",
    "travel",
    "own_schemes",
    "own_practice",
)
"""What of a region's field side a simulation reads; its tickets and plans stay behind, so that a world travels light."""


def world_of(
    region: Region,
    /,
    *,
    starts_at: datetime,
    days: int,
    warm_up_days: int = 0,
    wage_cents: int = 0,
    chance: Chance | None = None,
) -> World:
    """Fit a world to a region as it is described at its own moment.

    Args:
        region: read whole.
        starts_at: second 0, aware; nothing is open then.
        days: that count, after `warm_up_days` that do not.
        warm_up_days: see there.
        wage_cents: of an hour on shift.
        chance: what is on; None: everything, as strong as usual.
    """
    as_of = region.settings.as_of
    reported = demand(region, past(region, until_at=as_of))
    taken = frozenset(line.part for job in reported.jobs for line in job.parts)
    return World(
        region=slim(region),
        starts_at=starts_at,
        days=days,
        rosters=rosters(region, wage_cents=wage_cents),
        demand=reported,
        chance=chance or Chance(),
        shelves=shelves(region, as_of, taken=taken),
        warm_up_days=warm_up_days,
    )


def slim(region: Region, /) -> Region:
    """The region without what a simulation does not read: its history, tickets, plans and ledger."""
    stock = region.stock
    return replace(
        region,
        settings=replace(region.settings, stories=()),
        field=Fieldwork(**{name: getattr(region.field, name) for name in PEOPLE}),
        stock=replace(
            stock,
            moves=(),
            reservations=(),
            purchase_orders=(),
            lot_inspections=(),
            order_drafts=(),
            order_steps=(),
            shipments=(),
            lot_readings=(),
            lots_skipped=(),
            stock_inspections=(),
            dispositions=(),
            nonconformances=(),
            corrective_steps=(),
            undone=(),
            remedy_promises=(),
            delivery_notes=(),
            loans=(),
            loan_checks=(),
            stock_counts=(),
            demand_history=(),
            supply_offers=(),
        ),
    )


def scaled(world: World, /, *, a_week: float) -> World:
    """The world where so many tickets are reported in a week, mean over a year, each source as much more or less often."""
    now = tickets_a_week(world.demand)
    return replace(world, demand=replace(world.demand, factor=world.demand.factor * a_week / now))


def tickets_a_week(demand: Demand, /) -> float:
    """Mean tickets a week over a year of 365 days."""
    return sum(source.a_year for source in demand.sources) * demand.factor * 7 / 365
