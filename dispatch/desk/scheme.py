"""A service scheme: what a contract promises, as a versioned value. No figure here, all of them in files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dispatch.desk.clause import (
    Breach,
    ComplaintClause,
    EntitlementClause,
    Fees,
    Handling,
    LoanerClause,
    PreventiveClause,
    Remedy,
    RemedyClause,
    Rung,
    SurveyClause,
    Targets,
    WarrantyClause,
)
from dispatch.desk.milestone import Milestone, Promise, Severity, SeverityChange, TicketKind, Wait
from dispatch.desk.term import Figure, Term
from kernel.calendars import BusinessCalendar


@dataclass(frozen=True, slots=True, eq=False)
class Scheme:
    """What one version of a scheme promises.

    Args:
        id, version: together they name it; a ticket keeps the version it was opened under.
        effective_on: first day this version may be sold.
        names: its name by language (``en``, ``zh``).
        document: the document it was drawn from.
        zone: IANA zone its times are printed in.
        currency: of its prices (ISO 4217).
        milestones: the ones the scheme knows, each with its term at every severity.
        words: the scheme's own words for severities.
        calendars: by id; a calendar of the same id handed to the clock takes its place.
        pauses: the milestones whose clock stands still during a wait; by default no wait pauses anything.
        severity_change: what a change of severity does.
        promised: by kind of ticket, the milestones whose times hold for it too; for a fault they all do.
        remote_excepted: milestones not promised at sites in remote areas.
        breach: what lateness costs, for planning.
        loaner: the loaner clause, or None.
        repeat_faults: consecutive repairs of the same fault after which the unit is replaced; 0: no such promise.
        original_only: only original parts may be fitted.
        continuous: work goes on until the equipment runs.
        announced_on: day the customer was told of this version; None: no earlier than it took effect.
        notice_days: days between telling the customer of a new version and its effect, at least.
        kinds: kinds of ticket it takes.
        targets: promises about all tickets together.
        preventive: the preventive visits, or None.
        entitlement: what may be asked for, and what is excluded.
        warranty: how a warranty counts, or None where the scheme knows none.
        fees: what is charged.
        remedies: what the customer may ask for after a broken promise.
        ladder: the escalation ladder, first rung first.
        complaint: the clocks of a complaint, or None.
        survey: the question after closing, or None.
        handling: how a ticket is handled on its way.
        figures: every figure with its source, in file order.
    """

    id: str
    version: str
    effective_on: date
    names: Mapping[str, str]
    document: str
    zone: str
    currency: str
    milestones: Mapping[Milestone, Mapping[Severity, Term]]
    severity_change: SeverityChange
    promised: Mapping[TicketKind, frozenset[Milestone]] = field(default_factory=dict)
    words: Mapping[str, Severity] = field(default_factory=dict)
    calendars: Mapping[str, BusinessCalendar] = field(default_factory=dict)
    pauses: Mapping[Wait, frozenset[Milestone]] = field(default_factory=dict)
    remote_excepted: frozenset[Milestone] = frozenset()
    breach: Mapping[Milestone, Breach] = field(default_factory=dict)
    loaner: LoanerClause | None = None
    repeat_faults: int = 0
    original_only: bool = False
    continuous: bool = False
    announced_on: date | None = None
    notice_days: int = 0
    kinds: frozenset[TicketKind] = frozenset(TicketKind)
    targets: Targets = field(default_factory=Targets)
    preventive: PreventiveClause | None = None
    entitlement: EntitlementClause = field(default_factory=EntitlementClause)
    warranty: WarrantyClause | None = None
    fees: Fees = field(default_factory=Fees)
    remedies: Mapping[Remedy, RemedyClause] = field(default_factory=dict)
    ladder: tuple[Rung, ...] = ()
    complaint: ComplaintClause | None = None
    survey: SurveyClause | None = None
    handling: Handling = field(default_factory=Handling)
    figures: tuple[Figure, ...] = ()

    def term(
        self,
        milestone: Milestone,
        severity: Severity,
        /,
        *,
        remote: bool = False,
        kind: TicketKind = TicketKind.FAULT,
    ) -> Term | None:
        """Give the term of a milestone at a severity; None when the scheme does not know the milestone.

        Args:
            milestone: which step.
            severity: of the ticket.
            remote: the site lies in a remote area.
            kind: of the ticket. The times are a fault's: another kind has those of the milestones `promised` names
                for it, and the times the customer sets. A preventive visit is owed in its period, not so many
                hours after somebody wrote it down, so nothing of it is promised by a clock.
        """
        terms = self.milestones.get(milestone)
        if terms is None:
            return None
        term = terms[severity]
        excepted = remote and milestone in self.remote_excepted
        if excepted or not self._holds_for(kind, milestone, term.promise):
            return Term(Promise.NOT_PROMISED, term.source)
        return term

    def _holds_for(self, kind: TicketKind, milestone: Milestone, promise: Promise) -> bool:
        """Say whether what is promised for faults holds for another kind."""
        if kind in {TicketKind.FAULT, TicketKind.PREVENTIVE}:
            return kind is TicketKind.FAULT
        return promise is Promise.CUSTOMER_SET or milestone in self.promised.get(kind, ())

    def severity(self, word: str, /) -> Severity | None:
        """Give the severity a word stands for: P1 to P4, or the scheme's own word; None when unknown."""
        if word in Severity.__members__:
            return Severity(word)
        return self.words.get(word)
