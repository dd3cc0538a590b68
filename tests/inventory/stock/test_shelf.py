"""Promising stock and taking it."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue.part import Tracking
from inventory.stock.ledger import Balances, Condition, apply, fold
from inventory.stock.lot import Lot, Pick
from inventory.stock.position import positions
from inventory.stock.reservation import Reservation, active, consume, release, unreserved
from inventory.stock.shelf import Shelf, first_out, free, reserve, shelf, take
from inventory.stockroom import position
from kernel.errors import Refusal
from tests.stock_builders import NOW, PLACES, balances, move, need, place, stockroom

HOUR = timedelta(hours=1)


def wanted(number: int = 1, quantity: int = 1, **changes: Any) -> Reservation:
    """A reservation of P-1 in Fuzhou."""
    plain: dict[str, Any] = {
        "part": "P-1",
        "place": "FUZHOU",
        "demand_ref": f"V-{number}",
        "id": f"R-{number}",
    }
    return Reservation(quantity=quantity, **(plain | changes))


def on(quantity: int = 5, *, where: str = "FUZHOU", **lots: int) -> Shelf:
    """So many usable units of P-1, of no lot or of these."""
    return Shelf("P-1", place(where), dict(lots) or {"": quantity}, {})


def of_lots(held: dict[str, int]) -> Shelf:
    """Usable units of P-1 in Fuzhou by lot."""
    return Shelf("P-1", place(), dict(held), {})


def numbered(*serials: str) -> Shelf:
    """These units of P-1, usable in Fuzhou."""
    moves = [
        move(number, 1, "SUPPLIER", "FUZHOU", serial=serial) for number, serial in enumerate(serials, start=1)
    ]
    after = fold(balances(tracking=Tracking.SERIAL), moves)
    return shelf("P-1", place(), after.totals, serials=after.serials)


def test_five_and_five_of_five_are_not_both_reserved() -> None:
    """Two requests were each granted all five elsewhere: every demand is judged against one figure."""
    first = reserve(on(5), (), wanted(1, 5), now=NOW)

    with pytest.raises(Refusal) as caught:
        reserve(on(5), first, wanted(2, 5, demand_ref="order 7"), now=NOW)

    assert caught.value.code == "stock.not_enough_free"
    assert caught.value.message.params == {"part": "P-1", "place": "FUZHOU", "free": 0, "wanted": 5}


def test_one_serial_is_not_reserved_twice() -> None:
    """One unit was promised to two jobs elsewhere, though others lay beside it."""
    first = reserve(numbered("A", "B"), (), wanted(1, serial="A"), now=NOW)

    with pytest.raises(Refusal, match=r"stock\.serial_reserved"):
        reserve(numbered("A", "B"), first, wanted(2, serial="A"), now=NOW)
    assert len(reserve(numbered("A", "B"), first, wanted(2, serial="B"), now=NOW)) == 2


def test_a_serial_may_be_reserved_again_once_it_is_let_go() -> None:
    """Unique among active reservations, not for ever."""
    first = reserve(numbered("A"), (), wanted(1, serial="A"), now=NOW)

    assert len(reserve(numbered("A"), release(first, "R-1", now=NOW), wanted(2, serial="A"), now=NOW)) == 2


def test_a_named_unit_cannot_be_promised_from_under_an_open_reservation() -> None:
    """Whoever reserved any one unit of one has that one."""
    first = reserve(numbered("A"), (), wanted(1), now=NOW)

    with pytest.raises(Refusal, match=r"stock\.not_enough_free"):
        reserve(numbered("A"), first, wanted(2, serial="A"), now=NOW)


def test_a_named_unit_cannot_be_promised_from_under_its_lot() -> None:
    """Whoever reserved the one unit of a lot has that one, whatever lies beside it."""
    moves = [
        move(1, 1, "SUPPLIER", "FUZHOU", serial="A", lot="L-1"),
        move(2, 1, "SUPPLIER", "FUZHOU", serial="B", lot="L-2"),
    ]
    after = fold(balances(tracking=Tracking.SERIAL), moves)
    there = shelf("P-1", place(), after.totals, serials=after.serials)
    first = reserve(there, (), wanted(1, lot="L-1"), now=NOW)

    with pytest.raises(Refusal, match=r"stock\.not_enough_free"):
        reserve(there, first, wanted(2, serial="A"), now=NOW)
    with pytest.raises(Refusal, match=r"stock\.serial_not_usable"):
        reserve(there, first, wanted(2, serial="B", lot="L-1"), now=NOW)
    assert len(reserve(there, first, wanted(2, serial="B"), now=NOW)) == 2


def test_a_unit_that_stands_elsewhere_is_not_reserved_here() -> None:
    """A promise is about what lies on this shelf."""
    with pytest.raises(Refusal, match=r"stock\.serial_not_usable"):
        reserve(numbered("A"), (), wanted(1, serial="B"), now=NOW)


@pytest.mark.parametrize("condition", [Condition.QUARANTINED, Condition.DAMAGED])
def test_damaged_or_quarantined_goods_are_not_reserved(condition: Condition) -> None:
    """They counted as available elsewhere."""
    held = apply(balances(), move(1, 5, "SUPPLIER", "FUZHOU", condition=condition))

    with pytest.raises(Refusal, match=r"stock\.not_enough_free"):
        reserve(shelf("P-1", place(), held.totals), (), wanted(), now=NOW)


def test_goods_in_a_quarantine_place_are_no_shelf() -> None:
    """Whatever their condition says, nobody takes parts there."""
    held = apply(balances(), move(1, 5, "SUPPLIER", "QUARANTINE"))
    there = shelf("P-1", place("QUARANTINE"), held.totals)

    assert there.usable == 0
    with pytest.raises(Refusal, match=r"stock\.not_a_shelf"):
        reserve(there, (), wanted(place="QUARANTINE"), now=NOW)


def test_forward_stock_serves_its_own_customer_only() -> None:
    """The cabinet at one customer's is his: neither a promise nor a move gives it to another."""
    cabinet = on(5, where="ONSITE")
    request = wanted(place="ONSITE")
    taken = move(1, 1, "ONSITE", "CUSTOMER")

    for customer in ("", "C-2"):
        with pytest.raises(Refusal, match=r"stock\.kept_for_customer"):
            reserve(cabinet, (), request, now=NOW, customer=customer)
        with pytest.raises(Refusal, match=r"stock\.kept_for_customer"):
            take(cabinet, (), taken, now=NOW, customer=customer)
    kept = reserve(cabinet, (), request, now=NOW, customer="C-1")
    assert take(cabinet, kept, taken, now=NOW, customer="C-1", reservation="R-1")[0].left == 0


