"""What a region owes besides its repairs, in one list: loaners, calls up the ladder, answers, questions, preventive visits.

Pure: a board, and a plan for the forecasts. Everything in it follows from facts; nothing is remembered as owed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

from dispatch.attendance import watches_of
from dispatch.board import Board
from dispatch.cost import visit_stops
from dispatch.crew import present
from dispatch.desk.clause import LadderRole
from dispatch.desk.complaint import ComplaintDue, complaint_due, complaint_standing
from dispatch.desk.escalation import LadderStep, LadderTask, escalation, ladder_tasks
from dispatch.desk.life import OPEN, state_of
from dispatch.desk.loan import LoanEvent, LoanStanding, LoanStep, TicketLoan, loan_standing, needed_until
from dispatch.desk.loan_owed import LoanOwed, Reminder, loan_owed, reminders
from dispatch.desk.maintenance import PreventiveState, PreventiveVisit, preventive_standing, with_ticket
from dispatch.desk.survey import AskingOwed, asking_owed, survey_standing
from dispatch.loaners import Loan, loans_of
from dispatch.plan import Plan
from dispatch.problem import PlanningProblem
from kernel.clock import zone
from kernel.ids import natural_key
from kernel.interval import Interval

AHEAD_DAYS = 14
"""Preventive visits of the next so many days are listed, so that customers can be asked. Chosen."""
Fact = TypeVar("Fact")


class LoanReminder(NamedTuple):
    """A loaner unit should be back: which step of the overdue ladder is due."""

    loan: TicketLoan
    reminder: Reminder


class PreventiveDue(NamedTuple):
    """A preventive visit to open a ticket for, its day and whether that lies outside its period; or its report."""

    visit: PreventiveVisit
    on: date
    outside: bool
    report: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed now, each list in the order in which it should be done.

    Args:
        loans: loaners owed from the forecast finish; one with a `loan` is answered.
        reminders: units that should be back.
        ladder: rungs that are due or were never climbed.
        unmanned: rungs ahead within the planned days, or due, for which nobody is at work and nobody on call.
        complaints: acceptances and answers.
        asking: questionnaires and follow-ups.
        preventive: visits of the next days without a ticket, and reports of those that were made.
    """

    loans: tuple[LoanOwed, ...]
    reminders: tuple[LoanReminder, ...]
    ladder: tuple[LadderTask, ...]
    unmanned: tuple[LadderTask, ...]
    complaints: tuple[ComplaintDue, ...]
    asking: tuple[AskingOwed, ...]
    preventive: tuple[PreventiveDue, ...]


def owed(board: Board, *, finishes: Mapping[str, datetime | None] | None = None) -> Owed:
    """List what is owed.

    Args:
        board: what is true now.
        finishes: when each ticket's equipment is forecast to run, by ticket (`finishes_of`); None: no plan.
    """
    ladders = _ladders(board)
    waiting = [
        LadderTask(ticket, step)
        for ticket, steps in ladders.items()
        for step in steps
        if step.unmanned and step.due_at is not None and step.due_at < board.horizon_end
    ]
    loans = _loans(board)
    return Owed(
        loans=tuple(sorted(_loans_owed(board, loans, finishes or {}), key=lambda one: one.due_at)),
        reminders=tuple(sorted(_reminders(board, loans), key=lambda one: one.reminder.due_at)),
        ladder=ladder_tasks(ladders),
        unmanned=tuple(sorted(waiting, key=lambda one: (str(one.step.due_at), natural_key(one.ticket)))),
        complaints=tuple(_complaints(board)),
        asking=_asking(board),
        preventive=tuple(sorted(_preventive(board), key=lambda one: (one.on, natural_key(one.visit.site)))),
    )


def finishes_of(board: Board, problem: PlanningProblem, plan: Plan) -> dict[str, datetime | None]:
    """When each ticket's equipment runs as planned, by ticket: the end of its last visit, from the workshop too.

    None where one of its visits is left out: nobody can say.
    """
    ends = {stop.ref: stop.end_s for stop in visit_stops(plan)}
    ends |= {one.visit: one.end_s for one in plan.outside}
    found: dict[str, int | None] = {}
    for visit in problem.visits:
        end = ends.get(visit.id)
        before = found.get(visit.ticket, 0)
        found[visit.ticket] = None if end is None or before is None else max(before, end + visit.away_s)
    return {ticket: None if end is None else board.moment(end) for ticket, end in found.items()}


def _ladders(board: Board) -> dict[str, tuple[LadderStep, ...]]:
    """The ladder of every ticket with work to be done; a calendar of the region named like a role has its hours."""
    calendars = board.calendars
    hours = {role: calendars[role] for role in LadderRole if role in calendars}
    watches, told = watches_of(board.region.field), _by(board.region.field.escalated, "ticket")
    work = board.region.field
    at_work = [span for shift in work.shifts for span in present(shift, work.absences)]
    ladders: dict[str, tuple[LadderStep, ...]] = {}
    for ticket in board.tickets.values():
        events = board.events.get(ticket.id, ())
        if state_of(ticket, events, board.now).stage not in OPEN:
            continue
        steps = escalation(
            ticket,
            events,
            board.scheme(ticket),
            calendars,
            board.now,
            told=told.get(ticket.id, ()),
            watches=watches,
            hours=hours,
        )
        ladders[ticket.id] = tuple(_manned(step, at_work, board.now) for step in steps)
    return ladders


def _manned(step: LadderStep, at_work: Iterable[Interval], now: datetime) -> LadderStep:
    """The on-site team can be reached while any engineer has a shift."""
    if not step.unmanned or step.role is not LadderRole.ON_SITE_TEAM or step.due_at is None:
        return step
    at = max(step.due_at, now)
    return step._replace(unmanned=not any(at in span for span in at_work))


