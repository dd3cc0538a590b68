"""`fieldwright runs` and `fieldwright worker`: ask for plans, see how far they are, make them."""

from __future__ import annotations

import signal
import sys
from datetime import timedelta
from functools import partial
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from api.cli.app import LangOption, app, language, stdout
from api.cli.asked import InDatabase, SecondsOption, SeedOption, WorkOption, spelled_out, unnamed, when
from api.cli.dataset import ServedDatabaseOption
from api.text import label
from api.text import say as tell
from kernel.errors import Refusal, Value

runs_app = typer.Typer(name="runs", help="Work that a worker does.", no_args_is_help=True)
app.add_typer(runs_app)


@runs_app.command()
@spelled_out
def add(
    *,
    there: InDatabase,
    now: Annotated[str | None, typer.Option("--now", help="Plan from this moment.")] = None,
    seconds: SecondsOption = None,
    work: WorkOption = None,
    seed: SeedOption = 1,
    key: Annotated[
        str, typer.Option("--key", help="Name of the run: the same name is one run, however often given.")
    ] = "",
    every_region: Annotated[
        bool, typer.Option("--every-region", help="One run for each region there is.")
    ] = False,
) -> None:
    """Ask for a plan, or for one of every region; prints the runs' ids."""
    from api.stored import envelope, opened
    from api.usecases.asking import ask_for_plan
    from api.usecases.plan_run import Ask
    from storage.rows.region import only_region, region_ids

    if every_region and there.region:
        raise Refusal("run.region_or_every")
    if seconds is None and work is None:
        seconds = 20.0
    ask = Ask(when(now), seed, work, seconds)
    run = key or unnamed("plan")
    with opened(there.database) as database:
        with database.reading() as connection:
            regions = region_ids(connection) if every_region else (only_region(connection, there.region),)
        for which in regions:
            ask_for_plan(database, envelope(which, run), run, ask)
    for which in regions:
        stdout().print(label("run.queued", there.spoken, run=run, region=which), soft_wrap=True)


@runs_app.command("list")
@spelled_out
def list_(*, there: InDatabase) -> None:
    """Show the runs asked for last."""
    from storage.runs import latest

    spoken = there.spoken
    with there.reading() as (connection, which):
        runs, _ = latest(connection, which)
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
@spelled_out
def stop(
    run: Annotated[str, typer.Argument(help="Id of the run.")],
    *,
    there: InDatabase,
) -> None:
    """Ask a run to end with what it has found."""
    from api.stored import envelope
    from storage.runs import ask_to_stop

    with there.opened() as (database, which):
        database.run(envelope(which, f"stop-{run}"), lambda work: ask_to_stop(work, run))
    stdout().print(label("run.stop_asked", there.spoken, run=run), soft_wrap=True)


@app.command()
def worker(
    database: ServedDatabaseOption = None,
    once: Annotated[bool, typer.Option("--once", help="Take one run, if one waits, and end.")] = False,
    lease_s: Annotated[
        float, typer.Option("--lease", help="Seconds a run stays with a worker that says nothing.", min=3.0)
    ] = 30.0,
    dask: Annotated[
        str | None,
        typer.Option(
            "--dask",
            help="Compute on the Dask cluster of this scheduler (tcp://host:8786); default: the setting.",
        ),
    ] = None,
    at_once: Annotated[
        int,
        typer.Option("--at-once", help="Plans worked on at one time, and as many other runs.", min=1, max=64),
    ] = 1,
    lang: LangOption = "en",
) -> None:
    """Take runs and do them: plans, simulations, datasets to bring in; SIGTERM gives unfinished runs back."""
    from api.auth.policy import kept_of
    from api.auth.secret import drawn_id
    from api.cluster import executor_at
    from api.outbound.ways import on_roads, service_of
    from api.settings import read_settings
    from api.stored import opened
    from api.usecases.forgetting import Forgetting
    from api.worker import (
        LANES,
        Lane,
        Worker,
        leave_all,
        nothing,
        own_name,
        simulating_by,
        solving_by,
        until_all_left,
    )

    spoken = language(lang)
    settings = read_settings(database=database, dask=dask)
    service_of(settings)  # refused at the start, not at the first run

    def say(code: str, /, **params: Value) -> None:
        sys.stderr.write(label(code, spoken, **params) + "\n")
        sys.stderr.flush()

    with (
        opened(settings.database, connections=settings.database_connections) as there,
        executor_at(settings.dask) as executor,
    ):
        lease = timedelta(seconds=lease_s)
        lanes = (Lane.ANY,) if once else LANES * at_once
        forgetting = Forgetting(
            there,
            kept_of(settings),
            partial(drawn_id, "C"),
            refused=lambda refusal: say(refusal.code, **refusal.message.params),
        )
        each = [
            Worker(
                there,
                own_name(number),
                solve=solving_by(executor),
                simulate=simulating_by(executor),
                ways=lambda region, now, of_run: on_roads(
                    region, now=now, settings=settings, database=there, envelope=of_run
                ),
                said=say,
                lease=lease,
                heartbeat=lease / 6,
                lane=lane,
                between=forgetting.when_due if number == len(lanes) else nothing,
            )
            for number, lane in enumerate(lanes, start=1)
        ]
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: leave_all(each))
        if not once:
            until_all_left(each)
        elif each[0].once() is None:
            say("run.nothing")
