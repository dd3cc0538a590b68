"""Inventory on public demand, and how long planning takes.

``python -m benchmarks inventory`` reads the demand files in place (``FIELDWRIGHT_DATA``, default ``../shared/data``) and
prints every figure of the inventory section of docs/benchmarks.md. Times are of one process, one thread of it; CPU
seconds beside the clock's say how much other work was in the way.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from api.text import say
from benchmarks.geometry import Doubles
from benchmarks.method_level import levels_compared
from benchmarks.spare_parts import Parts, auto, car_parts, raf
from inventory.replenish.accuracy import mase
from inventory.replenish.echelon import two_echelon
from inventory.replenish.forecast import demand_classes, sba, seasonal_naive
from inventory.replenish.kit import KitPart, frontier, kit, poisson_need
from inventory.replenish.lead_time_demand import backorders
from inventory.replenish.marks import Counts, base_stocks, fill_rates, marks
from inventory.replenish.method import choose
from inventory.replenish.system import curves, down_to, place_steps, within_budget
from inventory.replenish.window import within_two_echelon
from kernel.clock import Stopwatch
from kernel.errors import Refusal

FITTED = 60
"""Months of RAF the plans are made from; the rest is held back."""

CHOSEN_ON = 40
"""Of these, the months methods are fitted on before they are chosen by the rest."""

TARGET = 0.95
"""Item by item every part has to reach this."""

LIMIT = 1200
"""Units of one part at most: found by trying, where the figures known for this comparison, 5.42 and 1.29 M, come out."""

SHARES = (0.40, 0.25, 0.15, 0.10, 0.10)
"""Assumed: how the demand of RAF would come from five bases."""

DAY = 12 / 365.25
"""A day in months; assumed as the way from the depot to a base."""

BUDGET = 2_000_000.0
"""Pounds for depot and bases together."""

PLACES = 100_000
"""Part-places planned at once."""

Result = dict[str, Any]


@dataclass(slots=True)
class Spent:
    """Seconds by the clock and of the processor."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def timed() -> Iterator[Spent]:
    """Measure what happens inside."""
    spent, watch, cpu = Spent(), Stopwatch(), time.process_time()
    yield spent
    spent.wall, spent.cpu = watch.seconds, time.process_time() - cpu


def errors(folder: Path) -> Result:
    """Seasonal naive on car parts; nothing against SBA on the last year of RAF."""
    parts = car_parts(folder)

    def naive(history: Doubles) -> float:
        seen, came = history[:, :-12], history[:, -12:]
        return float(np.nanmean(mase(seen, came, seasonal_naive(seen, ahead=12))))

    history = raf(folder).demand
    seen, came = history[:, :72], history[:, 72:]
    rate = np.repeat(sba(seen)[:, -1:], 12, axis=1)
    return {
        "car parts, seasonal naive MASE": naive(parts),
        "the same with zeros for what is missing": naive(np.nan_to_num(parts)),
        "RAF last year, MASE of forecasting nothing": float(
            np.nanmean(mase(seen, came, np.zeros_like(came), season=1))
        ),
        "RAF last year, MASE of SBA": float(np.nanmean(mase(seen, came, rate, season=1))),
    }


def classes(folder: Path) -> Result:
    """Smooth, erratic, intermittent and lumpy parts."""
    found: Result = {}
    for name, demand in (
        ("car parts", car_parts(folder)),
        ("Auto", auto(folder)),
        ("RAF", raf(folder).demand),
    ):
        count = Counter(demand_classes(demand))
        found[name] = {str(kind): count[kind] for kind in count if kind is not None}
    return found


def method_choice(folder: Path) -> Result:
    """Every method fitted on RAF's first months and played through the rest."""
    parts = raf(folder).planned(FITTED)
    with timed() as spent:
        choice = choose(parts.demand, fitted=FITTED, lead=parts.lead, price=parts.price)
    rows = {
        one.method.value: {
            "fill at 2 M": float(np.interp(2e6, one.investment, one.fill)),
            "fill at 5 M": float(np.interp(5e6, one.investment, one.fill)),
            "mean error": one.mean_error,
            "pinball": one.pinball,
            "absolute error": one.absolute_error,
        }
        for one in choice.judgements
    }
    return {"methods": rows, "chosen": choice.method.value, "wall": spent.wall, "cpu": spent.cpu}