def _loans(board: Board) -> tuple[tuple[TicketLoan, LoanStanding], ...]:
    """The desk's loans, and those of the pool the desk wrote nothing about; none under a scheme that grants none."""
    events = _by(board.region.field.loan_events, "loan")
    kept = board.region.field.ticket_loans
    noted = {loan.id for loan in kept}
    of_pool = [_of_pool(loan) for loan in loans_of(board.region.stock) if loan.id not in noted]
    events |= {loan.id: steps for loan, steps in of_pool}
    found = []
    for loan in (*kept, *(loan for loan, _ in of_pool)):
        ticket = board.tickets.get(loan.ticket)
        clause = board.scheme(ticket).loaner if ticket is not None else None
        if clause is None or loan.reserved_at > board.now:
            continue
        until = needed_until(board.events.get(loan.ticket, ()), board.now)
        found.append((loan, loan_standing(events.get(loan.id, ()), clause, board.now, needed_until=until)))
    return tuple(found)


def _of_pool(lent: Loan) -> tuple[TicketLoan, tuple[LoanEvent, ...]]:
    """A loan only the pool knows, in the desk's words: it left, stood there at once, and is back or not."""
    by = "pool"
    steps = [
        LoanEvent(lent.id, lent.out_at, LoanStep.OUT, by, due_back_at=lent.due_back_at),
        LoanEvent(lent.id, lent.out_at, LoanStep.AT_CUSTOMER, by),
    ]
    if lent.back_at is not None:
        steps.append(LoanEvent(lent.id, lent.back_at, LoanStep.BACK, by))
    return TicketLoan(lent.id, lent.ticket_ref, lent.unit, lent.out_at, by), tuple(steps)


def _loans_owed(
    board: Board,
    loans: tuple[tuple[TicketLoan, LoanStanding], ...],
    finishes: Mapping[str, datetime | None],
) -> Iterator[LoanOwed]:
    assets = {asset.id: asset for asset in board.region.field.assets}
    for ticket in board.tickets.values():
        scheme = board.scheme(ticket)
        if scheme.loaner is None:
            continue
        events = board.events.get(ticket.id, ())
        forecast = finishes.get(ticket.id)
        if ticket.id not in finishes:
            # No visit is left to plan: the engineer's word is all there is, while it lies ahead.
            said = state_of(ticket, events, board.now).forecast
            forecast = said if said is not None and said > board.now else None
        found = loan_owed(
            ticket,
            assets.get(ticket.asset),
            scheme,
            board.clocks(ticket),
            forecast_at=forecast,
            loans=loans,
        )
        if found is not None:
            yield found


def _reminders(board: Board, loans: tuple[tuple[TicketLoan, LoanStanding], ...]) -> Iterator[LoanReminder]:
    for loan, standing in loans:
        clause = board.scheme(board.ticket(loan.ticket)).loaner
        if clause is None or standing.back_at is not None:
            continue  # the first never is: `_loans` leaves such loans out
        for reminder in reminders(standing, clause.overdue_days, board.now):
            if reminder.done_at is None:
                yield LoanReminder(loan, reminder)


def _complaints(board: Board) -> tuple[ComplaintDue, ...]:
    events = _by(board.region.field.complaint_events, "complaint")
    due = []
    for one in board.region.field.complaints:
        scheme = board.schemes.get((one.scheme, one.version))
        if scheme is None or one.made_at > board.now:
            continue
        standing = complaint_standing(one, events.get(one.id, ()), scheme, board.calendars, board.now)
        step = complaint_due(one.id, standing)
        if step is not None:
            due.append(step)
    last = datetime.max.replace(tzinfo=board.now.tzinfo)
    return tuple(sorted(due, key=lambda one: (one.due_at or last, natural_key(one.complaint))))


def _asking(board: Board) -> tuple[AskingOwed, ...]:
    asked = _by(board.region.field.survey_events, "ticket")
    standings = {
        ticket.id: survey_standing(
            board.events.get(ticket.id, ()), asked.get(ticket.id, ()), board.scheme(ticket).survey, board.now
        )
        for ticket in board.tickets.values()
    }
    return asking_owed(standings, board.now)


def _preventive(board: Board) -> Iterator[PreventiveDue]:
    events = _by(board.region.field.preventive_events, "visit")
    contracts = {contract.id: contract for contract in board.region.field.contracts}
    until = board.now.astimezone(zone(board.region.settings.zone)).date() + timedelta(days=AHEAD_DAYS)
    for visit in board.region.field.preventive_visits:
        contract = contracts.get(visit.contract)
        scheme = board.schemes.get((contract.scheme, contract.version)) if contract else None
        report = bool(scheme and scheme.preventive and scheme.preventive.report)
        steps = with_ticket(
            visit,
            events.get(visit.id, ()),
            board.events.get(visit.id, ()),
            zone_name=board.region.settings.zone,
        )
        standing = preventive_standing(visit, steps, board.now, report=report)
        if (standing.state is PreventiveState.PLANNED and standing.on < until) or standing.report_owed:
            yield PreventiveDue(visit, standing.on, standing.outside, standing.report_owed)


def _by(facts: Iterable[Fact], name: str) -> dict[str, tuple[Fact, ...]]:
    """Facts by the id under `name`, in order of time."""
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(getattr(fact, name), []).append(fact)
    return {key: tuple(sorted(ones, key=_at)) for key, ones in found.items()}


def _at(fact: object) -> datetime:
    at: datetime = getattr(fact, "at")  # noqa: B009 every fact here has its moment
    return at
