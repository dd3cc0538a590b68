"""The tables of MIL-STD-105E as one rule: every cell of the reference, and the laws they obey."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.supply.sampling import (
    AQLS,
    LETTERS,
    InspectionSeverity,
    Level,
    code_letter,
    plan,
    plan_for_lot,
    tighter,
)
from kernel.errors import Refusal


@pytest.mark.parametrize("severity", list(InspectionSeverity))
def test_every_cell_is_that_of_the_reference(reference: dict[str, Any], severity: InspectionSeverity) -> None:
    """Sixteen letters by sixteen limits, arrows followed."""
    cells = reference["mil_std_105e_single"][severity.value]
    found = {
        letter: {aql: _numbers(letter, Decimal(aql), severity) for aql in row}
        for letter, row in cells.items()
    }

    assert sum(len(row) for row in cells.values()) == 256
    assert found == cells


ABOVE_TEN = {
    InspectionSeverity.NORMAL: {
        "A": (7, 8),
        "B": (10, 11),
        "C": (14, 15),
        "D": (21, 22),
        "E": (30, 31),
        "F": (30, 31),
    },
    InspectionSeverity.TIGHTENED: {
        "A": (5, 6),
        "B": (8, 9),
        "C": (12, 13),
        "D": (18, 19),
        "E": (27, 28),
        "F": (27, 28),
    },
    InspectionSeverity.REDUCED: {
        "A": (7, 8),
        "B": (7, 8),
        "C": (7, 10),
        "D": (10, 13),
        "E": (14, 17),
        "F": (14, 17),
    },
}
"""The column of 150 nonconformities a hundred units, tables II-A, II-B and II-C."""


@pytest.mark.parametrize("severity", list(InspectionSeverity))
def test_limits_above_ten_follow_the_printed_column(severity: InspectionSeverity) -> None:
    """The first letters go further than the others, and reduced inspection of two units is nearly normal."""
    wanted = ABOVE_TEN[severity]

    found = {letter: plan(letter, Decimal(150), severity) for letter in wanted}

    assert {letter: (cell.accept, cell.reject) for letter, cell in found.items()} == wanted
    assert found["F"].size == found["E"].size
    assert [plan("B", aql, InspectionSeverity.REDUCED).reject for aql in AQLS[16:]] == [
        2,
        3,
        4,
        5,
        6,
        8,
        11,
        15,
        22,
        31,
    ]


def test_the_letters_are_those_of_table_one() -> None:
    """Some of its 105 cells, from the first and last row and the middle."""
    lots = (2, 8, 9, 150, 1200, 1201, 4000, 35_000, 500_000, 500_001)

    found = {level: "".join(code_letter(lot, level) for lot in lots) for level in Level}

    assert found == {
        Level.S1: "AAABCCCCDD",
        Level.S2: "AAABCDDDEE",
        Level.S3: "AAACEEFFGH",
        Level.S4: "AAADFGGHJK",
        Level.I: "AAADGHJKMN",
        Level.II: "AABFJKLMPQ",
        Level.III: "BBCGKLMNQR",
    }


@given(
    st.integers(1, 1_000_000),
    st.sampled_from(AQLS),
    st.sampled_from(Level),
    st.sampled_from(InspectionSeverity),
)
def test_a_plan_never_looks_at_more_than_there_is(
    lot: int, aql: Decimal, level: Level, severity: InspectionSeverity
) -> None:
    """As many or more means all; any smaller sample is the table's own."""
    found = plan_for_lot(lot, aql=aql, level=level, severity=severity)
    cell = plan(code_letter(lot, level), aql, severity)

    assert found.size == min(lot, cell.size)
    assert found.whole_lot == (cell.size >= lot)
    assert (found.accept, found.reject) == (cell.accept, cell.reject)


@given(st.sampled_from(LETTERS), st.sampled_from(AQLS))
def test_tightened_inspection_is_never_kinder(letter: str, aql: Decimal) -> None:
    """With as many units it accepts no more bad ones; with other sizes it looks at more. Reduced looks at no more."""
    normal, tight, reduced = (plan(letter, aql, severity) for severity in InspectionSeverity)

    assert tight.accept <= normal.accept if tight.size == normal.size else tight.size > normal.size
    assert reduced.size <= normal.size
    assert reduced.accept <= normal.accept


@given(st.sampled_from(LETTERS), st.sampled_from(AQLS[1:]))
def test_one_step_tighter_on_the_same_sample_accepts_fewer(letter: str, aql: Decimal) -> None:
    """What earns points is the same sample judged by the next limit."""
    cell = plan(letter, aql)

    stricter = tighter(cell)

    if cell.accept >= 2:
        assert stricter is not None
        assert (stricter.size, stricter.accept < cell.accept) == (cell.size, True)


def test_what_the_tables_do_not_know_is_refused() -> None:
    """No guess between two columns, no empty lot, no letter I."""
    with pytest.raises(Refusal, match=r"sampling\.unknown_aql"):
        plan("J", Decimal("1.2"))
    with pytest.raises(Refusal, match=r"sampling\.lot_too_small"):
        code_letter(0, Level.II)
    with pytest.raises(Refusal, match=r"sampling\.unknown_letter"):
        plan("I", Decimal(1))
    with pytest.raises(Refusal, match=r"sampling\.unknown_letter"):
        plan("", Decimal(1))
    assert tighter(plan("J", AQLS[0])) is None


def _numbers(letter: str, aql: Decimal, severity: InspectionSeverity) -> list[int]:
    cell = plan(letter, aql, severity)
    return [cell.size, cell.accept, cell.reject]
