"""From the supplier's van to the shelf: take a delivery in, judge a lot by its sample, decide what quarantine becomes.

As `storage.stock.commands` in all else. How strictly a lot is inspected follows from the lots inspected before it;
lots of a region are judged one after the other, so that two at once cannot both count as the next.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from sqlalchemy import Connection, func, insert, select

from inventory.catalogue.place import PlaceKind
from inventory.stock.document import Line, moves
from inventory.stock.move import Cell, Condition
from inventory.supply.disposition import Decision, Disposition, Remedy, disposed
from inventory.supply.inspected import LotInspection, after, opened, standing_of
from inventory.supply.inspection import Arrival, InspectionRule, Split, Verdict, released, split
from inventory.supply.sampling import AQLS, aql_index
from kernel.errors import Refusal
from kernel.ids import natural_key
from storage.idempotency import Reply, once
from storage.stock.judged import posted
from storage.stock.locks import place_of
from storage.stock.orders import count_arrivals
from storage.stock.post import prepare, write
from storage.stock.queries import catalogued, totals
from storage.tables.catalogue import SupplierRow
from storage.tables.quality import LotInspectionRow
from storage.tables.region import RegionRow
from storage.texts import check_fits
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Ways:
    """Places of the ledger that deliveries and quarantine go through.

    Args:
        supplier: outside, for suppliers.
        shelf: where accepted goods are put.
        quarantine: where goods wait or are held.
        adjustment: where a change of condition goes through.
        scrap: outside, for scrap; empty: none.
        workshop: where goods are reworked; empty: none.
    """

    supplier: str
    shelf: str
    quarantine: str
    adjustment: str
    scrap: str = ""
    workshop: str = ""


_KINDS = {
    "supplier": PlaceKind.SUPPLIER,
    "quarantine": PlaceKind.QUARANTINE,
    "adjustment": PlaceKind.ADJUSTMENT,
    "scrap": PlaceKind.SCRAP,
}


def take_in(
    work: UnitOfWork, document: str, arrivals: Sequence[Arrival], ways: Ways, *, inspected: Collection[str]
) -> Reply:
    """Take a delivery in: ``{"lines": [...], "moves": [ids]}``; a line that cannot be holds up no other.

    Each line of the answer says part, accepted, quarantined, rejected, and refused: empty, or code and values.

    Args:
        work: the unit of work.
        document: the delivery; where it is a purchase order its lines count what arrived.
        arrivals: as counted at the door.
        ways: the places.
        inspected: parts that wait in quarantine for their inspection.

    Raises:
        Refusal: ``stock.unknown_place``, ``supply.place_kind``; what concerns one line is in the answer.
    """

    def act() -> Reply:
        _check_ways(work, ways)
        done = split(
            arrivals,
            inspected,
            parts=catalogued(work.connection, work.region, {row.part for row in arrivals}),
            supplier=ways.supplier,
            shelf=ways.shelf,
            quarantine=ways.quarantine,
        )
        answers, new = _posted_each(work, document, done)
        work.record("stock.take_in", document, moves=new)
        return {"lines": answers, "moves": new}

    told = {
        "document": document,
        "arrivals": [[r.part, r.quantity, r.rejected, r.lot, list(r.serials)] for r in arrivals],
        "ways": asdict(ways),
        "inspected": sorted(inspected),
    }
    return once(work, "stock.take_in", told, act)


def _posted_each(
    work: UnitOfWork, document: str, done: Sequence[Split]
) -> tuple[list[dict[str, object]], list[str]]:
    """Post each line for itself; what the ledger refuses of one is told and leaves the others alone."""
    made = iter(
        moves(work.envelope, document, (line for row in done for line in row.lines), reason="received")
    )
    of_line = [[next(made) for _ in row.lines] for row in done]
    answers: dict[int, dict[str, object]] = {}
    new: list[str] = []
    # Locks are taken in the order of parts, as everywhere: two deliveries at once cannot wait for each other.
    for at in sorted(range(len(done)), key=lambda at: (done[at].arrival.part, at)):
        row = done[at]
        refusal = row.refusal
        if refusal is None and of_line[at]:
            waiting = len(work.later)
            try:
                # A line may be refused after part of it was written (a serial that came in elsewhere at this very
                # moment): the savepoint takes that back, and so do the writes that wait for the end.
                with work.connection.begin_nested():
                    prepared = prepare(work, of_line[at])
                    written = write(work, prepared)
                    count_arrivals(work, written, prepared.known.places, prepared.known.ordered)
            except Refusal as caught:
                refusal = caught
                del work.later[waiting:]
            else:
                new += [move.id for move in written]
        taken = (0, 0, 0) if refusal else (row.accepted, row.quarantined, row.rejected)
        answers[at] = {
            "part": row.arrival.part,
            "accepted": taken[0],
            "quarantined": taken[1],
            "rejected": taken[2],
            "refused": {"code": refusal.code, "values": dict(refusal.message.params)} if refusal else None,
        }
    return [answers[at] for at in range(len(done))], new


def inspect(
    work: UnitOfWork,
    document: str,
    goods: Arrival,
    ways: Ways,
    *,
    supplier: str,
    rule: InspectionRule,
    looked_at: int,
    bad: Sequence[str] = (),
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
        supplier: supplier id.
        rule: how the part is inspected.
        looked_at: units looked at; as many as the plan in force asks for.
        bad: the units that failed: their serials, or their numbers in the sample.
        original: it is presented for the first time.
        steady: nothing speaks against reduced inspection.
        put_right: inspection was discontinued and the supplier has shown what it changed.

    Returns:
        ``{"accepted": bool, "severity", "size", "accept", "reject", "bad", "shelf", "held", "next", "moves": [ids]}``.

    Raises:
        Refusal: ``supply.looked_at_other`` when the plan asks for another sample; ``stock.not_enough`` when not so much waits;
            ``stock.unknown_supplier``; as `inventory.supply.switching.follow`, `inventory.supply.inspection.released`.
    """

    def act() -> Reply:
        _check_ways(work, ways)
        last = _queue(work)
        _check_waiting(work, goods, ways, supplier)
        history = inspections(work.connection, work.region, supplier, goods.part)
        before = opened(
            standing_of(history, supplier, goods.part, may_reduce=rule.may_reduce), put_right=put_right
        )
        plan = rule.plan(goods.quantity, before.severity)
        if looked_at != plan.size:
            raise Refusal(
                "supply.looked_at_other", size=plan.size, looked_at=looked_at, severity=plan.severity.value
            )
        fact = LotInspection(
            id=work.key,
            at=work.now,
            supplier=supplier,
            part=goods.part,
            document=document,
            units=goods.quantity,
            aql=rule.aql,
            level=rule.level,
            severity=plan.severity,
            bad=len(set(bad)),
            lot=goods.lot,
            original=original,
            steady=steady,
            put_right=put_right,
            by=work.actor,
        )
        verdict = Verdict(plan, tuple((unit, ()) for unit in sorted(set(bad), key=natural_key)))
        lines, accepted, held = released(
            _waiting(goods, ways), verdict, shelf=ways.shelf, adjustment=ways.adjustment
        )
        _write(work, fact, last + 1)
        following = after(
            standing_of(history, supplier, goods.part, may_reduce=rule.may_reduce),
            fact,
            may_reduce=rule.may_reduce,
        )
        made = moves(work.envelope, document, lines, reason="inspected")
        reply = posted(work, "stock.inspect", document, prepare(work, made))
        return reply | {
            "accepted": verdict.accepted,
            "severity": plan.severity.value,
            "size": plan.size,
            "accept": plan.accept,
            "reject": plan.reject,
            "bad": fact.bad,
            "shelf": accepted,
            "held": held,
            "next": following.inspection.value,
        }

    told = {
        "document": document,
        "goods": [goods.part, goods.quantity, goods.lot, list(goods.serials)],
        "ways": asdict(ways),
        "supplier": supplier,
        "rule": [str(rule.aql), rule.level.value, rule.may_reduce],
        "sample": [looked_at, sorted(set(bad))],
        "about": [original, steady, put_right],
    }
    return once(work, "stock.inspect", told, act)


