"""How figures of scenarios are written, and the sentence a difference comes down to."""

from __future__ import annotations

from math import isfinite

from api.text import Lang, label
from scenarios.measure.compare import Compared, Effect
from scenarios.measure.figures import MEANING, Figure, Unit
from scenarios.measure.interval import Interval

SIGN = {Effect.BETTER: "▲", Effect.WORSE: "▼", Effect.CHANGED: "◆"}
"""Beside the colour, for who cannot see it: better, worse, neither is wanted."""


def number(figure: Figure, value: float, /, *, signed: bool = False) -> str:
    """Write a figure in its unit: shares in per cent, hours with one place, money whole; an en dash where there is none.

    >>> number(Figure.ARRIVE, 0.9512), number(Figure.ARRIVE, -0.012, signed=True)
    ('95.1 %', '-1.2')
    """
    if not isfinite(value):
        return "–"
    sign = "+" if signed else ""
    match MEANING[figure].unit:
        case Unit.SHARE:
            return f"{100 * value:{sign}.1f}" + ("" if signed else " %")
        case Unit.HOURS:
            return f"{value:{sign},.1f}"
        case Unit.MONEY:
            return f"{value:{sign},.0f}"
        case Unit.NUMBER:
            return f"{value:{sign},.1f}"


def with_half(figure: Figure, found: Interval, /, *, signed: bool = False) -> str:
    """Write a mean with half its interval: ``95.1 % ± 0.4``.

    >>> with_half(Figure.ARRIVE, Interval(0.951, 0.004, 20))
    '95.1 % ± 0.4'
    """
    if not isfinite(found.half):
        return number(figure, found.mean, signed=signed)
    half = number(figure, found.half).removesuffix(" %")
    return f"{number(figure, found.mean, signed=signed)} ± {half}"


def change_told(row: Compared, lang: Lang, /) -> str:
    """Say what a scenario changes against the base; empty for the base itself."""
    if row.change is None or row.effect is None:
        return ""
    if row.effect in {Effect.NOT_DETECTED, Effect.EQUAL, Effect.UNKNOWN}:
        return label(f"simulation.effect_{row.effect}", lang)
    return f"{SIGN[row.effect]} {with_half(row.figure, row.change.by, signed=True)}"


def figure_name(figure: Figure, lang: Lang, /, *, currency: str) -> str:
    """Name a figure with its unit."""
    unit = MEANING[figure].unit
    name = label(f"simulation.figure_{figure}", lang)
    if unit is Unit.MONEY:
        return label("simulation.with_unit", lang, name=name, unit=currency)
    if unit is Unit.HOURS:
        return label("simulation.with_unit", lang, name=name, unit="h")
    return name
