"""What is simulated side by side, and what was: the base, the scenarios over it, their replications."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.measure.compare import Runs
from scenarios.run.simulate import Policy
from scenarios.run.world import World


@dataclass(frozen=True, slots=True)
class Scenario:
    """A world under a name."""

    id: str
    name: tuple[str, str]
    about: tuple[str, str]
    world: World

    @property
    def engineers(self) -> int:
        """People on its rosters."""
        return len({roster.engineer for roster in self.world.rosters})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to simulate.

    Args:
        scenarios: the base first; ids differ.
        policy: how visits are given out.
        replications: numbers from 0 of every scenario.
        seed: the root of all chance.
    """

    scenarios: tuple[Scenario, ...]
    policy: Policy
    replications: int
    seed: int


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
