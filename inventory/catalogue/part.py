"""Parts and the parts that may stand in for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kernel.errors import Refusal
from kernel.ids import natural_key


class PartKind(StrEnum):
    """What becomes of a part that is taken out of a device."""

    CONSUMABLE = "consumable"
    REPAIRABLE = "repairable"


class Tracking(StrEnum):
    """How finely the ledger knows a part's units: by number only, lot by lot, or one by one."""

    NONE = "none"
    LOT = "lot"
    SERIAL = "serial"


class AlternateKind(StrEnum):
    """How an alternate stands to its part: as good both ways, or its successor (one way only)."""

    EQUAL = "equal"
    SUPERSEDES = "supersedes"


@dataclass(frozen=True, slots=True)
class Part:
    """A spare part, counted in whole units of its smallest issue unit.

    Args:
        id: the part number.
        name: as people call it.
        kind: consumable or repairable.
        price: what one unit costs, in the region's currency.
        criticality: 1 the device stands still without it, 2 it runs degraded, 3 comfort.
        tracking: what each of its moves has to name: nothing, its lot, or its serial.
        served_until: the last day on which devices that take it are served; None: no end is known.

    Raises:
        Refusal: ``stock.criticality_out_of_range``, ``money.negative``.
    """

    id: str
    name: str
    kind: PartKind
    price: Decimal
    criticality: int
    tracking: Tracking = Tracking.NONE
    served_until: date | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.criticality <= 3:
            raise Refusal("stock.criticality_out_of_range", part=self.id, value=self.criticality)
        if self.price < 0:
            raise Refusal("money.negative", value=str(self.price))


@dataclass(frozen=True, slots=True)
class Alternate:
    """`alternate` may be used where `part` is asked for.

    Raises:
        Refusal: ``stock.alternate_of_itself``.
    """

    part: str
    alternate: str
    kind: AlternateKind

    def __post_init__(self) -> None:
        if self.part == self.alternate:
            raise Refusal("stock.alternate_of_itself", part=self.part)


def stand_ins(alternates: Iterable[Alternate], part: str) -> tuple[str, ...]:
    """Parts that may be used where `part` is asked for: its equals and its direct successors, by id.

    An equal counts in both directions, a successor only forwards: the old one does not replace the new.
    """
    found: set[str] = set()
    for row in alternates:
        if row.part == part:
            found.add(row.alternate)
        elif row.alternate == part and row.kind is AlternateKind.EQUAL:
            found.add(row.part)
    return tuple(sorted(found, key=natural_key))


def current(alternates: Iterable[Alternate], part: str) -> str:
    """Follow supersession to the part that is bought today; `part` itself when nothing supersedes it.

    Of several successors the first by id is followed; a circle ends where it closes.
    """
    successor: dict[str, str] = {}
    for row in sorted(alternates, key=lambda row: natural_key(row.alternate)):
        if row.kind is AlternateKind.SUPERSEDES:
            successor.setdefault(row.part, row.alternate)
    seen = {part}
    while (following := successor.get(part)) is not None and following not in seen:
        seen.add(following)
        part = following
    return part
