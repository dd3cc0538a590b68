"""Tables of buying and lending: suppliers, terms, orders, loaners, demand, stock policy."""

from __future__ import annotations

from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.catalogue.supplier import Supplier, SupplierTerms
from inventory.replenish.demand import DemandMonth
from inventory.replenish.policy import StockPolicy
from inventory.stock.loan import Loan
from inventory.stock.lot import Lot
from inventory.supply.purchasing import PurchaseOrderLine
from storage.dataset.cell import (
    AMOUNT,
    DAY,
    ID,
    MOMENT,
    MOMENTS,
    MONTH,
    TEXT,
    TRUTH,
    fraction,
    several,
    whole,
)
from storage.dataset.stock_tables import SHELF, SOME_UNITS, UNITS, part_id
from storage.dataset.table import Column, Table, to

DAYS = fraction(0.0, 3650.0)
YEAR_MIN = 525_600
SUPPLIER = Column("supplier_id", ID, "The supplier.", references=to("suppliers"))
LOANER_CLASS = Column("loaner_class", ID, "The class of the equipment.", references=to("loaner_classes"))

SUPPLIERS = Table(
    "suppliers",
    "Who sells parts.",
    (
        Column("supplier_id", ID, "The supplier."),
        Column("name", TEXT, "As it trades."),
        Column("lead_time_days", DAYS, "From order to shelf, on average.", unit="days"),
        Column("lead_time_sd_days", DAYS, "Standard deviation of that.", unit="days", empty="0", default=0.0),
    ),
    key=("supplier_id",),
    make=lambda row: Supplier(
        row["supplier_id"], row["name"], row["lead_time_days"], row["lead_time_sd_days"]
    ),
    rows=lambda region: (
        {
            "supplier_id": row.id,
            "name": row.name,
            "lead_time_days": row.lead_time_days,
            "lead_time_sd_days": row.lead_time_sd_days,
        }
        for row in region.stock.suppliers
    ),
)

SUPPLIER_TERMS = Table(
    "supplier_terms",
    "What one supplier asks for one part.",
    (
        SUPPLIER,
        part_id(),
        Column("price", AMOUNT, "Price of one unit.", unit="currency of the region"),
        Column(
            "lead_time_days",
            DAYS,
            "From order to shelf for this part.",
            unit="days",
            empty="the supplier's own",
        ),
        Column("minimum", UNITS, "Smallest order.", unit="whole units", empty="1", default=1),
        Column(
            "multiple", UNITS, "An order is a multiple of this.", unit="whole units", empty="1", default=1
        ),
        Column(
            "last_order_on",
            DAY,
            "The last day on which it takes an order for the part.",
            empty="no end is known",
        ),
    ),
    key=("supplier_id", "part_id"),
    make=lambda row: SupplierTerms(
        supplier=row["supplier_id"],
        part=row["part_id"],
        price=row["price"],
        lead_time_days=row["lead_time_days"],
        minimum=row["minimum"],
        multiple=row["multiple"],
        last_order_on=row["last_order_on"],
    ),
    rows=lambda region: (
        {
            "supplier_id": row.supplier,
            "part_id": row.part,
            "price": row.price,
            "lead_time_days": row.lead_time_days,
            "minimum": row.minimum,
            "multiple": row.multiple,
            "last_order_on": row.last_order_on,
        }
        for row in region.stock.terms
    ),
)

