"""What the tables say and what the moves add up to are the same, for any ledger."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.catalogue.part import Tracking
from inventory.stock.ledger import Balances, Condition, Move, apply
from inventory.stock.position import Position
from inventory.stock.serials import SerialUnit, fits, follow
from kernel.errors import Refusal
from storage.database import Database
from storage.stock import queries
from storage.stock.post import post
from tests.database_builders import envelope, seed
from tests.stock_builders import NOW, PLACES, move
from tests.storage.database.stock_worlds import KINDS, check_world

REGIONS = count(1)
PARTS = ("P-1", "P-2")
SHELVES = ("FUZHOU", "XIAMEN", "VAN-1")
few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def moves(draw: st.DrawFn, *, tracking: Tracking = Tracking.NONE) -> tuple[Move, ...]:
    """Moves in any direction, legal or not, replays and reversals among them."""
    places = tuple(place.id for place in PLACES if not place.customer)
    made: list[Move] = []
    for number in range(draw(st.integers(1, 14))):
        if made and draw(st.integers(0, 5)) == 0:
            made.append(draw(st.sampled_from(made)))
            continue
        start = draw(st.sampled_from(("SUPPLIER", *places)))
        end = draw(st.sampled_from([place for place in places if place != start]))
        transit = "TRANSIT" in (start, end)
        made.append(
            move(
                number,
                1 if tracking is Tracking.SERIAL else draw(st.integers(1, 4)),
                start,
                end,
                part=draw(st.sampled_from(PARTS)),
                condition=draw(st.sampled_from((Condition.USABLE, *Condition))),
                bound_for=draw(st.sampled_from(SHELVES)) if transit else "",
                lot=draw(st.sampled_from(("", "L-1"))),
                serial=draw(st.sampled_from("ABC")) if tracking is Tracking.SERIAL else "",
            )
        )
    return tuple(made)


def both(database: Database, given_moves: tuple[Move, ...], tracking: Tracking) -> tuple[Balances, str]:
    """Post moves one by one in memory and in tables; each is accepted by both or refused by both alike."""
    region = f"F-{next(REGIONS)}"
    seed(database, region=region, parts=PARTS, tracking=tracking)
    current = Balances.opening(PARTS, PLACES, tracking=dict.fromkeys(PARTS, tracking))
    for made in given_moves:
        in_memory, in_tables = "", ""
        try:
            current = apply(current, made)
        except Refusal as refusal:
            in_memory = refusal.code
        try:
            database.run(envelope(region=region), partial(post, moves=(made,)))
        except Refusal as refusal:
            in_tables = refusal.code
        assert in_tables == in_memory
    return current, region


@few
@given(given_moves=moves())
def test_tables_and_memory_accept_refuse_and_add_up_alike(
    shared: Database, given_moves: tuple[Move, ...]
) -> None:
    """The simulated world and the real one share one rule; neither may be kinder."""
    after, region = both(shared, given_moves, Tracking.NONE)

    check_world(shared, region=region)
    with shared.reading() as connection:
        assert queries.totals(connection, region) == after.totals
        assert queries.moves(connection, region) == after.moves


@few
@given(given_moves=moves(tracking=Tracking.SERIAL))
def test_units_known_one_by_one_stand_where_memory_says(
    shared: Database, given_moves: tuple[Move, ...]
) -> None:
    """One unit is in one place; the row that says where is a cache of the moves."""
    after, region = both(shared, given_moves, Tracking.SERIAL)

    check_world(shared, region=region)
    with shared.reading() as connection:
        assert queries.serials(connection, region) == after.serials


@few
@given(given_moves=moves(tracking=Tracking.SERIAL))
def test_the_whereabouts_stored_are_those_the_states_are_folded_with(
    shared: Database, given_moves: tuple[Move, ...]
) -> None:
    """Where a unit stands is a row, what state it is in is a fold: both read from the same moves, they tell one story."""
    _, region = both(shared, given_moves, Tracking.SERIAL)

    with shared.reading() as connection:
        stored = queries.serials(connection, region)
        posted = queries.moves(connection, region)

    for key in stored:
        life = lived([made for made in posted if (made.part, made.serial) == key])
        if life is not None:
            assert life.cell == stored[key]
            assert fits(life.state, stored[key], KINDS)


def lived(facts: list[Move]) -> SerialUnit | None:
    """A unit after its moves; None where its life has a step missing, which the ledger, knowing places only, allows."""
    unit = SerialUnit(facts[0].part, facts[0].serial)
    for fact in facts:
        try:
            unit = follow(unit, fact, KINDS)
        except Refusal as refusal:
            if refusal.code != "stock.serial_step":
                raise
            return None
    return unit


@few
@given(given_moves=moves())
def test_all_at_once_is_one_by_one(shared: Database, given_moves: tuple[Move, ...]) -> None:
    """A command of many moves is all or nothing; a legal ledger posted whole gives the same tables."""
    after, _ = both(shared, given_moves, Tracking.NONE)
    region = f"F-{next(REGIONS)}"
    seed(shared, region=region, parts=PARTS)

    new = shared.run(envelope(region=region), lambda work: post(work, after.moves))

    check_world(shared, region=region)
    assert new == after.moves


def test_a_part_nobody_has_seen_has_an_empty_position(database: Database) -> None:
    """A list shows what is there; a question about nothing has an answer."""
    with database.reading() as connection:
        assert queries.position(connection, "R-1", "P-1", "FUZHOU", now=NOW) == Position("P-1", "FUZHOU")
        assert queries.positions_of_part(connection, "R-1", "P-1", now=NOW + timedelta(days=1)) == ()
