"""Tables of what is owed besides the repair: loans, replacements, escalation, complaints, asking afterwards."""

from __future__ import annotations

from dispatch.borrowed import Borrowing
from dispatch.desk.clause import LadderRole, Remedy
from dispatch.desk.complaint import Complaint, ComplaintEvent, ComplaintStep
from dispatch.desk.escalation import Escalated
from dispatch.desk.loan import LoanEvent, LoanStep, TicketLoan
from dispatch.desk.maintenance import PreventiveEvent, PreventiveStep, PreventiveVisit
from dispatch.desk.on_call import DutyHandedOver, RosterDuty
from dispatch.desk.repeat_fault import Replaced
from dispatch.desk.survey import SurveyEvent, SurveyStep
from storage.dataset.cell import DAY, ID, MOMENT, TEXT, YES, choice, whole
from storage.dataset.table import Column, flat, to

AT = Column("at", MOMENT, "When it happened; not after `as_of`."), "at"
BY = Column("by", ID, "Who says so."), "by"
TICKET = (
    Column("ticket_id", ID, "The ticket, open or closed.", references=to("tickets", "closed_tickets")),
    "ticket",
)
ROLE = Column("role", choice(LadderRole), "Whom he is called as."), "role"

TICKET_LOANS = flat(
    "ticket_loans",
    "A loaner unit is kept for a ticket.",
    TicketLoan,
    "ticket_loans",
    (
        (Column("loan_id", ID, "The loan."), "id"),
        TICKET,
        (Column("unit_id", ID, "The unit.", references=to("loaner_units")), "unit"),
        (Column("reserved_at", MOMENT, "Since when; not after `as_of`."), "reserved_at"),
        (Column("by", ID, "Who reserved it."), "by"),
    ),
    key=("loan_id",),
)

LOAN_EVENTS = flat(
    "loan_events",
    "One step of a loan; the steps of one loan stand in order of time.",
    LoanEvent,
    "loan_events",
    (
        (Column("loan_id", ID, "The loan.", references=to("ticket_loans")), "loan"),
        AT,
        (Column("step", choice(LoanStep), "What happened."), "step"),
        BY,
        (
            Column(
                "reason",
                TEXT,
                "Why; needed for `extended`, `reminded`, `failed`, `released`.",
                empty="none",
                default="",
            ),
            "reason",
        ),
        (
            Column("due_back_at", MOMENT, "Until when it is lent.", empty="every step but `out`, `extended`"),
            "due_back_at",
        ),
    ),
)

REPLACEMENTS = flat(
    "replacements",
    "A device was replaced by another of the same brand and model.",
    Replaced,
    "replaced",
    (
        (Column("asset_id", ID, "The asset it stands for.", references=to("assets")), "asset"),
        AT,
        BY,
        (Column("old_serial", ID, "The unit that went."), "old_serial"),
        (Column("new_serial", ID, "The unit that came."), "new_serial"),
        TICKET,
    ),
)

ROSTER_DUTIES = flat(
    "roster_duties",
    "Somebody is on call for a role of the escalation ladder.",
    RosterDuty,
    "roster_duties",
    (
        (Column("duty_id", ID, "The duty."), "id"),
        ROLE,
        (Column("person", ID, "Who: an engineer or anybody else, by a code."), "person"),
        (Column("starts_at", MOMENT, "From when."), "starts_at"),
        (Column("ends_at", MOMENT, "Until when."), "ends_at"),
        (
            Column(
                "rank",
                whole(1, 99),
                "1 is called first.",
                unit="place in the queue",
                empty="first",
                default=1,
            ),
            "rank",
        ),
    ),
    key=("duty_id",),
)

DUTIES_HANDED_OVER = flat(
    "duties_handed_over",
    "Part of a duty goes to somebody else, or to nobody; what was said later holds.",
    DutyHandedOver,
    "duties_handed_over",
    (
        (Column("duty_id", ID, "The duty.", references=to("roster_duties")), "duty"),
        (Column("at", MOMENT, "When it was said; not after `as_of`."), "at"),
        BY,
        (Column("reason", TEXT, "Why."), "reason"),
        (Column("starts_at", MOMENT, "From when."), "starts_at"),
        (Column("ends_at", MOMENT, "Until when."), "ends_at"),
        (Column("person", ID, "Who takes it.", empty="nobody", default=""), "person"),
    ),
)

ESCALATIONS = flat(
    "escalations",
    "Somebody was told that a ticket does not get on.",
    Escalated,
    "escalated",
    (
        TICKET,
        AT,
        (Column("by", ID, "Who told him."), "by"),
        (Column("role", choice(LadderRole), "As whom he was told."), "role"),
        (Column("person", ID, "Who was told, by a code."), "person"),
        (Column("outcome", TEXT, "What he said or will do."), "outcome"),
    ),
)

