"""Tables of visits: what a trip needs, what the customer agreed, what was published."""

from __future__ import annotations

from dispatch.desk.visit import Appointment, Lock, PartNeed, PublishedStop, Visit
from storage.dataset.cell import ID, MOMENT, SKILL_LEVEL, choice, several, whole
from storage.dataset.stock_tables import UNITS, part_id
from storage.dataset.table import Column, Table, span, to

VISIT = Column("visit_id", ID, "The visit.", references=to("visits"))

VISITS = Table(
    "visits",
    "One trip to one site for one open ticket.",
    (
        Column("visit_id", ID, "The visit."),
        Column("ticket_id", ID, "The ticket it is for.", references=to("tickets")),
        Column("site_id", ID, "Where it goes; the ticket's site.", references=to("sites")),
        Column("duration_min", whole(1, 100_000), "Work on site.", unit="min"),
        Column("earliest_at", MOMENT, "No start before.", empty="at once"),
        Column(
            "skills",
            several(SKILL_LEVEL),
            "Skills needed with their least level, like `hv:2;fiber:1`.",
            empty="none",
            default=(),
            references=to("skills"),
            unknown="dataset.unknown_skill",
        ),
        Column("certificates", several(ID), "Certificates needed on the day.", empty="none", default=()),
        Column("tools", several(ID), "Kinds of tool needed.", empty="none", default=()),
    ),
    key=("visit_id",),
    make=lambda row: Visit(
        id=row["visit_id"],
        ticket=row["ticket_id"],
        site=row["site_id"],
        duration_min=row["duration_min"],
        earliest_at=row["earliest_at"],
        skills=row["skills"],
        certificates=row["certificates"],
        tools=row["tools"],
    ),
    rows=lambda region: (
        {
            "visit_id": visit.id,
            "ticket_id": visit.ticket,
            "site_id": visit.site,
            "duration_min": visit.duration_min,
            "earliest_at": visit.earliest_at,
            "skills": visit.skills,
            "certificates": visit.certificates,
            "tools": visit.tools,
        }
        for visit in region.field.visits
    ),
)

APPOINTMENTS = Table(
    "appointments",
    "A time the customer agreed to: work starts in it. Several of one visit are alternatives.",
    (
        VISIT,
        Column("from", MOMENT, "Work starts at this moment or later."),
        Column("until", MOMENT, "Work starts before this moment."),
    ),
    key=("visit_id", "from"),
    make=lambda row: Appointment(row["visit_id"], span(row, "from", "until")),
    rows=lambda region: (
        {"visit_id": one.visit, "from": one.window.start, "until": one.window.end}
        for one in region.field.appointments
    ),
)

PART_REQUIREMENTS = Table(
    "part_requirements",
    "Units of a part that a visit needs.",
    (VISIT, part_id(), Column("quantity", UNITS, "How much.", unit="whole units")),
    key=("visit_id", "part_id"),
    make=lambda row: PartNeed(row["visit_id"], row["part_id"], row["quantity"]),
    rows=lambda region: (
        {"visit_id": need.visit, "part_id": need.part, "quantity": need.quantity}
        for need in region.field.part_needs
    ),
)

PUBLISHED_PLAN = Table(
    "published_plan",
    "Where a visit stands in the plan that was published.",
    (
        VISIT,
        Column("shift_id", ID, "The shift or on-call duty.", references=to("shifts", "on_call")),
        Column(
            "starts_at",
            MOMENT,
            "Planned start of work; with the lock `time` or `both` in one of the visit's appointments, if it has any.",
        ),
        Column("lock", choice(Lock), "What may not be changed.", empty="none", default=Lock.NONE),
        Column("told_at", MOMENT, "When the customer was told.", empty="not yet"),
    ),
    key=("visit_id",),
    make=lambda row: PublishedStop(
        row["visit_id"], row["shift_id"], row["starts_at"], row["lock"], row["told_at"]
    ),
    rows=lambda region: (
        {
            "visit_id": stop.visit,
            "shift_id": stop.shift,
            "starts_at": stop.starts_at,
            "lock": stop.lock,
            "told_at": stop.told_at,
        }
        for stop in region.field.published
    ),
)
