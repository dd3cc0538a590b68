"""A ticket's whole life told from a script: facts go in one by one, what the rules make of them comes out as text.

A script is a TOML file: who and what (`scheme`, `severity`, `reported_at`, the asset), the due times worked out by hand
from the document (`[due]`), and `steps`, each a row of local time, what is done, its value, its reason. `what` is a
ticket event's kind, or a subject and its step: ``loan:out``, ``charge:quoted``, ``survey:answered``,
``complaint:made``, ``told-up:manager``, ``known:cause``; ``look`` only looks, ``quote`` says what the scheme charges. A
step the rules must not take begins with ``!``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from api.text import label, say
from api.text.spoken import length, tell, wall_clock
from dispatch.desk.arithmetic import arithmetic
from dispatch.desk.breach import exposure, remedies
from dispatch.desk.charge import ChargeEvent, ChargeItem, ChargeStep, charges
from dispatch.desk.clause import FeeKind, LadderRole, Remedy
from dispatch.desk.clock import clocks
from dispatch.desk.complaint import (
    Complaint,
    ComplaintEvent,
    ComplaintStep,
    check_complaint,
    complaint_standing,
)
from dispatch.desk.customer import Asset, Contract
from dispatch.desk.entitlement import Entitlement, entitlement
from dispatch.desk.escalation import Escalated, StepState, escalation
from dispatch.desk.knowledge import KnowledgeEntry, check_closing
from dispatch.desk.life import check_history, state_of
from dispatch.desk.loan import (
    LoanEvent,
    LoanStep,
    TicketLoan,
    as_ticket_event,
    check_loan,
    loan_standing,
    needed_until,
)
from dispatch.desk.loan_owed import loan_owed
from dispatch.desk.milestone import Milestone, TicketKind
from dispatch.desk.quote import PartPrice, quote
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.survey import SurveyEvent, SurveyStep, check_surveys, survey_standing
from dispatch.desk.survey import as_ticket_event as survey_step
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.errors import Message, Refusal
from kernel.money import Money, from_cents

REFUSED = "!"
"""Begins a step the rules must not take."""
DESK, ENGINEER, CUSTOMER = "desk", "E03", "C-1"
AT_THE_SITE = {
    EventKind.TRAVELLING, EventKind.ON_SITE, EventKind.FORECAST_FINISH, EventKind.PART_NEEDED, EventKind.COLLECTED,
    EventKind.TESTED, EventKind.RETURNED, EventKind.LEFT, EventKind.REPAIRED, EventKind.DELIVERED,
}  # fmt: skip
"""Said by the engineer; everything else by the desk."""


@dataclass
class Story:
    """One script and the facts told so far."""

    script: dict[str, Any]
    scheme: Scheme
    ticket: Ticket
    asset: Asset
    contract: Contract
    here: ZoneInfo
    events: list[TicketEvent] = field(default_factory=list)
    loans: list[TicketLoan] = field(default_factory=list)
    loan_events: list[LoanEvent] = field(default_factory=list)
    charged: list[ChargeEvent] = field(default_factory=list)
    asked: list[SurveyEvent] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    complained: list[ComplaintEvent] = field(default_factory=list)
    known: list[KnowledgeEntry] = field(default_factory=list)
    told_up: list[Escalated] = field(default_factory=list)
    said: list[Any] = field(default_factory=list)
    """Facts of the step being taken, as somebody says them; what follows from them is not among them."""

    @classmethod
    def read(cls, path: Path, *, number: str = "T-1") -> Story:
        """Open the ticket a script is about, under a number."""
        script = tomllib.loads(path.read_text(encoding="utf-8"))
        scheme = builtin_schemes()[script["scheme"], "1"]
        severity = scheme.severity(script["severity"])
        assert severity is not None, script["severity"]
        asset = Asset(
            "A-1",
            "S-1",
            "SN-0001",
            "M-1",
            script.get("loaner_class", "pump"),
            invoiced_on=script.get("invoiced_on"),
            made_on=script.get("made_on"),
            warranty_months=script.get("warranty_months"),
        )
        contract = Contract(
            "K-1", CUSTOMER, scheme.id, "1", script.get("contract_from", date(2026, 1, 1)), date(2027, 1, 1)
        )
        ticket = Ticket(
            number,
            "S-1",
            asset.id,
            scheme.id,
            "1",
            severity,
            TicketKind(script.get("kind", "fault")),
            script["reported_at"],
            text=script["says"],
            contract=contract.id,
            remote=script.get("remote", False),
        )
        return cls(script, scheme, ticket, asset, contract, ZoneInfo(scheme.zone))

    def at(self, text: str) -> datetime:
        """Read a local time of the script's year: ``03-06 16:10``."""
        when = datetime.strptime(f"{self.ticket.reported_at.year}-{text}", "%Y-%m-%d %H:%M")  # noqa: DTZ007 made aware next
        return when.replace(tzinfo=self.here)

    def moments(self, text: str) -> str:
        """Write the local times within a value as moments: ``arrive 03-09 10:00``."""
        words = text.split()
        for number in range(len(words) - 1):
            if len(words[number]) == 5 and words[number][2] == "-" and ":" in words[number + 1]:
                words[number : number + 2] = [
                    self.at(f"{words[number]} {words[number + 1]}").isoformat(),
                ]
                break
        return " ".join(words)

    def take(self, when: str, what: str, value: str = "", reason: str = "") -> None:
        """Add the fact of one step.

        Raises:
            Refusal: as the rule that does not take it.
        """
        self.said = []
        at = self.at(when)
        subject, _, step = what.partition(":")
        takes: dict[str, Callable[[datetime, str, str, str], None]] = {
            "loan": self._loan,
            "charge": self._charge,
            "survey": self._survey,
            "complaint": self._complaint,
            "told-up": self._told_up,
            "known": self._known,
        }
        if what in {"look", "quote"}:
            return
        if step:
            takes[subject](at, step, value, reason)
        else:
            kind = EventKind(what)
            by = ENGINEER if kind in AT_THE_SITE else DESK
            event = TicketEvent(self.ticket.id, at, kind, by, reason, self.moments(value))
            self.said.append(event)
            self._happened(event)

    def _happened(self, event: TicketEvent) -> None:
        history = [*self.events, event]
        _first(check_history(self.ticket, history, self.scheme))
        _first(check_closing(self.ticket, history, self.scheme, self.known))
        self.events = history

    def _loan(self, at: datetime, step: str, value: str, reason: str) -> None:
        if step == "reserved":
            self.loans.append(TicketLoan("L-1", self.ticket.id, value, at, DESK))
            self.said.append(self.loans[-1])
            return
        until = self.at(value) if value else None
        event = LoanEvent("L-1", at, LoanStep(step), DESK, reason, until)
        self.said.append(event)
        _first(check_loan(self.loans[0], [*self.loan_events, event]))
        shown = as_ticket_event(self.loans[0], event)
        if shown is not None:
            self._happened(shown)
        self.loan_events.append(event)

    def _charge(self, at: datetime, step: str, value: str, reason: str) -> None:
        *item, cents = value.split() or [""]
        part = item[1] if len(item) > 1 else ""
        event = ChargeEvent(
            "Q-1",
            self.ticket.id,
            at,
            DESK,
            ChargeStep(step),
            ChargeItem(item[0]) if item else None,
            int(cents or 0),
            part,
            1 if part else 0,
            reason,
        )
        self.said.append(event)
        charges([*self.charged, event], {self.ticket.id: self.scheme})
        self.charged.append(event)

    def _survey(self, at: datetime, step: str, value: str, reason: str) -> None:
        event = SurveyEvent(self.ticket.id, at, SurveyStep(step), DESK, int(value) if value else None, reason)
        self.said.append(event)
        clauses = {self.ticket.id: self.scheme.survey}
        _first(check_surveys([*self.asked, event], clauses, events={self.ticket.id: self.events}))
        shown = survey_step(event)
        if shown is not None:
            self._happened(shown)
        self.asked.append(event)

    def _complaint(self, at: datetime, step: str, value: str, reason: str) -> None:
        if step == "made":
            self.complaints.append(
                Complaint("P-1", CUSTOMER, self.scheme.id, "1", at, reason, DESK, self.ticket.id)
            )
            self.said.append(self.complaints[-1])
            return
        event = ComplaintEvent("P-1", at, ComplaintStep(step), DESK, reason, Remedy(value) if value else None)
        self.said.append(event)
        _first(check_complaint(self.complaints[0], [*self.complained, event]))
        self.complained.append(event)

    def _told_up(self, at: datetime, step: str, value: str, reason: str) -> None:
        self.told_up.append(Escalated(self.ticket.id, at, DESK, LadderRole(step), value, reason))
        self.said.append(self.told_up[-1])

    def _known(self, at: datetime, step: str, value: str, reason: str) -> None:
        assert step == "cause"
        entry = KnowledgeEntry(
            self.ticket.id, at, ENGINEER, value, reason, self.asset.id, self.asset.serial, self.asset.model
        )
        self.known.append(entry)
        self.said.append(entry)

    def standing(self, now: datetime) -> Iterator[tuple[str, str]]:
        """What the rules make of the facts at a moment: (what, how it stands), in a fixed order."""
        state = state_of(self.ticket, self.events, now)
        waits = f", waiting for {label(f'wait.{state.waiting}', 'en')}" if state.waiting else ""
        yield "stage", f"{state.stage}, {state.severity}{waits}"
        folded = clocks(self.ticket, self.events, self.scheme, {}, now)
        for milestone, clock in folded.items():
            due = f" due {wall_clock(clock.due_at, self.here)}," if clock.due_at else ""
            met = f" at {wall_clock(clock.met_at, self.here)}" if clock.met_at else ""
            yield str(milestone), f"{due} {label(f'state.{clock.state}', 'en')}{met}".strip()
        if self.scheme.loaner is not None:
            yield "loaner", self._loaner(now, state.forecast)
        for rung in escalation(self.ticket, self.events, self.scheme, {}, now, told=self.told_up):
            if rung.due_at is not None and rung.state is not StepState.AHEAD:
                yield f"tell {rung.role}", f"due {wall_clock(rung.due_at, self.here)}, {rung.state}"
        for charge in charges(
            (e for e in self.charged if e.at <= now), {self.ticket.id: self.scheme}
        ).values():
            amounts = (
                f"{name} {Money(from_cents(cents), self.scheme.currency)}"
                for name, cents in (
                    ("total", charge.total),
                    ("deposit due", charge.deposit_due),
                    ("balance", charge.balance),
                )
            )
            yield "charge", f"{charge.stage}, {', '.join(amounts)}"
        yield from self._afterwards(now)

    def _loaner(self, now: datetime, forecast: datetime | None) -> str:
        assert self.scheme.loaner is not None
        folded = clocks(self.ticket, self.events, self.scheme, {}, now)
        until = needed_until(self.events, now)
        standings = [
            (loan, loan_standing(self.loan_events, self.scheme.loaner, now, needed_until=until))
            for loan in self.loans
            if loan.reserved_at <= now
        ]
        owed = loan_owed(self.ticket, self.asset, self.scheme, folded, forecast_at=forecast, loans=standings)
        parts = [f"unit {loan.unit} {standing.state}" for loan, standing in standings]
        if owed is not None:
            answered = f"answered by {owed.loan}" if owed.loan else "not answered"
            due = wall_clock(owed.due_at, self.here)
            parts.insert(0, f"owed ({owed.why}): {owed.rule} class {owed.loaner_class} by {due}, {answered}")
        return "; ".join(parts) or "not owed"

    def _afterwards(self, now: datetime) -> Iterator[tuple[str, str]]:
        survey = survey_standing(self.events, self.asked, self.scheme.survey, now)
        if survey.survey_due_at is not None:
            score = f", score {survey.score}" if survey.score is not None else ""
            yield "survey", f"due {wall_clock(survey.survey_due_at, self.here)}{score}"
        if survey.follow_up_due_at is not None:
            made = f", made {wall_clock(survey.followed_up_at, self.here)}" if survey.followed_up_at else ""
            yield "follow-up", f"due {wall_clock(survey.follow_up_due_at, self.here)}{made}"
        for complaint in self.complaints:
            if complaint.made_at > now:
                continue
            found = complaint_standing(complaint, self.complained, self.scheme, {}, now)
            for name, clock in (("accept", found.accept), ("answer", found.answer)):
                due = f"due {wall_clock(clock.due_at, self.here)}, " if clock.due_at else ""
                yield f"complaint {name}", f"{due}{label(f'state.{clock.state}', 'en')} ({found.state})"

    def entitled(self, now: datetime) -> Entitlement:
        """What the ticket is entitled to."""
        return entitlement(
            self.ticket, self.scheme, now=now, customer=CUSTOMER, contract=self.contract, asset=self.asset
        )

    def quoted(self, now: datetime, value: str = "") -> Iterator[str]:
        """What the scheme charges: parts as ``part quantity cost list``, ``fee amount`` where it has a bound; in cents."""
        words = value.split()
        amounts = {FeeKind(words[0]): int(words[1])} if len(words) == 2 else {}
        parts = [PartPrice(words[0], *map(int, words[1:]))] if len(words) == 4 else []
        severity = state_of(self.ticket, self.events, now).severity
        lines = quote(self.scheme, self.entitled(now), severity, now, {}, parts=parts, amounts=amounts)
        for line in lines:
            yield f"  {line.item} {line.part}: {Money(from_cents(line.cents), self.scheme.currency)}"
        if not lines:
            yield "  nothing to charge"

    def opening(self) -> Iterator[str]:
        """The head of the transcript: what was reported, what it is entitled to, when everything is due."""
        yield f"{self.scheme.names['en']} ({self.scheme.id}, version {self.scheme.version}), {self.ticket.severity}"
        yield f"{wall_clock(self.ticket.reported_at, self.here)}  reported: {self.ticket.text}"
        judged = self.entitled(self.ticket.reported_at)
        yield f"  entitlement: {judged.verdict}: {tell(judged.reason, 'en', zone=self.here)}"
        for name, how in self.standing(self.ticket.reported_at):
            yield f"  {name}: {how}"

    def ending(self, now: datetime) -> Iterator[str]:
        """The foot: the arithmetic of every clock, what lateness cost, what the customer may ask for."""
        folded = clocks(self.ticket, self.events, self.scheme, {}, now)
        for milestone, clock in folded.items():
            yield f"{milestone}:"
            for message in arithmetic(clock, self.ticket, self.events, self.scheme, {}, now):
                yield f"  {tell(message, 'en', zone=self.here)}"
        severity = state_of(self.ticket, self.events, now).severity
        for row in exposure(folded, self.scheme, severity, now):
            if row.late_s:
                price = Money(from_cents(row.actual_cents), self.scheme.currency)
                yield f"breach: {row.milestone} {length(row.late_s, 'en')} late, {price}"
        charge = next(iter(charges(self.charged, {self.ticket.id: self.scheme}).values()), None)
        for offer in remedies(folded, self.scheme, now, charge=charge):
            refund = f", {Money(from_cents(offer.cents), self.scheme.currency)}" if offer.cents else ""
            yield f"remedy open: {offer.remedy} for {offer.milestone}{refund}"


