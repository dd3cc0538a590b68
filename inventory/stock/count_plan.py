"""What to count when: parts by the value they turn over and by what stands still without them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from inventory.catalogue.part import Part
from inventory.catalogue.place import SHELVES, PlaceKind
from inventory.stock.move import Cell
from inventory.stock.position import PartPlace
from kernel.errors import Refusal
from kernel.ids import natural_key


class CountClass(StrEnum):
    """How closely a part's stock is watched."""

    A = "a"
    B = "b"
    C = "c"


@dataclass(frozen=True, slots=True)
class CountRule:
    """Where the classes part, and how often each is counted.

    Args:
        a_share: of all value turned over, the share that the class A parts make up.
        b_share: that A and B make up together.
        days: days between two counts, by class.

    Raises:
        Refusal: ``stock.share_out_of_range``, ``stock.count_days``.
    """

    a_share: Decimal = Decimal("0.8")
    b_share: Decimal = Decimal("0.95")
    days: tuple[tuple[CountClass, int], ...] = ((CountClass.A, 30), (CountClass.B, 90), (CountClass.C, 365))

    def __post_init__(self) -> None:
        if not 0 < self.a_share <= self.b_share <= 1:
            raise Refusal("stock.share_out_of_range", a=str(self.a_share), b=str(self.b_share))
        for count_class, days in self.days:
            if days < 1:
                raise Refusal("stock.count_days", count_class=count_class.value, value=days)


USUAL = CountRule()


def count_classes(
    parts: Iterable[Part], used: Mapping[str, int], rule: CountRule = USUAL
) -> dict[str, CountClass]:
    """Give each part its class by the value it turned over; one a device stands still without is a class higher.

    Parts are taken by falling value, of two alike by natural order. A part belongs to A as long as those before it have
    not reached A's share, so the part that crosses a line still belongs above it; what turned over nothing is C.

    Args:
        parts: with price and criticality.
        used: units used in a year, by part id; a part without an entry used none.
        rule: where the classes part.
    """
    rows = tuple(parts)
    value = {part.id: part.price * used.get(part.id, 0) for part in rows}
    total = sum(value.values(), Decimal(0))
    before = Decimal(0)
    classes: dict[str, CountClass] = {}
    for part in sorted(rows, key=lambda part: (-value[part.id], natural_key(part.id))):
        if not value[part.id] or before >= rule.b_share * total:
            found = CountClass.C
        else:
            found = CountClass.A if before < rule.a_share * total else CountClass.B
        classes[part.id] = _higher(found) if part.criticality == 1 else found
        before += value[part.id]
    return classes


def _higher(found: CountClass) -> CountClass:
    return CountClass.B if found is CountClass.C else CountClass.A


@dataclass(frozen=True, slots=True)
class CountDue:
    """A part at a place to be counted: its class, when it was due; None: it was never counted."""

    part: str
    place: str
    count_class: CountClass
    due_at: datetime | None


def counts_due(
    totals: Mapping[Cell, int],
    kinds: Mapping[str, PlaceKind],
    classes: Mapping[str, CountClass],
    counted_at: Mapping[PartPlace, datetime],
    *,
    now: datetime,
    rule: CountRule = USUAL,
    most: int = 0,
) -> tuple[CountDue, ...]:
    """What is due to be counted: class A first, within a class what was never counted, then the longest overdue.

    Args:
        totals: balances; a part and place without units is not counted.
        kinds: kind by place id.
        classes: see `count_classes`; a part without one is C.
        counted_at: when each part and place was last counted, whether or not it differed.
        now: the moment, aware.
        rule: how often each class is counted.
        most: part-places to give at most; 0: all.
    """
    days = dict(rule.days)
    there = sorted(
        {(cell.part, cell.place) for cell, units in totals.items() if units and kinds[cell.place] in SHELVES},
        key=lambda key: (natural_key(key[1]), natural_key(key[0])),
    )
    found: list[CountDue] = []
    for part, place in there:
        count_class = classes.get(part, CountClass.C)
        last = counted_at.get((part, place))
        due_at = None if last is None else last + timedelta(days=days[count_class])
        if due_at is None or due_at <= now:
            found.append(CountDue(part, place, count_class, due_at))
    found.sort(
        key=lambda row: (
            row.count_class,
            row.due_at is not None,
            row.due_at.timestamp() if row.due_at is not None else 0.0,
        )
    )
    return tuple(found[:most] if most else found)