def _fitted(parts: Parts) -> tuple[Doubles, Doubles]:
    """Lead-time demand of every part: mean and variance of the fitted months times the lead time."""
    seen = parts.demand[:, :FITTED]
    return seen.mean(axis=1) * parts.lead, seen.var(axis=1, ddof=1) * parts.lead


def system(folder: Path) -> Result:
    """Item by item against all parts together, at equal expected units short, one place."""
    parts = raf(folder).planned(FITTED)
    mean, variance = _fitted(parts)
    # Ready rate P(X < S) is the chance that a unit lies there; share of units short is EBO(S) / mean.
    ready = base_stocks(mean, variance, cycle_service_level=np.full(len(mean), TARGET)) + 1
    few_short = _short_at_most(mean, variance)
    found: Result = {"parts": len(mean)}
    for name, stock, most in (
        (f"ready rate, at most {LIMIT} units of a part", np.minimum(ready, LIMIT), LIMIT),
        ("ready rate", ready, None),
        ("share of units short", few_short, None),
    ):
        short = sum(
            float(backorders(m, v, highest=s)[-1])
            for m, v, s in zip(mean, variance, stock.tolist(), strict=True)
        )
        with timed() as spent:
            chosen = down_to(place_steps(mean, variance, price=parts.price, most=most), short=short)
        money = float(stock @ parts.price)
        found[name] = {
            "item by item": money,
            "together": chosen.money,
            "share": chosen.money / money,
            "units short": short,
            "units short together": chosen.short,
            "wall": spent.wall,
            "cpu": spent.cpu,
        }
    return found


def _short_at_most(mean: Doubles, variance: Doubles) -> Counts:
    """Lowest stocks with ``EBO(S) <= (1 - target) mean``."""
    found = np.zeros(len(mean), dtype=np.int64)
    for row, (m, v) in enumerate(zip(mean, variance, strict=True)):
        highest = 64
        while (short := backorders(m, v, highest=highest))[-1] > (1 - TARGET) * m:
            highest *= 2
        found[row] = int(np.argmax(short <= (1 - TARGET) * m))
    return found


def echelon(folder: Path) -> Result:
    """All parts at a depot and five bases for a budget, and the chance that a part is there in time."""
    parts = raf(folder).planned(FITTED)
    demand = parts.demand[:, :FITTED].mean(axis=1)[:, None] * np.array(SHARES)
    with timed() as spent:
        model = two_echelon(demand, depot_lead=parts.lead, base_lead=DAY)
        all_parts = curves(model)
        chosen = within_budget(all_parts.steps(price=parts.price), money=BUDGET)
        depot, bases = all_parts.split(chosen.units)
    found: Result = {
        "parts": model.parts,
        "wall": spent.wall,
        "cpu": spent.cpu,
        "money": chosen.money,
        "units short": chosen.short,
        "no plan below": chosen.at_best,
        "at the depot": float(depot @ parts.price),
        "at the bases": float(bases.sum(axis=1) @ parts.price),
    }
    with timed() as spent:
        for name, days in (("4 h", 1 / 6), ("24 h", 1.0)):
            chance = within_two_echelon(
                demand,
                depot_lead=parts.lead,
                base_lead=DAY,
                depot_stock=depot,
                base_stock=bases,
                window=days * DAY,
            )
            # Of all units asked for at a base, the share that is there in time.
            found[f"within {name}"] = [
                float(row) for row in (chance * demand).sum(axis=0) / demand.sum(axis=0)
            ]
    found |= {"windows wall": spent.wall, "windows cpu": spent.cpu}
    return found


