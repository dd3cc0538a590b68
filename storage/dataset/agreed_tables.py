"""Tables of what is agreed with suppliers: price breaks, limits and tolerances, what they say is on its way."""

from __future__ import annotations

from inventory.catalogue.price import PriceBreak
from inventory.supply.limits import REMEDY_DAYS, STEPS, Agreement
from inventory.supply.shipment import Shipment
from storage.dataset.cell import AMOUNT, ID, MOMENT, Kind, decimal, whole
from storage.dataset.stock_tables import UNITS, part_id
from storage.dataset.supply_tables import SUPPLIER
from storage.dataset.table import Column, flat, to

SHARE = decimal("0", "1")
_DAYS = whole(1, 3650)
_STEPS = Kind(
    "list of eight whole numbers, none smaller than the one before",
    lambda text: tuple(_DAYS.read(piece) for piece in text.split(";", STEPS)),
    lambda days: ";".join(map(_DAYS.write, days)),
)

PRICE_BREAKS = flat(
    "price_breaks",
    "A lower price from so many units in one order on; the supplier has terms for the part.",
    PriceBreak,
    "price_breaks",
    (
        (SUPPLIER, "supplier"),
        (part_id(), "part"),
        (Column("minimum", UNITS, "From so many units in one order on.", unit="whole units"), "minimum"),
        (Column("price", AMOUNT, "Price of each of them.", unit="currency of the region"), "price"),
    ),
    key=("supplier_id", "part_id", "minimum"),
    side="stock",
)

SUPPLIER_AGREEMENTS = flat(
    "supplier_agreements",
    "What holds for orders from a supplier.",
    Agreement,
    "agreements",
    (
        (
            Column(
                "supplier_id",
                ID,
                "The supplier.",
                empty="every supplier without a row of its own",
                default="",
                references=to("suppliers"),
            ),
            "supplier",
        ),
        (
            Column(
                "approval_above",
                AMOUNT,
                "What an order may cost without somebody else's approval.",
                unit="currency of the region",
                empty="has to be said with each order",
            ),
            "approval_above",
        ),
        (
            Column(
                "over_share",
                SHARE,
                "Share of the ordered quantity that may come beyond it; more is turned away at the door.",
                empty="nothing is turned away for being too much",
            ),
            "over_share",
        ),
        (
            Column(
                "under_share",
                SHARE,
                "Share of the ordered quantity that may stay away and the line is complete.",
                empty="0",
                default=Agreement("").under_share,
            ),
            "under_share",
        ),
        (
            Column(
                "remedy_days",
                whole(1, 3650),
                "Days to rectify or replace what was sent back.",
                unit="days",
                empty=str(REMEDY_DAYS),
                default=REMEDY_DAYS,
            ),
            "remedy_days",
        ),
        (
            Column(
                "report_days",
                _STEPS,
                "Days from the opening of an 8D report until each step is due, in their order.",
                unit="days",
                empty="1;1;2;10;14;30;45;60",
                default=(),
            ),
            "report_days",
        ),
    ),
    key=("supplier_id",),
    side="stock",
)

SHIPMENTS = flat(
    "shipments",
    "The supplier says that units of an order line are on their way; told again, the last word counts.",
    Shipment,
    "shipments",
    (
        (Column("shipment_id", ID, "Its waybill; one may bring several parts."), "id"),
        (Column("order_id", ID, "The order, one of purchase_orders.csv."), "order"),
        (part_id(), "part"),
        (Column("quantity", UNITS, "How much of it.", unit="whole units"), "quantity"),
        (Column("sent_at", MOMENT, "When it left."), "sent_at"),
        (Column("expected_at", MOMENT, "When it is expected."), "expected_at"),
        (Column("entered_by", ID, "Who entered it.", empty="not kept", default=""), "by"),
    ),
    side="stock",
)