LOTS = Table(
    "lots",
    "Units of one part that came together. Every move of a part tracked by lot names one of these.",
    (
        Column("lot_id", ID, "The lot's number; together with the part it names the lot."),
        part_id(),
        Column(
            "supplier_id",
            ID,
            "Who sold it.",
            empty="not known",
            default="",
            references=to("suppliers"),
        ),
        Column("receipt_document", TEXT, "The paper it was received on.", empty="none kept", default=""),
        Column(
            "original",
            TRUTH,
            "Whether it is the equipment maker's own; `yes` needs supplier and document.",
            empty="not known",
        ),
        Column("expires_on", DAY, "The last day it may be used.", empty="it keeps"),
    ),
    key=("lot_id", "part_id"),
    make=lambda row: Lot(
        id=row["lot_id"],
        part=row["part_id"],
        supplier=row["supplier_id"],
        receipt_document=row["receipt_document"],
        original=row["original"],
        expires_on=row["expires_on"],
    ),
    rows=lambda region: (
        {
            "lot_id": lot.id,
            "part_id": lot.part,
            "supplier_id": lot.supplier,
            "receipt_document": lot.receipt_document,
            "original": lot.original,
            "expires_on": lot.expires_on,
        }
        for lot in region.stock.lots
    ),
)

PURCHASE_ORDERS = Table(
    "purchase_orders",
    "One part on one purchase order.",
    (
        Column("order_id", ID, "The order; together with the part it names the line."),
        SUPPLIER,
        part_id(),
        Column("quantity", UNITS, "How much was ordered.", unit="whole units"),
        Column("to_place", ID, "Where it is to arrive.", references=SHELF),
        Column("ordered_at", MOMENT, "When it was sent."),
        Column("promised_at", MOMENT, "First date the supplier confirmed.", empty="not confirmed"),
        Column("received", SOME_UNITS, "How much has arrived.", unit="whole units", empty="0", default=0),
        Column(
            "later_promised_at",
            MOMENTS,
            "Dates confirmed after the first, as they came; the last is expected.",
            empty="none",
            default=(),
        ),
    ),
    key=("order_id", "part_id"),
    make=lambda row: PurchaseOrderLine(
        order=row["order_id"],
        supplier=row["supplier_id"],
        part=row["part_id"],
        quantity=row["quantity"],
        to_place=row["to_place"],
        ordered_at=row["ordered_at"],
        promised_at=row["promised_at"],
        received=row["received"],
        later=row["later_promised_at"],
    ),
    rows=lambda region: (
        {
            "order_id": row.order,
            "supplier_id": row.supplier,
            "part_id": row.part,
            "quantity": row.quantity,
            "to_place": row.to_place,
            "ordered_at": row.ordered_at,
            "promised_at": row.promised_at,
            "received": row.received,
            "later_promised_at": row.later,
        }
        for row in region.stock.purchase_orders
    ),
)

LOANER_CLASSES = Table(
    "loaner_classes",
    "A kind of equipment lent to a customer while theirs is repaired.",
    (
        Column("loaner_class", ID, "The class."),
        Column("name", TEXT, "What people call it."),
        Column(
            "substitutes",
            several(ID),
            "Classes that may be lent instead, best first.",
            empty="none",
            default=(),
            references=to("loaner_classes"),
        ),
        Column("day_cost", AMOUNT, "What a day on loan costs us.", unit="currency of the region"),
        Column(
            "cleaning_min",
            whole(0, YEAR_MIN),
            "Cleaning once a unit is back, by the clock.",
            unit="min",
            empty="0",
            default=0,
        ),
        Column(
            "inspection_min",
            whole(0, YEAR_MIN),
            "Inspection after that; only then it is lent again.",
            unit="min",
            empty="0",
            default=0,
        ),
    ),
    key=("loaner_class",),
    make=lambda row: LoanerClass(
        row["loaner_class"],
        row["name"],
        row["substitutes"],
        row["day_cost"],
        row["cleaning_min"],
        row["inspection_min"],
    ),
    rows=lambda region: (
        {
            "loaner_class": row.id,
            "name": row.name,
            "substitutes": row.substitutes,
            "day_cost": row.day_cost,
            "cleaning_min": row.cleaning_min,
            "inspection_min": row.inspection_min,
        }
        for row in region.stock.loaner_classes
    ),
)

