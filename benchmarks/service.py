"""Measure the service: ``python -m benchmarks service``; prints one figure a line.

All on this machine's loopback, server and clients together on its cores: mixed requests on SQLite, writes on PostgreSQL
(started from Debian's package; ``--postgres none`` leaves it out), lists of a region with 10,000 engineers and 100,000
open tickets, and bad input for every route. Exit code 1 when anything was answered with 5xx or not at all.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random  # noqa: TID251 seeded below

from sqlalchemy import insert, select, text

from api.auth.given import give_account, give_key
from api.stored import opened
from api.usecases.importing import import_into
from benchmarks.bad_input import bad_requests
from benchmarks.load import Measured, load, request
from kernel.clock import Stopwatch, SystemClock
from kernel.envelope import Envelope
from storage.database import Database
from storage.dataset.read import read
from storage.scope import Scope
from storage.tables.crew import EngineerRow
from storage.tables.desk import TicketRow
from storage.tables.people import Role

PROGRAM = str(Path(sys.executable).with_name("fieldwright"))
NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Figures:
    """How much is measured: the full figures by default, a short form in the tests."""

    seconds: float = 300.0
    write_s: float = 60.0
    engineers: int = 10_000
    tickets: int = 100_000
    asked: int = 2000
    bad: int = 50_000
    connections: int = 16
    servers: int = 2


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks service", description=__doc__)
    parser.add_argument(
        "--region", type=Path, default=Path("scenarios/library/fujian"), help="folder of a region"
    )
    parser.add_argument("--postgres", default="start", help="start, none, or the URL of a server")
    parser.add_argument("--minutes", type=float, default=5.0, help="length of the mixed load")
    parser.add_argument("--bad", type=int, default=50_000, help="bad requests")
    parser.add_argument(
        "--only", choices=("mixed", "writes", "lists", "bad"), help="one of the four; default: all of them"
    )
    chosen = parser.parse_args(arguments)
    figures = Figures(seconds=chosen.minutes * 60, bad=chosen.bad)
    parts: dict[str, Callable[[str, Path, Figures], Measured]] = {"mixed": mixed, "lists": lists, "bad": bad}
    failed = 0
    with tempfile.TemporaryDirectory(prefix="fieldwright-service-") as folder:
        for name, part in parts.items():
            if chosen.only in (None, name):
                failed += told(name, part(f"sqlite:///{folder}/{name}.db", chosen.region, figures))
        if chosen.only in (None, "writes") and chosen.postgres != "none":
            with _postgresql(chosen.postgres) as url:
                failed += told("writes", writes(url, chosen.region, figures))
    return int(failed > 0)


def told(name: str, measured: Measured) -> int:
    """Print what was measured; gives how many failed."""
    statuses = " ".join(f"{status}:{number}" for status, number in sorted(measured.statuses.items()))
    print(
        f"{name}: {len(measured.seconds)} answers in {measured.wall_s:.1f} s, {measured.per_s:.0f}/s, p50 {measured.share(0.5):.0f} ms,"
        f" p95 {measured.share(0.95):.0f} ms, p99 {measured.share(0.99):.0f} ms; {statuses};"
        f" {measured.hangs} hangs, {measured.broken} broken",
        flush=True,
    )
    for wrong in measured.wrong[:5]:
        print(f"  wrong: {wrong!r}")
    return measured.failed


@dataclass(frozen=True, slots=True)
class There:
    """A service with somebody who may ask it."""

    ports: list[int]
    headers: dict[str, str]
    database: Database
    assets: list[str]


@contextmanager
def service(url: str, folder: Path, *, servers: int = 1, role: Role = Role.MANAGER) -> Iterator[There]:
    """A region in a database, served by processes of their own."""
    with opened(url, fresh=True) as database:
        reading = read(folder)
        assert reading.region is not None, f"{folder} cannot be read"
        now = SystemClock().now()
        import_into(database, reading.region, digest=reading.digest, as_of=now)
        secret = _key(database, role)
        running = [_started(url) for _ in range(servers)]
        try:
            ports = [port for _, port in running]
            assets = [asset.id for asset in reading.region.field.assets]
            yield There(ports, {"Authorization": f"Bearer {secret}"}, database, assets)
        finally:
            for process, _ in running:
                process.send_signal(signal.SIGTERM)
            for process, _ in running:
                process.wait(timeout=60)
                if process.stderr is not None:
                    process.stderr.close()


def _key(database: Database, role: Role) -> str:
    now = SystemClock().now()
    envelope = Envelope("operator", "benchmark", now, f"benchmark-{next(NUMBERS)}", "none")
    account = give_account(
        database,
        envelope,
        name=f"benchmark-{next(NUMBERS)}",
        shown="",
        role=role,
        scope=Scope(everywhere=True),
        password_hash="",
    )
    again = Envelope("operator", "benchmark", now, f"benchmark-{next(NUMBERS)}", "none")
    from datetime import timedelta

    given = give_key(
        database, again, user=account.id, name="benchmark", scope=None, ends_at=now + timedelta(days=2)
    )
    return given.secret


def _started(url: str) -> tuple[subprocess.Popen[str], int]:
    limits = {"FIELDWRIGHT_REQUESTS_PER_MIN": "10000000", "FIELDWRIGHT_REQUESTS_PER_MIN_ADDRESS": "10000000"}
    environment = {**os.environ, **limits, "FIELDWRIGHT_LOG_LEVEL": "error"}
    process = subprocess.Popen(  # noqa: S603 our own program
        [PROGRAM, "serve", "--database", url, "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
            return process, int(found[1])
    raise RuntimeError("the server did not start")


def mixed(url: str, folder: Path, figures: Figures) -> Measured:
    """Dispatchers at work: lists, single tickets, new reports, what happened, health."""
    with service(url, folder) as there:
        tickets = _tickets(there)

        def ask(connection: int, number: int) -> bytes:
            chance = Random(connection * 1_000_003 + number)  # noqa: S311 a seeded load, no secret
            turn = chance.random()
            if turn < 0.3:
                return request("GET", "/v1/tickets?limit=20", there.headers)
            if turn < 0.5:
                return request("GET", "/v1/stock?limit=50", there.headers)
            if turn < 0.7:
                return request("GET", f"/v1/tickets/{chance.choice(tickets)}", there.headers)
            if turn < 0.8:
                return request("GET", "/v1/me", there.headers)
            if turn < 0.85:
                return request("GET", "/v1/runs", there.headers)
            if turn < 0.9:
                return request("GET", "/healthz", {})
            return _report(there, f"m-{connection}-{number}")

        return load(there.ports, ask, connections=figures.connections, seconds=figures.seconds)


def writes(url: str, folder: Path, figures: Figures) -> Measured:
    """Reports and nothing else, each a ticket with its events, audit and stream rows, by several servers at once."""
    with service(url, folder, servers=figures.servers) as there:

        def ask(connection: int, number: int) -> bytes:
            return _report(there, f"w-{connection}-{number}")

        return load(there.ports, ask, connections=2 * figures.connections, seconds=figures.write_s)


def lists(url: str, folder: Path, figures: Figures) -> Measured:
    """Pages of a country's worth of open tickets, the first and any other, and single tickets."""
    with service(url, folder) as there:
        region = _grow(there.database, engineers=figures.engineers, tickets=figures.tickets)
        pages = _pages(there, region)

        def ask(connection: int, number: int) -> bytes | None:
            if connection * 10**6 + number >= connection * 10**6 + figures.asked // 4:
                return None
            chance = Random(connection * 1_000_003 + number)  # noqa: S311 a seeded load, no secret
            turn = chance.random()
            if turn < 0.4:
                return request("GET", "/v1/tickets?limit=50", there.headers)
            if turn < 0.8:
                return request("GET", f"/v1/tickets?limit=50&after={chance.choice(pages)}", there.headers)
            return request("GET", f"/v1/tickets/N-{chance.randrange(figures.tickets):07}", there.headers)

        return load(there.ports, ask, connections=4, seconds=3600)


