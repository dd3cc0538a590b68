"""`fieldwright plan` and `fieldwright demo`: plan a region, check the plan, show it, write it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.app import LangOption, app, language, stderr, stdout
from api.cli.asked import (
    Asked,
    JsonOption,
    PlanFolderOption,
    SecondsOption,
    SeedOption,
    WorkOption,
    spelled_out,
)
from api.cli.dataset import Opened, open_region
from api.cli.written import check_folder, write
from api.text import Lang, label
from kernel.clock import Stopwatch, moment
from kernel.errors import Refusal

if TYPE_CHECKING:
    # Importing the solver takes a second: commands that do not plan do not wait for it.
    from dispatch.solve import Budget
    from dispatch.solve import Progress as Searched
    from storage.plan_file import PlanFile

DEMO_WORK = 12_000
DEFAULT_SECONDS = 20.0


@app.command()
@spelled_out
def plan(
    *,
    out: PlanFolderOption,
    asked: Asked,
    now: Annotated[
        str | None, typer.Option("--now", help="Plan from this moment (ISO 8601 with offset).")
    ] = None,
    after: Annotated[
        Path | None, typer.Option("--after", help="plan.json people go by: start from what becomes of it.")
    ] = None,
    seconds: SecondsOption = None,
    work: WorkOption = None,
    seed: SeedOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Plan a region: who goes where, when, with which part; verified before it is written."""
    from dispatch.solve import Budget

    if seconds is None and work is None:
        seconds = DEFAULT_SECONDS
    budget = Budget(seed=seed, work=work, seconds=seconds)
    opened = asked.opened()
    in_force = _in_force(after, opened) if after is not None else None
    _run(opened, out, now=now, budget=budget, in_force=in_force, lang=asked.spoken, as_json=as_json)


def _in_force(after: Path, opened: Opened) -> PlanFile:
    from storage.plan_file import read_plan

    file = read_plan(after)
    if file.head.region != opened.region.settings.id:
        raise Refusal("plan_file.other_region", plan=after.name, region=file.head.region)
    return file


@app.command()
def demo(
    out: PlanFolderOption = Path("out/demo"),
    work: Annotated[int, typer.Option("--work", help="Search this much.")] = DEMO_WORK,
    lang: LangOption = "en",
) -> None:
    """Plan the built-in region Fujian and show its stories."""
    from dispatch.solve import Budget

    spoken = language(lang)
    with built_in() as folder:
        opened = open_region(folder, accept_partial=False, lang=spoken)
    _run(opened, out, now=None, budget=Budget(seed=1, work=work), in_force=None, lang=spoken, as_json=False)
    stdout().print(label("cli.live_next", spoken), soft_wrap=True)


@contextmanager
def built_in() -> Iterator[Path]:
    """The folder of the built-in region."""
    from importlib.resources import as_file

    with as_file(files("scenarios.library") / "fujian") as folder:
        yield folder


def _run(
    opened: Opened,
    out: Path,
    *,
    now: str | None,
    budget: Budget,
    in_force: PlanFile | None,
    lang: Lang,
    as_json: bool,
) -> None:
    from api.report.figures_json import summary_json
    from api.report.terminal import print_summary
    from api.report.view import Report
    from api.usecases.planning import plan_region

    check_folder(out, lang)
    watch = Stopwatch()
    with _progress(budget, lang) as advance:
        planned = plan_region(
            opened.region,
            now=moment(now) if now else None,
            budget=budget,
            in_force=(in_force.plan, in_force.head.now) if in_force is not None else None,
            workshop=in_force.head.workshop if in_force is not None else (),
            progress=advance,
        )
    report = Report(planned.board, planned.problem, planned.plan, planned.proposals, planned.changes)
    written = write(out, report, dataset_digest=opened.digest, lang=lang, seconds=watch.seconds)
    if as_json:
        typer.echo(json.dumps(summary_json(report, lang), ensure_ascii=False, indent=1))
        return
    print_summary(
        report, stdout(), lang=lang, files=[str(path) for path in written], page=str(out / "plan.html")
    )


@contextmanager
def _progress(budget: Budget, lang: Lang) -> Iterator[Callable[[Searched], bool]]:
    """A bar on standard error, where that is a terminal: share of the work or of the seconds."""
    watch = Stopwatch()
    console = stderr()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[cost]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(label("cli.searching", lang), total=1.0, cost="")

        def advance(searched: Searched) -> bool:
            by_work = searched.work / budget.work if budget.work else 0.0
            by_time = watch.seconds / budget.seconds if budget.seconds else 0.0
            cost = label("cli.searched", lang, cost=f"{searched.cost / 100:,.0f}", left_out=searched.left_out)
            bar.update(task, completed=min(1.0, max(by_work, by_time)), cost=cost)
            return True

        yield advance
