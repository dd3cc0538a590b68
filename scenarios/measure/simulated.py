"""What is simulated side by side, and what was: the base, the scenarios over it, their replications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scenarios.measure.compare import Runs
from scenarios.measure.diary import Day, DaysKept
from scenarios.run.simulate import Policy
from scenarios.run.world import World


@dataclass(frozen=True, slots=True)
class Scenario:
    """A world under a name; `policy` None: the one that is wanted of all."""

    id: str
    name: tuple[str, str]
    about: tuple[str, str]
    world: World
    policy: Policy | None = None

    @property
    def engineers(self) -> int:
        """People on its rosters."""
        return len({roster.engineer for roster in self.world.rosters})


def under_each(scenarios: Sequence[Scenario], policies: Sequence[Policy], /) -> tuple[Scenario, ...]:
    """Every scenario under the first policy, then under every further one by a name of its own.

    So the base under the first is what all of them are compared with, under the same chance.
    """
    further = (
        replace(
            one, id=f"{one.id}@{how}", name=(f"{one.name[0]}, {how}", f"{one.name[1]}，{how}"), policy=how
        )
        for how in policies[1:]
        for one in scenarios
    )
    return (*scenarios, *further)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to simulate.

    Args:
        scenarios: the base first; ids differ.
        policy: how visits are given out.
        replications: numbers from 0 of every scenario.
        seed: the root of all chance.
        days_kept: whose days are kept visit by visit; None: nobody's.
    """

    scenarios: tuple[Scenario, ...]
    policy: Policy
    replications: int
    seed: int
    days_kept: DaysKept | None = None

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Every policy something is simulated under, that of the base first."""
        return tuple(dict.fromkeys(one.policy or self.policy for one in self.scenarios))


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was simulated.

    Args:
        runs: of every scenario, in the order wanted, each with the same replications.
        replications: their numbers, ascending; fewer than wanted where it was stopped.
    """

    wanted: Wanted
    runs: tuple[Runs, ...]
    replications: tuple[int, ...]

    @property
    def whole(self) -> bool:
        """Say whether everything wanted was done."""
        return len(self.replications) == self.wanted.replications

    @property
    def diaries(self) -> tuple[tuple[Day, ...], ...]:
        """The days kept, of every scenario in the order wanted; empty where none were asked for or that replication was not done."""
        kept = self.wanted.days_kept
        if kept is None or not kept.days or kept.replication not in self.replications:
            return ()
        row = self.replications.index(kept.replication)
        return tuple(runs.measured[row].diary for runs in self.runs)