def bad(url: str, folder: Path, figures: Figures) -> Measured:
    """Bad input for every route; afterwards the service still answers, and its database still adds up."""
    with service(url, folder) as there:
        address = f"http://127.0.0.1:{there.ports[0]}/openapi.json"
        with urllib.request.urlopen(address, timeout=10) as answer:
            document = json.loads(answer.read())
        # The first of these loads the compiled search, once in the life of a server: seconds, and no fault of the input.
        warm = [request("GET", path, there.headers) for path in ("/v1/calls", "/v1/endangered")]
        load(
            there.ports,
            lambda _, number: warm[number] if number < len(warm) else None,
            connections=1,
            seconds=120,
        )
        connections = 8
        each = [bad_requests(document, there.headers, seed=seed) for seed in range(connections)]

        def ask(connection: int, number: int) -> bytes | None:
            return next(each[connection]) if number < figures.bad // connections else None

        measured = load(there.ports, ask, connections=connections, seconds=36_000)
        with urllib.request.urlopen(f"http://127.0.0.1:{there.ports[0]}/readyz", timeout=10) as answer:
            assert answer.status == 200
    return measured


def _report(there: There, key: str) -> bytes:
    asset = there.assets[zlib.crc32(key.encode()) % len(there.assets)]
    body = {
        "channel": "phone",
        "kind": "fault",
        "severity": "P2",
        "asset": asset,
        "text": key,
        "contact": "gate 3",
    }
    headers = there.headers | {"Idempotency-Key": key}
    return request("POST", "/v1/tickets", headers, json.dumps(body).encode())


def _tickets(there: There) -> list[str]:
    with there.database.reading() as connection:
        return list(connection.execute(select(TicketRow.c.ticket_id).limit(200)).scalars())


def _pages(there: There, region: str) -> list[str]:
    """Cursors all over the list."""
    from api.wire.page import cursor

    with there.database.reading() as connection:
        query = (
            select(TicketRow.c.ticket_id)
            .where(TicketRow.c.region_id == region)
            .order_by(TicketRow.c.ticket_id)
        )
        ids = list(connection.execute(query).scalars())
    return [cursor(one) for one in ids[:: max(1, len(ids) // 200)]]


def _grow(database: Database, *, engineers: int, tickets: int) -> str:
    """Copies of the region's first engineer and ticket until there are that many; gives the region's id."""
    envelope = Envelope("operator", "benchmark", SystemClock().now(), "grow", "none")
    watch = Stopwatch()
    with database.writing(envelope) as work:
        for table, column, wanted in (
            (EngineerRow, "engineer_id", engineers),
            (TicketRow, "ticket_id", tickets),
        ):
            first = work.connection.execute(select(table).limit(1)).mappings().one()
            rows = (
                {**first, column: f"N-{number:07}", "position": 1_000_000 + number}
                for number in range(wanted)
            )
            while some := [row for _, row in zip(range(2000), rows, strict=False)]:
                work.connection.execute(insert(table), some)
        if database.kind == "sqlite":
            work.connection.execute(text("ANALYZE"))
        region = str(first["region_id"])
    print(f"grown to {engineers} engineers and {tickets} tickets in {watch.seconds:.0f} s", flush=True)
    return region


@contextmanager
def _postgresql(given: str) -> Iterator[str]:
    import psycopg

    from tests.postgres import server

    if given != "start":
        yield given
        return
    with server(durable=True) as address:
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE service")
        yield f"{address}/service"
