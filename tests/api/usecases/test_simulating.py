"""Replications on executors: the same bytes wherever they run, and what is done is kept when somebody stops."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from api.report.scenarios.about import About
from api.report.scenarios.write import files_of
from api.spread_out import spread_over
from api.text import LANGUAGES
from api.usecases.scenario_files import opened
from api.usecases.simulating import OneByOne, _laid_out, sent, simulated, tasks
from kernel.errors import Refusal
from scenarios.library.worlds import office_equipment, three_server_city
from scenarios.measure.diary import DaysKept
from scenarios.measure.figures import Figure
from scenarios.measure.simulated import Scenario, Wanted
from scenarios.run.simulate import Policy
from scenarios.run.world import World
from tests.scenarios.outcomes import both_policies


def scenario(name: str, world: World, *, days: int = 10) -> Scenario:
    """A world under a name, made short."""
    return Scenario(name, (name, f"{name} 中"), ("", ""), replace(world, days=days, warm_up_days=1))


@cache
def wanted(replications: int = 12) -> Wanted:
    """Office equipment with one technician and with two."""
    return Wanted(
        tuple(
            scenario(f"staff-{count}", office_equipment(customers=8, technicians=count)) for count in (1, 2)
        ),
        Policy.FAST,
        replications,
        7,
    )


def files(executor: Executor, *, at_once: int) -> Mapping[str, str]:
    """Everything a command writes."""
    found = simulated(wanted(), executor, at_once=at_once)
    return files_of(About(found, "USD", (("base.toml", "0" * 64),), ""), "en")


@cache
def written_here() -> Mapping[str, str]:
    """Both policies, one after another in this process."""
    return files_of(About(simulated(both_policies(), OneByOne(), at_once=1), "USD", (), ""), "en")


@pytest.mark.slow  # starting processes that import everything takes seconds
@pytest.mark.parametrize("workers", [2, 4])
def test_any_number_of_workers_gives_the_same_bytes(workers: int) -> None:
    """A figure that depends on the machine cannot be checked by anybody else; a search elsewhere finds what it finds here."""
    with spread_over(workers=workers, cluster="") as (executor, at_once):
        found = simulated(both_policies(), executor, at_once=at_once)

    assert found.wanted.policies == tuple(Policy)
    assert files_of(About(found, "USD", (), ""), "en") == written_here()


def test_how_replications_are_shared_out_changes_no_byte() -> None:
    """Tasks of five or of twenty, one scenario after another or mixed: the same numbers."""
    assert files(OneByOne(), at_once=1) == files(OneByOne(), at_once=8)


def test_tasks_cover_every_replication_once_and_keep_pairs_together() -> None:
    """Nothing twice, nothing left out; the same numbers of all scenarios before the next numbers."""
    many = replace(wanted(), replications=103)

    shared = list(tasks(many, at_once=2))

    for at in range(2):
        assert [n for one, numbers in shared if one == at for n in numbers] == list(range(103))
    assert all(5 <= len(numbers) <= 20 for _, numbers in shared[:-2])
    assert all(a[1] == b[1] for a, b in pairwise(shared) if a[0] < b[0])


@pytest.fixture
def often_switched() -> Iterator[None]:
    """Threads take turns after every microsecond: what they share without a lock shows itself."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("often_switched")
def test_threads_of_one_worker_share_what_is_laid_out() -> None:
    """A worker of a cluster runs several tasks at once: more worlds than are kept, in turn in each, and no task breaks on another's."""
    small = replace(office_equipment(customers=1, technicians=1), days=1)
    worlds = [sent(replace(small, warm_up_days=days)) for days in range(9)]

    def task(number: int) -> int:
        return sum(_laid_out(worlds[(number + turn) % 9]).world.warm_up_days for turn in range(9 * 100))

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(task, range(8)))

    assert found == [sum(range(9)) * 100] * 8


class Stopping(OneByOne):
    """Somebody presses Ctrl-C after so many tasks."""

    def __init__(self, after: int) -> None:
        self.left = after

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it, until it is enough."""
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        return super().submit(fn, *args, **kwargs)


def test_what_is_done_is_kept_when_somebody_stops() -> None:
    """Three tasks of six: the first six replications of both scenarios can be compared, the rest cannot."""
    found = simulated(wanted(), Stopping(after=3), at_once=1)

    assert found.replications == tuple(range(6))
    assert not found.whole
    whole = simulated(wanted(), OneByOne(), at_once=1)
    assert [runs.measured for runs in found.runs] == [runs.measured[:6] for runs in whole.runs]
    page = files_of(About(found, "USD", (), ""), "en")["scenarios.html"]
    assert "Stopped before the end: 6 of 12" in page


def test_stopped_before_anything_can_be_compared_is_refused() -> None:
    """An empty report would look like a finding."""
    with pytest.raises(Refusal, match=r"scenario\.stopped_too_soon"):
        simulated(wanted(), Stopping(after=1), at_once=1)


def test_the_same_chance_meets_both_scenarios() -> None:
    """Common random numbers: the city's calls do not change when a loaner or an engineer is added."""
    city = three_server_city()
    more = replace(city, down_hour_cents=5)
    both = Wanted((scenario("a", city), scenario("b", more)), Policy.FAST, 5, 3)

    found = simulated(both, OneByOne(), at_once=1)

    assert found.runs[0].values(Figure.TICKETS_WEEK) == found.runs[1].values(Figure.TICKETS_WEEK)
    assert found.runs[0].values(Figure.COST_WEEK) != found.runs[1].values(Figure.COST_WEEK)


