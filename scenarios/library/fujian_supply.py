"""What the built-in region has laid down for buying and inspecting, and its one open report to a supplier."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from dispatch.region import Region
from inventory.catalogue.price import PriceBreak
from inventory.supply.corrective import Discipline, NonConformance, StepDone
from inventory.supply.limits import Agreement, InspectionLimit, PartClass
from inventory.supply.reinspection import ReinspectionRule
from kernel.clock import moment
from scenarios.library.fujian_faulty import FUSE, FUSE_ORDER, INSPECTION, LOT, LOT_AQL

LAMP = "P-ANL-01"
"""Ages on the shelf, so it is looked at again."""


def laid_down(made: Region) -> Region:
    """The region with agreements, limits of inspection, a price break and the 8D report about the lot that failed."""
    report = "NC-0001"
    steps = (
        (Discipline.TEAM, "2026-03-04T14:00+08:00", "quality engineer of SUP-06 named"),
        (Discipline.PROBLEM, "2026-03-04T16:30+08:00", "caps loose, 5 of 80 do not conduct"),
        (Discipline.CONTAINMENT, "2026-03-05T10:00+08:00", "the whole lot is held in quarantine"),
    )
    return replace(
        made,
        stock=replace(
            made.stock,
            agreements=(
                Agreement("", Decimal(3000), over_share=Decimal("0.05")),
                Agreement("SUP-06", Decimal(3000), over_share=Decimal(0), remedy_days=14),
            ),
            part_classes=(PartClass(FUSE, "fuses"), PartClass(LAMP, "lamps")),
            inspection_limits=(
                InspectionLimit("", "", "fuses", LOT_AQL),
                InspectionLimit("", "", "lamps", LOT_AQL),
            ),
            reinspection_rules=(ReinspectionRule("lamps", 180),),
            price_breaks=(PriceBreak("SUP-05", FUSE, 100, Decimal("41.50")),),
            nonconformances=(
                NonConformance(
                    report,
                    moment("2026-03-04T11:40+08:00"),
                    "SUP-06",
                    FUSE,
                    LOT,
                    FUSE_ORDER,
                    found="caps loose",
                    source=INSPECTION,
                    by="storekeeper",
                ),
            ),
            corrective_steps=tuple(
                StepDone(report, step, moment(at), "storekeeper", note) for step, at, note in steps
            ),
        ),
    )
