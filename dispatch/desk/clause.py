"""What a scheme promises beside its milestones: clauses as values, every figure of them from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dispatch.desk.milestone import Milestone, Severity
from dispatch.desk.term import Term

EVERY_SEVERITY = frozenset(Severity)


class Per(StrEnum):
    """What a lateness price is charged for: every started one of these."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"

    @property
    def seconds(self) -> int:
        """Length in seconds."""
        return {Per.MINUTE: 60, Per.HOUR: 3600, Per.DAY: 86_400}[self]


@dataclass(frozen=True, slots=True)
class Breach:
    """What passing a due time costs us: `cents` of the scheme's currency for every started `per`."""

    per: Per
    cents: Mapping[Severity, int]


class Remedy(StrEnum):
    """What the customer may ask for when a promise was broken."""

    OTHER_FIRM = "other-firm"
    """He commissions another firm, at our cost."""
    FREE_REPEAT = "free-repeat"
    """The service is done once more for nothing."""
    PART_REFUND = "part-refund"
    """Part of what he paid goes back."""


@dataclass(frozen=True, slots=True)
class RemedyClause:
    """A remedy for passing the due time of any of `milestones`; `percent` of the price for a part refund."""

    milestones: frozenset[Milestone]
    percent: int = 0


class LoanerRule(StrEnum):
    """Which loaner classes satisfy the customer."""

    SAME = "same"
    """The asset's own class, or better."""
    EQUAL = "equal"
    """Any class of equal function."""


@dataclass(frozen=True, slots=True)
class LoanerClause:
    """The customer gets a loaner when the repair takes longer than `substitute` promises.

    Args:
        rule: which classes will do.
        stops_repair: a standing loaner stops the `repair` clock; by default the repair runs on.
        until_repaired: it stays until the customer's own equipment runs again.
        overdue_days: days after the agreed return at which somebody is reminded, one rung of the overdue ladder each.
    """

    rule: LoanerRule
    stops_repair: bool = False
    until_repaired: bool = False
    overdue_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Targets:
    """What is promised about all tickets together, looked at over a period; 0: no such promise.

    Args:
        mean_solve_s: mean time from report to repair, at most, in seconds.
        satisfaction_percent: share of satisfied customers, at least.
    """

    mean_solve_s: int = 0
    satisfaction_percent: int = 0


class PreventiveTask(StrEnum):
    """What is done on a preventive visit."""

    INSPECT = "inspect"
    ADJUST = "adjust"
    CLEAN = "clean"
    REPORT = "report"
    """A written report with what was found and what to do about it."""


@dataclass(frozen=True, slots=True)
class PreventiveClause:
    """So many preventive visits a year, spread evenly, each with its tasks in order."""

    visits_per_year: int
    tasks: tuple[PreventiveTask, ...] = ()

    @property
    def report(self) -> bool:
        """The customer gets a written report."""
        return PreventiveTask.REPORT in self.tasks


class Exclusion(StrEnum):
    """Why a fault is not covered."""

    MISUSE = "misuse"
    OWN_REPAIR = "own-repair"
    """The customer took it apart, changed it or repaired it himself."""
    FORCE_MAJEURE = "force-majeure"
    WEAR = "wear"
    """Scratches and consumables."""
    UPGRADE_REFUSED = "upgrade-refused"
    """The customer did not take an upgrade offered to him."""


@dataclass(frozen=True, slots=True)
class EntitlementClause:
    """What a customer may ask for within the contract.

    Args:
        requests_a_month: requests covered in a calendar month of the scheme's zone; 0: any number.
        free_months: months from the first day of the contract that cost nothing; 0: no such promise.
        renewable: the contract may go on afterwards, for its price.
        suspended_when_unpaid: service may be suspended while fees are unpaid.
        exclusions: what is not covered.
    """

    requests_a_month: int = 0
    free_months: int = 0
    renewable: bool = False
    suspended_when_unpaid: bool = False
    exclusions: frozenset[Exclusion] = frozenset()


class WarrantyStart(StrEnum):
    """The date a warranty counts from."""

    INVOICE = "invoice"
    EX_FACTORY = "ex-factory"


@dataclass(frozen=True, slots=True)
class WarrantyClause:
    """A warranty by serial number; its months stand with the product.

    Args:
        starts: the dates it counts from, the first one known decides.
    """

    starts: tuple[WarrantyStart, ...]


