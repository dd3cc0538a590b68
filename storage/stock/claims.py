"""What a supplier owes an answer for, in a database: 8D reports opened and taken step by step, each step once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.supply.corrective import Discipline, NonConformance, StepDone, days_of, report
from inventory.supply.disposition import Disposition
from kernel.errors import Refusal
from kernel.ids import checked_id
from storage.appended import queue
from storage.dataset.claim_tables import CORRECTIVE_STEPS, DISPOSITIONS, NONCONFORMANCES
from storage.dataset.quality_tables import LOT_INSPECTIONS
from storage.idempotency import Reply, once
from storage.stock.agreed import agreements
from storage.stock.facts import keep, told
from storage.tables.claim import CorrectiveStepRow, DispositionRow, NonConformanceRow
from storage.tables.quality import LotInspectionRow
from storage.unit_of_work import UnitOfWork


def open_report(
    work: UnitOfWork, report_id: str, *, source: str, found: str = "", quantity: int | None = None
) -> Reply:
    """Open an 8D report about a lot that was not accepted, or goods a decision was taken on.

    Args:
        work: the unit of work.
        report_id: its number.
        source: id of the inspection or disposition.
        found: what is wrong, in words.
        quantity: units concerned; None: all of the lot, or of the decision.

    Returns:
        ``{"report": id, "supplier", "part", "quantity", "due": [[step, moment]]}``.

    Raises:
        Refusal: ``stock.duplicate`` for a number that is taken; ``supply.source_unknown``; ``supply.lot_was_accepted``;
            ``supply.waived`` for goods taken as they are; ``supply.supplier_missing``; ``supply.more_than_concerned``.
    """

    def act() -> Reply:
        queue(work)
        checked_id(report_id)
        if _reports(work, report_id):
            raise Refusal("stock.duplicate", id=report_id)
        about = _about(work, source)
        units = about["quantity"] if quantity is None else quantity
        if units > about["quantity"]:
            raise Refusal("supply.more_than_concerned", quantity=units, there=about["quantity"])
        fact = NonConformance(
            report_id,
            work.now,
            about["supplier"],
            about["part"],
            units,
            about["document"],
            about["lot"],
            found,
            source,
            work.actor,
        )
        keep(work, NONCONFORMANCES, NonConformanceRow, [fact])
        work.record("supply.report_opened", report_id, source=source, supplier=fact.supplier)
        steps = report(fact, (), now=work.now, days=_days(work, fact.supplier)).steps
        return {
            "report": report_id,
            "supplier": fact.supplier,
            "part": fact.part,
            "quantity": units,
            "due": [[step.step.value, step.due_at.isoformat()] for step in steps],
        }

    content = {"report": report_id, "source": source, "found": found, "quantity": quantity}
    return once(work, "supply.open_report", content, act)


def take_report_step(work: UnitOfWork, report_id: str, step: Discipline, *, note: str = "") -> Reply:
    """Say that a step of a report is done, by who acts, now.

    Returns:
        ``{"report": id, "step", "late": bool, "next": number or None, "due_at": its moment or empty}``.

    Raises:
        Refusal: ``supply.report_unknown``, ``supply.step_done``; as `inventory.supply.corrective.report`.
    """

    def act() -> Reply:
        queue(work)
        known = _reports(work, report_id)
        if not known:
            raise Refusal("supply.report_unknown", report=report_id[:64])
        done = told(work.connection, work.region, CORRECTIVE_STEPS, CorrectiveStepRow, report_id=report_id)
        for fact in done:
            if fact.step is step:
                raise Refusal(
                    "supply.step_done", report=report_id, step=step.value, at_time=fact.at.isoformat()
                )
        fact = StepDone(report_id, step, work.now, work.actor, note)
        days = _days(work, known[0].supplier)
        after = report(known[0], (*done, fact), now=work.now, days=days)
        keep(work, CORRECTIVE_STEPS, CorrectiveStepRow, [fact])
        work.record("supply.report_step", report_id, step=step.value)
        waits = after.waiting_for
        return {
            "report": report_id,
            "step": step.value,
            "late": after.steps[step - 1].late,
            "next": waits.step.value if waits else None,
            "due_at": waits.due_at.isoformat() if waits else "",
        }

    content = {"report": report_id, "step": step.value, "note": note}
    return once(work, "supply.report_step", content, act)


def _days(work: UnitOfWork, supplier: str) -> Mapping[Discipline, int]:
    return days_of(agreements(work.connection, work.region, supplier), supplier)


def _reports(work: UnitOfWork, report_id: str) -> tuple[NonConformance, ...]:
    return told(work.connection, work.region, NONCONFORMANCES, NonConformanceRow, report_id=report_id)


def _about(work: UnitOfWork, source: str) -> dict[str, Any]:
    """Supplier, part, quantity, document and lot of what a report is opened from."""
    lots = told(work.connection, work.region, LOT_INSPECTIONS, LotInspectionRow, inspection_id=source)
    for lot in lots:
        if lot.judged.accepted and not lot.bad:
            raise Refusal("supply.lot_was_accepted", inspection=source)
        units = lot.bad if lot.judged.accepted else lot.units
        return {
            "supplier": lot.supplier,
            "part": lot.part,
            "quantity": units,
            "document": lot.document,
            "lot": lot.lot,
        }
    decided = told(work.connection, work.region, DISPOSITIONS, DispositionRow, disposition_id=source)
    for row in decided:
        if row.way is Disposition.WAIVER:
            raise Refusal("supply.waived", disposition=source)
        if not row.supplier:
            raise Refusal("supply.supplier_missing", part=row.part)
        return {
            "supplier": row.supplier,
            "part": row.part,
            "quantity": row.quantity,
            "document": row.delivery or row.document,
            "lot": row.lot,
        }
    raise Refusal("supply.source_unknown", source=source[:64])