def test_a_reservation_ends_when_it_expires() -> None:
    """Kept until then, that moment excluded; in the position as well."""
    kept = reserve(on(5), (), wanted(1, 5, expires_at=NOW + HOUR), now=NOW)
    room = stockroom(move(1, 5, "SUPPLIER", "FUZHOU"), reservations=kept)

    assert free(on(5), kept, now=NOW + HOUR - timedelta(seconds=1)) == 0
    assert free(on(5), kept, now=NOW + HOUR) == 5
    assert position(room, NOW)["P-1", "FUZHOU"].available == 0
    assert position(room, NOW + HOUR)["P-1", "FUZHOU"].available == 5
    with pytest.raises(Refusal, match=r"stock\.reservation_over"):
        consume(kept, "R-1", 1, now=NOW + HOUR)


def test_taking_what_was_kept_uses_the_reservation_up() -> None:
    """Part of it leaves, the rest stays kept; more than was kept is refused."""
    kept = reserve(on(5), (), wanted(1, 3), now=NOW)

    after = take(on(5), kept, move(1, 2, "FUZHOU", "CUSTOMER"), now=NOW, reservation="R-1")

    assert after[0].left == 1
    assert unreserved((need(3),), after) == (need(2),)
    assert positions({}, PLACES, reservations=after)["P-1", "FUZHOU"].reserved == 1
    with pytest.raises(Refusal, match=r"stock\.reservation_overdrawn"):
        take(on(3), after, move(2, 2, "FUZHOU", "CUSTOMER"), now=NOW, reservation="R-1")


