"""`fieldwright owed` and `fieldwright preventive`: what is owed besides the repairs, and the visits a contract promises."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.app import LangOption, app, language, stdout
from api.cli.dataset import (
    AcceptPartialOption,
    MaybeDatabaseOption,
    MaybeDatasetArgument,
    RegionOption,
    open_either,
)
from api.cli.given_plan import given_or_made
from api.text import label
from kernel.clock import SystemClock, moment
from kernel.errors import Refusal

if TYPE_CHECKING:
    from dispatch.desk.maintenance import PreventiveVisit
    from dispatch.desk.spread import Capacity
    from dispatch.region import Region

PLAN_WORK = 1_000
"""Search steps for the plan when none is given and none are named."""

SHOWN = 20
"""Lines of each list shown unless asked for more; the rest is counted."""
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def owed(
    dataset: MaybeDatasetArgument = None,
    database: MaybeDatabaseOption = "",
    region: RegionOption = "",
    plan: Annotated[
        Path | None,
        typer.Option("--plan", help="plan.json of this region, for the forecasts; without it it is planned."),
    ] = None,
    work: Annotated[
        int, typer.Option("--work", min=0, help="Steps of search for the plan made without --plan.")
    ] = PLAN_WORK,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Lines of each list at most; 0: all.")] = SHOWN,
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """List what is owed besides the repairs: loaners, calls up the ladder, answers, questions, preventive visits."""
    from api.cli.owed_words import document, lines
    from dispatch.owed import finishes_of
    from dispatch.owed import owed as owed_now
    from dispatch.replacements import replacements

    spoken = language(lang)
    opened = open_either(dataset, database, region, accept_partial=accept_partial, lang=spoken)
    if plan is None:
        typer.echo(label("owed.planning", spoken, work=work), err=True)
    board, problem, known = given_or_made(opened, plan, work=work)
    found = owed_now(board, finishes=finishes_of(board, problem, known))
    repeats = replacements(board)
    if as_json:
        typer.echo(json.dumps(document(board, found, repeats), ensure_ascii=False, indent=2))
        return
    for line in lines(board, found, repeats, spoken, limit=limit):
        stdout().print(line, soft_wrap=True, markup=False)


@app.command()
def preventive(
    dataset: MaybeDatasetArgument = None,
    database: MaybeDatabaseOption = "",
    region: RegionOption = "",
    *,
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
    by: Annotated[str, typer.Option("--by", help="Code of who opens them.")] = "operator",
    now: Annotated[
        str | None,
        typer.Option(
            "--now",
            help="Moment of laying out and opening (ISO 8601 with offset); default: now, of a folder its own.",
        ),
    ] = None,
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
) -> None:
    """Lay out the preventive visits contracts promise, spread over the days, and open tickets; those laid out before stay."""
    from api.usecases.preventive import laid_out, opened_at, saved

    spoken = language(lang)
    last = _day(until)
    named = None if now is None else moment(now)
    if (save or open_days) and not (save and database):
        raise Refusal("preventive.save_needs_database")
    there = open_either(dataset, database, region, accept_partial=accept_partial, lang=spoken).region
    as_of = there.settings.as_of
    at = named or (max(SystemClock().now(), as_of) if database else as_of)

    def decided(known: Region) -> tuple[PreventiveVisit, ...]:
        return laid_out(known, last, _levels(known, calendar, per_day), now=at)

    visits = saved(database, region, decided) if save else decided(there)
    over = sum(visit.overbooked for visit in visits)
    typer.echo(label("preventive.title", spoken, n=len(visits), until=last.isoformat(), overbooked=over))
    for visit in visits:
        typer.echo(_line(visit, spoken))
    typer.echo(label("preventive.saved" if save else "preventive.not_saved", spoken))
    if open_days:
        opened = opened_at(database, region, at, days=open_days, by=by)
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
