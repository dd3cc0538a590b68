"""Tables of parts, places, suppliers and loaners: what the ledger speaks about."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Double, Integer, String

from inventory.catalogue.part import AlternateKind, PartKind, Tracking
from inventory.catalogue.place import PlaceKind
from inventory.stock.sourcing import OfferKind
from storage.tables.columns import id_column, moment_column
from storage.tables.scope import (
    Listed,
    Moments,
    amount,
    at_least,
    index,
    maybe_id,
    region_table,
    text,
    to,
    word,
)

PartRow = region_table(
    "part",
    id_column("part_id"),
    text("name"),
    *word("kind", PartKind),
    amount("price"),
    Column("criticality", Integer, nullable=False),
    *word("tracking", Tracking),
    Column("served_until", Date),
    at_least("price", 0),
    CheckConstraint("criticality BETWEEN 1 AND 3", name="criticality_known"),
    key=("part_id",),
)

AlternateRow = region_table(
    "alternate",
    id_column("part_id"),
    id_column("alternate_id"),
    *word("kind", AlternateKind),
    CheckConstraint("part_id <> alternate_id", name="not_itself"),
    to("part", "part_id", "part_id"),
    to("part", "alternate_id", "part_id"),
    key=("part_id", "alternate_id"),
)

PlaceRow = region_table(
    "place",
    id_column("place_id"),
    *word("kind", PlaceKind),
    text("name"),
    Column("lat", Double),
    Column("lon", Double),
    maybe_id("engineer_id"),  # engineers point at places; the other direction cannot be a foreign key too
    Column("pick_up_min", Integer, nullable=False),
    maybe_id("customer_id"),
    maybe_id("calendar"),
    CheckConstraint("lat BETWEEN -90 AND 90", name="lat_on_earth"),
    CheckConstraint("lon BETWEEN -180 AND 180", name="lon_on_earth"),
    CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="whole_coordinate"),
    CheckConstraint("engineer_id IS NULL OR kind = 'van'", name="engineer_of_van"),
    CheckConstraint("(customer_id IS NOT NULL) = (kind = 'forward')", name="customer_of_forward"),
    at_least("pick_up_min", 0),
    to("customer", "customer_id", "customer_id"),
    to("calendar", "calendar", "id"),
    key=("place_id",),
)

SupplierRow = region_table(
    "supplier",
    id_column("supplier_id"),
    text("name"),
    Column("lead_time_days", Double, nullable=False),
    Column("lead_time_sd_days", Double, nullable=False),
    at_least("lead_time_days", 0),
    at_least("lead_time_sd_days", 0),
    key=("supplier_id",),
)

SupplierTermRow = region_table(
    "supplier_term",
    id_column("supplier_id"),
    id_column("part_id"),
    amount("price"),
    Column("lead_time_days", Double),
    Column("minimum", Integer, nullable=False),
    Column("multiple", Integer, nullable=False),
    Column("last_order_on", Date),
    at_least("price", 0),
    at_least("lead_time_days", 0),
    at_least("minimum", 1),
    at_least("multiple", 1),
    to("supplier", "supplier_id", "supplier_id"),
    to("part", "part_id", "part_id"),
    index("ix_supplier_term_part", "part_id"),
    key=("supplier_id", "part_id"),
)

PriceBreakRow = region_table(
    "price_break",
    id_column("supplier_id"),
    id_column("part_id"),
    Column("minimum", Integer, nullable=False),
    amount("price"),
    at_least("minimum", 1),
    at_least("price", 0),
    to("supplier", "supplier_id", "supplier_id"),
    to("part", "part_id", "part_id"),
    key=("supplier_id", "part_id", "minimum"),
)

LotRow = region_table(
    "lot",
    id_column("lot_id"),
    id_column("part_id"),
    maybe_id("supplier_id"),
    text("receipt_document"),
    Column("original", Boolean),
    Column("expires_on", Date),
    CheckConstraint(
        "NOT coalesce(original, false) OR (supplier_id IS NOT NULL AND receipt_document <> '')",
        name="original_proved",
    ),
    to("supplier", "supplier_id", "supplier_id"),
    to("part", "part_id", "part_id"),
    index("ix_lot_part", "part_id", "expires_on"),
    key=("lot_id", "part_id"),
)

PurchaseOrderLineRow = region_table(
    "purchase_order_line",
    id_column("order_id"),
    id_column("supplier_id"),
    id_column("part_id"),
    Column("quantity", Integer, nullable=False),
    id_column("to_place"),
    moment_column("ordered_at"),
    moment_column("promised_at", nullable=True),
    Column("received", Integer, nullable=False),
    Column("later_promised_at", Moments(), nullable=False),
    at_least("quantity", 1),
    at_least("received", 0),
    to("supplier", "supplier_id", "supplier_id"),
    to("part", "part_id", "part_id"),
    to("place", "to_place", "place_id"),
    index("ix_purchase_order_line_part", "part_id", "to_place"),
    key=("order_id", "part_id"),
)

LoanerClassRow = region_table(
    "loaner_class",
    id_column("loaner_class"),
    text("name"),
    Column("substitutes", Listed(), nullable=False),
    amount("day_cost"),
    Column("cleaning_min", Integer, nullable=False),
    Column("inspection_min", Integer, nullable=False),
    at_least("day_cost", 0),
    at_least("cleaning_min", 0),
    at_least("inspection_min", 0),
    key=("loaner_class",),
)

LoanerUnitRow = region_table(
    "loaner_unit",
    id_column("unit_id"),
    id_column("loaner_class"),
    id_column("place_id"),
    moment_column("free_from", nullable=True),
    maybe_id("van"),
    to("loaner_class", "loaner_class", "loaner_class"),
    to("place", "place_id", "place_id"),
    to("place", "van", "place_id"),
    key=("unit_id",),
)

LoanRow = region_table(
    "loan",
    id_column("loan_id"),
    id_column("unit_id"),
    id_column("ticket_id"),  # an open or a closed ticket
    moment_column("out_at"),
    moment_column("due_back_at"),
    moment_column("back_at", nullable=True),
    CheckConstraint("due_back_at >= out_at AND (back_at IS NULL OR back_at >= out_at)", name="in_order"),
    to("loaner_unit", "unit_id", "unit_id"),
    index("ix_loan_unit", "unit_id"),
    key=("loan_id",),
)

DemandMonthRow = region_table(
    "demand_month",
    id_column("part_id"),
    id_column("place_id"),
    Column("month", String(7), nullable=False),
    Column("quantity", Integer, nullable=False),
    at_least("quantity", 0),
    to("part", "part_id", "part_id"),
    to("place", "place_id", "place_id"),
    key=("part_id", "place_id", "month"),
)

StockPolicyRow = region_table(
    "stock_policy",
    id_column("part_id"),
    id_column("place_id"),
    Column("fill_rate", Double, nullable=False),
    Column("review_period_days", Double, nullable=False),
    Column("minimum", Integer),
    Column("maximum", Integer),
    CheckConstraint("fill_rate > 0 AND fill_rate < 1", name="fill_rate_is_share"),
    at_least("review_period_days", 0),
    at_least("minimum", 0),
    at_least("maximum", 0),
    to("part", "part_id", "part_id"),
    to("place", "place_id", "place_id"),
    key=("part_id", "place_id"),
)

SupplyOfferRow = region_table(
    "supply_offer",
    id_column("offer_id"),
    id_column("part_id"),
    *word("kind", OfferKind),
    id_column("source"),  # a place or a supplier, as the kind says
    id_column("visit_id"),
    moment_column("arrives_at"),
    amount("price"),
    Column("quantity", Integer, nullable=False),
    at_least("price", 0),
    at_least("quantity", 1),
    to("part", "part_id", "part_id"),
    to("visit", "visit_id", "visit_id"),
    index("ix_supply_offer_visit", "visit_id"),
    key=("offer_id",),
)
