"""How many of a lot to look at, and how many bad ones it may hold: single sampling by attributes, MIL-STD-105E.

The tables of the standard are one rule. Sample sizes and quality limits both grow by the same step (about 1.6), so
that one step along either axis asks the same of the lot: the acceptance number depends on the sum of the two indices,
the diagonal, alone. Where a diagonal has no plan of its own the table has an arrow to the next letter that has one.

Source: MIL-STD-105E (1989), tables I, II-A, II-B, II-C (public domain). Limits up to 10 are nonconforming units a
hundred, or nonconformities a hundred units; above 10 nonconformities a hundred units only.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kernel.errors import Refusal


class Level(StrEnum):
    """How much is looked at for one size of lot: general I to III, special S1 to S4 where looking costs much."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"
    I = "I"  # noqa: E741 the standard's own word
    II = "II"
    III = "III"


class InspectionSeverity(StrEnum):
    """Which of the three tables is in force; `inventory.supply.switching` says when."""

    NORMAL = "normal"
    TIGHTENED = "tightened"
    REDUCED = "reduced"


LETTERS = "ABCDEFGHJKLMNPQR"
"""Code letters by index; one more, S, has a single tightened plan."""

AQLS = tuple(
    Decimal(text)
    for text in [
        "0.01",
        "0.015",
        "0.025",
        "0.04",
        "0.065",
        "0.1",
        "0.15",
        "0.25",
        "0.4",
        "0.65",
        "1",
        "1.5",
        "2.5",
        "4",
        "6.5",
        "10",
        "15",
        "25",
        "40",
        "65",
        "100",
        "150",
        "250",
        "400",
        "650",
        "1000",
    ]
)
"""Acceptable quality limits by index, a hundred units."""

UNITS_ONLY = Decimal(10)
"""The largest limit that may be meant as nonconforming units a hundred."""

_LOT_UP_TO = (8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000)

_LETTER_OF_LOT: dict[Level, str] = {
    Level.S1: "AAAABBBBCCCCDDD",
    Level.S2: "AAABBBCCCDDDEEE",
    Level.S3: "AABBCCDDEEFFGGH",
    Level.S4: "AABCCDEEFGGHJJK",
    Level.I: "AABCCDEFGHJKLMN",
    Level.II: "ABCDEFGHJKLMNPQ",
    Level.III: "BCDEFGHJKLMNPQR",
}

_SIZES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000, 3150)
_SIZES_REDUCED = (2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800)

# (accept, reject) from the first diagonal that has a plan; the last two are for small letters only.
_NORMAL = ((1, 2), (2, 3), (3, 4), (5, 6), (7, 8), (10, 11), (14, 15), (21, 22), (30, 31), (44, 45))
_TIGHTENED = ((1, 2), (2, 3), (3, 4), (5, 6), (8, 9), (12, 13), (18, 19), (27, 28), (41, 42))
_REDUCED = ((0, 2), (1, 3), (1, 4), (2, 5), (3, 6), (5, 8), (7, 10), (10, 13), (14, 17), (21, 24))

_LAST = 24
"""The last diagonal with a plan for any letter; up to `_LAST_SMALL` for letters up to `_SMALL`."""
_LAST_SMALL, _SMALL = 26, 4

_NO_ZERO_ABOVE = 14
"""Index of the largest limit for which a plan may accept no bad unit at all (6.5)."""


@dataclass(frozen=True, slots=True)
class SamplingPlan:
    """Look at `size` units of a lot; up to `accept` bad ones pass it, from `reject` on it is not accepted.

    Args:
        letter: code letter of the lot, before arrows.
        aql: acceptable quality limit, a hundred units.
        severity: the table it is from.
        size: units looked at; all of the lot where the table asks for as many or more.
        accept: bad ones up to which the lot is accepted.
        reject: bad ones from which it is not; between the two (reduced only) it is accepted and normal inspection returns.
        used: the letter whose row the arrows lead to.
        whole_lot: every unit is looked at.
    """

    letter: str
    aql: Decimal
    severity: InspectionSeverity
    size: int
    accept: int
    reject: int
    used: str
    whole_lot: bool = False

    def accepts(self, bad: int, /) -> bool:
        """Say whether a lot with that many bad ones in its sample is accepted."""
        return bad < self.reject


def code_letter(lot: int, level: Level) -> str:
    """Give the code letter for a lot of that many units (table I).

    Raises:
        Refusal: ``sampling.lot_too_small`` for less than one unit.

    >>> code_letter(4000, Level.II)
    'L'
    """
    if lot < 1:
        raise Refusal("sampling.lot_too_small", lot=lot)
    row = sum(lot > most for most in _LOT_UP_TO)
    return _LETTER_OF_LOT[level][row]


