"""Computing on a cluster: the same bytes as on one machine, and nothing lost when one of its workers is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from api.apart import OwnProcesses
from api.cluster import Cluster
from api.executor import Broken, solve_all, solve_by
from api.report.scenarios.about import About
from api.report.scenarios.write import files_of
from api.usecases.asking import ask_for_plan
from api.usecases.importing import import_into
from api.usecases.plan_run import Ask, Job, Made, Report, make_plan
from api.usecases.simulating import OneByOne, simulated
from api.worker import Worker
from kernel.clock import Stopwatch
from kernel.envelope import Envelope
from kernel.errors import Message, Refusal
from storage.database import open_database
from storage.dataset.read import read
from storage.runs import find
from storage.tables.run import RunState
from tests.api.work.victim import AT, Standing
from tests.conftest import ROOT
from tests.databases import Make
from tests.dataset_builder import tiny
from tests.scenarios.outcomes import both_policies

# A scheduler and its workers take seconds to start.
pytestmark = pytest.mark.slow

DASK = str(Path(sys.executable).with_name("dask"))


@dataclass
class Grid:
    """A scheduler with workers on this machine."""

    address: str
    folder: Path
    workers: list[subprocess.Popen[bytes]]

    def start_worker(self) -> None:
        """One more worker, of one thread."""
        command = [DASK, "worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
        command += ["--local-directory", str(self.folder), "--death-timeout", "20"]
        self.workers.append(_started(command, self.folder / f"worker-{len(self.workers)}.log"))


def _started(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with log.open("wb") as out:
        return subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, env=environment)


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grid]:
    """A scheduler with two workers."""
    folder = tmp_path_factory.mktemp("grid")
    file = folder / "scheduler.json"
    command = [DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = _started([*command, "--scheduler-file", str(file)], folder / "scheduler.log")
    watch = Stopwatch()
    while not file.exists() or not file.read_text():
        assert scheduler.poll() is None, (folder / "scheduler.log").read_text()
        assert watch.seconds < 60
    there = Grid(json.loads(file.read_text())["address"], folder, [])
    there.start_worker()
    there.start_worker()
    yield there
    for process in (*there.workers, scheduler):
        process.kill()
        process.wait()


@pytest.fixture
def cluster(grid: Grid) -> Iterator[Cluster]:
    """The executor on it, with two workers alive."""
    watch = Stopwatch()
    while True:
        try:
            found = Cluster(grid.address)
        except Refusal as refusal:
            if refusal.code != "cluster.empty" or watch.seconds > 60:
                raise
            continue
        if found.at_once >= 2:
            break
        found.close()
        assert watch.seconds < 60
    yield found
    found.close()


def job(tmp_path: Path, *, seed: int = 1, work: int | None = 300) -> Job:
    """The tiny region, to be planned."""
    reading = read(tiny(tmp_path / f"tiny-{seed}"))
    assert reading.region is not None
    return Job(reading.region, reading.digest, Ask(None, seed, work, None))


def test_a_country_planned_by_region_has_the_same_bytes_on_a_cluster(
    tmp_path: Path, cluster: Cluster
) -> None:
    """Where a plan is made must not be seen in it: region by region, document by document, in the order asked."""
    one = job(tmp_path)
    country = [
        Job(
            replace(one.region, settings=replace(one.region.settings, id=f"R{n}")),
            one.digest,
            Ask(None, n, 200, None),
        )
        for n in range(1, 6)
    ]

    on_cluster = solve_all(cluster, country, make_plan)
    on_this_machine = solve_all(OwnProcesses(at_once=2), country, make_plan)
    here = [make_plan(each, lambda _: True) for each in country]

    assert [made.document for made in on_cluster] == [made.document for made in here]
    assert [made.document for made in on_this_machine] == [made.document for made in here]
    assert [made.cost_cents for made in on_cluster] == [made.cost_cents for made in here]
    assert len({made.document for made in here}) == len(country)


def test_a_search_on_the_cluster_says_how_far_it_is_and_stops_when_asked(
    tmp_path: Path, cluster: Cluster
) -> None:
    """As on this machine: enough means enough, and what was found is kept."""
    heard: list[Mapping[str, Any]] = []

    def report(progress: Mapping[str, Any]) -> bool:
        heard.append(progress)
        return not progress

    made = solve_by(cluster, job(tmp_path, work=10**9), report, make=make_plan, every_s=0.1)

    assert made.visits > 0
    assert any(progress.get("work", 0) > 0 for progress in heard)


def test_a_cancelled_search_frees_its_worker(tmp_path: Path, cluster: Cluster) -> None:
    """A run that was lost must not keep the cluster busy for hours: as many as there are workers, then one more."""

    def lost(progress: Mapping[str, Any]) -> bool:
        if progress:
            raise Refusal("run.lease_lost", run="r-1")
        return True

    for _ in range(cluster.at_once):
        with pytest.raises(Refusal, match=r"run\.lease_lost"):
            solve_by(cluster, job(tmp_path, work=10**9), lost, make=make_plan, every_s=0.1)
    made = solve_by(cluster, job(tmp_path), lambda _: True, make=make_plan)

    assert made.visits > 0


def test_what_a_job_refuses_or_breaks_on_comes_back_whole(tmp_path: Path, cluster: Cluster) -> None:
    """The run then ends with the same code as if it had been solved here."""
    with pytest.raises(Refusal) as refused:
        solve_by(cluster, job(tmp_path, work=-5), lambda _: True, make=make_plan)
    with pytest.raises(Broken) as broken:
        solve_by(cluster, job(tmp_path), lambda _: True, make=_breaks)

    assert refused.value.code == "budget.negative"
    assert (broken.value.kind, broken.value.detail) == ("ValueError", "cannot be")


def _breaks(_job: Job, _report: Report) -> Made:
    raise ValueError("cannot be")


def test_a_cluster_that_is_not_there_is_refused_by_code() -> None:
    """Before a run is taken, not after."""
    with pytest.raises(Refusal, match=r"cluster\.unreachable"):
        Cluster("127.0.0.1:1 no address")


def test_a_run_whose_cluster_worker_is_killed_is_tried_again_and_takes_effect_once(
    tmp_path: Path, grid: Grid, cluster: Cluster, make_sqlite: Make
) -> None:
    """The machine under a search goes away; the run is tried again elsewhere and one plan comes of it."""
    database = open_database(make_sqlite())
    reading = read(tiny(tmp_path / "tiny"))
    assert reading.region is not None
    import_into(database, reading.region, digest=reading.digest, as_of=None)
    ask_for_plan(database, Envelope("dispatcher", "desk", AT, "r-1", "R1"), "r-1", Ask(None, 1, 300, None))
    said: list[str] = []

    def solve(one: Job, report: Callable[[Mapping[str, Any]], bool]) -> Made:
        if said.count("run.taken") > 1:
            return solve_by(cluster, one, report, make=make_plan, every_s=0.1)

        def kill_when_begun(progress: Mapping[str, Any]) -> bool:
            if progress:
                for process in grid.workers:
                    process.kill()
            return report(progress)

        return solve_by(
            cluster, replace(one, ask=Ask(None, 1, 10**9, None)), kill_when_begun, make=make_plan, every_s=0.1
        )

    worker = Worker(
        database, "w-1", solve=solve, clock=Standing(), said=lambda code, /, **_: said.append(code)
    )
    first = worker.once()
    grid.start_worker()
    grid.start_worker()
    second = worker.once()

    assert first is not None
    assert second is not None
    assert (first.state, [error.code for error in first.errors]) == (RunState.WAITING, ["run.process_died"])
    assert (second.state, second.attempts, second.errors) == (RunState.DONE, 2, ())
    with database.reading() as connection:
        assert find(connection, "R1", "r-1").state is RunState.DONE
    database.close()


def test_workers_with_another_version_are_refused(tmp_path: Path, cluster: Cluster) -> None:
    """Its plan would be another one, and nobody could say why."""
    task = cluster.submit(job(tmp_path), partial(make_plan))
    task.cancel()

    from api import cluster as module

    future = cluster._client.submit(
        module._on_worker, job(tmp_path), make_plan, "n", 1.0, "other", pure=False
    )

    answer = future.result(timeout=30)
    assert isinstance(answer, Refusal)
    assert answer.message == Message("cluster.other_version")


def test_scenarios_have_the_same_bytes_when_a_worker_is_killed_half_way(grid: Grid, cluster: Cluster) -> None:
    """A night of replications, under either policy, must not be lost, nor changed, because one machine went away."""
    wanted = both_policies()
    alive = [process for process in grid.workers if process.poll() is None]
    told: list[int] = []

    def kill_one(done: int, _all: int) -> None:
        if not told:
            alive[0].kill()
        told.append(done)

    with cluster.pooled(retries=3) as executor:
        found = simulated(wanted, executor, at_once=cluster.at_once, progress=kill_one)
    grid.start_worker()

    assert alive[0].wait() != 0
    assert len(told) > 2
    here = simulated(wanted, OneByOne(), at_once=1)
    about = [About(one, "USD", (), "") for one in (found, here)]
    assert files_of(about[0], "en") == files_of(about[1], "en")
