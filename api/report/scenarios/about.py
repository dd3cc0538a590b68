"""What every view of a simulation starts from: the files, the runs, the comparison, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from api.text import Lang
from scenarios.measure.compare import Compared, Runs, compared, warm_up_days
from scenarios.measure.figures import Figure
from scenarios.measure.simulated import Scenario, Simulated


@dataclass(frozen=True)
class About:
    """A simulation to be shown.

    Args:
        simulated: scenarios and their runs, the base first.
        currency: of all money.
        files: (name, SHA-256) of base and patches.
        dataset: digest of the region; empty for a world of the library.
        lines: positions of scenarios that differ in people only, joined in the curve; empty: those like the base.
        clock: the share the curves are about; None: arrivals where any are promised, else repairs.
    """

    simulated: Simulated
    currency: str
    files: tuple[tuple[str, str], ...]
    dataset: str
    lines: tuple[tuple[int, ...], ...] = ()
    clock: Figure | None = None

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios, the base first."""
        return self.simulated.wanted.scenarios

    @property
    def base(self) -> Runs:
        """The runs of the base."""
        return self.simulated.runs[0]

    @cached_property
    def rows(self) -> Mapping[tuple[Figure, str], Compared]:
        """Every figure of every scenario."""
        return {(row.figure, row.scenario): row for row in compared(self.simulated.runs)}

    @cached_property
    def warm_up(self) -> int | None:
        """Days MSER-5 would leave out of the base; None: the run is too short to say."""
        return warm_up_days(self.base)

    @property
    def warm_up_given(self) -> int:
        """Days that were left out."""
        return self.scenarios[0].world.warm_up_days

    def name(self, scenario: str, lang: Lang) -> str:
        """The headline of a scenario."""
        one = next(one for one in self.scenarios if one.id == scenario)
        return one.name[lang == "zh"]

    def shown(self) -> tuple[Figure, ...]:
        """Figures that exist in any scenario and are not nought in all: a world without parts has no stock fill."""
        return tuple(
            figure
            for figure in Figure
            if any(
                self.rows[figure, runs.name].itself.n and self.rows[figure, runs.name].itself.mean != 0
                for runs in self.simulated.runs
            )
        )