def dispose(
    work: UnitOfWork,
    document: str,
    goods: Line,
    ways: Ways,
    *,
    way: Disposition,
    remedy: Remedy | None = None,
) -> Reply:
    """Decide what goods held in quarantine become: ``{"moves": [ids]}``. Who last inspected them waives nothing.

    Args:
        work: the unit of work; its actor decides.
        document: the record of the decision.
        goods: what lies in quarantine: part, quantity, lot, serial, reason; other fields are not read.
        ways: the places.
        way: what becomes of them.
        remedy: what the supplier owes; for a return only.

    Raises:
        Refusal: as `inventory.supply.disposition.Decision`; ``supply.place_missing`` without the place that way needs; as
            `inventory.stock.ledger.apply`.
    """

    def act() -> Reply:
        _check_ways(work, ways)
        for needed, place in ((Disposition.SCRAP, ways.scrap), (Disposition.REWORK, ways.workshop)):
            if way is needed and not place:
                raise Refusal("supply.place_missing", way=way.value)
        held = Line(
            goods.part,
            goods.quantity,
            ways.quarantine,
            ways.adjustment,
            Condition.QUARANTINED,
            lot=goods.lot,
            serial=goods.serial,
            reason=goods.reason,
        )
        decision = Decision(held, way, work.actor, _last_inspector(work, goods.part, goods.lot), remedy)
        lines = disposed(
            decision,
            supplier=ways.supplier,
            scrap=ways.scrap,
            workshop=ways.workshop,
            shelf=ways.shelf,
            adjustment=ways.adjustment,
        )
        made = moves(work.envelope, document, lines, reason=way.value)
        reply = posted(work, "stock.dispose", document, prepare(work, made))
        work.record("stock.disposed", document, way=way.value, owed=remedy.value if remedy else "")
        return reply

    told = {
        "document": document,
        "goods": [goods.part, goods.quantity, goods.lot, goods.serial, goods.reason],
        "ways": asdict(ways),
        "way": way.value,
        "remedy": remedy.value if remedy else None,
    }
    return once(work, "stock.dispose", told, act)


