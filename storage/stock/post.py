"""Post moves: lock, apply the ledger's own rule to what was locked, write what it says.

The same `inventory.stock.ledger.apply` decides here and in a simulated world. Behind it stand the guarded UPDATE
and the CHECK of the table: a balance that would pass below nothing is refused three times over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, insert, or_, select, update

from inventory.catalogue.place import Place
from inventory.stock.ledger import Balances, fold
from inventory.stock.move import Cell, Move, SerialKey, cells
from inventory.stock.position import PartPlace, positions
from kernel.errors import Refusal
from storage.missing import insert_missing
from storage.ready import Asked, Ready, foresee
from storage.ready import write as send
from storage.stock.known import Known, look_up
from storage.stock.locks import COUNTED, asked_rows, lock_rows, lock_serials
from storage.stock.rows import CELL_COLUMNS, cell_row, move_of, move_row
from storage.tables.ledger import BalanceRow, MoveRow, SerialRow, StandingRow
from storage.texts import check_fits
from storage.unit_of_work import UnitOfWork

AT_ONCE = 300


@dataclass(frozen=True, slots=True)
class Prepared:
    """Moves whose rows are locked: what stands there, ready to be judged and written.

    Args:
        moves: to be posted.
        known: the parts, places, lots, ids and order lines they name.
        totals: every balance they touch.
        serials: where the units they name stand.
    """

    moves: tuple[Move, ...]
    known: Known
    totals: dict[Cell, int]
    serials: dict[SerialKey, Cell]


def prepare(
    work: UnitOfWork, moves: Iterable[Move], *, also: Callable[[Known], Sequence[Asked]] = lambda _: ()
) -> Prepared:
    """Look up what `moves` name and lock everything they touch, in sorted order.

    Args:
        work: the unit of work.
        moves: to be posted.
        also: what will be asked once the rows are locked, to be foreseen with them.

    Raises:
        Refusal: ``stock.unknown_part``, ``stock.unknown_place``, ``stock.not_a_destination``; as
            `storage.texts.check_fits`.
    """
    asked = tuple(moves)
    for move in asked:
        check_fits(MoveRow, move_row(move))
    known = look_up(work, asked)
    _check_known(asked, known.parts.keys(), known.places.keys())
    kinds = {place.id: place.kind for place in known.places.values()}
    touched = [cell for move in asked for cell in cells(move, kinds)]
    seats = [seat for cell in touched if (seat := standing_of(cell, known.places))]
    foresee(work.connection, [*asked_rows(work, seats, touched), *also(known)])
    totals = lock_rows(work, seats, touched, known.places)
    serials = lock_serials(work, {(move.part, move.serial) for move in asked if move.serial})
    return Prepared(asked, known, totals, serials)


def write(work: UnitOfWork, prepared: Prepared) -> tuple[Move, ...]:
    """Apply prepared moves in their order, all or none, and write what comes of it; replays are left out.

    Whether goods that leave a shelf were promised to somebody is judged before, see `storage.stock.commands`:
    a loss or a correction is a fact and goes through.

    Returns:
        The moves that are new.

    Raises:
        Refusal: as `inventory.stock.ledger.apply`.
    """
    known = prepared.known
    before = Balances.opening(
        known.parts,
        known.places.values(),
        totals=prepared.totals,
        posted=_posted(work, prepared),
        tracking=known.parts,
        serials=prepared.serials,
        lots=known.described,
    )
    after = fold(before, prepared.moves)
    if after.moves:
        _write_totals(work, prepared.totals, after.totals)
        _write_standings(work, prepared.totals, after.totals, known.places.values())
        _write_moves(work, after.moves)
        _write_serials(work, prepared.serials, after.serials)
    return after.moves


def post(work: UnitOfWork, moves: Iterable[Move]) -> tuple[Move, ...]:
    """Prepare and write in one; see both."""
    return write(work, prepare(work, moves))


def standing_of(cell: Cell, places: dict[str, Place]) -> PartPlace | None:
    """The standing a balance counts in: its own place's, or where it is bound for; None: outside the count."""
    place = cell.bound_for or cell.place
    return (cell.part, place) if place in places and places[place].kind in COUNTED else None


def _check_known(moves: Sequence[Move], parts: Iterable[str], places: Iterable[str]) -> None:
    """Refuse what has no row to lock; `apply` says the same, but only after the locks."""
    known_part, known_place = set(parts), set(places)
    for move in moves:
        if move.part not in known_part:
            raise Refusal("stock.unknown_part", part=move.part[:64])
        for place in (move.from_place, move.to_place):
            if place not in known_place:
                raise Refusal("stock.unknown_place", place=place[:64])
        if move.bound_for and move.bound_for not in known_place:
            raise Refusal("stock.not_a_destination", move=move.id, place=move.bound_for[:64])


