"""What a scope's conditions leave of each table, on both databases; and which scopes lie within which."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, select

from api.usecases.importing import import_into
from kernel.errors import Refusal
from storage.database import Database, open_database
from storage.dataset.read import read
from storage.scope import Scope, scope_document, scope_of
from storage.tables.crew import EngineerRow
from storage.tables.desk import CustomerRow, TicketRow
from storage.tables.ledger import StandingRow
from tests.api.auth.conftest import OTHERS
from tests.databases import Make
from tests.dataset_builder import TINY, tiny


@pytest.fixture(scope="module")
def world(make_url: Make, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The regions R1 and ZZR2, alike but for their ids."""
    database = open_database(make_url())
    for region in ("R1", "ZZR2"):
        head = TINY["region.toml"].replace('id = "R1"', f'id = "{region}"')
        reading = read(tiny(tmp_path_factory.mktemp(region), region=head, **OTHERS))
        assert reading.region is not None
        import_into(database, reading.region, digest=reading.digest, as_of=None)
    yield database
    database.close()


def left(world: Database, scope: Scope) -> dict[str, set[str]]:
    """`region:id` of every ticket, customer, engineer and place with stock a scope reaches."""

    def of(column: ColumnElement[str], region: ColumnElement[str], where: ColumnElement[bool]) -> set[str]:
        with world.reading() as connection:
            return {f"{one[0]}:{one[1]}" for one in connection.execute(select(region, column).where(where))}

    ticket, customer, engineer, place = TicketRow.c, CustomerRow.c, EngineerRow.c, StandingRow.c
    return {
        "tickets": of(
            ticket.ticket_id,
            ticket.region_id,
            scope.tickets_where(region=ticket.region_id, ticket=ticket.ticket_id, site=ticket.site_id),
        ),
        "customers": of(
            customer.customer_id,
            customer.region_id,
            scope.customers_where(region=customer.region_id, customer=customer.customer_id),
        ),
        "engineers": of(
            engineer.engineer_id,
            engineer.region_id,
            scope.engineers_where(region=engineer.region_id, engineer=engineer.engineer_id),
        ),
        "places": of(
            place.place_id, place.region_id, scope.places_where(region=place.region_id, place=place.place_id)
        ),
    }


ALL_R1 = {
    "tickets": {"R1:G1", "R1:ZZG2"},
    "customers": {"R1:C1", "R1:ZZC2"},
    "engineers": {"R1:E1", "R1:ZZE2"},
    "places": {"R1:D1", "R1:W1", "R1:ZZD2", "R1:ZZW2"},
}
NOTHING: dict[str, set[str]] = {name: set() for name in ALL_R1}


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(), NOTHING),
        (Scope(regions=("R9",)), NOTHING),
        (Scope(regions=("R1",)), ALL_R1),
        (
            Scope(regions=("R1",), customers=("C1",)),
            {**NOTHING, "tickets": {"R1:G1"}, "customers": {"R1:C1"}},
        ),
        (
            Scope(regions=("R1",), depots=("ZZD2",)),
            {**ALL_R1, "engineers": {"R1:ZZE2"}, "places": {"R1:ZZD2", "R1:ZZW2"}},
        ),
        (
            Scope(regions=("R1",), depots=("D1",)),
            {**ALL_R1, "engineers": {"R1:E1"}, "places": {"R1:D1", "R1:W1"}},
        ),
        (
            Scope(regions=("R1",), engineer="E1"),
            {**ALL_R1, "tickets": {"R1:G1"}, "engineers": {"R1:E1"}, "places": {"R1:W1"}},
        ),
        (Scope(regions=("R1",), ticket="ZZG2"), {**NOTHING, "tickets": {"R1:ZZG2"}}),
    ],
)
def test_a_scope_leaves_exactly_its_own(world: Database, scope: Scope, expected: dict[str, set[str]]) -> None:
    """Rights are a condition of the query: what is not theirs is not read at all."""
    assert left(world, scope) == expected


def test_everywhere_leaves_every_region(world: Database) -> None:
    """Those that come later too."""
    found = left(world, Scope(everywhere=True))

    assert {name: {one for one in ids if one.startswith("R1:")} for name, ids in found.items()} == ALL_R1
    assert all(len(ids) == 2 * len(ALL_R1[name]) for name, ids in found.items())


IDS = st.lists(st.sampled_from(["A", "B", "C"]), max_size=3).map(tuple)


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    """Any scope."""
    if draw(st.booleans()):
        return Scope(everywhere=draw(st.booleans()))
    if draw(st.booleans()):
        return Scope(regions=draw(IDS))
    return Scope(
        regions=(draw(st.sampled_from(["A", "B"])),),
        depots=draw(IDS),
        customers=draw(IDS),
        engineer=draw(st.sampled_from(["", "E1", "E2"])),
    )


@given(scopes(), scopes(), scopes())
def test_within_is_an_order(first: Scope, second: Scope, third: Scope) -> None:
    """Within itself; within what holds what holds it: a key of a key of an account is within the account."""
    assert first.within(first)
    assert first.within(Scope(everywhere=True))
    assert not (first.within(second) and second.within(third)) or first.within(third)
    if first.within(second) and second.within(first):
        assert first == second


@given(scopes(), scopes(), st.sampled_from(["A", "B", "C"]))
def test_who_is_within_reaches_no_region_more(narrow: Scope, wide: Scope, region: str) -> None:
    """The order means what it says."""
    if narrow.within(wide) and narrow.reaches(region):
        assert wide.reaches(region)


@given(scopes())
def test_a_scope_is_kept_as_it_is(scope: Scope) -> None:
    """What is written into an account is what is read again."""
    assert scope_of(scope_document(scope)) == scope


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ({"everywhere": True, "regions": ("R1",)}, "scope.everywhere_and_some"),
        ({"everywhere": True, "engineer": "E1"}, "scope.everywhere_and_some"),
        ({"depots": ("D1",)}, "scope.needs_one_region"),
        ({"regions": ("R1", "R2"), "customers": ("C1",)}, "scope.needs_one_region"),
        ({"regions": tuple(f"R{n}" for n in range(101))}, "scope.too_many"),
        ({"regions": ("",)}, "id.malformed"),
        ({"regions": ("R1",), "engineer": "x y"}, "id.malformed"),
    ],
)
def test_a_scope_that_means_nothing_certain_is_refused(given_: dict[str, object], expected: str) -> None:
    """A depot's id means another depot in the next region."""
    with pytest.raises(Refusal) as caught:
        Scope(**given_)  # type: ignore[arg-type]

    assert caught.value.code == expected