def inspections(connection: Connection, region: str, supplier: str, part: str) -> tuple[LotInspection, ...]:
    """A supplier's lots of a part, in the order they were inspected."""
    row = LotInspectionRow.c
    query = select(LotInspectionRow).where(
        row.region_id == region, row.supplier_id == supplier, row.part_id == part
    )
    return tuple(
        LotInspection(
            id=found["inspection_id"],
            at=found["at"],
            supplier=found["supplier_id"],
            part=found["part_id"],
            document=found["document"],
            units=found["units"],
            aql=Decimal(found["aql"]),
            level=found["level"],
            severity=found["severity"],
            bad=found["bad"],
            lot=found["lot_id"],
            original=found["original"],
            steady=found["steady"],
            put_right=found["put_right"],
            by=found["inspected_by"],
        )
        for found in connection.execute(query.order_by(row.position)).mappings()
    )


def _waiting(goods: Arrival, ways: Ways) -> tuple[Line, ...]:
    held = Condition.QUARANTINED
    if goods.serials:
        return tuple(
            Line(goods.part, 1, ways.supplier, ways.quarantine, held, lot=goods.lot, serial=serial)
            for serial in goods.serials
        )
    return (Line(goods.part, goods.quantity, ways.supplier, ways.quarantine, held, lot=goods.lot),)


def _queue(work: UnitOfWork) -> int:
    """Wait for whoever judges a lot in this region; gives the place in the order that was last taken."""
    work.connection.execute(
        select(RegionRow.c.id).where(RegionRow.c.id == work.region).with_for_update(key_share=True)
    )
    last = select(func.max(LotInspectionRow.c.position)).where(LotInspectionRow.c.region_id == work.region)
    return work.connection.execute(last).scalar() or 0


def _check_waiting(work: UnitOfWork, goods: Arrival, ways: Ways, supplier: str) -> None:
    known = select(SupplierRow.c.supplier_id).where(
        SupplierRow.c.region_id == work.region, SupplierRow.c.supplier_id == supplier
    )
    if not work.connection.execute(known).scalar():
        raise Refusal("stock.unknown_supplier", supplier=supplier[:64])
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


def _check_ways(work: UnitOfWork, ways: Ways) -> None:
    for name, place in asdict(ways).items():
        if place:
            kind = place_of(work, place).kind
            if kind is not _KINDS.get(name, kind):
                raise Refusal("supply.place_kind", place=place, kind=kind.value, wanted=_KINDS[name].value)


def _last_inspector(work: UnitOfWork, part: str, lot: str) -> str:
    row = LotInspectionRow.c
    query = select(row.inspected_by).where(row.region_id == work.region, row.part_id == part)
    if lot:
        query = query.where(row.lot_id == lot)
    return work.connection.execute(query.order_by(row.position.desc()).limit(1)).scalar() or ""


def _write(work: UnitOfWork, fact: LotInspection, position: int) -> None:
    row = {
        "region_id": work.region,
        "position": position,
        "inspection_id": fact.id,
        "at": fact.at,
        "supplier_id": fact.supplier,
        "part_id": fact.part,
        "document": fact.document,
        "lot_id": fact.lot,
        "units": fact.units,
        "aql": str(AQLS[aql_index(fact.aql)]),
        "level": fact.level,
        "severity": fact.severity,
        "bad": fact.bad,
        "original": fact.original,
        "steady": fact.steady,
        "put_right": fact.put_right,
        "inspected_by": fact.by,
        "written_by": work.actor,
        "written_from": work.device,
        "written_at": work.now,
        "written_key": work.key,
    }
    check_fits(LotInspectionRow, row)
    work.connection.execute(insert(LotInspectionRow).values(**row))