def _first(refusals: Iterator[Refusal]) -> None:
    """Raise the first refusal, if there is one."""
    for refusal in refusals:
        raise refusal


def told(path: Path) -> Iterator[str]:
    """Tell a script line by line: after each step, what changed since the one before."""
    story = Story.read(path)
    yield from story.opening()
    before = dict(story.standing(story.ticket.reported_at))
    for when, what, *rest in story.script["steps"]:
        at = story.at(when)
        yield ""
        said = " ".join((what.removeprefix(REFUSED), *rest)).strip()
        try:
            story.take(when, what.removeprefix(REFUSED), *rest)
        except Refusal as refusal:
            if not what.startswith(REFUSED):
                raise
            yield f"{when}  {said}  refused ({refusal.code})"
            yield f"  {say(Message(refusal.code, refusal.message.params), 'en')}"
            continue
        if what.startswith(REFUSED):
            raise AssertionError(f"{when} {said} was taken")
        yield f"{when}  {said}"
        if what == "quote":
            yield from story.quoted(at, *rest)
        after = dict(story.standing(at))
        for name, how in after.items():
            if before.get(name) != how:
                yield f"  {name}: {how}"
        before = after
    yield ""
    yield from story.ending(story.at(story.script["steps"][-1][0]))


def first_due(path: Path) -> dict[Milestone, datetime | None]:
    """Due times as the rules give them at the report."""
    story = Story.read(path)
    folded = clocks(story.ticket, (), story.scheme, {}, story.ticket.reported_at)
    return {milestone: clock.due_at for milestone, clock in folded.items()}
