"""`fieldwright rescue`: the ways out of a promise that will be broken, compared; one of them put into the plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import LangOption, app, language, stdout
from api.cli.asked import JsonOption, MaybePlanOption
from api.cli.dataset import AcceptPartialOption, DatasetArgument, open_region
from api.cli.given_plan import given_or_made
from api.cli.written import check_folder, check_holds, write
from api.text import label
from kernel.errors import Refusal

PLAN_WORK = 12_000
"""Search steps for the plan when none is given."""


@app.command()
def rescue(
    dataset: DatasetArgument,
    ticket: Annotated[str, typer.Argument(help="Id of the ticket, or of one of its visits.")],
    plan: MaybePlanOption = None,
    apply: Annotated[
        int | None,
        typer.Option("--apply", min=1, help="Put the way of this number into the plan; with --out."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the plan with the way in it.")] = None,
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Compare the ways out of a forecast overrun: finish, promises kept, money, others, last safe moment."""
    from api.cli.rescue_table import print_rescue
    from api.report.view import Report
    from api.shapes.rescue import rescue_json
    from api.usecases.rescuing import applied, rescue_ticket

    spoken = language(lang)
    if (apply is None) != (out is None):
        raise Refusal("rescue.apply_and_out")
    if out is not None:
        check_folder(out, spoken)
    opened = open_region(dataset, accept_partial=accept_partial, lang=spoken)
    board, problem, known = given_or_made(opened, plan, work=PLAN_WORK)
    rescued = rescue_ticket(board, problem, known, ticket)
    # What cannot be applied is refused before anything is printed.
    chosen = applied(rescued, apply) if apply is not None else None
    report = None
    if chosen is not None:
        report = Report(chosen.board, chosen.problem, chosen.plan, chosen.proposals, chosen.changes)
        check_holds(report, spoken, dataset_digest=opened.digest)
    if as_json:
        typer.echo(json.dumps(rescue_json(rescued), ensure_ascii=False, indent=1))
    else:
        print_rescue(rescued, stdout(), spoken)
    if report is not None and out is not None:
        written = write(out, report, dataset_digest=opened.digest, lang=spoken)
        if not as_json:
            told = label("rescue.applied", spoken, number=apply or 0, file=str(written[0]))
            stdout().print(told, soft_wrap=True)