def many(folder: Path) -> Result:
    """Part-places drawn from RAF's months, planned from history to levels."""
    draw = np.random.default_rng(1)
    parts = raf(folder).planned(FITTED)
    rows = draw.integers(0, len(parts.price), PLACES)
    history = parts.demand[rows][:, :36] * (draw.random((PLACES, 36)) < 0.5)
    lead = parts.lead[rows]
    quantity = draw.integers(1, 25, PLACES)
    with timed() as spent:
        rate = sba(history)[:, -1]
        variance = history.var(axis=1, ddof=1)
        found = marks(rate * lead, variance * lead, quantity=quantity, target=TARGET)
    asked = found.mean > 0
    kept = asked & (found.reorder_point >= 0)
    one_less = fill_rates(
        found.mean[kept],
        found.variance[kept],
        reorder_point=found.reorder_point[kept] - 1,
        quantity=quantity[kept],
    )
    return {
        "part-places": PLACES,
        "with demand": int(asked.sum()),
        "wall": spent.wall,
        "cpu": spent.cpu,
        "lowest fill rate": float(found.fill_rate[asked].min()),
        "highest fill rate of one unit less": float(one_less.max()),
    }


def method_level(folder: Path) -> Result:
    """One method for all parts, for each class of demand, for each part."""
    parts = raf(folder).planned(FITTED)
    with timed() as spent:
        found: Result = dict(levels_compared(parts, fitted=FITTED, chosen_on=CHOSEN_ON))
    return found | {"wall": spent.wall, "cpu": spent.cpu}


CAR_KIT = tuple(
    KitPart(f"part {row}", cost, (1 - need, need))
    for row, (need, cost) in enumerate(zip((0.3, 0.2, 0.1, 0.05), (4.0, 1.0, 2.0, 6.0), strict=True), 1)
)
"""Four parts a van may carry: the chance that a job needs each, and what holding it costs; from the reference."""

KIT_PARTS = 200
"""Parts of the larger kit: about what a van carries of the built-in region."""


def car_kit(_: Path) -> Result:
    """What a van carries: the published frontier, and how long a kit of many parts takes."""
    found: Result = {
        "frontier": {f"cost {one.cost:g}": round(one.chance, 4) for one in frontier(CAR_KIT)},
    }
    draw = np.random.default_rng(1)
    parts = tuple(
        KitPart(f"P-{row}", float(draw.integers(10, 5_000)), poisson_need(float(draw.uniform(0.001, 0.05))))
        for row in range(KIT_PARTS)
    )
    with timed() as spent:
        chosen = kit(parts, budget=100_000.0)
    return found | {
        "parts": KIT_PARTS,
        "chance": chosen.chance,
        **{str(name): value for name, value in chosen.why.bounds.items()},
        "wall": spent.wall,
        "cpu": spent.cpu,
    }


SUBJECTS: dict[str, Callable[[Path], Result]] = {
    "errors": errors,
    "classes": classes,
    "method": method_choice,
    "method level": method_level,
    "system": system,
    "echelon": echelon,
    "many": many,
    "car kit": car_kit,
}


def main(arguments: Sequence[str]) -> int:
    """Run the command; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks inventory", description=__doc__)
    parser.add_argument("--only", choices=SUBJECTS, action="append", help="one subject; may be repeated")
    parser.add_argument("--out", type=Path, help="where to write the figures as JSON")
    chosen = parser.parse_args(arguments)
    folder = Path(os.environ.get("FIELDWRIGHT_DATA", Path(__file__).parents[2] / "shared" / "data"))
    found: Result = {}
    try:
        for name in chosen.only or SUBJECTS:
            found[name] = SUBJECTS[name](folder)
            print(name)
            _show(found[name], "  ")
    except Refusal as refusal:
        print(f"{refusal.code}: {say(refusal.message, 'en')}", file=sys.stderr)
        return 2
    if chosen.out is not None:
        chosen.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


def _show(result: Result, indent: str) -> None:
    for name, value in result.items():
        if isinstance(value, dict):
            print(f"{indent}{name}")
            _show(value, f"{indent}  ")
        elif isinstance(value, list):
            print(f"{indent}{name}: {', '.join(f'{each:.4f}' for each in value)}")
        else:
            print(
                f"{indent}{name}: {value:,.14g}" if isinstance(value, float) else f"{indent}{name}: {value}"
            )
