"""The loaner pool, class by class: where every unit stands, what will be free, how many units there should be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inventory.catalogue.loaner import lendable
from inventory.replenish.pooling import PoolSize, pool_size
from inventory.stock.loaner_pool import (
    AT_ONCE,
    Lending,
    MakingReady,
    Outlook,
    Standing,
    kept_for,
    lending,
    making_ready,
    outlook,
    standing,
)
from inventory.stockroom import Stockroom, loans_of
from kernel.ids import natural_key

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class ClassPool:
    """One class of loaners.

    Args:
        loaner_class: its id.
        stand_ins: classes that may be lent instead, best first.
        ready: how long a unit is blocked once it is back.
        units: where each unit stands now, in natural order.
        days: the forecast, today first.
        stand_in_free: free units of the classes that may stand in, for each of `days`.
        learnt: how it was lent so far; None: too few loans to say.
        size: the pool that meets the wanted share; None where the rate or the time out is not known.
    """

    loaner_class: str
    stand_ins: tuple[str, ...]
    ready: MakingReady
    units: tuple[Standing, ...]
    days: tuple[Outlook, ...]
    stand_in_free: tuple[int, ...]
    learnt: Lending | None
    size: PoolSize | None


def class_pool(
    stockroom: Stockroom,
    loaner_class: str,
    *,
    now: datetime,
    days: int,
    ready: MakingReady | None = None,
    kept: Mapping[str, str] | None = None,
    refused_at_most: float,
    requests_a_day: float | None = None,
    days_out: float | None = None,
) -> ClassPool:
    """Judge one class of the pool at `now`.

    Args:
        stockroom: everything there is.
        loaner_class: which class.
        now: the moment, aware.
        days: how many days the forecast looks ahead.
        ready: how long a unit is blocked once it is back; None: as its class says, each stand-in as its own.
        kept: for whom units are kept that no loan names yet, by unit.
        refused_at_most: share of requests that may find none free, above 0 and below 1.
        requests_a_day: how often one is asked for; None: as often as it was lent so far.
        days_out: how long one is out on average; None: as long as so far.

    Raises:
        Refusal: ``stock.unknown_loaner_class``, ``stock.forecast_too_long``, those of `pooling.pool_size`.
    """
    units, loans = stockroom.loaner_units, loans_of(stockroom)
    own_time = {row.id: ready or making_ready(row) for row in stockroom.loaner_classes}
    stand_ins = lendable(stockroom.loaner_classes, loaner_class)[1:]
    blocked = own_time[loaner_class]
    forecast = outlook(units, loans, loaner_class, now=now, days=days, ready=blocked, kept=kept)
    others = [
        outlook(units, loans, one, now=now, days=days, ready=own_time.get(one, AT_ONCE), kept=kept)
        for one in stand_ins
    ]
    learnt = lending(units, loans, loaner_class, now=now)
    rate = requests_a_day if requests_a_day is not None else (learnt.per_day if learnt else None)
    out = days_out if days_out is not None else (learnt.days_out if learnt else None)
    size = None
    if rate is not None and out is not None:
        size = pool_size(
            requests_a_day=rate,
            days_out=out,
            days_made_ready=(blocked.cleaning_s + blocked.inspecting_s) / DAY_S,
            refused_at_most=refused_at_most,
        )
    own = sorted((u for u in units if u.loaner_class == loaner_class), key=lambda u: natural_key(u.id))
    return ClassPool(
        loaner_class=loaner_class,
        stand_ins=stand_ins,
        ready=blocked,
        units=tuple(
            kept_for(standing(unit, loans, at=now, now=now, ready=blocked), kept or {}) for unit in own
        ),
        days=forecast,
        stand_in_free=tuple(sum(other[day].free for other in others) for day in range(len(forecast))),
        learnt=learnt,
        size=size,
    )
