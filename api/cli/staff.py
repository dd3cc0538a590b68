"""`fieldwright staff`: the cheapest roster that keeps a promise, and how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import LangOption, app, language, stdout
from api.cli.asked import SeedOption
from api.cli.simulate import BaseArgument, ClusterOption, WorkersOption, counting


@app.command()
def staff(
    base: BaseArgument,
    patches: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATCH.toml ...]", help="Applied to the base, all together."),
    ] = None,
    *,
    target: Annotated[
        str,
        typer.Option("--target", help="arrive=0.95, restore=0.9, or cost: the cheapest number of engineers."),
    ] = "arrive=0.95",
    confidence: Annotated[
        float, typer.Option("--confidence", min=0.5, max=0.999, help="How sure the roster is to keep it.")
    ] = 0.95,
    runs: Annotated[
        int, typer.Option("--runs", min=0, max=100_000, help="Replications spent on the last comparison.")
    ] = 60,
    replications: Annotated[
        int, typer.Option("--replications", min=2, max=1000, help="Of every roster of the curve.")
    ] = 5,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the roster and the page with the curve; default: none."),
    ] = None,
    workers: WorkersOption = 1,
    cluster: ClusterOption = "",
    seed: SeedOption = 1,
    lang: LangOption = "en",
) -> None:
    """Search the cheapest roster by region and shift that keeps a promise; a first estimate comes within seconds."""
    from api.report.scenarios.about import About
    from api.report.scenarios.staffing import print_estimate, print_staffed, roster_csv
    from api.report.scenarios.write import files_of, write_all
    from api.spread_out import spread_over
    from api.usecases.scenario_files import opened
    from api.usecases.simulating import simulated
    from api.usecases.staffing import cheapest_of, searched, target_of
    from scenarios.measure.simulated import Scenario, Wanted
    from scenarios.run.simulate import Policy
    from scenarios.staffing.roster import hired, staffed

    spoken = language(lang)
    wanted = target_of(target)
    there = opened(base, ["+".join(patches)] if patches else [])
    start, console = there.scenarios[-1], stdout()
    with spread_over(workers=workers, cluster=cluster) as (executor, at_once), counting(spoken) as told:
        if wanted is None:
            found, sure = cheapest_of(start, executor, confidence=confidence, most=200, seed=seed)
        else:
            found = searched(
                start,
                wanted,
                executor,
                confidence=confidence,
                runs=runs,
                seed=seed,
                estimated=lambda one: print_estimate(
                    one, wanted, console, lang=spoken, currency=there.currency
                ),
            )
            sure = found.sure >= confidence
        written: tuple[Path, ...] = ()
        if out is not None:
            along = tuple(dict.fromkeys((found.best.counts, *found.along)))
            curve = tuple(
                Scenario(
                    f"staff-{number}",
                    (
                        f"{hired(counts, found.shifts)} engineers",
                        f"{hired(counts, found.shifts)}名工程师",
                    ),
                    ("", ""),
                    staffed(start.world, found.shifts, counts),
                )
                for number, counts in enumerate(along)
            )
            shown = simulated(
                Wanted((start, *curve), Policy.FAST, replications, seed),
                executor,
                at_once=at_once,
                progress=told,
            )
            about = About(
                shown, there.currency, tuple((one.name, one.sha256) for one in there.files), there.dataset
            )
            texts = files_of(about, spoken, target=None if wanted is None else wanted.share)
            written = write_all(out, {"roster.csv": roster_csv(start.world, found), **texts})
    print_staffed(
        start.world,
        found,
        wanted,
        console,
        lang=spoken,
        currency=there.currency,
        confidence=confidence,
        sure=sure,
    )
    for path in written:
        if path.name in {"roster.csv", "scenarios.html"}:
            console.print(str(path), soft_wrap=True)
