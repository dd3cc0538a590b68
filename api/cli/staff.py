"""`fieldwright staff`: the cheapest roster that keeps a promise, and how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import LangOption, app, language, stdout
from api.cli.asked import SeedOption
from api.cli.dataset import RegionOption
from api.cli.simulate import (
    BaseArgument,
    ClusterOption,
    LiveOption,
    WorkersOption,
    counting,
    snapshot_of,
)


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
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if", metavar="PATCH.toml", help="The same question once more with this patch; may repeat."
        ),
    ] = None,
    people_only: Annotated[
        bool, typer.Option("--people-only", help="Hire only: no skills, vans or stock beside it.")
    ] = False,
    runs: Annotated[
        int,
        typer.Option("--runs", min=12, max=10_000, help="Replications by which a roster is called sure."),
    ] = 12,
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
    database: LiveOption = "",
    region: RegionOption = "",
    lang: LangOption = "en",
) -> None:
    """Search the cheapest roster by region, shift and skill that keeps a promise; a first estimate comes within seconds."""
    from api.report.scenarios.about import About
    from api.report.scenarios.staffing import print_estimate, print_more, print_staffed, roster_csv
    from api.report.scenarios.write import files_of, write_all
    from api.spread_out import spread_over
    from api.usecases.scenario_files import opened
    from api.usecases.simulating import simulated
    from api.usecases.staffing import MOST_RUNS, Search, cheapest_of, curves, searched, target_of
    from scenarios.measure.simulated import Wanted
    from scenarios.run.simulate import Policy
    from scenarios.staffing.lever import Prices, pulled

    spoken = language(lang)
    wanted = target_of(target)
    named = list(patches or [])
    patched = (named, *([*named, more] for more in what_if or ()))
    there = opened(base, ["+".join(one) for one in patched if one], snapshot=snapshot_of(database, region))
    questions = there.scenarios if not named else there.scenarios[1:]
    currency, console = there.currency, stdout()
    prices = Prices(skill_cents=there.base.skill_cents)
    answers = []
    with spread_over(workers=workers, cluster=cluster) as (executor, at_once), counting(spoken) as told:
        for asked in questions:
            if len(questions) > 1:
                console.rule(asked.name[spoken == "zh"], align="left")
            if wanted is None:
                found = cheapest_of(asked, executor, confidence=confidence, most=MOST_RUNS, seed=seed)
            else:
                found = searched(
                    asked,
                    Search(wanted, confidence, runs, seed, prices, people_only),
                    executor,
                    estimated=lambda one: print_estimate(
                        one, wanted, console, lang=spoken, currency=currency
                    ),
                )
            with_levers = pulled(asked.world, found.levers, prices)
            print_staffed(
                with_levers,
                found,
                wanted,
                console,
                lang=spoken,
                currency=currency,
                confidence=confidence,
                base=asked.engineers,
            )
            answers.append((asked, with_levers, found))
        for asked, _, found in answers[1:]:
            print_more(
                found,
                answers[0][2],
                console,
                name=asked.name[spoken == "zh"],
                lang=spoken,
                currency=currency,
            )
        written: tuple[Path, ...] = ()
        if out is not None:
            shown, lines = curves(answers)
            run = Wanted(shown, Policy.FAST, replications, seed)
            made = simulated(run, executor, at_once=at_once, progress=told)
            files = tuple((one.name, one.sha256) for one in there.files)
            clock = None if wanted is None else wanted.figure
            about = About(made, currency, files, there.dataset, lines, clock)
            texts = files_of(about, spoken, target=None if wanted is None else wanted.share)
            rosters = {asked.id: (world, found) for asked, world, found in answers}
            written = write_all(out, {"roster.csv": roster_csv(rosters), **texts})
    for path in written:
        if path.name in {"roster.csv", "scenarios.html"}:
            console.print(str(path), soft_wrap=True)
    if wanted is not None and not all(found.holds for _, _, found in answers):
        raise typer.Exit(1)
