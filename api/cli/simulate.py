"""`fieldwright simulate`: what would happen if, with honest intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.app import LangOption, app, language, stderr, stdout
from api.cli.asked import SeedOption, reading
from api.cli.dataset import RegionOption
from api.text import Lang, label
from kernel.errors import Refusal

if TYPE_CHECKING:
    from api.usecases.scenario_files import Snapshot

BaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="BASE.toml", help="What the scenarios start from: a file, or a name of the library."
    ),
]
WorkersOption = Annotated[
    int, typer.Option("--workers", min=1, max=64, help="Processes at once; the result does not depend on it.")
]
ClusterOption = Annotated[
    str,
    typer.Option("--dask", help="Compute on the Dask cluster of this scheduler (tcp://host:8786)."),
]
LiveOption = Annotated[
    str,
    typer.Option(
        "--database",
        help="Start from a region as this database has it now, instead of the base's dataset (URL).",
    ),
]
OutOption = Annotated[Path, typer.Option("--out", help="Folder for tables, document, manifest and page.")]


@app.command()
def simulate(
    base: BaseArgument,
    patches: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATCH.toml ...]", help="One scenario each; a.toml+b.toml is one with both."),
    ] = None,
    *,
    out: OutOption,
    replications: Annotated[
        int,
        typer.Option("--replications", min=1, max=10_000, help="Of every scenario, with the same chance."),
    ] = 20,
    workers: WorkersOption = 1,
    cluster: ClusterOption = "",
    seed: SeedOption = 1,
    policy: Annotated[
        str,
        typer.Option("--policy", help="How visits are given out: fast, live, or fast,live to compare both."),
    ] = "fast",
    plans_of: Annotated[
        int, typer.Option("--plans-of", min=0, help="The replication whose plans are written visit by visit.")
    ] = 0,
    plans_days: Annotated[
        int, typer.Option("--plans-days", min=0, max=366, help="Its first so many days that count; 0: none.")
    ] = 7,
    database: LiveOption = "",
    region: RegionOption = "",
    lang: LangOption = "en",
) -> None:
    """Simulate a base and scenarios over it; Ctrl-C keeps what is done."""
    from api.report.scenarios.about import About
    from api.report.scenarios.terminal import print_scenarios
    from api.report.scenarios.write import files_of, write_all
    from api.spread_out import spread_over
    from api.usecases.scenario_files import opened
    from api.usecases.simulating import policies_named, simulated
    from scenarios.measure.diary import DaysKept
    from scenarios.measure.simulated import Wanted, under_each

    spoken = language(lang)
    how = policies_named(policy)
    there = opened(base, patches or [], snapshot=snapshot_of(database, region))
    kept = DaysKept(plans_of, plans_days)
    wanted = Wanted(under_each(there.scenarios, how), how[0], replications, seed, kept)
    with spread_over(workers=workers, cluster=cluster) as (executor, at_once), counting(spoken) as told:
        found = simulated(wanted, executor, at_once=at_once, progress=told)
    about = About(found, there.currency, tuple((one.name, one.sha256) for one in there.files), there.dataset)
    written = write_all(out, files_of(about, spoken))
    print_scenarios(about, stdout(), lang=spoken, written=written)


def snapshot_of(database: str, region: str, /) -> Snapshot | None:
    """Take the region of a database as it is now; none was named: None.

    Raises:
        Refusal: ``cli.region_of_folder`` for a region without a database; those of the database.
    """
    from api.usecases.scenario_files import Snapshot
    from storage.rows.region import load_stored

    if not database:
        if region:
            raise Refusal("cli.region_of_folder")
        return None
    with reading(database, region) as (connection, which):
        stored = load_stored(connection, which)
    return Snapshot(stored.region, stored.digest)


@contextmanager
def counting(lang: Lang) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where that is a terminal: replications done of those wanted."""
    console = stderr()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(label("simulation.progress", lang), total=None)

        def told(done: int, wanted: int) -> None:
            bar.update(task, completed=done, total=wanted)

        yield told
