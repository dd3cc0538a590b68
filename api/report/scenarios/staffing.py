"""What a search for a roster came to: by region, shift and skill, with its cost and how sure it is."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from api.report.scenarios.told import number, with_half
from api.report.spreadsheet import spreadsheet
from api.text import Lang, label
from kernel.errors import Value
from scenarios.measure.figures import Figure
from scenarios.run.world import World
from scenarios.staffing.roster import hired, skills_of, staffed
from scenarios.staffing.search import Estimate, Staffed, Target


def print_estimate(
    found: Estimate, target: Target, console: Console, /, *, lang: Lang, currency: str
) -> None:
    """Print the first answer."""
    console.print(
        label(
            "simulation.staff_estimate",
            lang,
            engineers=hired(found.tried.counts, found.shifts),
            base=found.base,
            share=number(target.figure, found.tried.share.mean),
            cost=number(Figure.COST_WEEK, found.tried.cost_week.mean),
            currency=currency,
            runs=found.runs,
        ),
        soft_wrap=True,
    )


def print_staffed(
    world: World,
    found: Staffed,
    target: Target | None,
    console: Console,
    /,
    *,
    lang: Lang,
    currency: str,
    confidence: float,
    sure: bool,
) -> None:
    """Print the roster, what it keeps and costs, how sure that is, and the next ones.

    Args:
        world: the base's.
        found: by the search.
        target: to be kept; None: the cheapest was asked for.
        console: to print on.
        lang: of the words.
        currency: of the money.
        confidence: asked for.
        sure: whether it was reached.
    """
    grid = Table(label("simulation.staff_depot", lang), box=None, pad_edge=False)
    for heading in ("staff_shift", "engineers", "staff_skills"):
        grid.add_column(label(f"simulation.{heading}", lang))
    skills = skills_of(staffed(world, found.shifts, found.best.counts))
    for depot, shift, count in found.best.counts:
        held = ", ".join(f"{skill} {n}" for skill, n in sorted(skills.get((depot, shift), {}).items()))
        grid.add_row(depot or "–", _shift(shift, lang), str(count), held)
    console.print(grid)
    cost = with_half(Figure.COST_WEEK, found.best.cost_week)
    values: dict[str, Value] = {
        "engineers": hired(found.best.counts, found.shifts),
        "cost": cost,
        "currency": currency,
    }
    if target is None:
        code = "simulation.staff_cheapest" if sure else "simulation.staff_perhaps_cheapest"
        told = label(
            code,
            lang,
            **values,
            hour=f"{found.best.cost_week.mean / 168:,.1f}",
            percent=f"{100 * confidence:.1f}",
        )
    else:
        code = "simulation.staff_sure" if sure else "simulation.staff_unsure"
        told = label(
            code,
            lang,
            **values,
            share=with_half(target.figure, found.best.share),
            wanted=number(target.figure, target.share),
            percent=f"{100 * found.sure:.1f}",
            asked=f"{100 * confidence:.1f}",
            n=len(found.best.kept),
            runs=found.runs,
        )
    console.print(told, soft_wrap=True)
    others = Table(label("simulation.staff_others", lang), box=None, pad_edge=False)
    for heading in ("engineers", "mean", "staff_cost", "staff_confidence"):
        others.add_column(label(f"simulation.{heading}", lang), justify="right")
    for at, one in enumerate(found.others[:6], 1):
        share = with_half(target.figure, one.share) if target else "–"
        keeps = f"{100 * one.sure(target.share):.1f} %" if target else "–"
        others.add_row(
            str(at),
            str(hired(one.counts, found.shifts)),
            share,
            with_half(Figure.COST_WEEK, one.cost_week),
            keeps,
        )
    console.print(others)


def _shift(shift: str, lang: Lang) -> str:
    return label(f"simulation.shift_{shift.replace('-', '_')}", lang)


def roster_csv(world: World, found: Staffed, /) -> str:
    """Give the roster as CSV: depot, shift, engineers, and how many hold each skill."""
    skills = skills_of(staffed(world, found.shifts, found.best.counts))
    names = sorted({skill for row in skills.values() for skill in row})
    return spreadsheet(
        ["depot", "shift", "engineers", *names],
        (
            [depot, shift, count, *(skills.get((depot, shift), {}).get(name, 0) for name in names)]
            for depot, shift, count in found.best.counts
        ),
    )