def test_what_is_kept_for_one_is_not_taken_by_another() -> None:
    """A promise that any issue may break is none."""
    kept = reserve(on(5), (), wanted(1, 4), now=NOW)

    with pytest.raises(Refusal, match=r"stock\.not_enough_free"):
        take(on(5), kept, move(1, 2, "FUZHOU", "CUSTOMER"), now=NOW)
    assert take(on(5), kept, move(1, 1, "FUZHOU", "CUSTOMER"), now=NOW) == kept


def test_a_reserved_unit_is_not_taken_by_another() -> None:
    """The very unit is kept, not just any."""
    kept = reserve(numbered("A", "B"), (), wanted(1, serial="A"), now=NOW)
    taken = move(9, 1, "FUZHOU", "CUSTOMER", serial="A")

    with pytest.raises(Refusal, match=r"stock\.serial_reserved"):
        take(numbered("A", "B"), kept, taken, now=NOW)
    assert take(numbered("A", "B"), kept, taken, now=NOW, reservation="R-1")[0].left == 0
    with pytest.raises(Refusal, match=r"stock\.reservation_differs"):
        take(numbered("A", "B"), kept, replace(taken, serial="B"), now=NOW, reservation="R-1")


def test_after_a_loss_who_comes_first_takes_what_stands_there() -> None:
    """Four were promised, three stand there: if each had to leave the other his, nobody could take anything."""
    kept = reserve(on(4), reserve(on(4), (), wanted(1, 2), now=NOW), wanted(2, 2), now=NOW)

    with pytest.raises(Refusal, match=r"stock\.not_enough_free"):
        take(on(3), kept, move(1, 1, "FUZHOU", "CUSTOMER"), now=NOW)
    first = take(on(3), kept, move(2, 2, "FUZHOU", "CUSTOMER"), now=NOW, reservation="R-1")
    with pytest.raises(Refusal) as caught:
        take(on(1), first, move(3, 2, "FUZHOU", "CUSTOMER"), now=NOW, reservation="R-2")
    last = take(on(1), first, move(4, 1, "FUZHOU", "CUSTOMER"), now=NOW, reservation="R-2")

    assert caught.value.message.params["free"] == 1
    assert [row.left for row in last] == [0, 1]


def test_a_loss_in_one_lot_opens_no_other() -> None:
    """Lot A is whole and kept by name: who may take any is served from lot B, where the loss was."""
    there = on(A=2, B=2)
    kept = reserve(there, reserve(there, (), wanted(1, 2, lot="A"), now=NOW), wanted(2, 2), now=NOW)
    left = on(A=2, B=1)

    with pytest.raises(Refusal, match=r"stock\.not_enough_free"):
        take(left, kept, move(1, 1, "FUZHOU", "CUSTOMER", lot="A"), now=NOW, reservation="R-2")
    after = take(left, kept, move(2, 1, "FUZHOU", "CUSTOMER", lot="B"), now=NOW, reservation="R-2")
    assert take(on(A=2, B=0), after, move(3, 2, "FUZHOU", "CUSTOMER", lot="A"), now=NOW, reservation="R-1")


