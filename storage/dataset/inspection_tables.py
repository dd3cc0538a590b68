"""Tables of how goods are inspected, on their way in and on the shelf, and of what was read and passed over."""

from __future__ import annotations

from decimal import Decimal

from inventory.supply.inspection import Check
from inventory.supply.limits import InspectionLimit, PartClass
from inventory.supply.measured import LotReading
from inventory.supply.reinspection import LookedAt, ReinspectionRule
from inventory.supply.sampling import AQLS, UNITS_ONLY, Level, aql_index
from inventory.supply.skipped import LotSkipped
from storage.dataset.cell import ID, MOMENT, TEXT, TRUTH, Kind, choice, decimal, fraction, whole
from storage.dataset.stock_tables import SHELF, SOME_UNITS, UNITS, part_id
from storage.dataset.supply_tables import SUPPLIER
from storage.dataset.table import Column, flat, to

_AQL = choice(tuple(str(aql) for aql in AQLS if aql <= UNITS_ONLY))
AQL = Kind(_AQL.name, lambda text: Decimal(_AQL.read(text)), lambda aql: str(AQLS[aql_index(aql)]))
READ = decimal("-1000000000", "1000000000")
LOT = Column("lot_id", ID, "Their lot.", empty="of no lot", default="")
PART_CLASS = Column("part_class", ID, "The class.")

PART_CLASSES = flat(
    "part_classes",
    "The class a part belongs to where it is inspected.",
    PartClass,
    "part_classes",
    ((part_id(), "part"), (PART_CLASS, "part_class")),
    key=("part_id",),
    side="stock",
)

INSPECTION_LIMITS = flat(
    "inspection_limits",
    "How deliveries are inspected. For the part before its class before any, among alike for the supplier before any.",
    InspectionLimit,
    "inspection_limits",
    (
        (
            Column("supplier_id", ID, "The supplier.", empty="any", default="", references=to("suppliers")),
            "supplier",
        ),
        (Column("part_id", ID, "The part.", empty="any", default="", references=to("parts")), "part"),
        (Column("part_class", ID, "Or the class of parts.", empty="any", default=""), "part_class"),
        (Column("aql", AQL, "Acceptable quality limit, a hundred units."), "aql"),
        (Column("level", choice(Level), "Inspection level.", empty="II", default=Level.II), "level"),
        (
            Column("inspects", TRUTH, "Deliveries wait for an inspection.", empty="yes", default=True),
            "inspects",
        ),
        (
            Column("may_reduce", TRUTH, "Reduced inspection is wanted.", empty="yes", default=True),
            "may_reduce",
        ),
        (
            Column(
                "skip_after",
                whole(1, 1000),
                "Lots accepted in a row before any is passed over.",
                unit="lots",
                empty="every lot is looked at",
            ),
            "clearance",
        ),
        (
            Column(
                "skip_share",
                fraction(0.0001, 1.0),
                "Share of lots looked at then.",
                empty="0.25",
                default=0.25,
            ),
            "fraction",
        ),
        (
            Column(
                "skip_seed",
                TEXT,
                "Words only we know, from which it follows which lots are looked at.",
                empty="none; asked for where lots are passed over",
                default="",
            ),
            "seed",
        ),
    ),
    key=("supplier_id", "part_id", "part_class"),
    side="stock",
)

PART_CHECKS = flat(
    "part_checks",
    "One thing to look at on every unit of a sample: within limits, or without limits yes or no.",
    Check,
    "part_checks",
    (
        (part_id(), "part"),
        (Column("check_id", ID, "The check; together with the part it names it."), "id"),
        (Column("name", TEXT, "What people call it."), "name"),
        (Column("unit", TEXT, "Unit of the measurement.", empty="yes or no", default=""), "unit"),
        (
            Column(
                "lower",
                READ,
                "The smallest value that is right.",
                unit="that of the check",
                empty="no lower limit",
            ),
            "lower",
        ),
        (
            Column(
                "upper",
                READ,
                "The largest value that is right.",
                unit="that of the check",
                empty="no upper limit",
            ),
            "upper",
        ),
    ),
    key=("part_id", "check_id"),
    side="stock",
)

REINSPECTION_RULES = flat(
    "reinspection_rules",
    "Stock of a class of parts is looked at again every so many days.",
    ReinspectionRule,
    "reinspection_rules",
    (
        (PART_CLASS, "part_class"),
        (
            Column("every_days", whole(1, 36_500), "Days from one look to the next.", unit="days"),
            "every_days",
        ),
    ),
    key=("part_class",),
    side="stock",
)

LOT_READINGS = flat(
    "lot_readings",
    "What was read on one unit of an inspected lot, with the limits it was judged by.",
    LotReading,
    "lot_readings",
    (
        (Column("inspection_id", ID, "The inspection.", references=to("lot_inspections")), "inspection"),
        (Column("check_id", ID, "The check, one of the part's."), "check"),
        (Column("unit", ID, "The unit's serial, or its number in the sample."), "unit"),
        (Column("answer", TRUTH, "Whether it is right, for yes or no.", empty="a measurement"), "right"),
        (Column("value", READ, "The measurement.", unit="that of the check", empty="yes or no"), "value"),
        (Column("lower", READ, "The lower limit then.", unit="that of the check", empty="none"), "lower"),
        (Column("upper", READ, "The upper limit then.", unit="that of the check", empty="none"), "upper"),
    ),
    key=("inspection_id", "check_id", "unit"),
    side="stock",
)

LOTS_SKIPPED = flat(
    "lots_skipped",
    "A lot that went to the shelf without being looked at, in the order they came.",
    LotSkipped,
    "lots_skipped",
    (
        (Column("at", MOMENT, "When."), "at"),
        (SUPPLIER, "supplier"),
        (part_id(), "part"),
        (Column("document", TEXT, "The order or delivery it came by."), "document"),
        (LOT, "lot"),
        (Column("units", UNITS, "Units of the lot.", unit="whole units"), "units"),
        (Column("in_a_row", UNITS, "Lots accepted in a row before it.", unit="lots"), "in_a_row"),
        (Column("taken_in_by", ID, "Who took it in.", empty="not kept", default=""), "by"),
    ),
    side="stock",
)

STOCK_INSPECTIONS = flat(
    "stock_inspections",
    "All usable units of a part and lot at a place were looked at again.",
    LookedAt,
    "stock_inspections",
    (
        (Column("inspection_id", ID, "The inspection."), "id"),
        (Column("at", MOMENT, "When."), "at"),
        (part_id(), "part"),
        (LOT, "lot"),
        (Column("place_id", ID, "Where they lay.", references=SHELF), "place"),
        (Column("units", UNITS, "Units looked at.", unit="whole units"), "units"),
        (Column("bad", SOME_UNITS, "Of these, quarantined.", unit="whole units"), "bad"),
        (Column("inspected_by", ID, "Who looked.", empty="not kept", default=""), "by"),
    ),
    key=("inspection_id",),
    side="stock",
)
