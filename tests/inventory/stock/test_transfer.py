"""Transfers: out at once, in transit, received with or without a difference."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue.part import Tracking
from inventory.catalogue.place import PHYSICAL
from inventory.stock.ledger import Balances, Condition, Move, apply, fold
from inventory.stock.transfer import Courier, Goods, courier_of, is_late, receive, send, under_way
from kernel.errors import Refusal
from tests.stock_builders import PLACES, balances, envelope, move

KINDS = {place.id: place.kind for place in PLACES}
PUMP = Goods("P-1")
OLD_LOT = Goods("P-1", lot="L-1")
BROKEN = Goods("P-1", Condition.DAMAGED)


def stocked() -> Balances:
    """Ten of no lot, five of a lot, three broken, in Fuzhou."""
    return fold(
        balances(),
        (
            move(1, 10, "SUPPLIER", "FUZHOU"),
            move(2, 5, "SUPPLIER", "FUZHOU", lot="L-1"),
            move(3, 3, "CUSTOMER", "FUZHOU", condition=Condition.DAMAGED),
        ),
    )


def sent(goods: dict[Goods, int], key: str = "SEND") -> tuple[Move, ...]:
    """Goods sent from Fuzhou to Xiamen on TR-1."""
    return send(envelope(key), "TR-1", goods, from_place="FUZHOU", to_place="XIAMEN", transit="TRANSIT")


def received(
    after: Balances, counted: dict[Goods, int], key: str = "RECEIVE", **changes: Any
) -> tuple[Move, ...]:
    """TR-1 received in Xiamen as counted."""
    plain: dict[str, Any] = {"to_place": "XIAMEN", "transit": "TRANSIT", "adjustment": "ADJUSTMENT"}
    road = under_way("TR-1", after.moves, KINDS)
    return receive(
        envelope(key, minutes=60),
        "TR-1",
        sent={what: quantity for (_, what), quantity in road.items()},
        counted=counted,
        **(plain | changes),
    )


def test_a_transfer_leaves_its_source_at_once_and_waits_on_the_road() -> None:
    """Nobody else promises what is on a lorry."""
    after = fold(stocked(), sent({PUMP: 4, OLD_LOT: 2}))

    assert after.quantity("P-1", "FUZHOU") == 6
    assert after.quantity("P-1", "XIAMEN") == 0
    assert under_way("TR-1", after.moves, KINDS) == {("XIAMEN", PUMP): 4, ("XIAMEN", OLD_LOT): 2}


def test_a_second_apply_does_not_double_a_transfer() -> None:
    """Confirming twice moved the goods twice elsewhere: a command gives the same moves each time."""
    once = fold(stocked(), sent({PUMP: 4}))
    arrival = received(once, {PUMP: 4})

    twice = fold(once, (*sent({PUMP: 4}), *arrival, *arrival))

    assert twice.quantity("P-1", "FUZHOU") == 6
    assert twice.quantity("P-1", "XIAMEN") == 4
    assert under_way("TR-1", (*once.moves, *once.moves), KINDS) == {("XIAMEN", PUMP): 4}


def test_short_and_over_become_adjustments() -> None:
    """Three of four pumps and three of two of the lot: one lost on the road, one too many, the rest is there."""
    after = fold(stocked(), sent({PUMP: 4, OLD_LOT: 2}))

    done = fold(after, received(after, {PUMP: 3, OLD_LOT: 3}))

    assert done.quantity("P-1", "XIAMEN") == 3
    assert done.quantity("P-1", "XIAMEN", lot="L-1") == 3
    assert under_way("TR-1", done.moves, KINDS) == {}
    assert [(made.quantity, made.reason) for made in done.moves[-2:]] == [
        (1, "received short"),
        (1, "received over"),
    ]
    assert {made.source_document for made in done.moves[-4:]} == {"TR-1"}


def test_one_wrong_line_does_not_block_the_others() -> None:
    """A whole receipt waited for one failed line elsewhere."""
    after = fold(stocked(), sent({PUMP: 4, BROKEN: 2}))

    done = fold(after, received(after, {PUMP: 4}))

    assert done.quantity("P-1", "XIAMEN") == 4
    assert done.quantity("P-1", "XIAMEN", Condition.DAMAGED) == 0


def test_what_comes_later_stays_on_the_road() -> None:
    """Half of it today, half tomorrow is no loss."""
    after = fold(stocked(), sent({PUMP: 4}))

    half = fold(after, received(after, {PUMP: 3}, more_follows=True))
    assert under_way("TR-1", half.moves, KINDS) == {("XIAMEN", PUMP): 1}

    whole = fold(half, received(half, {PUMP: 1}, key="LATER"))
    assert whole.quantity("P-1", "XIAMEN") == 4
    assert whole.quantity("P-1", "ADJUSTMENT") == 0


def test_a_unit_found_that_belongs_elsewhere_is_refused() -> None:
    """A serial on the wrong pallet is a question, not a surplus."""
    here, elsewhere = Goods("P-1", serial="A"), Goods("P-1", serial="B")
    start = fold(
        balances(tracking=Tracking.SERIAL),
        (move(1, 1, "SUPPLIER", "FUZHOU", serial="A"), move(2, 1, "SUPPLIER", "VAN-1", serial="B")),
    )
    after = fold(start, sent({here: 1}))

    wrong = received(after, {here: 1, elsewhere: 1})

    with pytest.raises(Refusal, match=r"stock\.serial_elsewhere"):
        fold(after, wrong)
    lost = fold(after, received(after, {}))
    assert lost.serials["P-1", "A"].place == "ADJUSTMENT"


def test_what_cannot_be_a_transfer_is_refused() -> None:
    """To where it is, of what is not there, of nothing, in numbers below nothing."""
    with pytest.raises(Refusal, match=r"stock\.same_place"):
        send(envelope(), "TR-1", {PUMP: 1}, from_place="XIAMEN", to_place="XIAMEN", transit="TRANSIT")
    with pytest.raises(Refusal, match=r"stock\.not_enough"):
        fold(stocked(), sent({PUMP: 11}))
    with pytest.raises(Refusal, match=r"stock\.nothing_under_way"):
        received(stocked(), {PUMP: 1})
    with pytest.raises(Refusal, match=r"stock\.negative_count"):
        received(fold(stocked(), sent({PUMP: 4})), {PUMP: -1})


GOODS = st.dictionaries(st.sampled_from([PUMP, OLD_LOT, BROKEN]), st.integers(1, 3), min_size=1)
FOUND = st.dictionaries(st.sampled_from([PUMP, OLD_LOT, BROKEN]), st.integers(0, 5))


@given(GOODS, FOUND, st.booleans())
def test_a_transfer_conserves(goods: dict[Goods, int], found: dict[Goods, int], more: bool) -> None:
    """Whatever was sent and found: nothing appears or is lost unsaid, the shelf gets what was counted."""
    after = fold(stocked(), sent(goods))

    done = fold(after, received(after, found, more_follows=more))

    assert sum(done.totals.values()) == 0
    assert all(n > 0 for cell, n in done.totals.items() if KINDS[cell.place] in PHYSICAL)
    for what in (PUMP, OLD_LOT, BROKEN):
        there = done.quantity("P-1", "XIAMEN", what.condition, lot=what.lot)
        assert there == found.get(what, 0)
    if not more:
        assert under_way("TR-1", done.moves, KINDS) == {}
    assert apply(done, done.moves[-1]) == done


@given(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=60).filter(str.strip),
    st.from_regex(r"[A-Z0-9-]{1,60}", fullmatch=True),
)
def test_the_ledger_gives_back_the_courier_it_was_told(carrier: str, tracking: str) -> None:
    """What was sent keeps the courier as its reason: read back, it is the same, whatever blanks its name has."""
    courier = Courier(carrier, tracking)

    made = send(
        envelope("BY"),
        "TR-1",
        {PUMP: 1},
        from_place="FUZHOU",
        to_place="XIAMEN",
        transit="TRANSIT",
        courier=courier,
    )

    assert [courier_of(one.reason) for one in made] == [Courier(carrier.strip(), tracking)]
    assert courier_of(sent({PUMP: 1})[0].reason) is None


def test_goods_are_late_once_they_took_longer_than_a_transfer_takes() -> None:
    """On the last moment of its time a transfer is not late yet; a second afterwards it is."""
    at = envelope("SEND").now

    on_time = is_late(at, now=at + timedelta(days=1), days=1.0)
    late = is_late(at, now=at + timedelta(days=1, seconds=1), days=1.0)

    assert (on_time, late) == (False, True)