@given(
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["", "A", "B"])), min_size=1, max_size=5),
    st.integers(0, 3),
    st.integers(0, 3),
    st.randoms(use_true_random=False),
)
def test_whatever_was_lost_the_holders_empty_the_shelf_and_no_more(
    wishes: list[tuple[int, str]], lost_a: int, lost_b: int, chance: Any
) -> None:
    """In any order, one unit at a time: nothing is left lying while somebody it was promised to still waits for it."""
    held = {"A": 6, "B": 6}
    rows: tuple[Reservation, ...] = ()
    for number, (quantity, lot) in enumerate(wishes):
        with contextlib.suppress(Refusal):
            rows = reserve(of_lots(held), rows, wanted(number, quantity, lot=lot), now=NOW)
    held = {"A": held["A"] - 2 * lost_a, "B": held["B"] - 2 * lost_b}
    promised, there = sum(row.left for row in rows), sum(held.values())
    taken = 0

    while True:
        tries = [(row.id, lot) for row in rows for lot in held if row.left and row.lot in {"", lot}]
        chance.shuffle(tries)
        for id_, lot in tries:
            try:
                one = move(taken, 1, "FUZHOU", "CUSTOMER", lot=lot)
                rows = take(of_lots(held), rows, one, now=NOW, reservation=id_)
            except Refusal:
                continue
            held[lot] -= 1
            taken += 1
            break
        else:
            break

    assert all(quantity >= 0 for quantity in held.values())
    assert taken <= min(promised, there)
    for row in rows:
        assert not row.left or not any(held[lot] for lot in held if row.lot in {"", lot})


def test_the_lots_that_run_out_first_are_chosen_from_what_is_open() -> None:
    """Lot A runs out first; one of it is kept by name for somebody else, one for him who asks."""
    lots = [Lot("A", "P-1", expires_on=NOW.date()), Lot("B", "P-1")]
    there = on(A=2, B=2)
    kept = reserve(there, (), wanted(1, 1, lot="A"), now=NOW)
    known: dict[str, Any] = {"lots": lots, "now": NOW, "day": NOW.date()}

    assert first_out(there, kept, 2, **known) == (Pick("A", 1), Pick("B", 1))
    assert first_out(there, kept, 1, reservation="R-1", **known) == (Pick("A", 1),)
    with pytest.raises(Refusal, match=r"stock\.not_enough"):
        first_out(there, kept, 3, reservation="R-1", **known)
    with pytest.raises(Refusal, match=r"stock\.not_enough"):
        first_out(there, kept, 4, **known)


def test_a_unit_promised_where_it_stood_before_is_promised_still() -> None:
    """One unit, one open promise, wherever it was carried since."""
    elsewhere = (wanted(1, serial="A", place="XIAMEN", expires_at=NOW + HOUR),)

    with pytest.raises(Refusal, match=r"stock\.serial_reserved"):
        reserve(numbered("A"), elsewhere, wanted(2, serial="A"), now=NOW)
    assert len(reserve(numbered("A"), elsewhere, wanted(2, serial="A"), now=NOW + HOUR)) == 2


def test_lots_reserved_by_name_are_kept_from_those_who_take_any() -> None:
    """Three of lot A and two of lot B: with lot A kept, two are free, none of them of lot A."""
    there = on(A=3, B=2)
    kept = reserve(there, (), wanted(1, 3, lot="A"), now=NOW)

    assert free(there, kept, now=NOW) == 2
    assert free(there, kept, now=NOW, lot="A") == 0
    with pytest.raises(Refusal, match=r"stock\.not_enough_free"):
        take(there, kept, move(1, 1, "FUZHOU", "CUSTOMER", lot="A"), now=NOW)


def test_a_lot_out_of_date_is_on_hand_and_not_free() -> None:
    """Past its last day it lies there and serves nobody."""
    held = apply(balances(), move(1, 5, "SUPPLIER", "FUZHOU", lot="L-1"))
    barred = frozenset({("P-1", "L-1")})

    assert shelf("P-1", place(), held.totals, barred=barred).usable == 0
    found = positions(held.totals, PLACES, barred=barred)["P-1", "FUZHOU"]
    assert (found.on_hand, found.available) == (5, 0)


