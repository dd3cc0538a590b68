"""A replayed history beside what happened, figure by figure."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from api.report.spreadsheet import spreadsheet
from api.text import Lang, label
from scenarios.fitted.checked import SHARES, Checking
from scenarios.measure.interval import Interval, finite


def print_checked(
    found: Sequence[Checking], console: Console, /, *, title: str, left: float, lang: Lang
) -> None:
    """Print what happened, what the model makes of it, its error, and what the history cannot say."""
    grid = Table(label("simulation.backtest_figure", lang), title=title, title_justify="left", box=None)
    for heading in ("tickets", "happened", "modelled", "error"):
        grid.add_column(label(f"simulation.backtest_{heading}", lang), justify="right")
    grid.add_column("")
    for one in found:
        share = one.figure in SHARES
        grid.add_row(
            label(f"simulation.backtest_{one.figure}", lang),
            str(one.tickets),
            _mean(one.happened, share=share),
            _mean(one.modelled, share=share),
            _error(one.error, share=share),
            label(f"simulation.backtest_{one.verdict}", lang),
        )
    console.print(grid)
    if left:
        console.print(label("simulation.backtest_left", lang, n=f"{left:.1f}"), soft_wrap=True)
    console.print(label("simulation.backtest_lacks", lang), soft_wrap=True)


def _mean(found: Interval, *, share: bool) -> str:
    value = finite(found.mean)
    if value is None:
        return "–"
    return f"{100 * value:.1f} %" if share else f"{value:.1f}"


def _error(found: Interval, *, share: bool) -> str:
    if finite(found.mean) is None:
        return "–"
    times = 100 if share else 1
    half = "" if finite(found.half) is None else f" ± {times * found.half:.1f}"
    return f"{times * found.mean:+.1f}{half}"


def checked_csv(found: Sequence[Checking], /) -> str:
    """Give the same as CSV, in shares and hours."""
    return spreadsheet(
        ["figure", "tickets", "happened", "modelled", "error", "error_low", "error_high", "verdict"],
        (
            [
                one.figure.value,
                one.tickets,
                *(_exact(value) for value in (one.happened.mean, one.modelled.mean)),
                *(_exact(value) for value in (one.error.mean, one.error.low, one.error.high)),
                one.verdict.value,
            ]
            for one in found
        ),
    )


def _exact(value: float) -> str | float:
    known = finite(value)
    return "" if known is None else float(known)
