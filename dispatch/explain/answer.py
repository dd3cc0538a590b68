"""What an explanation says: answers, remedies, who would give way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.plan import Known, Unassigned
from dispatch.rules import Rule
from kernel.errors import Message


class Layer(StrEnum):
    """How far a shift got."""

    FILTER = "filter"
    ALONE = "alone"
    INSERT = "insert"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one shift says to the visit.

    Args:
        layer: the layer that decided.
        fits: the visit can be placed here in the plan as it stands.
        cents: cost difference when it fits.
        start_s: start of work when it fits, ticks.
    """

    shift: str
    engineer: str
    layer: Layer
    fits: bool
    known: Known
    message: Message
    rule: Rule | None = None
    cents: int = 0
    start_s: int = -1


@dataclass(frozen=True, slots=True)
class Remedy:
    """A single change after which the visit fits into the plan as it stands, tried and found so.

    Args:
        size: how large the change is in the rule's own unit (levels, ticks; 1 for yes or no): one less does not do.
        cents: what placing the visit then costs.
    """

    rule: Rule
    shift: str
    engineer: str
    message: Message
    size: int
    cents: int


@dataclass(frozen=True, slots=True)
class Displacement:
    """A plan in which the visit is with this engineer, found and verified: who gives way, and the money.

    Args:
        cents: the whole plan's cost less that of the plan as it stands.
        moved, late, displaced: see `dispatch.rescue.Effect`.
    """

    engineer: str
    start_s: int
    cents: int
    moved: tuple[str, ...]
    late: tuple[str, ...]
    displaced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything known about one visit: where it is planned, what each shift answers, why not, what would help.

    `reason` is None for a planned visit. `partners` are the outside partners' answers. `remedies` and
    `displacements` are given for a visit that fits nowhere as things stand, smallest and cheapest first.
    """

    visit: str
    planned: str
    start_s: int
    answers: tuple[Answer, ...]
    partners: tuple[Message, ...]
    reason: Unassigned | None
    remedies: tuple[Remedy, ...] = ()
    displacements: tuple[Displacement, ...] = ()
