"""First out, good for bad, change of condition, and what can be promised for when: in tables as in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from inventory.catalogue.part import PartKind, Tracking
from inventory.catalogue.supplier import Supplier
from inventory.stock.document import Line
from inventory.stock.ledger import tally
from inventory.stock.lot import Lot, Pick, out_of_date
from inventory.stock.move import Condition
from inventory.stock.position import positions
from inventory.stock.promise import Due, Promisable, available_to_promise
from inventory.stock.reservation import Reservation
from inventory.stock.shelf import first_out, shelf
from inventory.supply.purchasing import PurchaseOrderLine, due_at
from kernel.errors import Refusal
from storage.database import Database
from storage.idempotency import Reply
from storage.stock import commands, lots, promises, queries, units
from storage.stock.asking import lots_to_take, promisable
from storage.stock.units import Named
from storage.tables.catalogue import PurchaseOrderLineRow, SupplierRow
from storage.tables.command import AuditRow
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope, filled, seed
from tests.stock_builders import NOW, PLACES, place
from tests.storage.database.stock_worlds import KINDS, bring, check_world, wish
from tests.storage.database.test_stock_commands import snapshot

Command = Callable[[UnitOfWork], Reply]
TODAY = NOW.date()
REGIONS = count(1)
few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def code(database: Database, command: Command, *, region: str) -> str:
    """The code a command is refused with; nothing may be left of it."""
    before = snapshot(database)
    with pytest.raises(Refusal) as caught:
        database.run(envelope(region=region), command)
    assert snapshot(database) == before
    return caught.value.code


def pick(quantity: int, *, reservation: str = "", originals_only: bool = False) -> Command:
    """Hand out pumps from Fuzhou, first out first."""
    line = Line("P-1", quantity, "FUZHOU", "CUSTOMER")
    return lambda work: units.pick(work, "V-1", line, reservation=reservation, originals_only=originals_only)


def exchange(*, good: str = "G-1", bad: str = "B-1") -> Command:
    """A good unit from Fuzhou for the defective one at the customer's, which goes into quarantine."""
    return lambda work: units.exchange(
        work,
        "V-1",
        good=Named("P-1", good),
        bad=Named("P-1", bad),
        shelf="FUZHOU",
        customer_place="CUSTOMER",
        returns="QUARANTINE",
    )


def damaged(quantity: int, *, via: str = "ADJUSTMENT", to: Condition = Condition.DAMAGED) -> Command:
    """Pumps in Fuzhou thought usable."""
    line = Line("P-1", quantity, "FUZHOU", via)
    return lambda work: units.change_condition(work, "C-1", line, to, adjustment=via)


def in_lots(database: Database, region: str, held: dict[str, tuple[int, Lot]]) -> None:
    """Described lots of the pump with so many units each in Fuzhou."""
    seed(database, region=region, parts=("P-1",), tracking=Tracking.LOT)
    for quantity, lot in held.values():
        database.run(envelope(region=region), lambda work, lot=lot: lots.describe(work, lot))  # type: ignore[misc]
        line = Line("P-1", quantity, "SUPPLIER", "FUZHOU", lot=lot.id)
        database.run(envelope(region=region), lambda work, line=line: commands.receive(work, "", [line]))  # type: ignore[misc]


@pytest.fixture
def lotted(database: Database) -> Database:
    """Two pumps to be used by today, two by next month, two that keep and are known to be original."""
    in_lots(
        database,
        "LOTS",
        {
            "L-1": (2, Lot("L-1", "P-1", expires_on=TODAY)),
            "L-2": (2, Lot("L-2", "P-1", expires_on=TODAY + timedelta(days=30))),
            "L-3": (2, Lot("L-3", "P-1")),
        },
    )
    return database


@pytest.fixture
def numbered(database: Database) -> Database:
    """A good unit in Fuzhou, a defective one in the customer's device."""
    seed(database, region="UNITS", parts=("P-1",), tracking=Tracking.SERIAL, kind=PartKind.REPAIRABLE)
    lines = [Line("P-1", 1, "SUPPLIER", "FUZHOU", serial=serial) for serial in ("G-1", "B-1")]
    database.run(envelope(region="UNITS"), lambda work: commands.receive(work, "PO-1", lines))
    line = Line("P-1", 1, "FUZHOU", "CUSTOMER", serial="B-1")
    database.run(envelope(region="UNITS"), lambda work: commands.receive(work, "V-0", [line]))
    return database


