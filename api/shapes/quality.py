"""What suppliers send, answer for and owe as HTTP answers it; readings as they come in."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from api.schemas.quality import (
    CorrectiveReportOut,
    CorrectiveReportWholeOut,
    DefectiveOut,
    DutyOut,
    LineStandingOut,
    OrderStandingOut,
    PartStandingOut,
    QuarantinedOut,
    ReportStepOut,
    ShipmentOut,
)
from api.schemas.receipts import ReadingIn
from inventory.supplied import PartStanding, WholeOrder
from inventory.supply.corrective import Discipline, Report, StepDone
from inventory.supply.defective import Defective
from inventory.supply.inspection import Reading
from inventory.supply.returned import Duty
from inventory.supply.shipment import OnTheWay
from inventory.supply.waiting import Waiting
from kernel.money import cents


def reading_of(said: ReadingIn, /) -> Reading:
    """A reading: a number as it was written, or yes or no."""
    if said.value in {"yes", "no"}:
        return Reading(said.check, said.unit, right=said.value == "yes")
    return Reading(said.check, said.unit, value=Decimal(said.value))


def shipment_out(one: OnTheWay, /, *, supplier: str) -> ShipmentOut:
    """A shipment with what of it has not arrived."""
    told = one.shipment
    return ShipmentOut(
        shipment=told.id,
        order=told.order,
        supplier=supplier,
        part=told.part,
        quantity=told.quantity,
        left=one.left,
        sent_at=told.sent_at,
        expected_at=told.expected_at,
        late=one.late,
    )


def order_standing_out(one: WholeOrder, /, *, currency: str) -> OrderStandingOut:
    """An order line by line."""
    return OrderStandingOut(
        order=one.id,
        supplier=one.supplier,
        place=one.place,
        state=one.state,
        cost_cents=None if one.cost is None else cents(one.cost),
        currency=currency,
        made_by=one.made_by,
        approved_by=one.approved_by,
        sent_at=one.sent_at,
        lines=[
            LineStandingOut(
                part=line.part,
                ordered=line.ordered,
                received=line.received,
                accepted=line.accepted,
                held=line.held,
                decided={way.value: units for way, units in line.decided.items()},
                open=line.open,
                complete=line.complete,
                promises=list(line.promises),
                coming=line.coming,
                late=line.late,
            )
            for line in one.lines
        ],
    )


def part_standing_out(one: PartStanding, /) -> PartStandingOut:
    """How strictly the next lot of a part is inspected."""
    standing, limit = one.standing, one.limit
    return PartStandingOut(
        part=one.part,
        inspection=standing.inspection,
        lots=one.lots,
        recent=list(standing.recent),
        points=standing.points,
        in_a_row=standing.in_a_row,
        failed=standing.failed,
        aql=None if limit is None else str(limit.aql),
        level=None if limit is None else limit.level,
        skips=one.skip is not None and one.skip.skips,
        skip_in_a_row=None if one.skip is None else one.skip.in_a_row,
    )


def duty_out(one: Duty, /) -> DutyOut:
    """What is owed for goods sent back."""
    about = one.about
    if about.remedy is None:
        raise AssertionError("a return names its remedy")
    return DutyOut(
        disposition=about.id,
        document=about.document,
        supplier=about.supplier,
        part=about.part,
        quantity=about.quantity,
        left=one.left,
        remedy=about.remedy,
        due_at=one.due_at,
        promised=list(one.promised),
        expected_at=one.expected_at,
        late=one.late,
    )


def held_out(one: Waiting, /) -> QuarantinedOut:
    """Goods that wait for somebody."""
    return QuarantinedOut(
        part=one.part,
        place=one.place,
        lot=one.lot,
        quantity=one.quantity,
        document=one.document,
        supplier=one.supplier,
        waits_for=one.awaited,
        since=one.since,
        due_at=one.due_at,
    )


def defective_out(one: Defective, /) -> DefectiveOut:
    """Damaged units that nobody has decided on."""
    return DefectiveOut(
        part=one.part,
        place=one.place,
        lot=one.lot,
        serial=one.serial,
        quantity=one.quantity,
        since=one.since,
        next=one.next,
        to_place=one.to_place,
    )


def report_out(one: Report, /) -> CorrectiveReportOut:
    """A report: what it is about and what it waits for."""
    about, waits = one.about, one.waiting_for
    return CorrectiveReportOut(
        report=about.id,
        supplier=about.supplier,
        part=about.part,
        quantity=about.quantity,
        document=about.document,
        lot=about.lot,
        found=about.found,
        source=about.source,
        opened_at=about.at,
        opened_by=about.by,
        waits_for=waits.step.value if waits else None,
        due_at=waits.due_at if waits else None,
        late=waits is not None and waits.late,
    )


def report_whole_out(one: Report, done: Iterable[StepDone], /) -> CorrectiveReportWholeOut:
    """A report with its steps, who took each and what was said of it."""
    said: dict[Discipline, StepDone] = {}
    for fact in sorted(done, key=lambda fact: fact.at):
        if fact.report == one.about.id:
            said.setdefault(fact.step, fact)
    steps = []
    for step in one.steps:
        taken = said.get(step.step)
        steps.append(
            ReportStepOut(
                step=step.step.value,
                due_at=step.due_at,
                done_at=step.done_at,
                done_by=taken.by if taken else "",
                note=taken.note if taken else "",
                late=step.late,
            )
        )
    return CorrectiveReportWholeOut(**report_out(one).model_dump(), steps=steps)