LOANER_UNITS = Table(
    "loaner_units",
    "One unit to lend.",
    (
        Column("unit_id", ID, "Its serial."),
        LOANER_CLASS,
        Column("place_id", ID, "Where it stands when it is not lent.", references=SHELF),
        Column("free_from", MOMENT, "Not to be lent before.", empty="free now, unless lent"),
        Column(
            "van",
            ID,
            "The van it lies in, taken along to be lent: only that van's engineer can bring it.",
            empty="not on the road",
            default="",
            references=to("places"),
        ),
    ),
    key=("unit_id",),
    make=lambda row: LoanerUnit(
        row["unit_id"], row["loaner_class"], row["place_id"], row["free_from"], row["van"]
    ),
    rows=lambda region: (
        {
            "unit_id": row.id,
            "loaner_class": row.loaner_class,
            "place_id": row.place,
            "free_from": row.free_from,
            "van": row.van,
        }
        for row in region.stock.loaner_units
    ),
)

LOANS = Table(
    "loans",
    "A loaner unit with a customer.",
    (
        Column("loan_id", ID, "The loan."),
        Column("unit_id", ID, "The unit.", references=to("loaner_units")),
        Column(
            "ticket_id",
            ID,
            "The ticket it was lent for, open or closed.",
            references=to("tickets", "closed_tickets"),
        ),
        Column("out_at", MOMENT, "When it left."),
        Column("due_back_at", MOMENT, "When it is promised back."),
        Column("back_at", MOMENT, "When it came back.", empty="still out"),
    ),
    key=("loan_id",),
    make=lambda row: Loan(
        id=row["loan_id"],
        unit=row["unit_id"],
        ticket_ref=row["ticket_id"],
        out_at=row["out_at"],
        due_back_at=row["due_back_at"],
        back_at=row["back_at"],
    ),
    rows=lambda region: (
        {
            "loan_id": row.id,
            "unit_id": row.unit,
            "ticket_id": row.ticket_ref,
            "out_at": row.out_at,
            "due_back_at": row.due_back_at,
            "back_at": row.back_at,
        }
        for row in region.stock.loans
    ),
)

DEMAND_HISTORY = Table(
    "demand_history",
    "Units of a part asked for at a place in one month; a month without a row is a month without demand.",
    (
        part_id(),
        Column("place_id", ID, "Where they were asked for.", references=SHELF),
        Column("month", MONTH, "The calendar month, like 2026-03."),
        Column("quantity", SOME_UNITS, "How much.", unit="whole units"),
    ),
    key=("part_id", "place_id", "month"),
    make=lambda row: DemandMonth(row["part_id"], row["place_id"], row["month"], row["quantity"]),
    rows=lambda region: (
        {"part_id": row.part, "place_id": row.place, "month": row.month, "quantity": row.quantity}
        for row in region.stock.demand_history
    ),
)

STOCK_POLICY = Table(
    "stock_policy",
    "What is asked of one part at one place.",
    (
        part_id(),
        Column("place_id", ID, "The place.", references=SHELF),
        Column("fill_rate", fraction(0.0001, 0.9999), "Share of units to be served from the shelf."),
        Column("review_period_days", DAYS, "Between two looks.", unit="days"),
        Column(
            "minimum",
            SOME_UNITS,
            "Reorder point set by hand.",
            unit="whole units",
            empty="the formula's",
        ),
        Column(
            "maximum",
            SOME_UNITS,
            "Order-up-to level set by hand.",
            unit="whole units",
            empty="the formula's",
        ),
    ),
    key=("part_id", "place_id"),
    make=lambda row: StockPolicy(
        part=row["part_id"],
        place=row["place_id"],
        fill_rate=row["fill_rate"],
        review_period_days=row["review_period_days"],
        minimum=row["minimum"],
        maximum=row["maximum"],
    ),
    rows=lambda region: (
        {
            "part_id": row.part,
            "place_id": row.place,
            "fill_rate": row.fill_rate,
            "review_period_days": row.review_period_days,
            "minimum": row.minimum,
            "maximum": row.maximum,
        }
        for row in region.stock.stock_policies
    ),
)
