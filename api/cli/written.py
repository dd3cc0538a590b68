"""Where a plan leaves a command: into a folder, and only when it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from api.text import Lang, label, say
from kernel.errors import Refusal

if TYPE_CHECKING:
    # Importing the solver takes a second: the other commands do not wait for it.
    from api.report.view import Report
    from dispatch.plan import Plan
    from dispatch.problem import PlanningProblem


def check_folder(out: Path, lang: Lang) -> None:
    """Refuse a place that is no folder, before any work is done.

    Raises:
        Refusal: ``plan_file.cannot_write``.
    """
    if out.exists() and not out.is_dir():
        raise Refusal("plan_file.cannot_write", file=str(out)[:200], detail=label("cli.not_a_folder", lang))


def check_holds(problem: PlanningProblem, plan: Plan, lang: Lang) -> None:
    """List what is wrong with a plan on standard error and leave with 1, nothing written; a plan that holds passes."""
    from dispatch.verify import violations

    wrong = violations(problem, plan)
    if wrong:
        for found in wrong:
            typer.echo(f"{found.rule.value}: {say(found.message, lang)} ({found.message.code})", err=True)
        typer.echo(label("cli.not_written", lang), err=True)
        raise typer.Exit(1)


def write(
    out: Path, report: Report, *, dataset_digest: str, lang: Lang, seconds: float | None = None
) -> tuple[Path, ...]:
    """Write a plan that holds with everything that belongs to it; see `api.report.write`."""
    from api.report.write import write_report

    check_holds(report.problem, report.plan, lang)
    return write_report(out, report, dataset_digest=dataset_digest, lang=lang, seconds=seconds)
