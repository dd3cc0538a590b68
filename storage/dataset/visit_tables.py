"""Tables of visits: what a trip needs and who comes along, what the customer agreed, what was published."""

from __future__ import annotations

from dispatch.desk.visit import (
    LEAD,
    Appointment,
    CrewRole,
    Lock,
    PartNeed,
    PublishedStop,
    Visit,
    VisitOrder,
)
from kernel.errors import Location, Refusal
from storage.dataset.cell import ID, MOMENT, SKILL_LEVEL, TRUTH, choice, fraction, several, whole
from storage.dataset.stock_tables import UNITS, part_id
from storage.dataset.table import Column, Row, Table, span, to

VISIT = Column("visit_id", ID, "The visit.", references=to("visits"))
DURATION = whole(1, 100_000)
NEEDS = (
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
)


def _visit(row: Row) -> Visit:
    if (row["bench_min"] is None) != (not row["return_min"]):
        missing = "bench_min" if row["bench_min"] is None else "return_min"
        raise Refusal("dataset.half_a_workshop", at=Location("", column=missing), column=missing)
    return Visit(
        id=row["visit_id"],
        ticket=row["ticket_id"],
        site=row["site_id"],
        duration_min=row["duration_min"],
        earliest_at=row["earliest_at"],
        skills=row["skills"],
        certificates=row["certificates"],
        tools=row["tools"],
        role=row["role"],
        continuous=row["continuous"],
        bench_min=row["bench_min"],
        return_min=row["return_min"],
    )


VISITS = Table(
    "visits",
    "One trip to one site for one open ticket.",
    (
        Column("visit_id", ID, "The visit."),
        Column("ticket_id", ID, "The ticket it is for.", references=to("tickets")),
        Column("site_id", ID, "Where it goes; the ticket's site.", references=to("sites")),
        Column(
            "duration_min",
            DURATION,
            "Work on site. More than any shift can hold is gone on with in later shifts of the same engineer.",
            unit="min",
        ),
        Column("earliest_at", MOMENT, "No start before.", empty="at once"),
        *NEEDS,
        Column(
            "role",
            ID,
            "What its engineer does when others come along (`crew_roles.csv`).",
            empty=f"`{LEAD}`",
            default="",
        ),
        Column(
            "continuous",
            TRUTH,
            "Work goes on until it is done: nobody works longer than `stretch_min`, then another engineer takes over.",
            empty="as the scheme says",
        ),
        Column(
            "bench_min",
            DURATION,
            "The visit collects the unit; so long, from the end of that visit, until the workshop is done with it.",
            unit="min",
            empty="repaired on site",
        ),
        Column(
            "return_min",
            DURATION,
            "Work on site when it is brought back; with `bench_min`, and never without.",
            unit="min",
            empty="repaired on site",
            default=0,
        ),
    ),
    key=("visit_id",),
    make=_visit,
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
            "role": visit.role,
            "continuous": visit.continuous,
            "bench_min": visit.bench_min,
            "return_min": visit.return_min,
        }
        for visit in region.field.visits
    ),
)

CREW_ROLES = Table(
    "crew_roles",
    "One more engineer on a visit; the visit's own row is the first. Nobody goes unless all can.",
    (
        VISIT,
        Column("role", ID, "What he does; on one visit no role stands twice."),
        Column("duration_min", DURATION, "His work on site.", unit="min"),
        Column(
            "within_min",
            whole(0, 100_000),
            "How much later than the first he may start.",
            unit="min",
            empty="0: together",
            default=0,
        ),
        *NEEDS,
    ),
    key=("visit_id", "role"),
    make=lambda row: CrewRole(
        visit=row["visit_id"],
        role=row["role"],
        duration_min=row["duration_min"],
        within_min=row["within_min"],
        skills=row["skills"],
        certificates=row["certificates"],
        tools=row["tools"],
    ),
    rows=lambda region: (
        {
            "visit_id": role.visit,
            "role": role.role,
            "duration_min": role.duration_min,
            "within_min": role.within_min,
            "skills": role.skills,
            "certificates": role.certificates,
            "tools": role.tools,
        }
        for role in region.field.crew_roles
    ),
)

VISIT_ORDER = Table(
    "visit_order",
    "A visit that waits for another one; it is not done without it.",
    (
        VISIT,
        Column(
            "after_visit_id",
            ID,
            "The visit whose work has to be done before it starts; one that is done already holds nobody up.",
            references=to("visits"),
        ),
    ),
    key=("visit_id", "after_visit_id"),
    make=lambda row: VisitOrder(row["visit_id"], row["after_visit_id"]),
    rows=lambda region: (
        {"visit_id": order.visit, "after_visit_id": order.after} for order in region.field.visit_order
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
    (
        VISIT,
        part_id(),
        Column("quantity", UNITS, "How much.", unit="whole units"),
        Column(
            "likely",
            fraction(0.0, 1.0),
            "Share of such visits that turn out to need it: it may be left behind at that share of `second_visit`.",
            empty="always needed",
        ),
    ),
    key=("visit_id", "part_id"),
    make=lambda row: PartNeed(row["visit_id"], row["part_id"], row["quantity"], row["likely"]),
    rows=lambda region: (
        {"visit_id": need.visit, "part_id": need.part, "quantity": need.quantity, "likely": need.likely}
        for need in region.field.part_needs
    ),
)


def _published(row: Row) -> PublishedStop:
    if bool(row["shift_id"]) == bool(row["partner_id"]):
        raise Refusal("dataset.shift_or_partner", at=Location("", column="shift_id"), visit=row["visit_id"])
    if row["partner_id"] and (row["role"] or row["piece"] > 1):
        raise Refusal("dataset.partner_alone", at=Location("", column="partner_id"), visit=row["visit_id"])
    return PublishedStop(
        visit=row["visit_id"],
        shift=row["shift_id"],
        starts_at=row["starts_at"],
        lock=row["lock"],
        told_at=row["told_at"],
        role=row["role"],
        piece=row["piece"],
        partner=row["partner_id"],
    )


PUBLISHED_PLAN = Table(
    "published_plan",
    "Where a visit, or one part of it, stands in the plan that was published.",
    (
        VISIT,
        Column(
            "shift_id",
            ID,
            "The shift or on-call duty; this or `partner_id`, never both.",
            empty="a partner does it",
            default="",
            references=to("shifts", "on_call"),
        ),
        Column(
            "starts_at",
            MOMENT,
            "Planned start of work; with the lock `time` or `both` in one of the visit's appointments, if it has any.",
        ),
        Column("lock", choice(Lock), "What may not be changed.", empty="none", default=Lock.NONE),
        Column("told_at", MOMENT, "When the customer was told.", empty="not yet"),
        Column(
            "role", ID, "Whose part of the visit it is (`crew_roles.csv`).", empty="the first's", default=""
        ),
        Column(
            "piece",
            whole(1, 1000),
            "Which piece, of work that is relieved, goes on in a later shift or comes back from the workshop.",
            empty="1: the first or only one",
            default=1,
        ),
        Column(
            "partner_id",
            ID,
            "The outside partner who was asked to do it; he does the whole visit.",
            empty="our own engineer",
            default="",
            references=to("partners"),
        ),
    ),
    key=("visit_id", "role", "piece"),
    make=_published,
    rows=lambda region: (
        {
            "visit_id": stop.visit,
            "shift_id": stop.shift,
            "starts_at": stop.starts_at,
            "lock": stop.lock,
            "told_at": stop.told_at,
            "role": stop.role,
            "piece": stop.piece,
            "partner_id": stop.partner,
        }
        for stop in region.field.published
    ),
)
