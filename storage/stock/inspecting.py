"""Is the lot good: judge what waits in quarantine by its sample, and look again at what has lain on a shelf.

As `storage.stock.commands` in all else. How strictly a lot is inspected follows from the lots inspected before it;
lots of a region are judged one after the other, so that two at once cannot both count as the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

from inventory.catalogue.place import SHELVES, PlaceKind
from inventory.stock.document import Line, changed_condition, moves
from inventory.stock.move import Cell, Condition
from inventory.stock.transfer import Goods
from inventory.supply.inspected import LotInspection, after, opened, standing_of
from inventory.supply.inspection import Arrival, Check, InspectionRule, Reading, Verdict, released, verdict
from inventory.supply.measured import LotReading
from inventory.supply.reinspection import LookedAt
from inventory.supply.sampling import SamplingPlan
from kernel.errors import Refusal
from kernel.ids import checked_id, natural_key
from storage.appended import queue
from storage.dataset.inspection_tables import LOT_READINGS, PART_CHECKS, STOCK_INSPECTIONS
from storage.dataset.quality_tables import LOT_INSPECTIONS
from storage.idempotency import Reply, once
from storage.stock.agreed import inspections, limit_of
from storage.stock.facts import keep, told
from storage.stock.judged import posted
from storage.stock.locks import place_of
from storage.stock.post import prepare
from storage.stock.queries import catalogued, totals
from storage.stock.senders import check_delivered, check_supplier, sold_by
from storage.stock.stands import lots_inspected
from storage.stock.ways import Ways, check_kind, check_ways
from storage.tables.quality import LotInspectionRow, LotReadingRow, PartCheckRow, StockInspectionRow
from storage.unit_of_work import UnitOfWork


def inspect(
    work: UnitOfWork,
    document: str,
    goods: Arrival,
    ways: Ways,
    *,
    supplier: str = "",
    rule: InspectionRule | None = None,
    looked_at: int | None = None,
    bad: Sequence[str] = (),
    readings: Sequence[Reading] = (),
    original: bool = True,
    steady: bool = True,
    put_right: bool = False,
) -> Reply:
    """Judge a lot that waits in quarantine by its sample, and put it where the verdict says.

    Args:
        work: the unit of work.
        document: the order or delivery it came by.
        goods: part, quantity, lot and serials of all that waits; `rejected` is not read.
        ways: the places.
        supplier: supplier id; empty: who sent what came by the document.
        rule: how the part is inspected; None: as the region has laid down. Where reduced inspection is not wanted
            there, another limit does not bring it back.
        looked_at: units looked at; as many as the plan in force asks for; None: those that were read.
        bad: the units that failed: their serials, or their numbers in the sample; not with readings.
        readings: one a unit and check, for a part that has checks.
        original: it is presented for the first time.
        steady: nothing speaks against reduced inspection.
        put_right: inspection was discontinued and the supplier has shown what it changed.

    Returns:
        ``{"inspection": id, "supplier", "accepted": bool, "severity", "size", "accept", "reject", "bad", "shelf", "held", "next",
        "moves": [ids]}``.

    Raises:
        Refusal: ``supply.no_inspection_limit`` without a rule; ``supply.seller_unknown`` when nobody says who sent it; ``supply.looked_at_other`` when the plan asks for another
            sample; ``supply.readings_missing`` for a part that has checks; ``supply.bad_and_readings``; ``stock.not_enough``
            when not so much waits, ``supply.more_than_delivered`` when not so much came by the document, ``supply.inspected_already``
            when that much was inspected before; ``supply.not_in_sample`` and ``supply.bad_unit_unknown`` for a unit that was
            not looked at; as `storage.stock.senders.sold_by`, `inventory.supply.inspection.verdict`, `released` and
            `inventory.supply.switching.follow`.
    """

    def act() -> Reply:
        check_ways(work, ways)
        queue(work)
        _check_waiting(work, goods, ways, supplier)
        seller = _check_new(work, document, goods, supplier, original=original)
        used = _rule(work, seller, goods.part, rule)
        history = inspections(work.connection, work.region, seller, goods.part)
        standing = standing_of(history, seller, goods.part, may_reduce=used.may_reduce)
        before = opened(standing, put_right=put_right)
        plan = used.plan(goods.quantity, before.severity)
        checks = told(work.connection, work.region, PART_CHECKS, PartCheckRow, part_id=goods.part)
        found = _judged(goods, plan, checks, looked_at=looked_at, bad=bad, readings=readings)
        fact = LotInspection(
            id=work.key,
            at=work.now,
            supplier=seller,
            part=goods.part,
            document=document,
            units=goods.quantity,
            aql=used.aql,
            level=used.level,
            severity=plan.severity,
            bad=len(found.bad),
            lot=goods.lot,
            original=original,
            steady=steady,
            put_right=put_right,
            by=work.actor,
        )
        lines, accepted, held = released(
            _waiting(goods, ways), found, shelf=ways.shelf, adjustment=ways.adjustment
        )
        keep(work, LOT_INSPECTIONS, LotInspectionRow, [fact])
        keep(work, LOT_READINGS, LotReadingRow, _kept(fact.id, checks, readings))
        following = after(standing, fact, may_reduce=used.may_reduce)
        made = moves(work.envelope, document, lines, reason="inspected")
        reply = posted(work, "stock.inspect", document, prepare(work, made))
        return reply | {
            "inspection": fact.id,
            "supplier": seller,
            "accepted": found.accepted,
            "severity": plan.severity.value,
            "size": plan.size,
            "accept": plan.accept,
            "reject": plan.reject,
            "bad": fact.bad,
            "shelf": accepted,
            "held": held,
            "next": following.inspection.value,
        }

    content = {
        "document": document,
        "goods": [goods.part, goods.quantity, goods.lot, list(goods.serials)],
        "ways": asdict(ways),
        "supplier": supplier,
        "rule": rule and [str(rule.aql), rule.level.value, rule.may_reduce],
        "sample": [looked_at, sorted(set(bad))],
        "readings": [[r.unit, r.check, r.right, None if r.value is None else str(r.value)] for r in readings],
        "about": [original, steady, put_right],
    }
    return once(work, "stock.inspect", content, act)


def look_again(
    work: UnitOfWork,
    document: str,
    part: str,
    place: str,
    *,
    lot: str = "",
    bad: int = 0,
    serials: Sequence[str] = (),
    quarantine: str,
    adjustment: str,
) -> Reply:
    """Look again at all usable units of a part and lot at a place; what fails goes to quarantine.

    That goods were found bad is a fact: promises do not stop it, and the position says so.

    Args:
        work: the unit of work.
        document: the record of the inspection.
        part: part id.
        place: where they lie.
        lot: their lot; empty: those of no lot.
        bad: units that failed, where they are not known one by one.
        serials: the units that failed, where they are.
        quarantine: where they go.
        adjustment: where a change of condition goes through.

    Returns:
        ``{"inspection": id, "units", "bad", "moves": [ids]}``.

    Raises:
        Refusal: ``stock.not_enough`` when none lie there, ``stock.not_a_shelf``; ``supply.bad_more_than_looked_at``; ``supply.place_kind``; as
            `inventory.stock.ledger.apply`.
    """

    def act() -> Reply:
        queue(work)
        check_kind(work, quarantine, PlaceKind.QUARANTINE)
        check_kind(work, adjustment, PlaceKind.ADJUSTMENT)
        kind = place_of(work, place).kind
        if kind not in SHELVES:
            raise Refusal("stock.not_a_shelf", place=place, kind=kind.value)
        if part not in catalogued(work.connection, work.region, (part,)):
            raise Refusal("stock.unknown_part", part=part[:64])
        lying = totals(work.connection, work.region, parts=(part,))
        units = lying.get(Cell(part, place, Condition.USABLE, "", lot), 0)
        if units < 1:
            usable = Condition.USABLE.value
            raise Refusal("stock.not_enough", part=part, place=place, condition=usable, there=0, wanted=1)
        failed = len(set(serials)) if serials else bad
        fact = LookedAt(part, lot, work.now, place, units, failed, work.key, work.actor)
        keep(work, STOCK_INSPECTIONS, StockInspectionRow, [fact])
        each = [(serial, 1) for serial in sorted(set(serials), key=natural_key)] or [("", failed)]
        lines: list[Line] = []
        for serial, quantity in each if failed else []:
            lying_there = Line(part, quantity, place, adjustment, lot=lot, serial=serial)
            lines += changed_condition(
                lying_there, Condition.QUARANTINED, adjustment=adjustment, to_place=quarantine
            )
        made = moves(work.envelope, document, lines, reason="re-inspected")
        reply = posted(work, "stock.look_again", document, prepare(work, made))
        return reply | {"inspection": fact.id, "units": units, "bad": failed}

    content = {
        "document": document,
        "goods": [part, place, lot],
        "bad": [bad, sorted(set(serials))],
        "to": [quarantine, adjustment],
    }
    return once(work, "stock.look_again", content, act)


def _rule(work: UnitOfWork, supplier: str, part: str, said: InspectionRule | None) -> InspectionRule:
    limit = limit_of(work.connection, work.region, supplier, part)
    if said is not None:
        wanted = limit is None or limit.may_reduce
        return replace(said, may_reduce=said.may_reduce and wanted)
    if limit is None:
        raise Refusal("supply.no_inspection_limit", supplier=supplier, part=part)
    return limit.rule(part)


def _judged(
    goods: Arrival,
    plan: SamplingPlan,
    checks: Sequence[Check],
    *,
    looked_at: int | None,
    bad: Sequence[str],
    readings: Sequence[Reading],
) -> Verdict:
    """The verdict by readings where there are any, else by the units named bad."""
    part = goods.part
    if readings and bad:
        raise Refusal("supply.bad_and_readings", part=part)
    if checks and not readings:
        raise Refusal("supply.readings_missing", part=part, checks=", ".join(check.id for check in checks))
    seen = len({reading.unit for reading in readings}) if looked_at is None else looked_at
    if seen != plan.size:
        severity = plan.severity.value
        raise Refusal("supply.looked_at_other", size=plan.size, looked_at=seen, severity=severity)
    for unit in {reading.unit for reading in readings} | set(bad):
        checked_id(unit)
    if readings:
        found = verdict(plan, checks, readings)
    else:
        found = Verdict(plan, tuple((unit, ()) for unit in sorted(set(bad), key=natural_key)))
    for unit, _ in found.bad:
        if goods.serials and unit not in goods.serials:
            raise Refusal("supply.bad_unit_unknown", unit=unit[:64])
        numbered = not goods.serials and not readings and unit.isdecimal()
        if numbered and int(unit) > plan.size:
            raise Refusal("supply.not_in_sample", unit=unit[:64], size=plan.size)
    return found


def _kept(inspection: str, checks: Sequence[Check], readings: Sequence[Reading]) -> list[LotReading]:
    by_id = {check.id: check for check in checks}
    return [
        LotReading(
            inspection,
            row.check,
            row.unit,
            row.right,
            row.value,
            by_id[row.check].lower,
            by_id[row.check].upper,
        )
        for row in readings
    ]


def _waiting(goods: Arrival, ways: Ways) -> tuple[Line, ...]:
    held = Condition.QUARANTINED
    if goods.serials:
        return tuple(
            Line(goods.part, 1, ways.supplier, ways.quarantine, held, lot=goods.lot, serial=serial)
            for serial in goods.serials
        )
    return (Line(goods.part, goods.quantity, ways.supplier, ways.quarantine, held, lot=goods.lot),)


def _check_waiting(work: UnitOfWork, goods: Arrival, ways: Ways, supplier: str) -> None:
    check_supplier(work, supplier)
    if goods.part not in catalogued(work.connection, work.region, (goods.part,)):
        raise Refusal("stock.unknown_part", part=goods.part[:64])
    if goods.serials and len(set(goods.serials)) != goods.quantity:
        raise Refusal(
            "stock.serials_miscounted",
            part=goods.part,
            serials=len(set(goods.serials)),
            value=goods.quantity,
        )
    lying = totals(work.connection, work.region, parts=(goods.part,))
    there = lying.get(Cell(goods.part, ways.quarantine, Condition.QUARANTINED, "", goods.lot), 0)
    if there < goods.quantity:
        raise Refusal(
            "stock.not_enough",
            part=goods.part,
            place=ways.quarantine,
            condition=Condition.QUARANTINED.value,
            there=there,
            wanted=goods.quantity,
        )


def _check_new(work: UnitOfWork, document: str, goods: Arrival, supplier: str, *, original: bool) -> str:
    """Say who sent a lot; refuse what another sent, what did not come by the document, or what was judged before."""
    seller = sold_by(work, document, supplier)
    if not seller:
        raise Refusal("supply.seller_unknown", document=document[:64])
    came = check_delivered(work, document, Goods(goods.part, lot=goods.lot), goods.quantity)
    named = {"part_id": goods.part, "document": document}
    judged = lots_inspected(work.connection, work.region, **named)
    seen = sum(row.units for row in judged if row.original and row.lot == goods.lot)
    if original and seen + goods.quantity > came:
        raise Refusal(
            "supply.inspected_already", document=document, part=goods.part, came=came, inspected=seen
        )
    return seller
