"""What a region has laid down for a supplier's part, read from its tables: limits of inspection, approval, tolerances."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Connection

from inventory.supply.inspected import LotInspection
from inventory.supply.limits import Agreement, InspectionLimit, agreement_for, limit_for
from inventory.supply.ordering import ALWAYS_ASKED
from inventory.supply.skipped import SkipState, skip_state
from storage.dataset.agreed_tables import SUPPLIER_AGREEMENTS
from storage.dataset.inspection_tables import INSPECTION_LIMITS, LOTS_SKIPPED, PART_CLASSES
from storage.stock.facts import told
from storage.stock.stands import lots_inspected
from storage.tables.claim import SupplierAgreementRow
from storage.tables.quality import InspectionLimitRow, LotSkippedRow, PartClassRow


def agreements(connection: Connection, region: str, supplier: str) -> tuple[Agreement, ...]:
    """The supplier's own agreement and the one for all others, as far as there are such."""
    named = (supplier, None)
    return tuple(told(connection, region, SUPPLIER_AGREEMENTS, SupplierAgreementRow, supplier_id=named))


def agreement_with(connection: Connection, region: str, supplier: str) -> Agreement:
    """What is agreed with a supplier; see `inventory.supply.limits.agreement_for`."""
    return agreement_for(agreements(connection, region, supplier), supplier)


def approval_limit(connection: Connection, region: str, supplier: str, *, said: Decimal | None) -> Decimal:
    """What an order may cost without somebody else's approval: as said, else as agreed; where nobody says, nothing may."""
    limit = agreement_with(connection, region, supplier).approval_above if said is None else said
    return ALWAYS_ASKED if limit is None else limit


def limit_of(connection: Connection, region: str, supplier: str, part: str) -> InspectionLimit | None:
    """How what a supplier sends of a part is inspected; None: nothing is laid down."""
    named = {"supplier_id": (supplier, None), "part_id": (part, None)}
    rows = told(connection, region, INSPECTION_LIMITS, InspectionLimitRow, **named)
    classes = told(connection, region, PART_CLASSES, PartClassRow, part_id=part)
    return limit_for(rows, supplier, part, classes={row.part: row.part_class for row in classes})


def inspections(connection: Connection, region: str, supplier: str, part: str) -> tuple[LotInspection, ...]:
    """A supplier's lots of a part, in the order they were inspected."""
    return lots_inspected(connection, region, supplier_id=supplier, part_id=part)


def skip_state_of(
    connection: Connection, region: str, limit: InspectionLimit, supplier: str, part: str
) -> SkipState:
    """Where skip-lot inspection of a supplier's part stands; `storage.appended.queue` comes before a decision on it."""
    passed = told(connection, region, LOTS_SKIPPED, LotSkippedRow, supplier_id=supplier, part_id=part)
    return skip_state(limit, supplier, part, inspections(connection, region, supplier, part), passed)