class FeeKind(StrEnum):
    """What is paid for."""

    CALL = "call"
    MONTHLY_PLAN = "monthly-plan"
    """A month of calls, paid before it begins."""
    PROJECT = "project"
    REPORT = "report"
    OUT_OF_HOURS = "out-of-hours"
    """Asked for outside the hours of the fee's calendar, on top of the rest."""


class Bound(StrEnum):
    """How firm a price is."""

    EXACTLY = "exactly"
    AT_MOST = "at-most"
    AT_LEAST = "at-least"


@dataclass(frozen=True, slots=True)
class Fee:
    """A price in cents of the scheme's currency.

    Args:
        cents: the price, or its bound.
        bound: whether less or more may be quoted.
        severities: tickets it belongs to; none: only when asked for.
        calendar: for `FeeKind.OUT_OF_HOURS`: id of the calendar inside whose hours it is not charged.
    """

    cents: int
    bound: Bound = Bound.EXACTLY
    severities: frozenset[Severity] = frozenset()
    calendar: str = ""

    def allows(self, cents: int, /) -> bool:
        """Say whether an amount may be quoted under this price."""
        match self.bound:
            case Bound.EXACTLY:
                return cents == self.cents
            case Bound.AT_MOST:
                return 0 <= cents <= self.cents
            case Bound.AT_LEAST:
                return cents >= self.cents


class Charging(StrEnum):
    """How parts or labour are charged where the warranty does not cover them."""

    FREE = "free"
    AT_COST = "at-cost"
    """What it cost us."""
    CHARGED = "charged"
    """By the price list."""


@dataclass(frozen=True, slots=True)
class Fees:
    """What the customer pays.

    Args:
        prices: by what is paid for.
        deposit_percent: share of the price due before the work; 0: all of it afterwards.
        parts, labour: how they are charged outside the warranty.
    """

    prices: Mapping[FeeKind, Fee] = field(default_factory=dict)
    deposit_percent: int = 0
    parts: Charging = Charging.CHARGED
    labour: Charging = Charging.CHARGED


class LadderRole(StrEnum):
    """Who is told when a ticket does not get on, by role."""

    DISPATCHER = "dispatcher"
    MANAGER = "manager"
    ON_SITE_TEAM = "on-site-team"
    SPECIALIST_CENTRE = "specialist-centre"
    DEVELOPMENT = "development"
    MANUFACTURER = "manufacturer"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the escalation ladder: who is told, and when. Either `after` or `milestone` with `percent`.

    Args:
        role: who.
        source: the clause it comes from.
        after: time since the report.
        milestone: whose clock is looked at.
        percent: share of the milestone's time used up; above 100: past its due time.
        severities: tickets it belongs to.
        on_call: reached at night and on holidays through the on-call roster; else told when his hours begin.
    """

    role: LadderRole
    source: str
    after: Term | None = None
    milestone: Milestone | None = None
    percent: int = 0
    severities: frozenset[Severity] = EVERY_SEVERITY
    on_call: bool = False


@dataclass(frozen=True, slots=True)
class ComplaintClause:
    """A complaint is accepted, then answered, each by its own time from the complaint."""

    accept: Term
    answer: Term


@dataclass(frozen=True, slots=True)
class SurveyClause:
    """The customer is asked how it was.

    Args:
        highest: the best score; 1 is the worst.
        satisfied_from: scores from this one up count as satisfied.
        after_days: days from closing to the question.
        follow_up_days: days from closing to the look whether the fault came back; 0: none.
        summary_months: results are summed up every so many months; 0: no summary promised.
    """

    highest: int
    satisfied_from: int
    after_days: int = 0
    follow_up_days: int = 0
    summary_months: int = 0


class Evidence(StrEnum):
    """What the customer is asked to send with a report."""

    SCREENSHOT = "screenshot"
    LOG = "log"
    PHOTO = "photo"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Handling:
    """How a ticket is handled on its way.

    Args:
        evidence: what comes with the report.
        remote_first: a remote attempt comes before a visit.
        solution_agreed: the customer agrees to the solution before it is carried out.
        customer_verifies: the customer confirms that it works before the ticket is closed.
        cause_recorded: closing needs cause and solution.
        arrival_told: the customer is told the engineer's contact and expected arrival.
        workshop: the unit may be collected, repaired in the workshop and returned.
        holiday_duty: somebody is on duty on holidays.
        customer_store: a part store of his own, when the customer asks for one.
    """

    evidence: tuple[Evidence, ...] = ()
    remote_first: bool = False
    solution_agreed: bool = False
    customer_verifies: bool = False
    cause_recorded: bool = False
    arrival_told: bool = False
    workshop: bool = False
    holiday_duty: bool = False
    customer_store: bool = False
