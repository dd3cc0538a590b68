"""Measure the store: ``python -m benchmarks store``; prints one figure a line, for both databases.

Writes are whole commands (key, two balances, position, move, audit link) from several threads. The volume part
fills a database by SQL with moves and stock rows whose sums agree, asks for single parts and pages at random, then
copies and restores it. PostgreSQL is started from Debian's package unless ``--postgres URL`` names a server whose
user may create databases; ``--postgres none`` leaves it out.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random  # noqa: TID251 seeded below

import psycopg
from sqlalchemy import text

from inventory.catalogue.place import Place, PlaceKind
from inventory.stock.document import Line
from kernel.clock import Stopwatch
from storage.backup import back_up, restore
from storage.check import untrue
from storage.database import Database, open_database
from storage.migration import migrate
from storage.stock import commands, queries
from tests.database_builders import envelope, seed
from tests.postgres import server
from tests.stock_builders import NOW, PLACES
from tests.storage.database.test_kills import killed

ASKED = 300
"""Questions of each kind."""


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks store", description=__doc__)
    parser.add_argument("--postgres", default="start", help="start, none, or the URL of a server")
    parser.add_argument("--seconds", type=float, default=10, help="length of each writing test")
    parser.add_argument("--moves", type=int, default=10_000_000)
    parser.add_argument("--stock", type=int, default=1_000_000, help="stock rows: parts times 100 places")
    parser.add_argument("--kills", type=int, default=200, help="on SQLite; a quarter of it on PostgreSQL")
    chosen = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="fieldwright-store-") as folder,
        _address(chosen.postgres) as address,
    ):
        for kind in ("sqlite", "postgresql"):
            if kind == "postgresql" and not address:
                continue
            fresh = _fresh(kind, Path(folder), address)
            _writes(kind, fresh("writes"), seconds=chosen.seconds)
            _kills(kind, fresh("kills"), times=chosen.kills if kind == "sqlite" else chosen.kills // 4)
            _volume(kind, fresh, Path(folder), moves=chosen.moves, stock=chosen.stock)
    return 0


@contextmanager
def _address(asked: str) -> Iterator[str]:
    if asked in {"none", "start"}:
        with server(durable=True) if asked == "start" else nullcontext("") as address:
            yield address
    else:
        yield asked.rstrip("/")


def _fresh(kind: str, folder: Path, address: str) -> Callable[[str], str]:
    """Make an empty database by name and give its URL."""

    def make(name: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{folder}/{name}.db"
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS fw_{name}".encode())
            connection.execute(f"CREATE DATABASE fw_{name}".encode())
        return f"{address}/fw_{name}"

    return make


def _tell(kind: str, what: str, figure: str) -> None:
    print(f"{kind:11} {what:58} {figure}", flush=True)


def writing(url: str, threads: int, seconds: float, first: int) -> int:
    """Receive goods from `threads` threads for some seconds; gives how many commands were answered."""
    database = open_database(url)
    counts = [0] * threads
    watch = Stopwatch()

    def work(number: int) -> None:
        while watch.seconds < seconds:
            key = f"w-{first + number}-{counts[number]}"
            line = Line(f"P-{(first + number) % 50}", 1, "SUPPLIER", "FUZHOU")
            database.run(envelope(key), partial(commands.receive, document="PO", lines=(line,)))
            counts[number] += 1

    running = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    database.close()
    return sum(counts)


def _writes(kind: str, url: str, *, seconds: float) -> None:
    with closing(open_database(url)) as database:
        migrate(database, envelope())
        seed(database, parts=[f"P-{number}" for number in range(50)])
    done = writing(url, 8, seconds, 0)
    _tell(kind, "commands answered, one process, 8 threads", f"{done / seconds:.0f}/s")
    with ProcessPoolExecutor(2, mp_context=get_context("forkserver")) as pool:
        ends = [pool.submit(writing, url, 4, seconds, 100 * (number + 1)) for number in range(2)]
        done = sum(end.result() for end in ends)
    _tell(kind, "commands answered, two processes, 4 threads each", f"{done / seconds:.0f}/s")


def _kills(kind: str, url: str, *, times: int) -> None:
    database = open_database(url)
    migrate(database, envelope())
    seed(database)
    chance = Random(1)  # noqa: S311 a seeded world, no secret
    answered: set[str] = set()
    for number in range(times):
        done, _ = killed(url, f"w{number}", chance)
        answered |= done
    with database.reading() as connection:
        there = {move.id.rsplit("/", 1)[0] for move in queries.moves(connection, "R-1")}
    lost, wrong = len(answered - there), len(untrue(database))
    database.close()
    _tell(
        kind, f"{times} kills, {len(answered)} answered commands", f"{lost} lost, {wrong} sums or links wrong"
    )


def _volume(kind: str, fresh: Callable[[str], str], folder: Path, *, moves: int, stock: int) -> None:
    url = fresh("volume")
    database = open_database(url)
    migrate(database, envelope())
    parts = [f"P-{number:06}" for number in range(max(1, stock // 100))]
    depots = [Place(f"W-{number:03}", PlaceKind.DEPOT, "depot") for number in range(100)]
    seed(database, parts=parts, places=(*(place for place in PLACES if place.id == "SUPPLIER"), *depots))
    rounds = max(1, moves // stock)
    watch = Stopwatch()
    _fill(database, rounds)
    held = f"{rounds * len(parts) * 100:,} moves, {len(parts) * 100:,} stock rows"
    _tell(kind, f"filled by SQL: {held}", f"{watch.seconds:.0f} s")
    chance = Random(2)  # noqa: S311 a seeded world, no secret
    asked: dict[str, Callable[[], object]] = {
        "one part at one place": lambda: _ask(database, parts, chance, "position"),
        "one part at every place": lambda: _ask(database, parts, chance, "part"),
        "page of 50 of the stock list, anywhere in it": lambda: _ask(database, parts, chance, "page"),
        "page of 50 of one place's list": lambda: _ask(database, parts, chance, "place"),
        "newest 100 moves of one part": lambda: _ask(database, parts, chance, "moves"),
    }
    for what, ask in asked.items():
        times = sorted(_timed(ask) for _ in range(ASKED))
        half, most = times[ASKED // 2] * 1000, times[ASKED * 95 // 100] * 1000
        _tell(kind, what, f"p50 {half:.1f} ms, p95 {most:.1f} ms")
    _tell(kind, "db verify", f"{_timed(lambda: untrue(database)):.0f} s")
    copy = folder / f"{kind}.copy"
    took = _timed(lambda: back_up(database, copy))
    size, whole = copy.stat().st_size / 1e9, _size(database) / 1e9
    _tell(kind, f"backup of {whole:.2f} GB, {size:.2f} GB written", f"{took:.0f} s")
    database.close()
    took = _timed(lambda: restore(copy, fresh("restored")))
    _tell(kind, f"restore of {whole:.2f} GB, compared and verified", f"{took:.0f} s")


def _size(database: Database) -> int:
    """Bytes of the database on its disk, indexes with them."""
    size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    if database.kind == "postgresql":
        size = "SELECT pg_database_size(current_database())"
    with database.reading() as connection:
        return int(connection.execute(text(size)).scalar_one())


def _timed(act: Callable[[], object]) -> float:
    watch = Stopwatch()
    act()
    return watch.seconds


def _ask(database: Database, parts: list[str], chance: Random, what: str) -> None:
    part, place = chance.choice(parts), f"W-{chance.randrange(100):03}"
    with database.reading() as connection:
        match what:
            case "position":
                assert queries.position(connection, "R-1", part, place, now=NOW).on_hand
            case "part":
                assert len(queries.positions_of_part(connection, "R-1", part, now=NOW)) == 100
            case "page":
                queries.stock_page(connection, "R-1", now=NOW, after=(part, place))
            case "place":
                queries.stock_page(connection, "R-1", now=NOW, after=(part, place), place=place)
            case _:
                assert queries.moves_of_part(connection, "R-1", part)


_SEATS = "FROM part CROSS JOIN place WHERE place.kind = 'depot'"
_FILL = f"""
INSERT INTO stock_move (region_id, id, at, part_id, quantity, from_place_id, to_place_id, condition, lot, reason,
  "by", device, source_document, "key", reverses, bound_for, serial, posted_at)