COMPLAINTS = flat(
    "complaints",
    "A customer complains.",
    Complaint,
    "complaints",
    (
        (Column("complaint_id", ID, "Its number."), "id"),
        (Column("customer_id", ID, "Who complains.", references=to("customers")), "customer"),
        (
            Column("scheme", ID, "The scheme whose clause holds; that of the ticket, where there is one."),
            "scheme",
        ),
        (Column("scheme_version", ID, "Its version."), "version"),
        (Column("made_at", MOMENT, "When; not after `as_of`."), "made_at"),
        (Column("text", TEXT, "The customer's words."), "text"),
        (Column("by", ID, "Who wrote it down."), "by"),
        (
            Column(
                "ticket_id",
                ID,
                "The ticket it is about, open or closed.",
                empty="none",
                default="",
                references=to("tickets", "closed_tickets"),
            ),
            "ticket",
        ),
    ),
    key=("complaint_id",),
)

COMPLAINT_EVENTS = flat(
    "complaint_events",
    "One step of a complaint; the steps of one complaint stand in order of time.",
    ComplaintEvent,
    "complaint_events",
    (
        (Column("complaint_id", ID, "The complaint.", references=to("complaints")), "complaint"),
        AT,
        (Column("step", choice(ComplaintStep), "What happened."), "step"),
        BY,
        (
            Column(
                "reason",
                TEXT,
                "The answer, or why; needed for `answered`, `rejected`, `withdrawn`.",
                empty="none",
                default="",
            ),
            "reason",
        ),
        (
            Column(
                "remedy",
                choice(Remedy),
                "What the customer gets with an answer.",
                empty="nothing but the answer",
            ),
            "remedy",
        ),
    ),
)

SURVEY_EVENTS = flat(
    "survey_events",
    "One step after a ticket was closed: asked, answered, followed up.",
    SurveyEvent,
    "survey_events",
    (
        TICKET,
        AT,
        (Column("step", choice(SurveyStep), "What happened."), "step"),
        BY,
        (
            Column(
                "score",
                whole(1, 100),
                "1 is worst, the scheme says what is best.",
                unit="points",
                empty="every step but `answered`",
            ),
            "score",
        ),
        (
            Column(
                "remark",
                TEXT,
                "The customer's words; needed for `declined`, `returned`.",
                empty="none",
                default="",
            ),
            "remark",
        ),
    ),
)

PREVENTIVE_VISITS = flat(
    "preventive_visits",
    "A visit a contract promises in a period, laid out on a day.",
    PreventiveVisit,
    "preventive_visits",
    (
        (Column("preventive_id", ID, "The visit; follows from contract, site and period."), "id"),
        (Column("contract_id", ID, "The contract.", references=to("contracts")), "contract"),
        (Column("site_id", ID, "The site.", references=to("sites")), "site"),
        (Column("period_from", DAY, "First day of the period."), "period_from"),
        (Column("period_until", DAY, "First day after the period."), "period_until"),
        (Column("on", DAY, "Day it was first laid out for."), "on"),
        (
            Column(
                "overbooked", YES, "No day of the period had room.", empty="there was room", default=False
            ),
            "overbooked",
        ),
    ),
    key=("preventive_id",),
)

PREVENTIVE_EVENTS = flat(
    "preventive_events",
    "One step of a preventive visit; the steps of one visit stand in order of time.",
    PreventiveEvent,
    "preventive_events",
    (
        (Column("preventive_id", ID, "The visit.", references=to("preventive_visits")), "visit"),
        AT,
        (Column("step", choice(PreventiveStep), "What happened."), "step"),
        BY,
        (Column("reason", TEXT, "Why it is moved or cancelled.", empty="none", default=""), "reason"),
        (Column("on", DAY, "The day, of `moved` and `done`.", empty="every other step"), "on"),
    ),
)

BORROWINGS = flat(
    "borrowings",
    "Another department lends an engineer.",
    Borrowing,
    "borrowings",
    (
        (Column("borrowing_id", ID, "The agreement."), "id"),
        (
            Column(
                "engineer_id",
                ID,
                "The engineer; his skills and certificates stand with him.",
                references=to("engineers"),
            ),
            "engineer",
        ),
        (Column("department", TEXT, "Who lends him."), "department"),
        (Column("first_on", DAY, "First day he is there."), "first_on"),
        (Column("last_on", DAY, "Last day he is there."), "last_on"),
        (
            Column("calendar", ID, "Calendar in whose hours he works.", references=to("calendars")),
            "calendar",
        ),
        (Column("at", MOMENT, "When it was agreed; not after `as_of`."), "at"),
        (Column("by", ID, "Who agreed it."), "by"),
        (Column("reason", TEXT, "What for."), "reason"),
        (
            Column("most_days", whole(1, 7), "Days a week at most.", unit="days", empty="all of them"),
            "most_days",
        ),
    ),
    key=("borrowing_id",),
)
