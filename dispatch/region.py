"""One service region, whole: what a dataset folder holds, what a scenario starts from, what a board is built of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dispatch.borrowed import Borrowing
from dispatch.crew import (
    Absence,
    CertificateHeld,
    Engineer,
    OnCall,
    Partner,
    Position,
    Shift,
    Skill,
    SkillHeld,
    ToolHeld,
)
from dispatch.desk.approval import ApprovalEvent
from dispatch.desk.attachment import Attachment
from dispatch.desk.charge import ChargeEvent
from dispatch.desk.complaint import Complaint, ComplaintEvent
from dispatch.desk.customer import Asset, Contract, Customer, EngineerWish, Site, StandingChange
from dispatch.desk.entitlement import Finding
from dispatch.desk.escalation import Escalated
from dispatch.desk.history import ClosedTicket
from dispatch.desk.intake import Answer, Report
from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.loan import LoanEvent, TicketLoan
from dispatch.desk.maintenance import PreventiveEvent, PreventiveVisit
from dispatch.desk.on_call import DutyHandedOver, RosterDuty
from dispatch.desk.own_scheme import OwnScheme, schemes_with
from dispatch.desk.practice import Practice
from dispatch.desk.practice_file import OwnPractice, practice_with
from dispatch.desk.repeat_fault import Replaced
from dispatch.desk.scheme import Scheme
from dispatch.desk.survey import SurveyEvent
from dispatch.desk.ticket import Ticket, TicketEvent
from dispatch.desk.visit import Appointment, CrewRole, PartNeed, PublishedStop, Visit, VisitOrder
from dispatch.desk.work_order import ChecklistAnswer, Signature
from dispatch.desk.workshop import BenchTime
from dispatch.parts import Stockroom
from dispatch.policy import Policy, TravelPair, TravelSettings
from kernel.calendars import BusinessCalendar


@dataclass(frozen=True, slots=True)
class Story:
    """Something worth seeing in a region: `kind` is a code under `story.`, `ids` what it is about."""

    kind: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """The head of a region.

    Args:
        as_of: the moment the region is described at, aware UTC.
        zone: IANA name; local dates and times of the region.
        currency: ISO 4217.
        horizon_days: days planned, counted from `as_of`.
    """

    id: str
    name: str
    as_of: datetime
    zone: str
    currency: str
    horizon_days: int
    policy: Policy = field(default_factory=Policy)
    travel: TravelSettings = field(default_factory=TravelSettings)
    stories: tuple[Story, ...] = ()


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """What the desk and the crew know, as given; every tuple in the order it was read."""

    customers: tuple[Customer, ...] = ()
    contracts: tuple[Contract, ...] = ()
    sites: tuple[Site, ...] = ()
    assets: tuple[Asset, ...] = ()
    calendars: tuple[BusinessCalendar, ...] = ()
    engineers: tuple[Engineer, ...] = ()
    skill_catalogue: tuple[Skill, ...] = ()
    skills: tuple[SkillHeld, ...] = ()
    certificates: tuple[CertificateHeld, ...] = ()
    tools: tuple[ToolHeld, ...] = ()
    shifts: tuple[Shift, ...] = ()
    absences: tuple[Absence, ...] = ()
    on_call: tuple[OnCall, ...] = ()
    positions: tuple[Position, ...] = ()
    partners: tuple[Partner, ...] = ()
    wishes: tuple[EngineerWish, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    ticket_events: tuple[TicketEvent, ...] = ()
    closed_tickets: tuple[ClosedTicket, ...] = ()
    visits: tuple[Visit, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    part_needs: tuple[PartNeed, ...] = ()
    crew_roles: tuple[CrewRole, ...] = ()
    visit_order: tuple[VisitOrder, ...] = ()
    published: tuple[PublishedStop, ...] = ()
    bench_times: tuple[BenchTime, ...] = ()
    travel: tuple[TravelPair, ...] = ()
    ticket_loans: tuple[TicketLoan, ...] = ()
    loan_events: tuple[LoanEvent, ...] = ()
    replaced: tuple[Replaced, ...] = ()
    roster_duties: tuple[RosterDuty, ...] = ()
    duties_handed_over: tuple[DutyHandedOver, ...] = ()
    escalated: tuple[Escalated, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    complaint_events: tuple[ComplaintEvent, ...] = ()
    survey_events: tuple[SurveyEvent, ...] = ()
    preventive_visits: tuple[PreventiveVisit, ...] = ()
    preventive_events: tuple[PreventiveEvent, ...] = ()
    borrowings: tuple[Borrowing, ...] = ()
    standing_changes: tuple[StandingChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    charge_events: tuple[ChargeEvent, ...] = ()
    reports: tuple[Report, ...] = ()
    answers: tuple[Answer, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    knowledge: tuple[KnowledgeEntry, ...] = ()
    checklist_answers: tuple[ChecklistAnswer, ...] = ()
    signatures: tuple[Signature, ...] = ()
    approvals: tuple[ApprovalEvent, ...] = ()
    own_schemes: tuple[OwnScheme, ...] = ()
    own_practice: tuple[OwnPractice, ...] = ()  # one, or none where the desk works as it ships


@dataclass(frozen=True, slots=True)
class Region:
    """Settings, field side and stock side."""

    settings: Settings
    field: Fieldwork
    stock: Stockroom


def schemes_of(field: Fieldwork, /) -> Mapping[tuple[str, str], Scheme]:
    """Every scheme version a region's contracts and tickets may name, by (id, version): those that ship and its own."""
    return schemes_with(field.own_schemes)


def practice_of(field: Fieldwork, /) -> Practice:
    """How a region's desk works: its own practice, else the one that ships."""
    return practice_with(field.own_practice)
