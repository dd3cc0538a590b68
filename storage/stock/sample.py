"""What has to be looked at of a lot before anybody looks: the plan in force and the part's checks, read only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from inventory.supply.inspected import opened, standing_of
from inventory.supply.inspection import Check
from inventory.supply.sampling import SamplingPlan
from kernel.errors import Refusal
from storage.dataset.inspection_tables import PART_CHECKS
from storage.stock.agreed import inspections, limit_of
from storage.stock.facts import told
from storage.tables.quality import PartCheckRow


@dataclass(frozen=True, slots=True)
class Sample:
    """The plan by which a lot would be judged now, and the checks of each unit; none: good or bad is all."""

    plan: SamplingPlan
    checks: tuple[Check, ...]


def sample_for(
    connection: Connection, region: str, supplier: str, part: str, units: int, *, put_right: bool = False
) -> Sample:
    """The sample a lot of so many units from a supplier asks for, as `storage.stock.inspecting.inspect` would ask now.

    Args:
        connection: open.
        region: id.
        supplier: who sold it.
        part: part id.
        units: of the lot.
        put_right: inspection was discontinued and the supplier has shown what it changed.

    Raises:
        Refusal: ``supply.no_inspection_limit``; as `inventory.supply.inspected.opened`.
    """
    limit = limit_of(connection, region, supplier, part)
    if limit is None:
        raise Refusal("supply.no_inspection_limit", supplier=supplier, part=part)
    rule = limit.rule(part)
    history = inspections(connection, region, supplier, part)
    standing = opened(standing_of(history, supplier, part, may_reduce=rule.may_reduce), put_right=put_right)
    checks = told(connection, region, PART_CHECKS, PartCheckRow, part_id=part)
    return Sample(rule.plan(units, standing.severity), checks)
