"""`fieldwright runs` and `fieldwright worker`: ask for plans, see how far they are, make them."""

from __future__ import annotations

import secrets
import signal
import sys
from datetime import timedelta
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from api.cli.app import LangOption, app, language, stdout
from api.cli.dataset import RegionOption
from api.text import label
from api.text import say as tell
from kernel.clock import SystemClock, moment
from kernel.errors import Value

runs_app = typer.Typer(name="runs", help="Work that a worker does.", no_args_is_help=True)
app.add_typer(runs_app)

DatabaseOption = Annotated[
    str,
    typer.Option(
        "--database",
        help="sqlite:///file.db or postgresql://user:password@host/name.",
        envvar="FIELDWRIGHT_DATABASE",
    ),
]


@runs_app.command()
def add(
    database: DatabaseOption,
    region: RegionOption = "",
    now: Annotated[str | None, typer.Option("--now", help="Plan from this moment.")] = None,
    seconds: Annotated[float | None, typer.Option("--seconds", help="Search at most this long.")] = None,
    work: Annotated[int | None, typer.Option("--work", help="Search this much.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the search.")] = 1,
    key: Annotated[
        str, typer.Option("--key", help="Name of the run: the same name is one run, however often given.")
    ] = "",
    lang: LangOption = "en",
) -> None:
    """Ask for a plan; prints the run's id."""
    from api.stored import envelope, opened
    from api.usecases.asking import ask_for_plan
    from api.usecases.plan_run import Ask
    from storage.rows.region import only_region

    spoken = language(lang)
    if seconds is None and work is None:
        seconds = 20.0
    ask = Ask(moment(now) if now else None, seed, work, seconds)
    with opened(database) as there:
        with there.reading() as connection:
            which = only_region(connection, region)
        run = key or f"plan-{SystemClock().now():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        ask_for_plan(there, envelope(which, run), run, ask)
    stdout().print(label("run.queued", spoken, run=run, region=which), soft_wrap=True)


@runs_app.command("list")
def list_(database: DatabaseOption, region: RegionOption = "", lang: LangOption = "en") -> None:
    """Show the runs asked for last."""
    from api.stored import opened
    from storage.rows.region import only_region
    from storage.runs import latest

    spoken = language(lang)
    with opened(database) as there, there.reading() as connection:
        runs = latest(connection, only_region(connection, region))
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "state", "attempts", "worker", "progress"):
        table.add_column(label(f"run.heading_{heading}", spoken))
    for run in runs:
        progress = ", ".join(f"{name} {value}" for name, value in run.progress.items())
        errors = "\n".join(f"{tell(error, spoken)} ({error.code})" for error in run.errors)
        state = label(f"run.state_{run.state.value}", spoken)
        table.add_row(run.id, state, str(run.attempts), run.worker, escape(errors or progress))
    stdout().print(table)


@runs_app.command()
def stop(
    run: Annotated[str, typer.Argument(help="Id of the run.")],
    database: DatabaseOption,
    region: RegionOption = "",
    lang: LangOption = "en",
) -> None:
    """Ask a run to end with what it has found."""
    from api.stored import envelope, opened
    from storage.rows.region import only_region
    from storage.runs import ask_to_stop

    spoken = language(lang)
    with opened(database) as there:
        with there.reading() as connection:
            which = only_region(connection, region)
        there.run(envelope(which, f"stop-{run}"), lambda work: ask_to_stop(work, run))
    stdout().print(label("run.stop_asked", spoken, run=run), soft_wrap=True)


@app.command()
def worker(
    database: DatabaseOption,
    once: Annotated[bool, typer.Option("--once", help="Take one run, if one waits, and end.")] = False,
    lease_s: Annotated[
        float, typer.Option("--lease", help="Seconds a run stays with a worker that says nothing.", min=3.0)
    ] = 30.0,
    lang: LangOption = "en",
) -> None:
    """Take runs and make their plans; SIGTERM gives an unfinished run back."""
    from api.stored import opened
    from api.worker import Worker, own_name

    spoken = language(lang)

    def say(code: str, /, **params: Value) -> None:
        sys.stderr.write(label(code, spoken, **params) + "\n")
        sys.stderr.flush()

    with opened(database) as there:
        lease = timedelta(seconds=lease_s)
        one = Worker(there, own_name(), said=say, lease=lease, heartbeat=lease / 6)
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: one.leave())
        if not once:
            one.until_left()
        elif one.once() is None:
            say("run.nothing")
