"""Counting: blind, while work goes on, against the ledger as of the moment of counting.

Who counts is not told what should be there. A difference is what was counted less what the ledger had at that
moment; what was moved since does not matter. Differences become moves through an adjustment place, and above a
value somebody else has to approve them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from inventory.catalogue.place import SHELVES, PlaceKind
from inventory.stock.document import Line, moves
from inventory.stock.ledger import tally, traced
from inventory.stock.move import Cell, Condition, Move
from kernel.clock import utc
from kernel.envelope import Envelope
from kernel.errors import Refusal
from kernel.ids import natural_key

COUNT_DIFFERENCE = "count difference"
"""The reason of every move that brings the ledger to a count."""


@dataclass(frozen=True, slots=True)
class CountedCell:
    """What somebody found of one part, condition and lot at one place.

    Args:
        part: part id.
        place: place id, a shelf or quarantine.
        condition: as found.
        counted: units found, zero included.
        at: the moment of counting, aware; moves at that very moment are taken as done before it.
        by: who counted.
        lot: the lot; empty: of no lot.
        serials: the units found, where they are known one by one; then `counted` is their number.

    Raises:
        Refusal: ``stock.not_whole``, ``stock.negative_count``, ``stock.serials_miscounted``,
            ``clock.naive_time``.
    """

    part: str
    place: str
    condition: Condition
    counted: int
    at: datetime
    by: str
    lot: str = ""
    serials: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if type(self.counted) is not int:
            raise Refusal("stock.not_whole", id=self.part, value=str(self.counted))
        if self.counted < 0:
            raise Refusal("stock.negative_count", part=self.part, place=self.place, value=self.counted)
        if self.serials is not None and len(set(self.serials)) != self.counted:
            raise Refusal(
                "stock.serials_miscounted", part=self.part, serials=len(set(self.serials)), value=self.counted
            )
        if self.at.tzinfo is not UTC:
            object.__setattr__(self, "at", utc(self.at))

    @property
    def cell(self) -> Cell:
        """The balance it was counted against."""
        return Cell(self.part, self.place, self.condition, "", self.lot)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a count and the ledger disagree on.

    Args:
        count: as found.
        expected: units the ledger had at that moment.
        missing: serials the ledger had there and nobody found.
        unexpected: serials found and not there by the ledger.
    """

    count: CountedCell
    expected: int
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()

    @property
    def units(self) -> int:
        """Counted less expected."""
        return self.count.counted - self.expected

    @property
    def changed(self) -> int:
        """Units that have to be adjusted; serials that stand in for one another count both."""
        return len(self.missing) + len(self.unexpected) if self.count.serials is not None else abs(self.units)


def sheet(totals: Mapping[Cell, int], place: str) -> tuple[Cell, ...]:
    """What to count at a place, in natural order, without saying how much there should be."""
    there = (cell for cell, quantity in totals.items() if cell.place == place and quantity)
    return tuple(
        sorted(there, key=lambda cell: (natural_key(cell.part), cell.condition.value, natural_key(cell.lot)))
    )


def differences(
    counts: Iterable[CountedCell], ledger: Iterable[Move], kinds: Mapping[str, PlaceKind]
) -> tuple[Difference, ...]:
    """Compare counts with the ledger, each as of its own moment; those that agree are left out.

    A move entered later for an earlier moment counts as well, if it is in `ledger` by now.

    Raises:
        Refusal: ``stock.unknown_place``, ``stock.not_counted_there`` for a place without a shelf,
            ``stock.duplicate`` for one balance counted twice, ``stock.count_overtaken`` when the difference of
            another count was posted there after this one was taken.
    """
    posted = tuple(ledger)
    counted = last_counted(posted)
    seen: set[Cell] = set()
    at_moment: dict[datetime, tuple[dict[Cell, int], dict[tuple[str, str], Cell]]] = {}
    found: list[Difference] = []
    for count in counts:
        cell = count.cell
        _check_cell(cell, kinds)
        if cell in seen:
            raise Refusal("stock.duplicate", id=" / ".join(part for part in cell if part))
        seen.add(cell)
        if count.at < counted.get((cell.part, cell.place), count.at):
            raise Refusal("stock.count_overtaken", part=cell.part, place=cell.place)
        if count.at not in at_moment:
            until = count.at
            at_moment[until] = (tally(kinds, posted, until=until), traced(kinds, posted, until=until))
        totals, standing = at_moment[count.at]
        difference = _compared(count, totals.get(cell, 0), standing)
        if difference.changed:
            found.append(difference)
    return tuple(found)


def to_recount(
    found: Iterable[Difference], *, price: Mapping[str, Decimal], above: Decimal
) -> tuple[Cell, ...]:
    """Give the balances that somebody else has to count again, blind, before their difference is believed.

    Args:
        found: see `differences`.
        price: of one unit, by part, in the region's currency.
        above: value of one difference up to which the first count stands, same currency.

    Raises:
        Refusal: ``stock.unknown_part`` without a price.
    """
    again: list[Cell] = []
    for row in found:
        if row.count.part not in price:
            raise Refusal("stock.unknown_part", part=row.count.part)
        if row.changed * price[row.count.part] > above:
            again.append(row.count.cell)
    return tuple(again)


def recounted(
    first: CountedCell, second: CountedCell, ledger: Iterable[Move], kinds: Mapping[str, PlaceKind]
) -> CountedCell:
    """Give the second of two counts when both say the same of the ledger, each as of its own moment.

    What was moved between the two explains itself; what is left is a mistake of one of them.

    Raises:
        Refusal: ``stock.recount_elsewhere``, ``stock.recount_by_counter``, ``stock.recount_differs`` when they disagree
            and a third has to count; as `differences`.
    """
    if first.cell != second.cell:
        raise Refusal("stock.recount_elsewhere", part=second.part, place=second.place)
    if first.by == second.by:
        raise Refusal("stock.recount_by_counter", part=first.part, name=first.by)
    posted = tuple(ledger)
    said = [
        [(row.units, row.missing, row.unexpected) for row in differences([count], posted, kinds)]
        for count in (first, second)
    ]
    if said[0] != said[1]:
        raise Refusal(
            "stock.recount_differs",
            part=first.part,
            place=first.place,
            first=first.counted,
            second=second.counted,
        )
    return second


