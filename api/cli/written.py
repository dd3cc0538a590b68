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


def check_folder(out: Path, lang: Lang) -> None:
    """Refuse a place that is no folder, before any work is done.

    Raises:
        Refusal: ``plan_file.cannot_write``.
    """
    if out.exists() and not out.is_dir():
        raise Refusal("plan_file.cannot_write", file=str(out)[:200], detail=label("cli.not_a_folder", lang))


def check_holds(report: Report, lang: Lang, *, dataset_digest: str) -> None:
    """List what `fieldwright verify` would find on standard error and leave with 1, nothing written; else pass."""
    from api.report.write import head_of
    from api.usecases.plan_check import wrong_with
    from storage.plan_file import plan_file

    file = plan_file(head_of(report, dataset_digest=dataset_digest), report.problem, report.plan)
    wrong = wrong_with(file, report, dataset_digest=dataset_digest)
    if wrong:
        for rule, found in wrong:
            typer.echo(f"{rule}: {say(found, lang)} ({found.code})", err=True)
        typer.echo(label("cli.not_written", lang), err=True)
        raise typer.Exit(1)


def write(
    out: Path, report: Report, *, dataset_digest: str, lang: Lang, seconds: float | None = None
) -> tuple[Path, ...]:
    """Write a plan that `fieldwright verify` accepts with everything that belongs to it; see `api.report.write`."""
    from api.report.write import write_report

    check_holds(report, lang, dataset_digest=dataset_digest)
    return write_report(out, report, dataset_digest=dataset_digest, lang=lang, seconds=seconds)