def test_what_runs_out_first_is_handed_out_first(lotted: Database) -> None:
    """Three units: both of today's lot and one of the next."""
    reply = lotted.run(envelope(region="LOTS"), pick(3))

    assert reply["lots"] == [["L-1", 2], ["L-2", 1]]
    assert len(reply["moves"]) == 2
    with lotted.reading() as connection:
        left = {
            cell.lot: n for cell, n in queries.totals(connection, "LOTS").items() if cell.place == "FUZHOU"
        }
    assert left == {"L-2": 1, "L-3": 2}
    assert code(lotted, pick(4), region="LOTS") == "stock.not_enough"
    assert code(lotted, pick(1, originals_only=True), region="LOTS") == "stock.not_enough_originals"
    check_world(lotted, region="LOTS")


def test_nothing_is_picked_where_nothing_is_counted(lotted: Database) -> None:
    """A supplier's place has no shelf: the answer is that nothing lies there, and no trace of the question is left."""
    line = Line("P-1", 1, "SUPPLIER", "FUZHOU")

    refused = code(lotted, lambda work: units.pick(work, "V-1", line), region="LOTS")

    assert refused == "stock.not_enough"


def test_a_lot_kept_for_somebody_is_left_to_him_and_served_to_him(lotted: Database) -> None:
    """First out of what is open to the one who asks."""
    kept = Reservation("P-1", "FUZHOU", 2, "V-9", id="R-1", lot="L-1")
    lotted.run(envelope(region="LOTS"), lambda work: promises.reserve(work, kept))

    other = lotted.run(envelope(region="LOTS"), pick(1))
    own = lotted.run(envelope(region="LOTS"), pick(2, reservation="R-1"))

    assert (other["lots"], own["lots"]) == ([["L-2", 1]], [["L-1", 2]])
    check_world(lotted, region="LOTS")


def test_good_for_bad_is_both_or_neither(numbered: Database) -> None:
    """The good unit is at the customer's, the defective one on hand and never available."""
    reply = numbered.run(envelope(region="UNITS"), exchange())

    with numbered.reading() as connection:
        stands = queries.serials(connection, "UNITS")
        quarantine = queries.position(connection, "UNITS", "P-1", "QUARANTINE", now=NOW)
    assert len(reply["moves"]) == 2
    assert stands["P-1", "G-1"].place == "CUSTOMER"
    assert (stands["P-1", "B-1"].place, stands["P-1", "B-1"].condition) == ("QUARANTINE", Condition.DAMAGED)
    assert (quarantine.on_hand, quarantine.available) == (1, 0)
    assert code(numbered, exchange(good="G-1", bad="G-1"), region="UNITS") == "stock.exchange_of_itself"
    check_world(numbered, region="UNITS")


def test_a_consumable_or_a_part_nobody_knows_is_not_exchanged(database: Database) -> None:
    """Only repairables come back."""
    assert code(database, exchange(), region="R-1") == "stock.not_repairable"

    def unknown(work: UnitOfWork) -> Reply:
        places = {"shelf": "FUZHOU", "customer_place": "CUSTOMER", "returns": "QUARANTINE"}
        return units.exchange(work, "V-1", good=Named("P-7"), bad=Named("P-7"), **places)

    assert code(database, unknown, region="R-1") == "stock.unknown_part"


def test_goods_found_damaged_are_on_hand_and_no_longer_available(database: Database) -> None:
    """A fact even against promises: the position says that more is promised than there is."""
    bring(database, 3)
    database.run(envelope(), lambda work: promises.reserve(work, wish(3)))

    database.run(envelope(), damaged(2))

    with database.reading() as connection:
        here = queries.position(connection, "R-1", "P-1", "FUZHOU", now=NOW)
    assert (here.on_hand, here.usable, here.available) == (3, 1, -2)
    assert code(database, damaged(2), region="R-1") == "stock.not_enough"
    assert code(database, damaged(1, to=Condition.USABLE), region="R-1") == "stock.same_condition"
    assert code(database, damaged(1, via="SCRAP"), region="R-1") == "stock.not_an_adjustment"
    check_world(database)


