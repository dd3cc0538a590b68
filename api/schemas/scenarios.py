"""What would happen if: scenarios to simulate, a search for people, and what came out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.schemas.plans import ErrorOut
from api.wire.bounds import CentsIn, IdIn, In, MaybeIdIn, Out, SeedIn, WordIn

MOST_SCENARIOS = 10
MOST_REPLICATIONS = 1_000
MOST_PLANS_DAYS = 31

ScenarioIdIn = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
"""Name of a scenario: a column of the tables."""

FirstDayIn = Annotated[date, Field(strict=False, ge=date(2000, 1, 1), le=date(2100, 1, 1))]


class PatchIn(In):
    """Changes of the base, in exactly one form: the name of a file that ships, TOML text, or the same as values."""

    library: MaybeIdIn = ""
    toml: Annotated[str, StringConstraints(max_length=50_000)] = ""
    table: Annotated[dict[WordIn, Any], Field(max_length=50)] | None = None


class BaseIn(In):
    """What is started from: the region as it stands, or a base that ships (`library`); what is left out is as usual there.

    `tickets_a_week`: mean over a year; left out: as often as the region's history says. `skill_cents`: of an hour on shift
    for each skill somebody is trained in beside his own.
    """

    library: MaybeIdIn = ""
    starts_on: FirstDayIn | None = None
    days: Annotated[int, Field(ge=1, le=366)] | None = None
    warm_up_days: Annotated[int, Field(ge=0, le=366)] | None = None
    wage_cents: CentsIn | None = None
    skill_cents: CentsIn | None = None
    tickets_a_week: Annotated[float, Field(ge=0, le=20_000, strict=False)] | None = None


class ScenarioIn(In):
    """One scenario: all its patches over the base, in their order."""

    id: ScenarioIdIn
    patches: Annotated[list[PatchIn], Field(min_length=1, max_length=10)]


class ScenariosIn(In):
    """Scenarios to simulate side by side with their base, all under the same chance.

    `policy`: how visits are given out: by one comparison (`fast`), by the planner of live work (`live`, which takes seconds for a
    day: fewer days are taken at once), or both, compared (`fast,live`).
    `plans_of`: the replication whose plans are kept visit by visit (`plans.json`), from 0; `plans_days`: its first so many days.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "base": {"days": 28, "tickets_a_week": 330},
                    "scenarios": [
                        {"id": "two-more", "patches": [{"library": "two_more_engineers"}]},
                        {
                            "id": "busy",
                            "patches": [{"toml": 'name = "A fifth more"\n[[demand]]\nfactor = 1.2'}],
                        },
                    ],
                    "replications": 20,
                }
            ]
        }
    )

    base: BaseIn = BaseIn()
    scenarios: Annotated[list[ScenarioIn], Field(default_factory=list, max_length=MOST_SCENARIOS)]
    replications: Annotated[int, Field(ge=1, le=MOST_REPLICATIONS)] = 20
    seed: SeedIn = 1
    policy: Literal["fast", "live", "fast,live"] = "fast"
    plans_of: Annotated[int, Field(ge=0, lt=MOST_REPLICATIONS)] = 0
    plans_days: Annotated[int, Field(ge=0, le=MOST_PLANS_DAYS)] = 7


class StaffingIn(In):
    """A search for the cheapest roster that keeps a promise (`arrive=0.95`, `restore=0.9`), or for the cheapest (`cost`).

    `what_if`: the same question once more with these patches after `patches`, and what it needs more.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"base": {"days": 28}, "target": "arrive=0.95", "confidence": 0.95}]}
    )

    base: BaseIn = BaseIn()
    patches: Annotated[list[PatchIn], Field(default_factory=list, max_length=10)]
    what_if: Annotated[list[PatchIn], Field(default_factory=list, max_length=10)]
    target: WordIn = "arrive=0.95"
    confidence: Annotated[float, Field(ge=0.5, le=0.999, strict=False)] = 0.95
    runs: Annotated[int, Field(ge=0, le=2_000)] = 60
    replications: Annotated[int, Field(ge=2, le=100)] = 5
    seed: SeedIn = 1


class SimulationAskedOut(Out):
    """A run was put into the queue; follow it at `Location`."""

    run: str


class SimulationFileOut(Out):
    """A file that came out: its name, media type and bytes."""

    name: str
    media_type: str
    size: int


class SimulationRowOut(Out):
    """A simulation or search in the list; `progress` is what its worker last said, `code` why it failed."""

    id: IdIn
    kind: str
    state: str
    asked_by: str
    asked_by_name: str = ""
    asked_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    stop_requested: bool
    code: str
    progress: dict[str, Any]


class SimulationOut(SimulationRowOut):
    """One of them with what was asked for, why it failed, and its files: empty while it is at work."""

    asked: dict[str, Any]
    errors: list[ErrorOut]
    files: list[SimulationFileOut]


class LibraryRowOut(Out):
    """A file that ships: a base to start from, or a patch; `text` is what it says, `table` a patch's lists as values."""

    id: str
    base: bool
    name: str
    about: str
    text: str
    table: dict[str, Any]