def _posted(work: UnitOfWork, prepared: Prepared) -> tuple[Move, ...]:
    """Moves already in the ledger that these could repeat, collide with or take back.

    Their ids begin with the key of their command, which nobody else has: what was looked up before the locks still
    holds. What they take back is read again, for another command may have taken it back meanwhile.
    """
    found: dict[int, Move] = {}
    moves = prepared.moves
    if not prepared.known.posted and not any(move.reverses for move in moves):
        return ()
    for start in range(0, len(moves), AT_ONCE):
        some = moves[start : start + AT_ONCE]
        ids = sorted({move.id for move in some} | {move.reverses for move in some if move.reverses})
        named: list[ColumnElement[bool]] = [
            MoveRow.c.id.in_(ids),
            MoveRow.c.key.in_(sorted({move.key for move in some})),
        ]
        if taken_back := sorted({move.reverses for move in some if move.reverses}):
            # Said twice so that the partial index serves it.
            named.append((MoveRow.c.reverses != "") & MoveRow.c.reverses.in_(taken_back))
        query = select(MoveRow).where(MoveRow.c.region_id == work.region, or_(*named))
        for row in work.connection.execute(query).mappings():
            found[row["seq"]] = move_of(row)
    return tuple(found[seq] for seq in sorted(found))


def _write_moves(work: UnitOfWork, moves: Sequence[Move]) -> None:
    head = {"region_id": work.region, "posted_at": work.now}
    send(work.connection, [(_INSERT_MOVE, [move_row(move) | head for move in moves])])


# The number the database gives a row is asked by nobody here, and waiting for it costs a round trip.
_INSERT_MOVE = Ready(insert(MoveRow).inline())
# The rows are locked and the rule has agreed: a row that holds less than it said is a defect, and nothing is written.
_ADD_TO_BALANCE = Ready(
    update(BalanceRow)
    .where(
        BalanceRow.c.region_id == bindparam("in_region"),
        *(BalanceRow.c[name] == bindparam(f"of_{name}") for name in CELL_COLUMNS),
        or_(~BalanceRow.c.physical, BalanceRow.c.quantity + bindparam("more") >= 0),
    )
    .values(quantity=BalanceRow.c.quantity + bindparam("more")),
    changes_one=True,
)


def _write_totals(work: UnitOfWork, before: dict[Cell, int], after: dict[Cell, int]) -> None:
    changes = [
        {f"of_{name}": value for name, value in cell_row(cell).items()}
        | {"in_region": work.region, "more": more}
        for cell in sorted(before)
        if (more := after.get(cell, 0) - before[cell])
    ]
    if changes:
        send(work.connection, [(_ADD_TO_BALANCE, changes)])


_ADD_TO_STANDING = Ready(
    update(StandingRow)
    .where(
        StandingRow.c.region_id == bindparam("in_region"),
        StandingRow.c.part_id == bindparam("of_part"),
        StandingRow.c.place_id == bindparam("at_place"),
    )
    .values(
        on_hand=StandingRow.c.on_hand + bindparam("more_on_hand"),
        usable=StandingRow.c.usable + bindparam("more_usable"),
        in_transit=StandingRow.c.in_transit + bindparam("more_in_transit"),
    ),
    changes_one=True,
)


def _write_standings(
    work: UnitOfWork, before: dict[Cell, int], after: dict[Cell, int], places: Iterable[Place]
) -> None:
    # A position is a sum, so the position of the differences is the difference of the positions.
    changes = {cell: after.get(cell, 0) - quantity for cell, quantity in before.items()}
    rows = [
        {
            "in_region": work.region,
            "of_part": part,
            "at_place": place,
            "more_on_hand": change.on_hand,
            "more_usable": change.usable,
            "more_in_transit": change.in_transit,
        }
        for (part, place), change in sorted(positions(changes, places).items())
    ]
    if rows:
        send(work.connection, [(_ADD_TO_STANDING, rows)])


def _write_serials(work: UnitOfWork, before: dict[SerialKey, Cell], after: dict[SerialKey, Cell]) -> None:
    for part, serial in sorted(key for key in after if after[key] != before.get(key)):
        stands = {name: value for name, value in cell_row(after[part, serial]).items() if name != "part_id"}
        named = {"region_id": work.region, "part_id": part, "serial": serial}
        if (part, serial) in before:
            work.connection.execute(
                update(SerialRow)
                .where(*(SerialRow.c[name] == value for name, value in named.items()))
                .values(**stands)
            )
        elif not insert_missing(work.connection, SerialRow, [named | stands]):
            # Another command brought the same number in meanwhile, from another place outside the count.
            raise Refusal("stock.serial_seen_twice", part=part, serial=serial)