def plan(letter: str, aql: Decimal, severity: InspectionSeverity = InspectionSeverity.NORMAL) -> SamplingPlan:
    """Give the single sampling plan of a cell of the tables, arrows followed.

    Raises:
        Refusal: ``sampling.unknown_letter``, ``sampling.unknown_aql``.

    >>> cell = plan("J", Decimal("1.5"))
    >>> cell.size, cell.accept, cell.reject
    (80, 3, 4)
    """
    if len(letter) != 1 or letter not in LETTERS:
        raise Refusal("sampling.unknown_letter", value=letter[:20])
    column = aql_index(aql)
    row = LETTERS.index(letter)
    used, (accept, reject) = _followed(row, column, severity)
    sizes = _SIZES_REDUCED if severity is InspectionSeverity.REDUCED else _SIZES
    name = (LETTERS + "S")[used]
    return SamplingPlan(letter, AQLS[column], severity, sizes[used], accept, reject, name)


def plan_for_lot(
    lot: int,
    *,
    aql: Decimal,
    level: Level = Level.II,
    severity: InspectionSeverity = InspectionSeverity.NORMAL,
) -> SamplingPlan:
    """Give the plan for a lot; where it asks for as many units as there are, all are looked at.

    Raises:
        Refusal: ``sampling.lot_too_small``, ``sampling.unknown_aql``.

    >>> cell = plan_for_lot(4000, aql=Decimal("1.5"))
    >>> cell.letter, cell.size, cell.accept, cell.reject
    ('L', 200, 7, 8)
    """
    cell = plan(code_letter(lot, level), aql, severity)
    if cell.size < lot:
        return cell
    return SamplingPlan(
        cell.letter, cell.aql, severity, lot, cell.accept, cell.reject, cell.used, whole_lot=True
    )


def tighter(cell: SamplingPlan) -> SamplingPlan | None:
    """The normal plan of the same letter for the next smaller limit; None: there is none smaller."""
    column = aql_index(cell.aql)
    return plan(cell.used, AQLS[column - 1]) if column else None


def aql_index(aql: Decimal) -> int:
    """The index of a limit among `AQLS`.

    Raises:
        Refusal: ``sampling.unknown_aql``.
    """
    if aql not in AQLS:
        raise Refusal("sampling.unknown_aql", value=str(aql)[:20], known=" ".join(map(str, AQLS)))
    return AQLS.index(aql)


_DOWN, _UP = 1, -1


def _followed(row: int, column: int, severity: InspectionSeverity) -> tuple[int, tuple[int, int]]:
    """The row an arrow leads to and its numbers; an arrow that leaves the table points the other way instead."""
    found = _cell(row, column, severity)
    if isinstance(found, tuple):
        return row, found
    for step in (found, -found):
        at = row + step
        while at >= 0:
            there = _cell(at, column, severity)
            if isinstance(there, tuple):
                return at, there
            if at >= len(LETTERS):
                break
            at += step
    raise AssertionError("every column of the tables has a plan")


def _cell(row: int, column: int, severity: InspectionSeverity) -> tuple[int, int] | int:
    """Acceptance and rejection number of a cell, or the way its arrow points."""
    if row >= len(LETTERS):
        # Letter S: one plan, tightened, for 0.025.
        return (1, 2) if severity is InspectionSeverity.TIGHTENED and row + column == 18 else _DOWN
    if severity is InspectionSeverity.REDUCED and row == 1 and column >= 16:
        return _second_reduced(column)
    diagonal = row + column
    tight = severity is InspectionSeverity.TIGHTENED
    zero = 15 if tight else 14
    if diagonal == zero and column <= _NO_ZERO_ABOVE:
        return 0, 1
    if diagonal <= zero:
        return _DOWN
    first = 18 if tight else 17
    if diagonal < first:
        return _DOWN if tight or diagonal == zero + 2 else _UP
    if diagonal > (_LAST_SMALL if row <= _SMALL else _LAST):
        return _UP
    if tight:
        return _TIGHTENED[diagonal - first]
    # The first letter's two units can hardly be reduced: its row is the normal one.
    return (_REDUCED if severity is InspectionSeverity.REDUCED and row else _NORMAL)[diagonal - first]


def _second_reduced(column: int) -> tuple[int, int]:
    """Letter B has two units like letter A, so it takes A's acceptance numbers, rejecting a little later."""
    if column == 16:
        return 0, 2
    accept = _NORMAL[column - 17][0]
    return accept, accept + (2 if accept <= 3 else 1)