def test_asking_again_changes_nothing() -> None:
    """The same id is the same reservation, also after part of it was taken; one given back keeps nothing and says so."""
    kept = reserve(on(5), (), wanted(1, 5), now=NOW)
    taken = consume(kept, "R-1", 2, now=NOW)
    since = release(taken, "R-1", now=NOW)

    assert reserve(on(5), kept, wanted(1, 5), now=NOW) == kept
    assert reserve(on(3), taken, wanted(1, 5), now=NOW) == taken
    with pytest.raises(Refusal, match=r"stock\.reservation_over"):
        reserve(on(3), since, wanted(1, 5), now=NOW)
    with pytest.raises(Refusal, match=r"stock\.reservation_differs"):
        reserve(on(5), kept, wanted(1, 5, expires_at=NOW + HOUR), now=NOW)
    assert release(since, "R-1", now=NOW + HOUR) == since
    with pytest.raises(Refusal, match=r"stock\.reservation_differs"):
        reserve(on(5), kept, wanted(1, 4), now=NOW)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (wanted(id=""), "id.malformed"),
        (wanted(expires_at=NOW), "stock.reservation_over"),
        (wanted(part="P-2"), "stock.reservation_differs"),
        (wanted(quantity=6), "stock.not_enough_free"),
    ],
)
def test_a_request_that_cannot_stand_is_refused(request_: Reservation, code: str) -> None:
    """Each with its own code."""
    with pytest.raises(Refusal) as caught:
        reserve(on(5), (), request_, now=NOW)

    assert caught.value.code == code


def test_a_reservation_nobody_knows_is_refused() -> None:
    """Neither released nor taken from."""
    with pytest.raises(Refusal, match=r"stock\.reservation_unknown"):
        release((), "R-9", now=NOW)
    with pytest.raises(Refusal, match=r"stock\.reservation_unknown"):
        consume((), "R-9", 1, now=NOW)
    with pytest.raises(Refusal, match=r"stock\.not_positive"):
        consume((wanted(),), "R-1", 0, now=NOW)
    with pytest.raises(Refusal, match=r"stock\.reservation_overdrawn"):
        wanted(consumed=2)


Action = tuple[str, int, int, str, int]
ACTIONS = st.tuples(
    st.sampled_from(["reserve", "take", "consume", "release", "receive"]),
    st.integers(1, 5),
    st.integers(1, 4),
    st.sampled_from(["", "L-1", "L-2"]),
    st.integers(0, 3),
)


@given(st.lists(ACTIONS, max_size=25))
def test_reservations_never_exceed_what_is_usable(actions: list[Action]) -> None:
    """Reserve, take, consume, release, receive and expire in any order: promised <= usable, in sum and by lot."""
    stock: Balances = fold(
        balances(), (move(900, 3, "SUPPLIER", "FUZHOU"), move(901, 3, "SUPPLIER", "FUZHOU", lot="L-1"))
    )
    rows: tuple[Reservation, ...] = ()
    now = NOW
    for number, (kind, quantity, which, lot, hours) in enumerate(actions):
        now += hours * HOUR
        there = shelf("P-1", place(), stock.totals)
        used = f"R-{which}" if kind == "consume" else ""
        try:
            if kind == "reserve":
                request = wanted(number, quantity, lot=lot, expires_at=now + 4 * HOUR)
                rows = reserve(there, rows, request, now=now)
            elif kind == "release":
                rows = release(rows, f"R-{which}", now=now)
            elif kind == "receive":
                stock = apply(stock, move(number, quantity, "SUPPLIER", "FUZHOU", lot=lot))
            else:
                taken = move(number, quantity, "FUZHOU", "CUSTOMER", lot=lot)
                after = take(there, rows, taken, now=now, reservation=used)
                stock, rows = apply(stock, taken), after
        except Refusal:
            pass
        there = shelf("P-1", place(), stock.totals)
        kept = active(rows, now)
        assert sum(row.left for row in kept) <= there.usable
        for name, quantity_there in there.lots.items():
            assert sum(row.left for row in kept if row.lot == name and name) <= quantity_there
