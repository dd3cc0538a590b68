"""Tables of what was ordered, step by step, and of how what came was judged."""

from __future__ import annotations

from decimal import Decimal

from inventory.supply.inspected import LotInspection
from inventory.supply.ordering import DraftLine, OrderFact, OrderStep
from inventory.supply.sampling import AQLS, UNITS_ONLY, InspectionSeverity, Level, aql_index
from storage.dataset.cell import AMOUNT, ID, MOMENT, TEXT, TRUTH, choice
from storage.dataset.stock_tables import SHELF, SOME_UNITS, UNITS, part_id
from storage.dataset.supply_tables import SUPPLIER
from storage.dataset.table import Column, Table, to

LOT_INSPECTIONS = Table(
    "lot_inspections",
    "A lot of a supplier's part was inspected by sample, in the order of inspection: the next lot's table follows from these.",
    (
        Column("inspection_id", ID, "The inspection."),
        Column("at", MOMENT, "When."),
        SUPPLIER,
        part_id(),
        Column("document", TEXT, "The order or delivery the lot came by.", empty="none", default=""),
        Column("lot_id", ID, "The lot's number.", empty="none", default=""),
        Column("units", UNITS, "Units of the lot.", unit="whole units"),
        Column(
            "aql",
            choice(tuple(str(aql) for aql in AQLS if aql <= UNITS_ONLY)),
            "Acceptable quality limit, a hundred units.",
        ),
        Column("level", choice(Level), "Inspection level."),
        Column("severity", choice(InspectionSeverity), "The table it was inspected by."),
        Column("bad", SOME_UNITS, "Bad units in the sample.", unit="whole units"),
        Column("original", TRUTH, "Presented for the first time.", empty="yes", default=True),
        Column("steady", TRUTH, "Nothing speaks against reduced inspection.", empty="yes", default=True),
        Column(
            "put_right",
            TRUTH,
            "Inspection was discontinued and the supplier has shown what it changed.",
            empty="no",
            default=False,
        ),
        Column("inspected_by", ID, "Who inspected.", empty="not kept", default=""),
    ),
    key=("inspection_id",),
    make=lambda row: LotInspection(
        id=row["inspection_id"],
        at=row["at"],
        supplier=row["supplier_id"],
        part=row["part_id"],
        document=row["document"],
        units=row["units"],
        aql=Decimal(row["aql"]),
        level=Level(row["level"]),
        severity=InspectionSeverity(row["severity"]),
        bad=row["bad"],
        lot=row["lot_id"],
        original=row["original"],
        steady=row["steady"],
        put_right=row["put_right"],
        by=row["inspected_by"],
    ),
    rows=lambda region: (
        {
            "inspection_id": row.id,
            "at": row.at,
            "supplier_id": row.supplier,
            "part_id": row.part,
            "document": row.document,
            "lot_id": row.lot,
            "units": row.units,
            "aql": str(AQLS[aql_index(row.aql)]),
            "level": row.level,
            "severity": row.severity,
            "bad": row.bad,
            "original": row.original,
            "steady": row.steady,
            "put_right": row.put_right,
            "inspected_by": row.by,
        }
        for row in region.stock.lot_inspections
    ),
)

ORDER_DRAFTS = Table(
    "order_drafts",
    "One part on an order as it was written; what is sent stands in purchase_orders.csv as well.",
    (
        Column("order_id", ID, "The order; its lines agree in supplier, place, moment and writer."),
        SUPPLIER,
        Column("to_place", ID, "Where it is to arrive.", references=SHELF),
        part_id(),
        Column("quantity", UNITS, "How much.", unit="whole units"),
        Column("price", AMOUNT, "Price of one unit.", unit="currency of the region"),
        Column("made_at", MOMENT, "When it was written."),
        Column("made_by", ID, "Who wrote it."),
    ),
    key=("order_id", "part_id"),
    make=lambda row: DraftLine(
        row["order_id"],
        row["supplier_id"],
        row["to_place"],
        row["part_id"],
        row["quantity"],
        row["price"],
        row["made_at"],
        row["made_by"],
    ),
    rows=lambda region: (
        {
            "order_id": row.order,
            "supplier_id": row.supplier,
            "to_place": row.to_place,
            "part_id": row.part,
            "quantity": row.quantity,
            "price": row.price,
            "made_at": row.made_at,
            "made_by": row.made_by,
        }
        for row in region.stock.order_drafts
    ),
)

ORDER_STEPS = Table(
    "order_steps",
    "What was done to an order, in the order it happened.",
    (
        Column("order_id", ID, "The order, one of order_drafts.csv."),
        Column("step", choice(OrderStep), "What."),
        Column("at", MOMENT, "When."),
        Column("done_by", ID, "Who."),
        Column("part_id", ID, "The line confirmed.", empty="every line", default="", references=to("parts")),
        Column("promised_at", MOMENT, "The date confirmed.", empty="not a confirmation"),
        Column("reason", TEXT, "Why nothing more comes; needed with `close`.", empty="none", default=""),
    ),
    key=(),
    make=lambda row: OrderFact(
        row["order_id"],
        OrderStep(row["step"]),
        row["at"],
        row["done_by"],
        row["part_id"],
        row["promised_at"],
        row["reason"],
    ),
    rows=lambda region: (
        {
            "order_id": row.order,
            "step": row.step,
            "at": row.at,
            "done_by": row.by,
            "part_id": row.part,
            "promised_at": row.promised_at,
            "reason": row.reason,
        }
        for row in region.stock.order_steps
    ),
)
