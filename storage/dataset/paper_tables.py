"""Tables of paper: reports as they came in, answers, files, and what was written down about the work."""

from __future__ import annotations

from dispatch.desk.approval import ApprovalEvent, ApprovalStep
from dispatch.desk.attachment import Attachment
from dispatch.desk.clause import Evidence
from dispatch.desk.intake import Answer, Asked, Channel, Report
from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.practice import ApprovalKind, DeskRole
from dispatch.desk.ticket import sha256_digest
from dispatch.desk.work_order import ChecklistAnswer, Signature
from storage.dataset.cell import ID, MOMENT, TEXT, YES, Kind, choice, whole
from storage.dataset.money_tables import MOST_CENTS
from storage.dataset.owed_tables import AT, BY, TICKET
from storage.dataset.table import Column, flat, to

DIGEST = Kind("SHA-256 in hex", sha256_digest)
LARGEST = 10**10


def _said(name: str, text: str, attribute: str) -> tuple[Column, str]:
    return Column(name, TEXT, text, empty="not said", default=""), attribute


SAID = (
    (Column("at", MOMENT, "When it was reported; not after `as_of`."), "at"),
    (Column("channel", choice(Channel), "How it came in."), "channel"),
    (Column("by", ID, "Who took it down, or the program that did."), "by"),
    _said("asset", "Id of the equipment; `none` where no equipment is meant.", "asset"),
    _said("serial", "The maker's serial number.", "serial"),
    _said("qr", "What was scanned on the equipment.", "qr"),
    _said("site", "Id of the site.", "site"),
    _said("contract", "Id of the contract.", "contract"),
    _said("scheme", "Id of the scheme, where no contract is in force.", "scheme"),
    _said("kind", "Kind of ticket.", "kind"),
    _said("severity", "In the scheme's words, or P1 to P4.", "severity"),
    _said("symptom", "Code of the symptom.", "symptom"),
    _said("text", "The customer's words.", "text"),
    _said("contact", "How to reach who reported it.", "contact"),
)
"""Columns of a report but its number; what was said need not be right."""

REPORTS = flat(
    "reports",
    "What somebody reported, as it came in; its number is the ticket's, once nothing is missing.",
    Report,
    "reports",
    (
        (Column("report_id", ID, "The number given at once."), "id"),
        *SAID,
        (
            Column(
                "reference",
                TEXT,
                "Its name where it came from: `mail:` and the Message-ID, `list:`, whose list and its number there.",
                empty="taken down here",
                default="",
            ),
            "reference",
        ),
    ),
    key=("report_id",),
)

ANSWERS = flat(
    "answers",
    "What was learnt later about a report; the last answer to a question holds.",
    Answer,
    "answers",
    (
        (Column("report_id", ID, "The report.", references=to("reports")), "report"),
        AT,
        (Column("by", ID, "Who asked and wrote it down."), "by"),
        (Column("asked", choice(Asked), "What was missing."), "asked"),
        (Column("value", TEXT, "The answer."), "value"),
    ),
)

ATTACHMENTS = flat(
    "attachments",
    "A file that came with a ticket; its bytes are kept under their digest, in a folder as `attachments/<digest>`.",
    Attachment,
    "attachments",
    (
        (
            Column(
                "ticket_id",
                ID,
                "The ticket, open or closed, or the report.",
                references=to("tickets", "closed_tickets", "reports"),
            ),
            "ticket",
        ),
        AT,
        (Column("by", ID, "Who sent it."), "by"),
        (Column("kind", choice(Evidence), "What it is."), "kind"),
        (Column("digest", DIGEST, "Digest of its bytes."), "digest"),
        (Column("media_type", TEXT, "As sent, like image/jpeg."), "media_type"),
        (Column("size", whole(1, LARGEST), "How large it is.", unit="bytes"), "size"),
        (Column("name", TEXT, "As the sender called it.", empty="no name", default=""), "name"),
    ),
)

KNOWLEDGE = flat(
    "knowledge",
    "What was wrong with a ticket's equipment and what helped; a later entry of the same ticket replaces it.",
    KnowledgeEntry,
    "knowledge",
    (
        TICKET,
        AT,
        (Column("by", ID, "Who found it."), "by"),
        (Column("cause", TEXT, "What it was."), "cause"),
        (Column("solution", TEXT, "What helped."), "solution"),
        (Column("asset", TEXT, "Id of the equipment at the time.", empty="none", default=""), "asset"),
        (Column("serial", TEXT, "Its serial at the time.", empty="not known", default=""), "serial"),
        (Column("model", TEXT, "Its model at the time.", empty="not known", default=""), "model"),
        (Column("symptom", TEXT, "Code of what was reported.", empty="not said", default=""), "symptom"),
        (
            Column(
                "problem",
                TEXT,
                "Code of the diagnosed quality problem; repeat faults are counted by it.",
                empty="none named",
                default="",
            ),
            "problem",
        ),
        (
            Column(
                "customer_caused",
                YES,
                "Misuse or the like, no fault of the product.",
                empty="a fault of the product",
                default=False,
            ),
            "customer_caused",
        ),
        (Column("public", YES, "Customers may find it.", empty="for us only", default=False), "public"),
    ),
)

CHECKLIST_ANSWERS = flat(
    "checklist_answers",
    "An item of a ticket's checklist, answered; the last answer to an item holds.",
    ChecklistAnswer,
    "checklist_answers",
    (
        TICKET,
        AT,
        (Column("by", ID, "Who looked."), "by"),
        (Column("item", ID, "The item."), "item"),
        (Column("value", TEXT, "`yes`, `no`, a number or words, as the item asks."), "value"),
    ),
)

SIGNATURES = flat(
    "signatures",
    "The customer signed for the work.",
    Signature,
    "signatures",
    (
        TICKET,
        AT,
        (Column("by", ID, "The engineer who held out the form."), "by"),
        (Column("name", TEXT, "Who signed, as typed."), "name"),
        (Column("digest", DIGEST, "Digest of the signed form; its bytes are an attachment."), "digest"),
        (Column("remark", TEXT, "What the customer added.", empty="nothing", default=""), "remark"),
    ),
)

APPROVAL_EVENTS = flat(
    "approval_events",
    "One step of a request for approval; they stand in order of time.",
    ApprovalEvent,
    "approvals",
    (
        (Column("approval_id", ID, "The request."), "id"),
        TICKET,
        AT,
        BY,
        (Column("step", choice(ApprovalStep), "What happened."), "step"),
        (
            Column(
                "kind", choice(ApprovalKind), "Of a request: what is asked for.", empty="every other step"
            ),
            "kind",
        ),
        (
            Column(
                "cents",
                whole(0, MOST_CENTS),
                "Of a request: its price.",
                unit="hundredths of the region's currency",
                empty="every other step",
            ),
            "cents",
        ),
        (
            Column(
                "role", choice(DeskRole), "Of a decision: the role it is made in.", empty="every other step"
            ),
            "role",
        ),
        (
            Column(
                "reason",
                TEXT,
                "Why; needed for `requested`, `declined`, `withdrawn`.",
                empty="none",
                default="",
            ),
            "reason",
        ),
    ),
)