OFFICE = {(10, 1): 155.9, (20, 1): 397.8, (20, 2): 275.3, (30, 2): 391.9, (30, 3): 397.1}
"""Customers and technicians: published cost an hour."""


@pytest.mark.slow  # half a million repairs
@pytest.mark.parametrize(("customers", "technicians"), OFFICE)
def test_office_equipment_costs_what_was_published(customers: int, technicians: int) -> None:
    """Within one per cent, through the same loop as any region."""
    world = office_equipment(customers=customers, technicians=technicians)
    office = Wanted((scenario("office", world, days=1000 if customers == 10 else 500),), Policy.FAST, 20, 1)

    found = simulated(office, OneByOne(), at_once=1)

    hours = [cost / 168 for cost in found.runs[0].values(Figure.COST_WEEK)]
    assert sum(hours) / len(hours) == pytest.approx(OFFICE[customers, technicians], rel=0.01)


def test_the_page_holds_no_address_and_no_script() -> None:
    """It is sent by mail and opened anywhere, under a policy that allows nothing from outside."""
    for lang in LANGUAGES:
        found = simulated(wanted(), OneByOne(), at_once=1)
        page = files_of(About(found, "USD", (), ""), lang)["scenarios.html"]

        assert "default-src 'none'" in page
        assert not re.search(r"<script|javascript:|https?://|//[a-z]+\.|\son\w+=|\sstyle=", page)
        assert not re.search(r"simulation\.[a-z_]+|\{[a-z_]+\}", page)
        assert "nan" not in re.findall(r'="([^"]*)"', page)


def test_the_document_is_json_and_says_what_was_simulated() -> None:
    """Machines read it: no NaN, every figure there, the manifest without clock or machine."""
    found = files(OneByOne(), at_once=1)

    document, manifest = json.loads(found["scenarios.json"]), json.loads(found["manifest.json"])
    assert set(document["scenarios"][1]["figures"]) == set(Figure)
    assert document["scenarios"][0]["figures"]["cost_week"]["change"] is None
    assert document["scenarios"][0]["figures"]["arrive"]["mean"] is None
    assert (manifest["seed"], manifest["replications"], manifest["complete"]) == (7, list(range(12)), True)


def test_two_plans_can_be_laid_side_by_side() -> None:
    """The replication asked for, its first days, the same reports in both; a stranger's replication is refused."""
    whole = replace(wanted(), days_kept=DaysKept(2, 3))
    found = simulated(whole, OneByOne(), at_once=1)
    texts = files_of(About(found, "USD", (), ""), "en")

    kept = json.loads(texts["plans.json"])
    assert kept["replication"] == 2
    assert [one["id"] for one in kept["scenarios"]] == ["staff-1", "staff-2"]
    for one in kept["scenarios"]:
        assert [day["day"] for day in one["days"]] == ["2026-03-10", "2026-03-11", "2026-03-12"]
        visit = one["days"][0]["engineers"][0]["visits"][0]
        assert set(visit) >= {"ticket", "start", "end", "late_s"}
    assert texts["plans.html"].count("<details") == 3
    assert not re.search(r"simulation\.[a-z_]+|\{[a-z_]+\}|<script|https?://", texts["plans.html"])
    assert (
        files_of(About(simulated(wanted(), OneByOne(), at_once=1), "USD", (), ""), "en").get("plans.json")
        is None
    )
    with pytest.raises(Refusal, match=r"scenario\.no_such_replication"):
        simulated(replace(whole, days_kept=DaysKept(12, 3)), OneByOne(), at_once=1)


@pytest.mark.slow  # four replications of five weeks of a province
def test_two_more_engineers_are_seen_in_fujian() -> None:
    """The demonstration: less time to restore, more money, the same tickets."""
    there = opened("fujian_march", ["two_more_engineers"])

    found = simulated(Wanted(there.scenarios, Policy.FAST, 8, 1), OneByOne(), at_once=1)

    rows = About(found, there.currency, (), there.dataset).rows
    assert rows[Figure.UTILISATION, "two_more_engineers"].effect == "changed"
    assert rows[Figure.TICKETS_WEEK, "two_more_engineers"].effect == "equal"