SELECT 'R-1', :n || '/' || part_id || '/' || place_id, part.written_at, part_id, 1, 'SUPPLIER', place_id, 'usable',
  '', 'received', 'keeper', 'desk', 'PO-' || :n || part_id, :n || '/' || part_id || '/' || place_id, '', '', '',
  part.written_at {_SEATS}
"""
_SUMS = (
    f"INSERT INTO balance SELECT 'R-1', part_id, place_id, 'usable', '', '', {{n}}, {{yes}} {_SEATS}",
    "INSERT INTO balance SELECT 'R-1', part_id, 'SUPPLIER', 'usable', '', '', -100 * {n}, {no} FROM part",
    f"INSERT INTO standing SELECT 'R-1', part_id, place_id, {{n}}, {{n}}, 0, 0 {_SEATS}",
)


def _fill(database: Database, rounds: int) -> None:
    for number in range(rounds):
        with database.writing(envelope()) as work:
            work.connection.execute(text(_FILL), {"n": f"{number:04}"})
    with database.writing(envelope()) as work:
        for statement in _SUMS:
            work.connection.exec_driver_sql(statement.format(n=rounds, yes="true", no="false"))
    with database.writing(envelope()) as work:
        work.connection.exec_driver_sql("ANALYZE")


if __name__ == "__main__":
    raise SystemExit(main([]))
