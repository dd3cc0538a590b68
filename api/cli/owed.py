"""`fieldwright owed` and `fieldwright preventive`: what is owed besides the repairs, and the visits a contract promises."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.app import app, language, stdout
from api.cli.asked import ByOption, JsonOption, Judged, LimitOption, MaybePlanOption, spelled_out
from api.cli.given_plan import given_or_made
from api.text import label
from kernel.errors import Refusal

if TYPE_CHECKING:
    from dispatch.desk.maintenance import PreventiveVisit
    from dispatch.desk.spread import Capacity
    from dispatch.region import Region

PLAN_WORK = 1_000
"""Search steps for the plan when none is given and none are named."""

SHOWN = 20
"""Lines of each list shown unless asked for more; the rest is counted."""


@app.command()
@spelled_out
def owed(
    *,
    asked: Judged,
    plan: MaybePlanOption = None,
    work: Annotated[
        int, typer.Option("--work", min=0, help="Steps of search for the plan made without --plan.")
    ] = PLAN_WORK,
    limit: LimitOption = SHOWN,
    as_json: JsonOption = False,
) -> None:
    """List what is owed besides the repairs: loaners, calls up the ladder, answers, questions, preventive visits."""
    from api.cli.owed_words import document, lines
    from dispatch.owed import finishes_of
    from dispatch.owed import owed as owed_now
    from dispatch.replacements import replacements

    spoken = asked.spoken
    opened = asked.opened()
    if plan is None:
        typer.echo(label("owed.planning", spoken, work=work), err=True)
    at = asked.at(opened.region)
    board, problem, known = given_or_made(opened, plan, work=work, now=at)
    finishes = finishes_of(board, problem, known)
    board = board.at(max(at, board.now))  # a plan made this morning forecasts, what is owed is owed now
    found = owed_now(board, finishes=finishes)
    repeats = replacements(board)
    if as_json:
        typer.echo(
            json.dumps(
                document(board, found, repeats, made_with=work if plan is None else None),
                ensure_ascii=False,
                indent=2,
            )
        )
        return
    for line in lines(board, found, repeats, spoken, limit=limit):
        stdout().print(line, soft_wrap=True, markup=False)


@app.command()
@spelled_out
def preventive(
    *,
    asked: Judged,
    until: Annotated[
        str, typer.Option("--until", help="Lay out the periods whose last day is this one or earlier.")
    ],
    per_day: Annotated[int, typer.Option("--per-day", min=1, help="Preventive visits a day can take.")],
    calendar: Annotated[
        str,
        typer.Option("--calendar", help="Calendar of the region with the days; default: Monday to Friday."),
    ] = "",
    save: Annotated[bool, typer.Option("--save", help="Keep them in the database.")] = False,
    open_days: Annotated[
        int,
        typer.Option("--open-days", min=0, help="With --save: open tickets for the visits of the next days."),
    ] = 0,
    by: ByOption = "operator",
) -> None:
    """Lay out the preventive visits contracts promise, spread over the days, and open tickets; those laid out before stay."""
    from api.usecases.preventive import laid_out, opened_at, saved

    spoken = asked.spoken
    last = _day(until)
    if (save or open_days) and not (save and asked.database):
        raise Refusal("preventive.save_needs_database")
    region = asked.read()
    at = asked.at(region)

    def decided(known: Region) -> tuple[PreventiveVisit, ...]:
        return laid_out(known, last, _levels(known, calendar, per_day), now=at)

    visits = saved(asked.database, asked.region, decided) if save else decided(region)
    over = sum(visit.overbooked for visit in visits)
    typer.echo(label("preventive.title", spoken, n=len(visits), until=last.isoformat(), overbooked=over))
    for visit in visits:
        typer.echo(_line(visit, spoken))
    typer.echo(label("preventive.saved" if save else "preventive.not_saved", spoken))
    if open_days:
        opened = opened_at(asked.database, asked.region, at, days=open_days, by=by)
        typer.echo(label("preventive.opened", spoken, n=len(opened), tickets=", ".join(opened) or "-"))


def _line(visit: PreventiveVisit, lang: str) -> str:
    return label(
        "preventive.line_full" if visit.overbooked else "preventive.line",
        language(lang),
        visit=visit.id,
        day=visit.on.isoformat(),
        site=visit.site,
        contract=visit.contract,
        first=visit.period_from.isoformat(),
        last=visit.period_until.isoformat(),
    )


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refusal("preventive.not_a_day", value=text[:40]) from None
    if not 1970 <= day.year <= 2199:
        raise Refusal("clock.out_of_range", value=text[:40])
    return day


def _levels(region: Region, calendar: str, per_day: int) -> Capacity:
    """So many visits on every day the calendar opens."""
    from api.usecases.preventive import levels

    return levels(region, calendar, per_day=per_day)
