"""One way out of a forecast overrun, in figures. Times are ticks, money cents."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from dispatch.plan import CostTerms, Plan
from dispatch.problem import PlanningProblem
from dispatch.rescue.last_moment import Decision, safe_until
from dispatch.summary import Forecast
from kernel.errors import Message


class WayKind(StrEnum):
    """What is done about the overrun."""

    WAIT = "wait"
    """Nothing: the plan as it is."""
    REORDER = "reorder"
    """The same engineer, sooner: other visits give way, without more overtime."""
    OVERTIME = "overtime"
    """The same engineer, with all the overtime his shifts allow."""
    ENGINEER = "engineer"
    """Another engineer."""
    PICK_UP = "pick_up"
    """The part is fetched from a store on the way."""
    DELIVERY = "delivery"
    """The part comes to the site: courier, transfer or purchase."""
    ALTERNATE = "alternate"
    """Another part that does the same."""
    LOANER_BROUGHT = "loaner_brought"
    LOANER_SENT = "loaner_sent"
    PARTNER = "partner"
    """An outside partner does the visit."""
    WORKSHOP = "workshop"
    """The equipment is collected and repaired on the bench."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a way does to everybody else, visit ids in order.

    Args:
        moved: start at least `MOVED_S` earlier or later, or go with another engineer.
        late: pass a due time they kept before.
        displaced: were planned and no longer are.
    """

    moved: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    displaced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoanerPrice:
    """A loaner beside the bill it replaces: the scheme's breach remedy, what another firm may charge us.

    Args:
        cents: days and courier.
        bill: owed for the late repair and substitute were there no loaner.
        still_owed: owed of it with the loaner.
    """

    unit: str
    cents: int
    bill: int
    still_owed: int

    @property
    def saved(self) -> int:
        """What the loaner saves; negative when the bill is cheaper."""
        return self.bill - self.still_owed - self.cents


@dataclass(frozen=True)
class Way:
    """A way out, priced; or, with `closed`, why it is not open.

    Args:
        name: the way in words, code under ``rescue.way_``.
        closed: the reason, code under ``closed.``; None: open, and the fields below hold.
        plan: the whole plan with this way in it.
        engineer: who does the visit; a partner's id where one does, empty when nobody is planned.
        finish_s: when the equipment runs again; None: nobody is planned.
        promises: the ticket's promises with their forecast.
        terms: the whole plan's cost less that of the plan as it is, term by term.
        problem: what the plan is a plan of, where the way makes it another problem (the workshop); None: the one rescued.
        decision: the way as decided for now; None: it is closed.
    """

    kind: WayKind
    name: Message
    closed: Message | None = None
    plan: Plan | None = None
    engineer: str = ""
    start_s: int | None = None
    finish_s: int | None = None
    promises: tuple[Forecast, ...] = ()
    terms: CostTerms = field(default_factory=CostTerms)
    effect: Effect = field(default_factory=Effect)
    loaner: LoanerPrice | None = None
    problem: PlanningProblem | None = None
    decision: Decision | None = field(default=None, compare=False, repr=False)

    @cached_property
    def safe_until_s(self) -> int | None:
        """The latest tick to decide for it and still meet what it meets; None: it meets nothing by a time, or is closed."""
        return None if self.decision is None else safe_until(self.decision)

    @property
    def cents(self) -> int:
        """What it costs more than the plan as it is; negative when it saves."""
        return self.terms.total

    @property
    def met(self) -> int:
        """How many of the promises it keeps."""
        return sum(promise.spare_s is not None and promise.spare_s >= 0 for promise in self.promises)


@dataclass(frozen=True)
class Rescue:
    """The ways out for one visit of a ticket, the plan as it is first, open ones before closed ones."""

    ticket: str
    visit: str
    ways: tuple[Way, ...]
