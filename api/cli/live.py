"""`fieldwright live`: the built-in region as a live day in the browser, with all that makes it go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.app import LangOption, app, language, stderr
from api.cli.dataset import open_region
from api.cli.plan import built_in
from api.cli.stored import weekday_told
from api.text import label

if TYPE_CHECKING:
    from datetime import datetime

    from api.worker import Worker
    from storage.database import Database

FOLDER = Path("out/live")
"""Where days are kept, a database each."""

FIRST = "first-plan"
"""The run and the plan a day begins with."""


@app.command()
def live(
    database: Annotated[
        str,
        typer.Option("--database", help="Where the day is kept; default: a file of today under out/live."),
    ] = "",
    port: Annotated[
        int | None, typer.Option("--port", help="Port; 0 takes a free one; default: the setting.")
    ] = None,
    work: Annotated[int, typer.Option("--work", help="Search the first plan this much.")] = 4000,
    lang: LangOption = "en",
) -> None:
    """Open the built-in region live: today from 10:40, at any hour, planned and published; open the address it prints."""
    from api.together import refuse_foreign_folder

    refuse_foreign_folder()  # before anything begins to count
    from api.app import make_app
    from api.auth.demo import PASSWORD
    from api.cli.doorkeeping import told_who_may_enter
    from api.cluster import executor_at
    from api.logs import log_to
    from api.serving import address_of, listen, server_of
    from api.settings import read_settings
    from api.stored import opened
    from api.usecases.field_day import FieldDay
    from api.usecases.importing import import_into
    from api.worker import LANES, Worker, leave_all, own_name, simulating_by, solving_by, until_all_left
    from dispatch.rebase import live_at
    from kernel.clock import ClockFrom, SystemClock, zone
    from storage.audit import last_at

    spoken = language(lang)
    with built_in() as folder:
        reading = open_region(folder, accept_partial=False, lang=spoken)
    settings_of = reading.region.settings
    here = zone(settings_of.zone)
    as_of = live_at(SystemClock().now(), here)
    if not database:
        FOLDER.mkdir(parents=True, exist_ok=True)
        database = f"sqlite:///{FOLDER / f'{as_of.astimezone(here):%Y-%m-%d}.db'}"
    settings = read_settings(database=database, host="127.0.0.1", port=port)
    settings = settings.model_copy(update={"log_level": "warning"})  # the address stays the last line
    log_to(None, settings)
    with (
        opened(settings.database, fresh=True) as there,
        listen(settings) as listening,
        executor_at(settings.dask) as executor,
    ):
        # Whatever the hour where it is started: the day begins at 10:40 there, and goes on where it was left.
        with there.reading() as connection:
            clock = ClockFrom(max(as_of, last_at(connection, settings_of.id) or as_of))
        workers = [
            Worker(
                there,
                own_name(number),
                solve=solving_by(executor),
                simulate=simulating_by(executor),
                clock=clock,
                lane=lane,
            )
            for number, lane in enumerate(LANES, start=1)
        ]
        stderr().print(label("cli.live_making", spoken, database=there.name), soft_wrap=True)
        imported = import_into(there, reading.region, digest=reading.digest, as_of=as_of, now=as_of)
        if other := weekday_told(reading.region, imported.region, spoken):
            stderr().print(other, soft_wrap=True)
        first_plan(there, workers[0], settings_of.id, now=clock.now(), work=work)
        made = make_app(there, settings=settings, clock=clock)
        made.state.live.begin()
        where = address_of(listening)
        told_who_may_enter(made, settings.host, where, demo=True, lang=spoken)
        searching = Thread(target=until_all_left, args=(workers,), name="worker")
        searching.start()
        field = FieldDay(there, made.state.posed, settings_of.id, clock)
        working = Thread(target=field.until_left, name="field")
        working.start()
        try:
            stderr().print(label("cli.live_ready", spoken, address=where, password=PASSWORD), soft_wrap=True)
            server_of(made, settings).run(sockets=[listening])
        finally:
            leave_all(workers)
            field.leave()
            searching.join()
            working.join()


def first_plan(database: Database, worker: Worker, region: str, *, now: datetime, work: int) -> None:
    """Plan a day and publish what holds, unless it has a plan already.

    Args:
        database: with the region.
        worker: makes the plan here and now.
        region: its id.
        now: plan from this moment.
        work: how much to search.

    Raises:
        Refusal: what planning and publishing refuse.
    """
    from api.stored import envelope
    from api.usecases.asking import ask_for_plan
    from api.usecases.deciding import take_proposal
    from api.usecases.plan_run import Ask
    from storage.plans import page

    with database.reading() as connection:
        if page(connection, region, most=1)[0]:
            return
    asked, taken = (replace(envelope(region, key), now=now) for key in (FIRST, f"{FIRST}-taken"))
    ask_for_plan(database, asked, FIRST, Ask(now, seed=1, work=work, seconds=None))
    worker.once()
    take_proposal(database, taken, FIRST, parts=None)