def test_each_of_them_arriving_twice_has_one_effect_one_reply_and_its_trace(
    lotted: Database, numbered: Database
) -> None:
    """As every command."""
    story: list[tuple[str, str, Command]] = [
        ("LOTS", "stock.describe_lot", lambda work: lots.describe(work, Lot("L-9", "P-1"))),
        ("LOTS", "stock.pick", pick(3)),
        ("UNITS", "stock.exchange", exchange()),
    ]
    story.append(("R-1", "stock.change_condition", damaged(1)))
    bring(lotted, 2)

    for region, action, command in story:
        asked = envelope(region=region, actor="mei")
        reply = lotted.run(asked, command)
        after = snapshot(lotted)

        assert lotted.run(asked, command) == reply
        assert snapshot(lotted) == after
        with lotted.reading() as connection:
            rows = connection.execute(select(AuditRow).where(AuditRow.c.key == asked.key)).mappings().all()
        assert [(row["actor"], row["action"], row["at"]) for row in rows] == [("mei", action, NOW)]


LOT = st.builds(
    lambda days, original: (None if days is None else TODAY + timedelta(days=days), original),
    st.one_of(st.none(), st.integers(-1, 2)),
    st.sampled_from((None, True, False)),
)


@few
@given(
    given_lots=st.lists(st.tuples(LOT, st.integers(1, 3)), min_size=1, max_size=4),
    kept=st.lists(st.integers(0, 3), max_size=2),
    quantity=st.integers(1, 5),
    originals_only=st.booleans(),
)
def test_the_lots_a_query_names_are_those_the_fold_names(
    shared: Database,
    given_lots: list[tuple[tuple[date | None, bool | None], int]],
    kept: list[int],
    quantity: int,
    originals_only: bool,
) -> None:
    """The question and the command choose as memory does, or are refused as memory refuses."""
    region = f"Q-{next(REGIONS)}"
    seed(shared, region=region, parts=("P-1",), tracking=Tracking.LOT)
    with shared.writing(envelope(region=region)) as work:
        row = filled(
            SupplierRow, region_id=region, supplier_id="S-1", lead_time_days=1.0, lead_time_sd_days=0.0
        )
        work.connection.execute(insert(SupplierRow).values(**row))
    known = [
        Lot(f"L-{at}", "P-1", "S-1", "GR-1", original=original, expires_on=expires)
        for at, ((expires, original), _) in enumerate(given_lots)
    ]
    for lot, (_, units_) in zip(known, given_lots, strict=True):
        line = Line("P-1", units_, "SUPPLIER", "FUZHOU", lot=lot.id)
        shared.run(envelope(region=region), lambda work, lot=lot: lots.describe(work, lot))  # type: ignore[misc]
        shared.run(envelope(region=region), lambda work, line=line: commands.receive(work, "", [line]))  # type: ignore[misc]
    wishes = [Reservation("P-1", "FUZHOU", 1, "V-1", id=f"R-{n}", lot=f"L-{of}") for n, of in enumerate(kept)]
    shared.run(envelope(region=region), lambda work: promises.reserve_all(work, wishes))

    def chosen(ask: Callable[[], tuple[Pick, ...]]) -> tuple[Pick, ...] | str:
        try:
            return ask()
        except Refusal as refusal:
            return refusal.code

    with shared.reading() as connection:
        moves = queries.moves(connection, region)
        promised = queries.reservations(connection, region, now=NOW)
        asked = chosen(
            lambda: lots_to_take(
                connection, region, "P-1", "FUZHOU", quantity, now=NOW, originals_only=originals_only
            )
        )
    on = shelf("P-1", place(), tally(KINDS, moves), barred=out_of_date(known, on=TODAY))
    rule = {"lots": known, "now": NOW, "day": TODAY, "originals_only": originals_only}
    assert asked == chosen(lambda: first_out(on, promised, quantity, **rule))  # type: ignore[arg-type]


MOMENT = st.integers(-3, 6).map(lambda days: NOW + timedelta(days=days))


