"""Tables of who pays: exclusions found, charges and their steps."""

from __future__ import annotations

from dispatch.desk.charge import ChargeEvent, ChargeItem, ChargeStep
from dispatch.desk.clause import Exclusion
from dispatch.desk.entitlement import Finding
from storage.dataset.cell import ID, TEXT, choice, whole
from storage.dataset.owed_tables import AT, BY, TICKET
from storage.dataset.stock_tables import PART
from storage.dataset.table import Column, flat

MOST_CENTS = 10**14

FINDINGS = flat(
    "findings",
    "Somebody found that a ticket falls under an exclusion of its scheme.",
    Finding,
    "findings",
    (
        TICKET,
        AT,
        (Column("by", ID, "Who found it."), "by"),
        (Column("exclusion", choice(Exclusion), "Which."), "exclusion"),
        (Column("reason", TEXT, "What was seen."), "reason"),
    ),
)

CHARGE_EVENTS = flat(
    "charge_events",
    "One step of a charge; the steps of one charge stand in order of time. Nothing is paid here.",
    ChargeEvent,
    "charge_events",
    (
        (Column("charge_id", ID, "The charge; a ticket may have several."), "charge"),
        TICKET,
        AT,
        BY,
        (Column("step", choice(ChargeStep), "What happened."), "step"),
        (Column("item", choice(ChargeItem), "What a quoted line is for.", empty="every other step"), "item"),
        (
            Column(
                "cents",
                whole(0, MOST_CENTS),
                "Amount.",
                unit="hundredths of the scheme's currency",
                empty="the step has none",
                default=0,
            ),
            "cents",
        ),
        (
            Column(
                "part_id",
                ID,
                "Of a quoted part: which.",
                empty="every other line",
                default="",
                references=PART,
            ),
            "part",
        ),
        (
            Column(
                "quantity",
                whole(0, 1_000_000),
                "Of a quoted part: how many.",
                unit="whole units",
                empty="every other line",
                default=0,
            ),
            "quantity",
        ),
        (
            Column(
                "reason",
                TEXT,
                "Why; needed for `withdrawn`, `refunded`, `repeated_free`.",
                empty="none",
                default="",
            ),
            "reason",
        ),
    ),
)
