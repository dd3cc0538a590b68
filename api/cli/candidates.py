"""`fieldwright candidates`, `fill`, `resequence`: who could take a visit, what fits a gap, one engineer's day again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated, Any

import typer

from api.cli.app import LangOption, app, language
from api.cli.asked import JsonOption, MaybePlanOption, PlanFolderOption
from api.cli.dataset import AcceptPartialOption, DatasetArgument, open_region
from api.cli.given_plan import given_or_made
from api.cli.written import check_folder, write
from api.text import label

PLAN_WORK = 4_000
"""Search steps for the plan when none is given."""
DAY_WORK = 600

MostOption = Annotated[int, typer.Option("--most", min=1, max=50, help="How many to show.")]
EngineerArgument = Annotated[str, typer.Argument(help="Id of the engineer.")]


@app.command()
def candidates(
    dataset: DatasetArgument,
    visit: Annotated[str, typer.Argument(help="Id of the visit.")],
    plan: MaybePlanOption = None,
    most: MostOption = 5,
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Say who could take a visit: start, promises, price difference, parts and loaner, who is moved or displaced."""
    from api.cli.day_words import candidate
    from api.shapes.candidates import candidates_json
    from dispatch.candidates import candidates as able

    spoken = language(lang)
    opened = open_region(dataset, accept_partial=accept_partial, lang=spoken)
    board, problem, known = given_or_made(opened, plan, work=PLAN_WORK)
    ways = able(problem, known, visit, most=most)
    if as_json:
        _print_json(candidates_json(board, problem, visit, ways))
        return
    typer.echo(label("candidates.title", spoken, visit=visit))
    for number, way in enumerate(ways, start=1):
        typer.echo(f"{number}  {candidate(board, problem, visit, way, spoken)}")
    if not ways:
        typer.echo(label("candidates.nobody", spoken))


@app.command()
def fill(
    dataset: DatasetArgument,
    engineer: EngineerArgument,
    shift: Annotated[str, typer.Option("--shift", help="Only this shift of his.")] = "",
    plan: MaybePlanOption = None,
    most: MostOption = 5,
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Say which visits would fit best into an engineer's free time, what saves most first."""
    from api.cli.day_words import clock, money
    from api.shapes.candidates import fillers_json
    from dispatch.candidates import fillers

    spoken = language(lang)
    opened = open_region(dataset, accept_partial=accept_partial, lang=spoken)
    board, problem, known = given_or_made(opened, plan, work=PLAN_WORK)
    found = fillers(problem, known, engineer, shift=shift, most=most)
    if as_json:
        _print_json(fillers_json(board, engineer, found))
        return
    typer.echo(label("candidates.fill_title", spoken, engineer=engineer))
    for one in found:
        now = one.engineer or label("candidates.fill_left_out", spoken)
        start, saves = clock(board, board.moment(one.place.start_s)), money(board, one.saves)
        typer.echo(
            "   " + label("candidates.fill_line", spoken, visit=one.visit, start=start, saves=saves, now=now)
        )
    if not found:
        typer.echo(label("candidates.fill_nothing", spoken))


@app.command()
def resequence(
    dataset: DatasetArgument,
    engineer: EngineerArgument,
    out: PlanFolderOption,
    plan: MaybePlanOption = None,
    work: Annotated[int, typer.Option("--work", help="Search this much.")] = DAY_WORK,
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
) -> None:
    """Put one engineer's days in a better order, everybody else staying as planned."""
    from api.cli.day_words import money
    from api.report.view import Report
    from api.usecases.planning import proposals_for
    from dispatch.candidates import day_of
    from dispatch.explain import reasons
    from dispatch.replan import changes_of
    from dispatch.solve import Budget

    spoken = language(lang)
    check_folder(out, spoken)
    opened = open_region(dataset, accept_partial=accept_partial, lang=spoken)
    board, problem, known = given_or_made(opened, plan, work=PLAN_WORK)
    better = day_of(problem, known, engineer, budget=Budget(seed=1, work=work))
    better = replace(better, unassigned=reasons(problem, better))
    proposals = proposals_for(board, problem, better)
    report = Report(board, problem, better, proposals, changes_of(board, problem, better))
    written = write(out, report, dataset_digest=opened.digest, lang=spoken)
    before, after = money(board, known.claimed.total), money(board, better.claimed.total)
    code = "day_better" if better.claimed.total < known.claimed.total else "day_same"
    values = {"engineer": engineer, "before": before} | ({"after": after} if code == "day_better" else {})
    typer.echo(label(f"candidates.{code}", spoken, **values))
    typer.echo(str(written[0]))


def _print_json(answer: dict[str, Any]) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
