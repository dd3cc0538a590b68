"""Looking at what a supplier sent: checks, readings, the verdict on a lot, and what goes where after it.

A delivery is judged line by line: what one line lacks never holds up another. At the door a line is taken in or turned
away; what is to be inspected waits in quarantine; the verdict splits it into accepted and held back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from inventory.stock.document import Line, changed_condition
from inventory.stock.move import MOST_UNITS, Condition
from inventory.supply.sampling import (
    UNITS_ONLY,
    InspectionSeverity,
    Level,
    SamplingPlan,
    aql_index,
    plan_for_lot,
)
from kernel.errors import Refusal
from kernel.ids import natural_key


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at on a unit: yes or no, or a measurement within limits.

    Args:
        id: natural key.
        part: part id.
        lower: the smallest value that is right; None: no lower limit.
        upper: the largest value that is right; None: no upper limit.
        unit: of the measurement: mm, V, kPa; empty for yes or no.
        name: what people call it.

    Raises:
        Refusal: ``supply.tolerance_empty`` when no value can be right.
    """

    id: str
    part: str
    lower: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise Refusal(
                "supply.tolerance_empty", check=self.id, lower=str(self.lower), upper=str(self.upper)
            )

    @property
    def measured(self) -> bool:
        """Whether it is a measurement."""
        return self.lower is not None or self.upper is not None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found on one unit for one check.

    Args:
        check: check id.
        unit: the unit's serial, or its number in the sample.
        right: for yes or no; None for a measurement.
        value: for a measurement, in the check's unit; None for yes or no.
    """

    check: str
    unit: str
    right: bool | None = None
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class InspectionRule:
    """How deliveries of a part are inspected.

    Args:
        part: part id.
        aql: acceptable quality limit, a hundred units.
        level: inspection level.
        may_reduce: whether reduced inspection is wanted for it.

    Raises:
        Refusal: ``sampling.unknown_aql``; ``supply.units_only`` for a limit above 10, which counts nonconformities: here a
            unit is good or bad.
    """

    part: str
    aql: Decimal
    level: Level = Level.II
    may_reduce: bool = True

    def __post_init__(self) -> None:
        aql_index(self.aql)
        if self.aql > UNITS_ONLY:
            raise Refusal("supply.units_only", part=self.part, aql=str(self.aql))

    def plan(self, lot: int, severity: InspectionSeverity) -> SamplingPlan:
        """The sampling plan for a lot of that many units."""
        return plan_for_lot(lot, aql=self.aql, level=self.level, severity=severity)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the sample says of a lot.

    Args:
        plan: the plan it was inspected by.
        bad: units that failed, each with the checks it failed, in natural order.
    """

    plan: SamplingPlan
    bad: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the lot passed."""
        return self.plan.accepts(len(self.bad))


def is_right(check: Check, reading: Reading) -> bool:
    """Say whether a reading is right: limits included.

    Raises:
        Refusal: ``supply.reading_missing`` for a measurement without a value, or a yes-or-no check without its answer.
    """
    if check.measured:
        if reading.value is None or not reading.value.is_finite():
            raise Refusal("supply.reading_missing", check=check.id, unit=reading.unit)
        above = check.lower is None or reading.value >= check.lower
        return above and (check.upper is None or reading.value <= check.upper)
    if reading.right is None:
        raise Refusal("supply.reading_missing", check=check.id, unit=reading.unit)
    return reading.right


def verdict(plan: SamplingPlan, checks: Iterable[Check], readings: Iterable[Reading]) -> Verdict:
    """Judge a lot by what was found on its sample; a unit that fails one check or several is one bad unit.

    Args:
        plan: how many units to look at.
        checks: all of the part's.
        readings: one a unit and check.

    Raises:
        Refusal: ``supply.check_unknown``, ``supply.reading_twice``, ``supply.reading_missing``, and
            ``supply.sample_size`` when other than the plan's number of units were looked at.
    """
    asked = {check.id: check for check in checks}
    found: dict[str, dict[str, bool]] = {}
    for reading in readings:
        if reading.check not in asked:
            raise Refusal("supply.check_unknown", check=reading.check[:64])
        seen = found.setdefault(reading.unit, {})
        if reading.check in seen:
            raise Refusal("supply.reading_twice", check=reading.check, unit=reading.unit)
        seen[reading.check] = is_right(asked[reading.check], reading)
    if len(found) != plan.size:
        raise Refusal("supply.sample_size", found=len(found), wanted=plan.size)
    bad: list[tuple[str, tuple[str, ...]]] = []
    for unit in sorted(found, key=natural_key):
        for check in asked:
            if check not in found[unit]:
                raise Refusal("supply.reading_missing", check=check, unit=unit)
        failed = tuple(check for check in asked if not found[unit][check])
        if failed:
            bad.append((unit, failed))
    return Verdict(plan, tuple(bad))


@dataclass(frozen=True, slots=True)
class Arrival:
    """One line of a delivery note, as counted at the door.

    Args:
        part: part id.
        quantity: units that came.
        rejected: of these, turned away at the door: broken, wrong, too many.
        lot: their lot; empty: of no lot.
        serials: the units taken in, where they are known one by one; empty: not.
    """

    part: str
    quantity: int
    rejected: int = 0
    lot: str = ""
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """What became of one line of a delivery: accepted + quarantined + rejected is what came.

    Args:
        arrival: the line.
        accepted: units on the shelf.
        quarantined: units held back until they are inspected.
        rejected: units that went back with the driver.
        lines: what the ledger is told; nothing of what was turned away.
        refusal: why the line could not be taken in at all; then nothing of it is, and it has to be entered again.
    """

    arrival: Arrival
    accepted: int = 0
    quarantined: int = 0
    rejected: int = 0
    lines: tuple[Line, ...] = ()
    refusal: Refusal | None = None


def split(
    arrivals: Iterable[Arrival],
    inspected: Collection[str],
    *,
    parts: Iterable[str],
    supplier: str,
    shelf: str,
    quarantine: str,
) -> tuple[Split, ...]:
    """Take a delivery in: what is to be inspected into quarantine, the rest onto the shelf, each line for itself.

    Args:
        arrivals: in the order of the note.
        inspected: parts that wait for their inspection; every other is accepted as it comes.
        parts: known part ids.
        supplier: the ledger's place for suppliers.
        shelf: where accepted goods are put.
        quarantine: where goods wait for inspection.
    """
    known = set(parts)
    done: list[Split] = []
    for arrival in arrivals:
        try:
            _check(arrival, known)
        except Refusal as refusal:
            done.append(Split(arrival, refusal=refusal))
            continue
        taken = arrival.quantity - arrival.rejected
        held = arrival.part in inspected
        condition = Condition.QUARANTINED if held else Condition.USABLE
        lines = _lines(arrival, supplier, quarantine if held else shelf, condition)
        done.append(Split(arrival, 0 if held else taken, taken if held else 0, arrival.rejected, lines))
    return tuple(done)


def _check(arrival: Arrival, known: set[str]) -> None:
    if arrival.part not in known:
        raise Refusal("stock.unknown_part", part=arrival.part[:64])
    if type(arrival.quantity) is not int or type(arrival.rejected) is not int:
        raise Refusal("stock.not_whole", id=arrival.part, value=f"{arrival.quantity}, {arrival.rejected}")
    if arrival.quantity < 1:
        raise Refusal("stock.not_positive", id=arrival.part, value=arrival.quantity)
    if arrival.quantity > MOST_UNITS:
        raise Refusal("stock.too_many", id=arrival.part, most=MOST_UNITS)
    if not 0 <= arrival.rejected <= arrival.quantity:
        raise Refusal(
            "supply.rejected_more", part=arrival.part, rejected=arrival.rejected, quantity=arrival.quantity
        )
    named = len(set(arrival.serials))
    if arrival.serials and named != arrival.quantity - arrival.rejected:
        raise Refusal(
            "stock.serials_miscounted",
            part=arrival.part,
            serials=named,
            value=arrival.quantity - arrival.rejected,
        )


def _lines(arrival: Arrival, from_place: str, to_place: str, condition: Condition) -> tuple[Line, ...]:
    if arrival.serials:
        return tuple(
            Line(arrival.part, 1, from_place, to_place, condition, lot=arrival.lot, serial=serial)
            for serial in arrival.serials
        )
    taken = arrival.quantity - arrival.rejected
    if not taken:
        return ()
    return (Line(arrival.part, taken, from_place, to_place, condition, lot=arrival.lot),)


def released(
    waiting: Iterable[Line], judged: Verdict, *, shelf: str, adjustment: str
) -> tuple[tuple[Line, ...], int, int]:
    """Put an inspected lot where the verdict says: lines for the ledger, units accepted, units held back.

    An accepted lot goes onto the shelf without the bad units of its sample; one that is not accepted stays where it is.

    Args:
        waiting: what lies in quarantine, as `split` took it in: one line, or one for each serial.
        judged: the verdict; where units are known by serial its bad units are named so.
        shelf: where accepted goods are put.
        adjustment: the adjustment place a change of condition goes through.

    Raises:
        Refusal: ``supply.bad_unit_unknown`` when a bad unit is none of the serials; ``supply.more_bad_than_there``.
    """
    rows = tuple(waiting)
    held = sum(line.quantity for line in rows)
    if not judged.accepted:
        return (), 0, held
    bad = {unit for unit, _ in judged.bad}
    if rows and all(line.serial for line in rows):
        if strange := bad - {line.serial for line in rows}:
            raise Refusal("supply.bad_unit_unknown", unit=min(strange, key=natural_key)[:64])
        good = [line for line in rows if line.serial not in bad]
    else:
        if len(rows) != 1 or len(bad) > held:
            raise Refusal("supply.more_bad_than_there", bad=len(bad), there=held)
        (row,) = rows
        left = held - len(bad)
        good = (
            [Line(row.part, left, row.from_place, row.to_place, row.condition, lot=row.lot)] if left else []
        )
    lines: list[Line] = []
    for line in good:
        lying = Line(
            line.part,
            line.quantity,
            line.to_place,
            adjustment,
            line.condition,
            lot=line.lot,
            serial=line.serial,
        )
        lines += changed_condition(lying, Condition.USABLE, adjustment=adjustment, to_place=shelf)
    accepted = sum(line.quantity for line in good)
    return tuple(lines), accepted, held - accepted
