"""Facts of the desk in the built-in region: a few of every kind, so that a newcomer sees what each is for.

None of them touches the plan: the loan was released again, nobody is borrowed, the rest is about money, words and nights.
Files that came with tickets are left out: a folder holds no bytes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from dispatch.desk.approval import ApprovalEvent, ApprovalStep
from dispatch.desk.charge import ChargeEvent, ChargeItem, ChargeStep
from dispatch.desk.clause import Exclusion, LadderRole
from dispatch.desk.complaint import Complaint, ComplaintEvent, ComplaintStep
from dispatch.desk.customer import Standing, StandingChange
from dispatch.desk.entitlement import Finding
from dispatch.desk.escalation import Escalated
from dispatch.desk.history import ClosedTicket
from dispatch.desk.intake import Answer, Asked, Channel, Report
from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.loan import LoanEvent, LoanStep, TicketLoan
from dispatch.desk.maintenance import PreventiveEvent, PreventiveStep, PreventiveVisit
from dispatch.desk.on_call import DutyHandedOver, RosterDuty, rotation
from dispatch.desk.practice import ApprovalKind, DeskRole
from dispatch.desk.preventive_need import needs
from dispatch.desk.repeat_fault import Replaced
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.survey import SurveyEvent, SurveyStep
from dispatch.desk.ticket import Ticket
from dispatch.desk.work_order import ChecklistAnswer
from dispatch.region import Fieldwork, Region
from kernel.calendars import BusinessCalendar, every_hour, weekly
from kernel.clock import moment

DESK = "desk-1"
LEARNT = 60
"""Closed tickets whose cause and solution are kept as knowledge, the last ones."""


def desk_facts(made: Region) -> Region:
    """The region with facts of the desk added."""
    work = made.field
    paid = next(one for one in work.tickets if one.scheme == "value-added")
    last = work.closed_tickets[-LEARNT:]
    loaned = "T-QZ-LOANER"
    unit = made.stock.loaner_units[0].id
    facts = _said(work)
    facts = replace(
        facts,
        ticket_loans=(TicketLoan("LN-0001", loaned, unit, moment("2026-03-06T09:05+08:00"), DESK),),
        loan_events=(
            LoanEvent("LN-0001", moment("2026-03-06T09:10+08:00"), LoanStep.PREPARING, "store-1"),
            LoanEvent(
                "LN-0001",
                moment("2026-03-06T09:40+08:00"),
                LoanStep.RELEASED,
                DESK,
                "too small for the load; another unit is looked for",
            ),
        ),
        escalated=(
            Escalated(
                loaned,
                moment("2026-03-06T08:40+08:00"),
                DESK,
                LadderRole.SPECIALIST_CENTRE,
                "C-01",
                "confirms the charger board; no work-around",
            ),
        ),
        approvals=(
            ApprovalEvent(
                "AP-0001",
                loaned,
                moment("2026-03-05T20:30+08:00"),
                "E-102",
                ApprovalStep.REQUESTED,
                ApprovalKind.PURCHASE,
                64_000,
                None,
                "charger board, none in stock",
            ),
            ApprovalEvent(
                "AP-0001",
                loaned,
                moment("2026-03-05T20:41+08:00"),
                DESK,
                ApprovalStep.APPROVED,
                role=DeskRole.DISPATCHER,
            ),
        ),
        checklist_answers=(
            ChecklistAnswer(loaned, moment("2026-03-05T20:10+08:00"), "E-102", "made_safe", "yes"),
        ),
        knowledge=(*work.knowledge, *(_learnt(one, work) for one in last)),
        survey_events=tuple(
            sorted((*work.survey_events, *_asked(last)), key=lambda one: (one.at, one.ticket))
        ),
        findings=(
            Finding(
                last[-2].ticket, last[-2].repaired_at, "E-102", Exclusion.MISUSE, "run without its filter"
            ),
        ),
        replaced=(_replaced(work, last[-3]),),
        charge_events=_charged(paid),
        complaints=(
            Complaint(
                "Q-0001",
                next(site.customer for site in work.sites if site.id == paid.site),
                paid.scheme,
                paid.version,
                moment("2026-03-05T14:00+08:00"),
                "Nobody told us who comes and when.",
                DESK,
                paid.id,
            ),
        ),
        complaint_events=(
            ComplaintEvent("Q-0001", moment("2026-03-05T15:10+08:00"), ComplaintStep.ACCEPTED, DESK),
            ComplaintEvent(
                "Q-0001",
                moment("2026-03-06T09:30+08:00"),
                ComplaintStep.ANSWERED,
                "M-01",
                "The time is named by noon; we call an hour before.",
            ),
        ),
        standing_changes=(
            StandingChange(
                "C-004",
                moment("2026-02-10T09:00+08:00"),
                "M-01",
                Standing.SUSPENDED,
                "fees of January unpaid",
            ),
            StandingChange("C-004", moment("2026-02-16T11:00+08:00"), "M-01", Standing.GOOD, "paid"),
        ),
        calendars=(*work.calendars, *_hours()),
        roster_duties=(
            *_turns(LadderRole.MANAGER, "M-01", "M-02", "M-03"),
            *_turns(LadderRole.SPECIALIST_CENTRE, "C-01", "C-02"),
        ),
    )
    first = facts.roster_duties[0]
    handed = DutyHandedOver(
        first.id,
        moment("2026-03-01T10:00+08:00"),
        first.person,
        "at the maker's school",
        first.starts_at,
        first.starts_at + timedelta(hours=6),
        "M-03",
    )
    visits = _preventive(work)
    kept = PreventiveEvent(
        visits[0].id,
        moment("2026-03-04T09:00+08:00"),
        PreventiveStep.MOVED,
        DESK,
        "the customer stocks up that day",
        visits[0].on + timedelta(days=1),
    )
    return replace(
        made,
        field=replace(
            facts, duties_handed_over=(handed,), preventive_visits=visits, preventive_events=(kept,)
        ),
    )


def _said(work: Fieldwork) -> Fieldwork:
    """A mail that names no equipment, and what the desk has learnt since."""
    number = "T-20260306-0001"
    report = Report(
        number,
        moment("2026-03-06T09:52+08:00"),
        Channel.MAIL,
        "mail-1",
        text="停机了，请尽快派人。Third floor, the big one. It beeps.",
        contact="facility@customer.example",
    )
    said = Answer(number, moment("2026-03-06T10:20+08:00"), DESK, Asked.KIND, "fault")
    return replace(work, reports=(report,), answers=(said,))


def _learnt(closed: ClosedTicket, work: Fieldwork) -> KnowledgeEntry:
    asset = next(one for one in work.assets if one.id == closed.asset)
    return KnowledgeEntry(
        closed.ticket,
        closed.repaired_at,
        closed.engineer or DESK,
        closed.cause or "not found",
        closed.solution or "none",
        closed.asset,
        asset.serial,
        closed.model,
        closed.symptom,
        public=closed.solution == "cleaned",
    )


def _asked(last: tuple[ClosedTicket, ...]) -> tuple[SurveyEvent, ...]:
    """Three questionnaires: answered, declined, not answered yet; one look whether the fault stayed away."""
    one, two, three = last[:3]  # long enough ago for all of it to have happened
    day = timedelta(days=1)
    sent = [SurveyEvent(of.ticket, of.repaired_at + day, SurveyStep.SENT, DESK) for of in (one, two, three)]
    return (
        *sent[:1],
        SurveyEvent(
            one.ticket, one.repaired_at + 2 * day, SurveyStep.ANSWERED, DESK, 4, "quick, a little noisy"
        ),
        SurveyEvent(one.ticket, one.repaired_at + 3 * day, SurveyStep.FOLLOWED_UP, DESK),
        *sent[1:2],
        SurveyEvent(
            two.ticket, two.repaired_at + 2 * day, SurveyStep.DECLINED, DESK, remark="has no time for this"
        ),
        *sent[2:],
    )


def _replaced(work: Fieldwork, closed: ClosedTicket) -> Replaced:
    asset = next(one for one in work.assets if one.id == closed.asset)
    return Replaced(asset.id, closed.repaired_at, "E-102", asset.serial, f"{asset.serial}-R", closed.ticket)


def _charged(paid: Ticket) -> tuple[ChargeEvent, ...]:
    """A project, which is what the scheme prices for a ticket without haste, quoted below its bound and accepted."""
    at = paid.reported_at
    return (
        ChargeEvent(
            "CH-0001",
            paid.id,
            at + timedelta(minutes=30),
            DESK,
            ChargeStep.QUOTED,
            ChargeItem.PROJECT,
            320_000,
        ),
        ChargeEvent("CH-0001", paid.id, at + timedelta(hours=2), DESK, ChargeStep.ACCEPTED),
    )


def _turns(role: LadderRole, *people: str) -> tuple[RosterDuty, ...]:
    return rotation(role, list(people), first_on=date(2026, 3, 2), weeks=4, zone_name="Asia/Shanghai")


def _hours() -> tuple[BusinessCalendar, ...]:
    """When those a ticket is passed on to are at work: a calendar named like the role."""
    office, here = {"mon-fri": "09:00-18:00"}, "Asia/Shanghai"
    return (
        every_hour(LadderRole.DISPATCHER, here),
        weekly(LadderRole.ON_SITE_TEAM, here, {"mon-sun": "08:00-18:00"}),
        weekly(LadderRole.SPECIALIST_CENTRE, here, office, country="CN"),
        weekly(LadderRole.DEVELOPMENT, here, office, country="CN"),
        weekly(LadderRole.MANAGER, here, office, country="CN"),
        weekly(LadderRole.MANUFACTURER, here, {"mon-fri": "09:00-17:00"}, country="CN"),
    )


def _preventive(work: Fieldwork) -> tuple[PreventiveVisit, ...]:
    """The first visits the contracts promise this quarter, in the middle of their periods."""
    until, since = date(2026, 7, 1), date(2026, 3, 6)
    owed = needs(work.contracts, work.sites, builtin_schemes(), until, since=since)
    return tuple(
        PreventiveVisit(
            one.id,
            one.contract,
            one.site,
            one.period.start,
            one.period.end,
            max(one.period.start + (one.period.end - one.period.start) // 2, date(2026, 3, 9)),
        )
        for one in owed[:6]
    )
