"""`fieldwright backtest`: history replayed through the model, and how far the model is from what happened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import app, stdout
from api.cli.asked import Asked, SeedOption, spelled_out


@app.command()
@spelled_out
def backtest(
    *,
    asked: Asked,
    days: Annotated[
        int, typer.Option("--days", min=7, max=3660, help="Last days of history that are compared.")
    ] = 91,
    warm_up: Annotated[
        int, typer.Option("--warm-up", min=0, max=365, help="Days before them, replayed and not compared.")
    ] = 7,
    replications: Annotated[
        int, typer.Option("--replications", min=1, max=1000, help="Of the same history, with other chance.")
    ] = 20,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for backtest.csv; default: none.")] = None,
    seed: SeedOption = 1,
) -> None:
    """Replay the faults of the last days as they were reported and say how far the model is from what happened."""
    from api.report.scenarios.backtest import checked_csv, print_checked
    from api.report.scenarios.write import write_all
    from api.text import label
    from scenarios.fitted.checked import checked, left_open
    from scenarios.fitted.replayed import replayed
    from scenarios.run.simulate import simulate_each

    spoken, console = asked.spoken, stdout()
    region = asked.read()
    replay = replayed(region, days=days, warm_up_days=warm_up)
    outcomes = tuple(simulate_each(replay.world, replications=range(replications), seed=seed))
    found = checked(outcomes, replay.actual)
    title = label(
        "simulation.backtest_title",
        spoken,
        region=region.settings.name,
        days=days,
        replications=replications,
        seed=seed,
    )
    print_checked(found, console, title=title, left=left_open(outcomes, replay.actual), lang=spoken)
    for path in write_all(out, {"backtest.csv": checked_csv(found)}) if out is not None else ():
        console.print(str(path), soft_wrap=True)
