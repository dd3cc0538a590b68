"""Tables of what was found at the counter and on the shelf, and of lines of the review that somebody left alone."""

from __future__ import annotations

from inventory.replenish.snooze import Snooze
from inventory.stock.counted import StockCount
from inventory.stock.loan import CheckStep, LoanCheck
from inventory.stock.move import Condition
from storage.dataset.cell import DAY, ID, MOMENT, TEXT, choice
from storage.dataset.stock_tables import SHELF, SOME_UNITS, part_id
from storage.dataset.table import Column, flat, to

LOAN_CHECKS = flat(
    "loan_checks",
    "One step of checking a loaner unit in; the steps of one loan stand in order of time.",
    LoanCheck,
    "loan_checks",
    (
        (Column("loan_id", ID, "The loan that is over.", references=to("loans")), "loan"),
        (Column("at", MOMENT, "When."), "at"),
        (Column("step", choice(CheckStep), "What happened."), "step"),
        (Column("checked_by", ID, "Who says so."), "by"),
        (
            Column("reason", TEXT, "What is damaged; needed with `failed`.", empty="none", default=""),
            "reason",
        ),
    ),
    side="stock",
)

STOCK_COUNTS = flat(
    "stock_counts",
    "A balance was counted, whether or not it agreed with the ledger.",
    StockCount,
    "stock_counts",
    (
        (Column("document", TEXT, "The count it belongs to."), "document"),
        (part_id(), "part"),
        (Column("place_id", ID, "Where.", references=to("places")), "place"),
        (
            Column("condition", choice(Condition), "As found.", empty="usable", default=Condition.USABLE),
            "condition",
        ),
        (Column("lot", ID, "The lot.", empty="of no lot", default=""), "lot"),
        (Column("at", MOMENT, "The moment of counting."), "at"),
        (Column("counted", SOME_UNITS, "Units found.", unit="whole units"), "counted"),
        (Column("expected", SOME_UNITS, "Units the ledger had then.", unit="whole units"), "expected"),
        (Column("counted_by", ID, "Who counted."), "by"),
    ),
    side="stock",
)

SNOOZES = flat(
    "snoozes",
    "A part at a place is left alone by the review until a day, or looked at again; the last word counts.",
    Snooze,
    "snoozes",
    (
        (part_id(), "part"),
        (Column("place_id", ID, "Where.", references=SHELF), "place"),
        (Column("at", MOMENT, "When it was said."), "at"),
        (Column("until_on", DAY, "The day it wakes.", empty="awake from then on"), "until_on"),
        (
            Column("reason", TEXT, "Why; needed with a day.", empty="none", default=""),
            "reason",
        ),
        (Column("said_by", ID, "Who says so."), "by"),
    ),
    side="stock",
)
