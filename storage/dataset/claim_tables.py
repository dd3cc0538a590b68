"""Tables of goods that were not as they should be: what became of them, and the reports a supplier owes about them."""

from __future__ import annotations

from typing import Any

from inventory.supply.corrective import Discipline, NonConformance, StepDone
from inventory.supply.disposition import Disposition, SupplierRemedy
from inventory.supply.receipt import DeliveryNote
from inventory.supply.returned import Disposed, RemedyPromise
from inventory.supply.undone import Undoable, Undone
from storage.dataset.cell import ID, MOMENT, TEXT, choice, whole
from storage.dataset.inspection_tables import LOT
from storage.dataset.stock_tables import UNITS, part_id
from storage.dataset.supply_tables import SUPPLIER
from storage.dataset.table import Column, flat, to

DISPOSITIONS = flat(
    "dispositions",
    "Somebody decided what goods in quarantine become.",
    Disposed,
    "dispositions",
    (
        (Column("disposition_id", ID, "The decision."), "id"),
        (Column("at", MOMENT, "When."), "at"),
        (
            Column("document", TEXT, "Its record; what the supplier sends for a return comes by it."),
            "document",
        ),
        (
            Column(
                "supplier_id", ID, "Who sold them.", empty="not known", default="", references=to("suppliers")
            ),
            "supplier",
        ),
        (part_id(), "part"),
        (LOT, "lot"),
        (Column("serial", TEXT, "The one unit.", empty="not known one by one", default=""), "serial"),
        (Column("quantity", UNITS, "How much.", unit="whole units"), "quantity"),
        (
            Column("delivery", TEXT, "The order or delivery they came by.", empty="not known", default=""),
            "delivery",
        ),
        (Column("way", choice(Disposition), "What becomes of them."), "way"),
        (Column("remedy", choice(SupplierRemedy), "What the supplier owes.", empty="not a return"), "remedy"),
        (Column("due_at", MOMENT, "When it owes it.", empty="not a return"), "due_at"),
        (Column("decided_by", ID, "Who decided."), "by"),
    ),
    key=("disposition_id",),
    side="stock",
)

NONCONFORMANCES = flat(
    "nonconformances",
    "Goods of a supplier were not as they should be: the head of an 8D report.",
    NonConformance,
    "nonconformances",
    (
        (Column("report_id", ID, "The report."), "id"),
        (Column("at", MOMENT, "When it was opened."), "at"),
        (SUPPLIER, "supplier"),
        (part_id(), "part"),
        (Column("quantity", UNITS, "Units concerned.", unit="whole units"), "quantity"),
        (
            Column("document", TEXT, "The order or delivery they came by.", empty="not known", default=""),
            "document",
        ),
        (LOT, "lot"),
        (Column("found", TEXT, "What is wrong.", empty="not said", default=""), "found"),
        (
            Column("source", ID, "The inspection or decision it follows.", empty="neither", default=""),
            "source",
        ),
        (Column("opened_by", ID, "Who opened it.", empty="not kept", default=""), "by"),
    ),
    key=("report_id",),
    side="stock",
)


def _step(**words: Any) -> StepDone:
    return StepDone(**(words | {"step": Discipline(words["step"])}))


CORRECTIVE_STEPS = flat(
    "corrective_steps",
    "A step of an 8D report was done.",
    _step,
    "corrective_steps",
    (
        (Column("report_id", ID, "The report.", references=to("nonconformances")), "report"),
        (Column("discipline", whole(1, 8), "Which of the eight.", unit="D"), "step"),
        (Column("at", MOMENT, "When."), "at"),
        (Column("done_by", ID, "Who."), "by"),
        (Column("note", TEXT, "What was done.", empty="not said", default=""), "note"),
    ),
    side="stock",
)

UNDONE = flat(
    "taken_back",
    "An inspection or a decision was wrong and was taken back whole: it stays on record and does not count.",
    Undone,
    "undone",
    (
        (
            Column("kind", choice(Undoable), "What was taken back: never a receipt, which the moves say."),
            "kind",
        ),
        (Column("fact_id", ID, "Its id."), "fact"),
        (Column("at", MOMENT, "When."), "at"),
        (Column("taken_back_by", ID, "Who."), "by"),
        (Column("reason", TEXT, "Why."), "reason"),
    ),
    key=("kind", "fact_id"),
    side="stock",
)

REMEDY_PROMISES = flat(
    "remedy_promises",
    "A supplier named a later date for what it owes for goods sent back: the first is judged, the last expected.",
    RemedyPromise,
    "remedy_promises",
    (
        (Column("disposition_id", ID, "The return.", references=to("dispositions")), "disposition"),
        (Column("at", MOMENT, "When it said so."), "at"),
        (Column("promised_at", MOMENT, "The date it named."), "promised_at"),
        (Column("said_by", ID, "Who wrote it down.", empty="not kept", default=""), "by"),
    ),
    side="stock",
)

DELIVERY_NOTES = flat(
    "delivery_notes",
    "Goods came by a paper of the supplier's own, no order and no return of ours: who sent them. Of a paper told twice the last word counts.",
    DeliveryNote,
    "delivery_notes",
    (
        (Column("document", TEXT, "The paper."), "document"),
        (SUPPLIER, "supplier"),
        (Column("at", MOMENT, "When."), "at"),
        (Column("taken_in_by", ID, "Who took them in.", empty="not kept", default=""), "by"),
    ),
    side="stock",
)