@few
@given(
    ordered=st.lists(st.tuples(st.integers(1, 5), st.integers(0, 5), MOMENT, st.booleans()), max_size=3),
    there=st.integers(0, 6),
    kept=st.lists(st.integers(1, 3), max_size=3),
)
def test_what_a_query_promises_is_what_the_fold_promises(
    shared: Database, ordered: list[tuple[int, int, datetime, bool]], there: int, kept: list[int]
) -> None:
    """Usable less promised today, more when orders are expected, never a unit that is not there."""
    region = f"Q-{next(REGIONS)}"
    seed(shared, region=region, parts=("P-1",))
    supplier = Supplier("S-1", "x", 2.0, 0.0)
    lines = [
        PurchaseOrderLine(
            f"ORDER-{at}",
            "S-1",
            "P-1",
            quantity,
            "FUZHOU",
            ordered_at=when - timedelta(days=2),
            promised_at=when if confirmed else None,
            received=received,
        )
        for at, (quantity, received, when, confirmed) in enumerate(ordered)
    ]
    with shared.writing(envelope(region=region)) as work:
        row = filled(
            SupplierRow, region_id=region, supplier_id="S-1", lead_time_days=2.0, lead_time_sd_days=0.0
        )
        work.connection.execute(insert(SupplierRow).values(**row))
        for at, line in enumerate(lines):
            row = filled(
                PurchaseOrderLineRow,
                region_id=region,
                position=at,
                order_id=line.order,
                supplier_id="S-1",
                part_id="P-1",
                quantity=line.quantity,
                to_place="FUZHOU",
                ordered_at=line.ordered_at,
                promised_at=line.promised_at,
                received=line.received,
            )
            work.connection.execute(insert(PurchaseOrderLineRow).values(**row))
    if there:
        bring(shared, there, region=region)
    wishes = [wish(quantity, id=f"R-{at}") for at, quantity in enumerate(kept)]
    shared.run(envelope(region=region), lambda work: promises.reserve_all(work, wishes))

    with shared.reading() as connection:
        asked = promisable(connection, region, "P-1", "FUZHOU", now=NOW)
        moves = queries.moves(connection, region)
        promised = queries.reservations(connection, region, now=NOW)

    here = positions(tally(KINDS, moves), PLACES).get(("P-1", "FUZHOU"))
    assert asked == available_to_promise(
        here.usable if here else 0,
        arrivals=[
            Due(due_at(line, supplier), line.outstanding, line.order)
            for line in lines
            if line.outstanding and line.ordered_at <= NOW
        ],
        commitments=[Due(NOW, row.left, row.demand_ref) for row in promised],
        now=NOW,
    )


def test_a_line_past_its_day_is_promised_to_nobody(database: Database) -> None:
    """A hundred were due yesterday and nobody has said when they come: promised only once another date is confirmed."""
    row = filled(SupplierRow, region_id="R-1", supplier_id="S-1", lead_time_days=2.0, lead_time_sd_days=0.0)
    line = filled(
        PurchaseOrderLineRow,
        region_id="R-1",
        order_id="PO-1",
        supplier_id="S-1",
        part_id="P-1",
        quantity=100,
        to_place="FUZHOU",
        ordered_at=NOW - timedelta(days=3),
    )
    with database.writing(envelope()) as work:
        work.connection.execute(insert(SupplierRow).values(**row))
        work.connection.execute(insert(PurchaseOrderLineRow).values(**line))
    with database.reading() as connection:
        late = promisable(connection, "R-1", "P-1", "FUZHOU", now=NOW)
        before = promisable(connection, "R-1", "P-1", "FUZHOU", now=NOW - timedelta(days=2))

    assert late == (Promisable(NOW, 0),)
    assert [step.quantity for step in before] == [0, 100]


def test_a_question_about_nothing_known_is_refused(database: Database) -> None:
    """A mistyped id is no empty shelf."""
    with database.reading() as connection:
        assert promisable(connection, "R-1", "P-1", "FUZHOU", now=NOW) == (Promisable(NOW, 0),)
        with pytest.raises(Refusal, match=r"stock\.unknown_part"):
            promisable(connection, "R-1", "P-9", "FUZHOU", now=NOW)
        with pytest.raises(Refusal, match=r"stock\.unknown_place"):
            lots_to_take(connection, "R-1", "P-1", "NOWHERE", 1, now=NOW)
