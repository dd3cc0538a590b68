"""Units known one by one: in one place at a time, and in the states of their life only in order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue.part import Tracking
from inventory.catalogue.place import PHYSICAL
from inventory.stock.ledger import Balances, Condition, Move, apply, fold, reversal, traced
from inventory.stock.serials import (
    FOLLOWS,
    HELD,
    MARKED,
    READY,
    SerialMark,
    SerialState,
    SerialUnit,
    fits,
    fold_serials,
    follow,
)
from kernel.errors import Refusal
from tests.stock_builders import NOW, PLACES, balances, move

S = SerialState
KINDS = {place.id: place.kind for place in PLACES}
HELD_BACK = Condition.QUARANTINED
BROKEN = Condition.DAMAGED

Fact = Move | SerialMark


def step(number: int, start: str, end: str, condition: Condition = Condition.USABLE, **changes: Any) -> Move:
    """Unit A of P-1 moves."""
    bound_for = "XIAMEN" if "TRANSIT" in (start, end) else ""
    plain = {"condition": condition, "serial": "A", "bound_for": bound_for}
    return move(number, 1, start, end, **(plain | changes))


def mark(number: int, state: SerialState, serial: str = "A") -> SerialMark:
    """Unit A of P-1 is said to be in a state."""
    return SerialMark(f"M{number}", NOW, "P-1", serial, state, "DOC-1", "keeper", "desk")


def life(*facts: Fact) -> list[SerialState]:
    """States after each fact."""
    unit = SerialUnit("P-1", "A")
    seen = []
    for fact in facts:
        unit = follow(unit, fact, KINDS)
        assert fits(unit.state, unit.cell, KINDS)
        seen.append(unit.state)
    return seen


def refused(*facts: Fact) -> str:
    """The code the last fact is refused with, the others standing."""
    life(*facts[:-1])
    with pytest.raises(Refusal) as caught:
        life(*facts)
    return caught.value.code


RECEIVED = (step(1, "SUPPLIER", "FUZHOU", HELD_BACK),)
ACCEPTED = (
    *RECEIVED,
    mark(2, S.INSPECTING),
    step(3, "FUZHOU", "ADJUSTMENT", HELD_BACK),
    step(4, "ADJUSTMENT", "FUZHOU"),
)
INSTALLED = (*ACCEPTED, step(5, "FUZHOU", "CUSTOMER"))
REMOVED = (*INSTALLED, step(6, "CUSTOMER", "FUZHOU", BROKEN))


def test_a_whole_life() -> None:
    """From the announcement through a repair to scrap, in the order of the trade."""
    facts = (
        mark(1, S.EXPECTED),
        step(2, "SUPPLIER", "FUZHOU", HELD_BACK),
        mark(3, S.INSPECTING),
        step(4, "FUZHOU", "ADJUSTMENT", HELD_BACK),
        step(5, "ADJUSTMENT", "FUZHOU"),
        mark(6, S.RESERVED),
        step(7, "FUZHOU", "TRANSIT"),
        step(8, "TRANSIT", "CUSTOMER"),
        step(9, "CUSTOMER", "VAN-1", BROKEN),
        step(10, "VAN-1", "FUZHOU", BROKEN),
        mark(11, S.REPAIR),
        step(12, "FUZHOU", "ADJUSTMENT", BROKEN),
        step(13, "ADJUSTMENT", "FUZHOU"),
        step(14, "FUZHOU", "CUSTOMER"),
        step(15, "CUSTOMER", "FUZHOU", BROKEN),
        mark(16, S.REPAIR),
        step(17, "FUZHOU", "SCRAP", BROKEN),
    )

    assert life(*facts) == [
        S.EXPECTED,
        S.RECEIVED,
        S.INSPECTING,
        S.GONE,
        S.AVAILABLE,
        S.RESERVED,
        S.IN_TRANSIT,
        S.INSTALLED,
        S.REMOVED_DEFECTIVE,
        S.REMOVED_DEFECTIVE,
        S.REPAIR,
        S.GONE,
        S.AVAILABLE,
        S.INSTALLED,
        S.REMOVED_DEFECTIVE,
        S.REPAIR,
        S.SCRAP,
    ]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ((*RECEIVED, mark(9, S.AVAILABLE)), "stock.serial_step"),
        (
            (*RECEIVED, step(8, "FUZHOU", "ADJUSTMENT", HELD_BACK), step(9, "ADJUSTMENT", "FUZHOU")),
            "stock.serial_step",
        ),
        ((*RECEIVED, mark(9, S.RESERVED)), "stock.serial_step"),
        ((*RECEIVED, step(9, "FUZHOU", "CUSTOMER", HELD_BACK)), "stock.serial_step"),
        ((*RECEIVED, mark(8, S.INSPECTING), mark(9, S.AVAILABLE)), "stock.serial_step"),
        ((*ACCEPTED, mark(9, S.REPAIR)), "stock.serial_step"),
        ((*ACCEPTED, step(9, "FUZHOU", "SCRAP")), "stock.serial_step"),
        ((*INSTALLED, mark(9, S.RESERVED)), "stock.serial_step"),
        ((*INSTALLED, step(9, "CUSTOMER", "FUZHOU")), "stock.serial_step"),
        ((*REMOVED, step(9, "FUZHOU", "SCRAP", BROKEN)), "stock.serial_step"),
        ((*REMOVED, step(9, "FUZHOU", "CUSTOMER", BROKEN)), "stock.serial_step"),
        ((step(9, "CUSTOMER", "FUZHOU"),), "stock.serial_step"),
        (
            (*REMOVED, step(8, "FUZHOU", "ADJUSTMENT", BROKEN), step(9, "ADJUSTMENT", "FUZHOU")),
            "stock.serial_step",
        ),
        ((*INSTALLED, step(9, "FUZHOU", "CUSTOMER")), "stock.serial_elsewhere"),
        ((step(9, "FUZHOU", "CUSTOMER"),), "stock.serial_unknown"),
    ],
)
def test_a_step_out_of_order_is_refused(facts: tuple[Fact, ...], code: str) -> None:
    """A unit nobody inspected is not available, a defective one is not sold again, a scrapped one is not back."""
    assert refused(*facts) == code


def test_a_defective_unit_goes_to_its_maker_and_comes_back_good() -> None:
    """Repair outside the house is repair as well; a unit given back for good is gone."""
    repaired = life(*REMOVED, step(7, "FUZHOU", "SUPPLIER", BROKEN), step(8, "SUPPLIER", "FUZHOU"))
    returned = life(
        *RECEIVED, mark(2, S.INSPECTING), mark(3, S.QUARANTINE), step(4, "FUZHOU", "SUPPLIER", HELD_BACK)
    )

    assert repaired[-2:] == [S.REPAIR, S.AVAILABLE]
    assert returned[-2:] == [S.QUARANTINE, S.GONE]


@pytest.mark.parametrize("before", [ACCEPTED, (*ACCEPTED, mark(9, S.RESERVED)), REMOVED, RECEIVED])
def test_a_unit_arrives_as_it_left(before: tuple[Fact, ...]) -> None:
    """The road changes nothing: what was kept for somebody still is, what was broken still is."""
    condition = next(fact for fact in reversed(before) if isinstance(fact, Move)).condition
    was = life(*before)[-1]

    states = life(*before, step(20, "FUZHOU", "TRANSIT", condition), step(21, "TRANSIT", "XIAMEN", condition))

    assert states[-2:] == [S.IN_TRANSIT, was]


def test_a_unit_lost_on_the_road_and_found_again_is_what_it_was() -> None:
    """A broken unit does not come back good, nor as one nobody has seen."""
    states = life(
        *REMOVED,
        step(20, "FUZHOU", "TRANSIT", BROKEN),
        step(21, "TRANSIT", "ADJUSTMENT", BROKEN),
        step(22, "ADJUSTMENT", "XIAMEN", BROKEN),
    )

    assert states[-3:] == [S.IN_TRANSIT, S.GONE, S.REMOVED_DEFECTIVE]


def test_a_promise_does_not_survive_a_loss_or_a_wrong_issue() -> None:
    """Found again, or taken back from a customer, a unit is free: its reservation went elsewhere meanwhile."""
    kept = (*ACCEPTED, mark(10, S.RESERVED))
    issue = step(11, "FUZHOU", "CUSTOMER")

    lost = life(*kept, step(11, "FUZHOU", "ADJUSTMENT"), step(12, "ADJUSTMENT", "FUZHOU"))
    undone = life(*kept, issue, reversal(issue, id="R", at=NOW, by="k", device="d", reason="r", key="KR"))

    assert lost[-1] == undone[-1] == S.AVAILABLE


@pytest.mark.parametrize("before", [RECEIVED, INSTALLED, REMOVED, (step(1, "CUSTOMER", "FUZHOU", BROKEN),)])
def test_taking_a_move_back_restores_the_state(before: tuple[Fact, ...]) -> None:
    """A correction leaves the unit as it was before the mistake."""
    last = before[-1]
    assert isinstance(last, Move)
    earlier = life(*before[:-1])[-1] if before[:-1] else None

    states = life(*before, reversal(last, id="R", at=NOW, by="k", device="d", reason="r", key="KR"))

    unheard_of = S.INSTALLED if last.from_place == "CUSTOMER" else S.GONE
    assert states[-1] == (earlier or unheard_of)


def test_a_fact_that_arrives_twice_counts_once() -> None:
    """The same key is the same fact, moves and marks alike."""
    assert fold_serials((*REMOVED, *REMOVED), KINDS) == fold_serials(REMOVED, KINDS)


@pytest.mark.parametrize("state", sorted(set(SerialState) - MARKED))
def test_what_needs_goods_to_move_cannot_be_said(state: SerialState) -> None:
    """A unit said to be installed while it lies in the depot would be in two places."""
    with pytest.raises(Refusal, match=r"stock\.serial_must_move"):
        mark(1, state)


def tracked() -> Balances:
    """Nothing anywhere, units of P-1 known one by one."""
    return balances(tracking=Tracking.SERIAL)


def test_a_serial_leaves_only_from_where_it_is() -> None:
    """One place at a time: neither another shelf, nor another condition or lot, nor a supplier has it."""
    there = fold(tracked(), (step(1, "SUPPLIER", "FUZHOU"), step(2, "SUPPLIER", "XIAMEN", serial="B")))

    for wrong in (
        step(3, "XIAMEN", "CUSTOMER"),
        step(3, "SUPPLIER", "XIAMEN"),
        step(3, "FUZHOU", "CUSTOMER", BROKEN),
        step(3, "FUZHOU", "CUSTOMER", lot="L-1"),
    ):
        with pytest.raises(Refusal, match=r"stock\.serial_elsewhere"):
            apply(there, wrong)
    with pytest.raises(Refusal, match=r"stock\.serial_unknown"):
        apply(there, step(3, "FUZHOU", "CUSTOMER", serial="C"))
    assert apply(there, step(3, "FUZHOU", "CUSTOMER")).serials["P-1", "A"].place == "CUSTOMER"


def test_a_serial_is_one_unit_of_a_part_tracked_so() -> None:
    """A number on two units, or units without one among those that have one, and the count means nothing."""
    with pytest.raises(Refusal, match=r"stock\.serial_not_one"):
        move(1, 2, "SUPPLIER", "FUZHOU", serial="A")
    with pytest.raises(Refusal, match=r"stock\.serial_missing"):
        apply(tracked(), move(1, 2, "SUPPLIER", "FUZHOU"))
    with pytest.raises(Refusal, match=r"stock\.serial_not_tracked"):
        apply(balances(), step(1, "SUPPLIER", "FUZHOU"))


def test_storage_opens_with_the_units_it_has_locked() -> None:
    """A small value of a few rows judges as the whole ledger would."""
    whole = fold(tracked(), (step(1, "SUPPLIER", "FUZHOU"),))
    opened = Balances.opening(
        ["P-1"], PLACES, totals=whole.totals, tracking={"P-1": Tracking.SERIAL}, serials=whole.serials
    )

    with pytest.raises(Refusal, match=r"stock\.serial_elsewhere"):
        apply(opened, step(2, "XIAMEN", "CUSTOMER"))
    assert apply(opened, step(2, "FUZHOU", "CUSTOMER")) == apply(whole, step(2, "FUZHOU", "CUSTOMER"))


@st.composite
def facts(draw: st.DrawFn) -> tuple[Fact, ...]:
    """Moves and marks of two units, legal or not, mostly from where the unit is."""
    made: list[Fact] = []
    at: dict[str, Move] = {}
    for number in range(draw(st.integers(0, 16))):
        serial = draw(st.sampled_from("AB"))
        if draw(st.booleans()) and serial in at:
            made.append(mark(number, draw(st.sampled_from(sorted(MARKED))), serial))
            continue
        last = at.get(serial)
        condition = draw(st.sampled_from(Condition))
        start = draw(st.sampled_from(("SUPPLIER", "FUZHOU", "CUSTOMER", "ADJUSTMENT")))
        if last is not None and draw(st.integers(0, 9)):
            start = last.to_place
            condition = last.condition if KINDS[start] in PHYSICAL else condition
        end = draw(st.sampled_from([place for place in KINDS if place != start]))
        at[serial] = step(number, start, end, condition, serial=serial)
        made.append(at[serial])
    return tuple(made)


def posted(given_facts: tuple[Fact, ...]) -> tuple[Balances, dict[str, list[SerialUnit]]]:
    """Post what both the ledger and the unit's life allow; each unit's history beside it."""
    current = tracked()
    lives = {serial: [SerialUnit("P-1", serial)] for serial in "AB"}
    for fact in given_facts:
        try:
            after = apply(current, fact) if isinstance(fact, Move) else current
            unit = follow(lives[fact.serial][-1], fact, KINDS)
        except Refusal:
            continue
        current = after
        lives[fact.serial].append(unit)
    return current, lives


@given(facts())
def test_a_serial_is_never_in_two_places(given_facts: tuple[Fact, ...]) -> None:
    """Every physical balance holds exactly the units that stand there, whatever is tried."""
    current, lives = posted(given_facts)

    standing: dict[Any, int] = {}
    for cell in current.serials.values():
        standing[cell] = standing.get(cell, 0) + 1
    physical = {cell: n for cell, n in current.totals.items() if KINDS[cell.place] in PHYSICAL}
    assert physical == {cell: n for cell, n in standing.items() if KINDS[cell.place] in PHYSICAL}
    assert current.serials == traced(KINDS, current.moves)
    for serial, history in lives.items():
        assert current.serials.get(("P-1", serial)) == history[-1].cell


@given(facts())
def test_state_and_ledger_tell_one_story(given_facts: tuple[Fact, ...]) -> None:
    """Available or reserved means usable on a shelf, held back means on hand and not usable; steps are known ones."""
    _, lives = posted(given_facts)

    for history in lives.values():
        for before, after in pairwise(history):
            assert fits(after.state, after.cell, KINDS)
            resumed = before.state in {S.IN_TRANSIT, S.GONE}
            known = FOLLOWS[before.was] if resumed and before.cell else FOLLOWS[before.state]
            stays = {before.state, before.was} if resumed else {before.state}
            from_equipment = {S.REMOVED_DEFECTIVE} if before.cell is None else set()
            assert after.state in known | FOLLOWS[before.state] | stays | from_equipment


def test_ready_and_held_share_nothing() -> None:
    """A state is one or the other."""
    assert not READY & HELD
    assert replace(SerialUnit("P-1", "A"), state=S.RESERVED).state in READY
