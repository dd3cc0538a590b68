"""A delivery judged line by line, a lot by its sample, and goods that leave quarantine."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue.part import Tracking
from inventory.stock.document import Line, moves
from inventory.stock.ledger import Balances, Condition, fold
from inventory.supply.disposition import Decision, Disposition, SupplierRemedy, disposed
from inventory.supply.inspection import (
    Arrival,
    Check,
    InspectionRule,
    Reading,
    Split,
    Verdict,
    is_right,
    released,
    split,
    verdict,
)
from inventory.supply.sampling import InspectionSeverity
from kernel.errors import Refusal
from tests.stock_builders import balances, envelope

FLOW = Check("flow", "P-1", lower=Decimal("4.8"), upper=Decimal("5.2"), unit="l/min")
LEAK = Check("leak", "P-1")
RULE = InspectionRule("P-1", Decimal("1.5"))
PLACES_USED: dict[str, Any] = {"supplier": "SUPPLIER", "shelf": "FUZHOU", "quarantine": "QUARANTINE"}
WAYS: dict[str, Any] = {
    "supplier": "SUPPLIER",
    "scrap": "SCRAP",
    "workshop": "XIAMEN",
    "shelf": "FUZHOU",
    "adjustment": "ADJUSTMENT",
}


def sample(size: int, *, bad: int = 0) -> list[Reading]:
    """Readings of so many units, the first of them leaking and out of flow."""
    return [
        reading
        for unit in range(size)
        for reading in (
            Reading("flow", str(unit), value=Decimal("5.3" if unit < bad else "5.2")),
            Reading("leak", str(unit), right=unit >= bad),
        )
    ]


def taken_in(*arrivals: Arrival, inspected: bool = True) -> tuple[Split, ...]:
    """A delivery at Fuzhou of which P-1 is inspected."""
    return split(arrivals, {"P-1"} if inspected else (), parts=["P-1", "P-2"], **PLACES_USED)


def posted(before: Balances, key: str, *lines: Line) -> Balances:
    """Balances after the lines of a document."""
    return fold(before, moves(envelope(key), key, lines, reason="test"))


def test_the_lot_of_the_story_is_held_back() -> None:
    """A thousand came, eighty were looked at, three might fail and five did: all of it stays in quarantine."""
    (line,) = taken_in(Arrival("P-1", 1000))
    plan = RULE.plan(1000, InspectionSeverity.NORMAL)

    judged = verdict(plan, [FLOW, LEAK], sample(80, bad=5))

    assert (plan.size, plan.accept, len(judged.bad), judged.accepted) == (80, 3, 5, False)
    assert judged.bad[0] == ("0", ("flow", "leak"))
    assert released(line.lines, judged, shelf="FUZHOU", adjustment="ADJUSTMENT") == ((), 0, 1000)
    there = posted(balances(), "RCV", *line.lines)
    assert there.quantity("P-1", "QUARANTINE", Condition.QUARANTINED) == 1000
    assert there.quantity("P-1", "FUZHOU") == 0


def test_an_accepted_lot_goes_on_the_shelf_without_its_bad_units() -> None:
    """Three failed of eighty and three may: 997 are usable, three stay held back."""
    (line,) = taken_in(Arrival("P-1", 1000))
    judged = verdict(RULE.plan(1000, InspectionSeverity.NORMAL), [FLOW, LEAK], sample(80, bad=3))

    lines, accepted, held = released(line.lines, judged, shelf="FUZHOU", adjustment="ADJUSTMENT")
    after = posted(posted(balances(), "RCV", *line.lines), "INS", *lines)

    assert (accepted, held) == (997, 3)
    assert after.quantity("P-1", "FUZHOU") == 997
    assert after.quantity("P-1", "QUARANTINE", Condition.QUARANTINED) == 3


def test_units_known_by_serial_are_released_one_by_one() -> None:
    """The one that failed is named, and no other stays."""
    rule = InspectionRule("P-1", Decimal(10))
    (line,) = split([Arrival("P-1", 3, serials=("A", "B", "C"))], ["P-1"], parts=["P-1"], **PLACES_USED)
    plan = rule.plan(20, InspectionSeverity.NORMAL)
    bad_one = Verdict(plan, (("B", ("leak",)),))

    lines, accepted, held = released(line.lines, bad_one, shelf="FUZHOU", adjustment="ADJUSTMENT")
    after = posted(posted(balances(tracking=Tracking.SERIAL), "RCV", *line.lines), "INS", *lines)

    assert (accepted, held) == (2, 1)
    assert {serial: cell.place for (_, serial), cell in after.serials.items()} == {
        "A": "FUZHOU",
        "B": "QUARANTINE",
        "C": "FUZHOU",
    }
    with pytest.raises(Refusal, match=r"supply\.bad_unit_unknown"):
        released(line.lines, Verdict(plan, (("Z", ("leak",)),)), shelf="FUZHOU", adjustment="ADJUSTMENT")


def test_one_bad_line_never_holds_up_the_others() -> None:
    """An unknown part between two good lines is said so, and the two are taken in."""
    found = taken_in(
        Arrival("P-2", 5, rejected=1),
        Arrival("P-9", 5),
        Arrival("P-1", 4),
        Arrival("P-2", 0),
        Arrival("P-2", 3, rejected=4),
        Arrival("P-2", 2, serials=("A",)),
        Arrival("P-2", 2, rejected=2),
    )

    assert [row.refusal.code if row.refusal else "" for row in found] == [
        "",
        "stock.unknown_part",
        "",
        "stock.not_positive",
        "supply.rejected_more",
        "stock.serials_miscounted",
        "",
    ]
    assert (found[0].accepted, found[0].quarantined, found[0].rejected) == (4, 0, 1)
    assert (found[2].accepted, found[2].quarantined, found[2].rejected) == (0, 4, 0)
    assert found[6].lines == ()


@given(st.integers(1, 500), st.integers(0, 500), st.booleans(), st.integers(0, 8))
def test_what_came_is_accepted_held_back_or_turned_away(
    came: int, turned: int, inspected: bool, bad: int
) -> None:
    """Nothing is lost on the way: the ledger holds what was not turned away, shelf and quarantine together."""
    turned = min(turned, came)
    (line,) = taken_in(Arrival("P-1", came, rejected=turned), inspected=inspected)
    after = posted(balances(), "RCV", *line.lines)
    if line.quarantined:
        plan = RULE.plan(line.quarantined, InspectionSeverity.NORMAL)
        judged = verdict(plan, [FLOW, LEAK], sample(plan.size, bad=min(bad, plan.size)))
        lines, accepted, held = released(line.lines, judged, shelf="FUZHOU", adjustment="ADJUSTMENT")
        after = posted(after, "INS", *lines)
        assert accepted + held == line.quarantined
        assert accepted == after.quantity("P-1", "FUZHOU")

    assert line.accepted + line.quarantined + line.rejected == came
    assert (
        after.quantity("P-1", "FUZHOU") + after.quantity("P-1", "QUARANTINE", Condition.QUARANTINED)
        == came - turned
    )


def test_limits_are_included_and_one_of_them_may_be_open() -> None:
    """Exactly at the limit is right, a hair beyond is not; decimals are compared exactly."""
    for value, right in (("4.8", True), ("4.79", False), ("5.2", True), ("5.2000001", False)):
        assert is_right(FLOW, Reading("flow", "1", value=Decimal(value))) is right
    assert is_right(Check("load", "P-1", lower=Decimal(3)), Reading("load", "1", value=Decimal(10**6)))
    assert not is_right(Check("noise", "P-1", upper=Decimal(3)), Reading("noise", "1", value=Decimal(4)))
    with pytest.raises(Refusal, match=r"supply\.tolerance_empty"):
        Check("flow", "P-1", lower=Decimal(2), upper=Decimal(1))
    with pytest.raises(Refusal, match=r"supply\.reading_missing"):
        is_right(FLOW, Reading("flow", "1", value=Decimal("NaN")))


@pytest.mark.parametrize(
    ("readings", "code"),
    [
        (sample(79), "supply.sample_size"),
        (sample(81), "supply.sample_size"),
        (sample(80)[:-1], "supply.reading_missing"),
        ([*sample(80), Reading("leak", "3", right=True)], "supply.reading_twice"),
        ([*sample(80), Reading("colour", "3", right=True)], "supply.check_unknown"),
        ([*sample(80)[:-1], Reading("leak", "79")], "supply.reading_missing"),
        ([Reading("flow", "0", right=True), *sample(80)[1:]], "supply.reading_missing"),
    ],
)
def test_a_sample_that_is_not_whole_gives_no_verdict(readings: list[Reading], code: str) -> None:
    """Too few, too many, one check forgotten, one entered twice."""
    with pytest.raises(Refusal) as caught:
        verdict(RULE.plan(1000, InspectionSeverity.NORMAL), [FLOW, LEAK], readings)

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("way", "place", "condition"),
    [
        (Disposition.RETURN, "SUPPLIER", Condition.QUARANTINED),
        (Disposition.SCRAP, "SCRAP", Condition.QUARANTINED),
        (Disposition.REWORK, "XIAMEN", Condition.DAMAGED),
        (Disposition.WAIVER, "FUZHOU", Condition.USABLE),
    ],
)
def test_each_way_out_of_quarantine_is_told_to_the_ledger(
    way: Disposition, place: str, condition: Condition
) -> None:
    """What is reworked is not available until it was inspected again; only a waiver makes goods usable at once."""
    held = posted(balances(), "RCV", Line("P-1", 10, "SUPPLIER", "QUARANTINE", Condition.QUARANTINED))
    goods = Line("P-1", 4, "QUARANTINE", "", reason="scratched")
    remedy = SupplierRemedy.REPLACE if way is Disposition.RETURN else None

    lines = disposed(Decision(goods, way, "head", ["keeper"], remedy), **WAYS)
    after = posted(held, "DSP", *lines)

    came_back = after.quantity("P-1", place, condition)
    assert came_back == (4 if place != "SUPPLIER" else -6)
    assert after.quantity("P-1", "QUARANTINE", Condition.QUARANTINED) == 6
    assert sum(after.totals.values()) == 0


def test_a_decision_says_what_it_has_to() -> None:
    """What is owed for a return, who waives and why."""
    goods = Line("P-1", 4, "QUARANTINE", "", reason="scratched")

    with pytest.raises(Refusal, match=r"supply\.remedy_missing"):
        Decision(goods, Disposition.RETURN, "head")
    with pytest.raises(Refusal, match=r"supply\.remedy_without_return"):
        Decision(goods, Disposition.SCRAP, "head", remedy=SupplierRemedy.RECTIFY)
    with pytest.raises(Refusal, match=r"supply\.waiver_by_inspector"):
        Decision(goods, Disposition.WAIVER, "keeper", ["other", "keeper"])
    with pytest.raises(Refusal, match=r"supply\.waiver_without_reason"):
        Decision(Line("P-1", 4, "QUARANTINE", ""), Disposition.WAIVER, "head", ["keeper"])


def test_units_are_counted_so_the_limit_is_one_of_units() -> None:
    """Above ten a limit counts nonconformities, of which a unit may have several: nothing here counts those."""
    with pytest.raises(Refusal, match=r"supply\.units_only"):
        InspectionRule("P-1", Decimal(15))
    with pytest.raises(Refusal, match=r"sampling\.unknown_aql"):
        InspectionRule("P-1", Decimal("1.2"))
