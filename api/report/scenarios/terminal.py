"""A simulation in the terminal: what a manager wants to know first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.report.scenarios.about import About
from api.report.scenarios.page import subtitle, warnings
from api.report.scenarios.told import change_told, figure_name, number, with_half
from api.text import Lang, label
from scenarios.measure.compare import Effect
from scenarios.measure.figures import Figure

FIRST = (
    Figure.ARRIVE,
    Figure.RESTORE,
    Figure.FIRST_TIME_FIX,
    Figure.HOURS_TO_RESTORE,
    Figure.UTILISATION,
    Figure.STOCK_FILL,
    Figure.COST_WEEK,
)
"""Figures printed; the files have them all."""
STYLE = {Effect.BETTER: "green", Effect.WORSE: "red"}


def print_scenarios(about: About, console: Console, /, *, lang: Lang, written: Iterable[Path] = ()) -> None:
    """Print every scenario with its figures and what it changes, then warnings, then the files."""
    console.print(label("simulation.title", lang, name=about.name(about.base.name, lang)), style="bold")
    console.print(subtitle(about, lang), soft_wrap=True)
    shown = set(about.shown())
    for runs in about.simulated.runs:
        grid = Table(about.name(runs.name, lang), box=None, pad_edge=False, min_width=96)
        grid.add_column(label("simulation.mean", lang), justify="right")
        grid.add_column(
            "" if runs is about.base else label("simulation.change", lang), justify="right", min_width=28
        )
        for figure in FIRST:
            if figure in shown:
                row = about.rows[figure, runs.name]
                mean = with_half(figure, row.itself)
                if row.at_least is not None:
                    mean += " " + label("simulation.at_least", lang, share=number(figure, row.at_least))
                change = Text(change_told(row, lang), style=STYLE.get(row.effect, "") if row.effect else "")
                grid.add_row(figure_name(figure, lang, currency=about.currency), mean, change)
        console.print()
        console.print(grid)
    console.print()
    for warning in warnings(about, lang):
        console.print(warning, style="yellow", soft_wrap=True)
    for path in written:
        if path.suffix in {".html", ".json"} or path.name == "comparison.csv":
            console.print(str(path), soft_wrap=True)
