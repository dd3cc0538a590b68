"""`fieldwright rescue`: the ways out of a promise that will be broken, compared; one of them put into the plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.app import LangOption, app, language, stdout
from api.cli.dataset import AcceptPartialOption, DatasetArgument, open_region
from api.cli.given_plan import given_or_made
from api.text import Lang, label, say
from kernel.errors import Refusal

if TYPE_CHECKING:
    # Importing the solver takes a second: the other commands do not wait for it.
    from api.usecases.rescuing import Rescued

PLAN_WORK = 12_000
"""Search steps for the plan when none is given."""


@app.command()
def rescue(
    dataset: DatasetArgument,
    ticket: Annotated[str, typer.Argument(help="Id of the ticket, or of one of its visits.")],
    plan: Annotated[
        Path | None,
        typer.Option("--plan", help="plan.json of this dataset; without it the region is planned."),
    ] = None,
    apply: Annotated[
        int | None, typer.Option("--apply", help="Put the way of this number into the plan; with --out.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the plan with the way in it.")] = None,
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Compare the ways out of a forecast overrun: finish, promises kept, money, others, last safe moment."""
    from api.cli.rescue_table import print_rescue, rescue_json
    from api.usecases.rescuing import rescue_ticket

    spoken = language(lang)
    if (apply is None) != (out is None):
        raise Refusal("rescue.apply_and_out")
    opened = open_region(dataset, accept_partial=accept_partial, lang=spoken)
    board, problem, known = given_or_made(opened, plan, work=PLAN_WORK)
    rescued = rescue_ticket(board, problem, known, ticket)
    if as_json:
        typer.echo(json.dumps(rescue_json(rescued), ensure_ascii=False, indent=1))
    else:
        print_rescue(rescued, stdout(), spoken)
    if apply is not None and out is not None:
        _apply(rescued, apply, out, dataset_digest=opened.digest, lang=spoken, quiet=as_json)


def _apply(rescued: Rescued, number: int, out: Path, *, dataset_digest: str, lang: Lang, quiet: bool) -> None:
    from api.report.view import Report
    from api.report.write import write_report
    from api.usecases.rescuing import applied
    from dispatch.verify import violations

    if out.exists() and not out.is_dir():
        raise Refusal("plan_file.cannot_write", file=str(out)[:200], detail=label("cli.not_a_folder", lang))
    planned = applied(rescued, number)
    wrong = violations(planned.problem, planned.plan)
    if wrong:
        for found in wrong:
            typer.echo(f"{found.rule.value}: {say(found.message, lang)} ({found.message.code})", err=True)
        typer.echo(label("cli.not_written", lang), err=True)
        raise typer.Exit(1)
    report = Report(planned.board, planned.problem, planned.plan, planned.proposals, planned.changes)
    written = write_report(out, report, dataset_digest=dataset_digest, lang=lang)
    if not quiet:
        stdout().print(label("rescue.applied", lang, number=number, file=str(written[0])), soft_wrap=True)