def believed(
    counts: Iterable[CountedCell],
    again: Iterable[CountedCell],
    ledger: Iterable[Move],
    kinds: Mapping[str, PlaceKind],
    *,
    price: Mapping[str, Decimal],
    recount_above: Decimal,
) -> tuple[Difference, ...]:
    """Compare counts with the ledger and believe a difference of more than a value only from two people.

    A second count of what needed none is compared all the same: nobody's counting is passed over.

    Args:
        counts: first counts.
        again: second counts, each of a balance counted before.
        ledger: all moves of the places.
        kinds: kind by place id.
        price: of one unit, by part, in the region's currency.
        recount_above: value of one difference up to which the first count stands, same currency.

    Raises:
        Refusal: ``stock.recount_needed``, without a figure, for the second counter is not to be told either;
            ``stock.recount_of_nothing``, ``stock.duplicate``; those of `recounted`, `to_recount`, `differences`.
    """
    posted, firsts = tuple(ledger), tuple(counts)
    found = differences(firsts, posted, kinds)
    first = {row.cell: row for row in firsts}
    second: dict[Cell, CountedCell] = {}
    for row in again:
        if row.cell not in first:
            raise Refusal("stock.recount_of_nothing", part=row.part, place=row.place)
        if row.cell in second:
            raise Refusal("stock.duplicate", id=" / ".join(part for part in row.cell if part))
        second[row.cell] = recounted(first[row.cell], row, posted, kinds)
    for cell in to_recount(found, price=price, above=recount_above):
        if cell not in second:
            raise Refusal("stock.recount_needed", part=cell.part, place=cell.place)
    return differences((second.get(cell, row) for cell, row in first.items()), posted, kinds)


def adjustments(
    envelope: Envelope,
    document: str,
    found: Iterable[Difference],
    *,
    adjustment: str,
    price: Mapping[str, Decimal],
    approval_above: Decimal,
    approved_by: str = "",
    counters: Iterable[str] = (),
) -> tuple[Move, ...]:
    """Make the moves that bring the ledger to what was counted.

    The value judged is that of all units adjusted, gains and losses alike: two mistakes do not cancel.

    Args:
        envelope: who posts, from where, when, once.
        document: the count.
        found: see `differences`.
        adjustment: the adjustment place.
        price: of one unit, by part, in the region's currency.
        approval_above: value above which somebody who did not count has to approve, same currency.
        approved_by: who approved; empty: nobody.
        counters: who else counted, whether or not his count is among `found`.

    Raises:
        Refusal: ``stock.unknown_part`` without a price; ``stock.count_needs_approval``,
            ``stock.count_approved_by_counter``.
    """
    rows = tuple(found)
    value = Decimal(0)
    for row in rows:
        if row.count.part not in price:
            raise Refusal("stock.unknown_part", part=row.count.part)
        value += row.changed * price[row.count.part]
    if value > approval_above:
        if not approved_by:
            raise Refusal(
                "stock.count_needs_approval", document=document, value=str(value), limit=str(approval_above)
            )
        if approved_by in {*counters, *(row.count.by for row in rows)}:
            raise Refusal("stock.count_approved_by_counter", document=document, name=approved_by)
    lines = (line for row in rows for line in _lines(row, adjustment))
    return moves(envelope, document, lines, reason=COUNT_DIFFERENCE)


def last_counted(posted: Iterable[Move]) -> dict[tuple[str, str], datetime]:
    """When a count difference was last posted, by part and place: an older count knows nothing of it."""
    last: dict[tuple[str, str], datetime] = {}
    for move in posted:
        if move.reason == COUNT_DIFFERENCE:
            for place in (move.from_place, move.to_place):
                last[move.part, place] = max(move.at, last.get((move.part, place), move.at))
    return last


def _check_cell(cell: Cell, kinds: Mapping[str, PlaceKind]) -> None:
    if cell.place not in kinds:
        raise Refusal("stock.unknown_place", place=cell.place)
    if kinds[cell.place] not in SHELVES | {PlaceKind.QUARANTINE}:
        raise Refusal("stock.not_counted_there", place=cell.place, kind=kinds[cell.place].value)


def _compared(count: CountedCell, expected: int, standing: Mapping[tuple[str, str], Cell]) -> Difference:
    if count.serials is None:
        return Difference(count, expected)
    there = {serial for (part, serial), cell in standing.items() if part == count.part and cell == count.cell}
    seen = set(count.serials)
    return Difference(
        count,
        expected,
        tuple(sorted(there - seen, key=natural_key)),
        tuple(sorted(seen - there, key=natural_key)),
    )


def _lines(row: Difference, adjustment: str) -> list[Line]:
    count = row.count
    if count.serials is not None:
        lost = [_line(count, 1, count.place, adjustment, serial) for serial in row.missing]
        return lost + [_line(count, 1, adjustment, count.place, serial) for serial in row.unexpected]
    if row.units < 0:
        return [_line(count, -row.units, count.place, adjustment)]
    return [_line(count, row.units, adjustment, count.place)]


def _line(count: CountedCell, quantity: int, from_place: str, to_place: str, serial: str = "") -> Line:
    return Line(count.part, quantity, from_place, to_place, count.condition, lot=count.lot, serial=serial)
