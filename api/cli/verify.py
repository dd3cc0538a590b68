"""`fieldwright verify`: read a plan again with a verifier that does not know the solver."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import LangOption, app, language
from api.cli.dataset import AcceptPartialOption, DatasetArgument, open_region
from api.text import label, say
from kernel.errors import Refusal


@app.command()
def verify(
    dataset: DatasetArgument,
    plan: Annotated[Path, typer.Argument(help="plan.json to check.")],
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check a plan against its dataset: exit 0 only when every rule holds and the cost agrees."""
    from dispatch.board import Board
    from dispatch.cost import visit_stops
    from dispatch.pose import problem_of
    from dispatch.verify import violations
    from storage.plan_file import read_plan

    spoken = language(lang)
    reading = open_region(dataset, accept_partial=accept_partial, lang=spoken)
    file = read_plan(plan)
    if file.head.dataset_digest != reading.digest:
        raise Refusal("plan_file.other_dataset", plan=plan.name, dataset=str(dataset))
    problem = problem_of(Board.of(reading.region, now=file.head.now))
    found = violations(problem, file.plan)
    if file.head.problem_digest != problem.digest:
        raise Refusal("plan_file.other_problem", plan=plan.name)
    if as_json:
        rows = [
            {"rule": wrong.rule.value, "code": wrong.message.code, "values": dict(wrong.message.params)}
            for wrong in found
        ]
        typer.echo(json.dumps({"violations": rows}, ensure_ascii=False, indent=1))
    elif found:
        for wrong in found:
            typer.echo(f"{wrong.rule.value}: {say(wrong.message, spoken)} ({wrong.message.code})")
        typer.echo(label("cli.verified_wrong", spoken, count=len(found)))
    else:
        planned = sum(1 for _ in visit_stops(file.plan))
        typer.echo(label("cli.verified", spoken, planned=planned, left_out=len(file.plan.unassigned)))
    if found:
        raise typer.Exit(1)
