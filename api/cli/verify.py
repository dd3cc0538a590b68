"""`fieldwright verify`: read a plan again with a verifier that does not know the solver."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import LangOption, app, language
from api.cli.asked import JsonOption
from api.cli.dataset import AcceptPartialOption, DatasetArgument, open_region
from api.cli.given_plan import given_plan
from api.text import label, say


@app.command()
def verify(
    dataset: DatasetArgument,
    plan: Annotated[Path, typer.Argument(help="plan.json to check.")],
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Check a plan against its dataset: exit 0 only when every rule holds and the file says nothing wrong."""
    from api.report.view import Report
    from api.usecases.plan_check import wrong_with
    from dispatch.cost import visit_stops

    spoken = language(lang)
    reading = open_region(dataset, accept_partial=accept_partial, lang=spoken)
    board, problem, file = given_plan(reading, plan)
    found = wrong_with(file, Report(board, problem, file.plan), dataset_digest=reading.digest)
    if as_json:
        rows = [{"rule": rule, "code": wrong.code, "values": dict(wrong.params)} for rule, wrong in found]
        typer.echo(json.dumps({"violations": rows}, ensure_ascii=False, indent=1))
    elif found:
        for rule, wrong in found:
            typer.echo(f"{rule}: {say(wrong, spoken)} ({wrong.code})")
        typer.echo(label("cli.verified_wrong", spoken, count=len(found)))
    else:
        planned = sum(1 for _ in visit_stops(file.plan))
        typer.echo(label("cli.verified", spoken, planned=planned, left_out=len(file.plan.unassigned)))
    if found:
        raise typer.Exit(1)
