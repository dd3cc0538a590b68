"""What a supplier owes an answer for, in a database: 8D reports opened and taken step by step, each step once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from inventory.supply.corrective import Discipline, NonConformance, StepDone, days_of, report
from inventory.supply.disposition import Disposition
from inventory.supply.returned import RemedyPromise, duties
from kernel.errors import Refusal
from kernel.ids import checked_id
from storage.appended import queue
from storage.dataset.claim_tables import CORRECTIVE_STEPS, NONCONFORMANCES, REMEDY_PROMISES
from storage.idempotency import Reply, once
from storage.stock.agreed import agreements
from storage.stock.facts import keep, told
from storage.stock.senders import moved_by
from storage.stock.stands import decided, lots_inspected
from storage.tables.claim import CorrectiveStepRow, NonConformanceRow, RemedyPromiseRow
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


def promise_remedy(work: UnitOfWork, disposition: str, promised_at: datetime) -> Reply:
    """Write down another date a supplier names for what it still owes; the date agreed stays and is judged.

    Args:
        work: the unit of work.
        disposition: id of the return.
        promised_at: the date, aware.

    Returns:
        ``{"disposition": id, "document", "supplier", "part", "left", "due_at", "expected_at"}``.

    Raises:
        Refusal: ``supply.nothing_owed_for`` for what is no return, was taken back, or is settled; ``supply.remedy_date_past``.
    """

    def act() -> Reply:
        queue(work)
        fact = RemedyPromise(disposition, work.now, promised_at, work.actor)
        back = decided(work.connection, work.region, disposition_id=disposition)
        # What came by one document settles the oldest return first: all by it have to be weighed.
        alike = decided(work.connection, work.region, document=back[0].document) if back else ()
        ledger, kinds = moved_by(work, back[0].document) if back else ((), {})
        owed = [
            one for one in duties(alike, ledger, kinds, [fact], now=work.now) if one.about.id == disposition
        ]
        if not owed:
            raise Refusal("supply.nothing_owed_for", disposition=disposition[:64])
        keep(work, REMEDY_PROMISES, RemedyPromiseRow, [fact])
        (duty,) = owed
        work.record("supply.remedy_promised", disposition, promised_at=fact.promised_at.isoformat())
        return {
            "disposition": disposition,
            "document": duty.about.document,
            "supplier": duty.about.supplier,
            "part": duty.about.part,
            "left": duty.left,
            "due_at": duty.due_at.isoformat(),
            "expected_at": duty.expected_at.isoformat(),
        }

    content = {"disposition": disposition, "promised_at": promised_at.isoformat()}
    return once(work, "supply.promise_remedy", content, act)


def _days(work: UnitOfWork, supplier: str) -> Mapping[Discipline, int]:
    return days_of(agreements(work.connection, work.region, supplier), supplier)


def _reports(work: UnitOfWork, report_id: str) -> tuple[NonConformance, ...]:
    return told(work.connection, work.region, NONCONFORMANCES, NonConformanceRow, report_id=report_id)


def _about(work: UnitOfWork, source: str) -> dict[str, Any]:
    """Supplier, part, quantity, document and lot of what a report is opened from."""
    lots = lots_inspected(work.connection, work.region, inspection_id=source)
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
    for row in decided(work.connection, work.region, disposition_id=source):
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
