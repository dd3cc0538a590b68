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
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random  # noqa: TID251 seeded below

from sqlalchemy import select, text

from api.auth.given import give_account, give_key
from api.stored import opened
from api.usecases.importing import import_into
from benchmarks.bad_input import bad_requests
from benchmarks.by_schema import schema_requests
from benchmarks.company import several
from benchmarks.grown import grow, pages
from benchmarks.inside import asked_inside
from benchmarks.load import Measured, Next, load, request
from benchmarks.processor import busy_s, cores, spent_s, with_children
from kernel.clock import Stopwatch, SystemClock
from kernel.envelope import Envelope
from storage.check import untrue
from storage.database import Database
from storage.dataset.read import read
from storage.rows.region import region_ids
from storage.scope import Scope
from storage.tables.catalogue import PartRow, PlaceRow, SupplierRow
from storage.tables.crew import EngineerRow
from storage.tables.desk import AssetRow, ContractRow, CustomerRow, SiteRow, TicketRow, VisitRow
from storage.tables.people import Role

PROGRAM = str(Path(sys.executable).with_name("fieldwright"))
NUMBERS = count(time.time_ns() // 1_000_000)  # never the same twice, also in a database that is kept
START_S = 60.0  # a server that has not said where it is by then is given up

EVERYWHERE = Scope(everywhere=True)


@dataclass(frozen=True, slots=True)
class Figures:
    """How much is measured: the full figures by default, a short form in the tests."""

    seconds: float = 300.0
    write_s: float = 60.0
    engineers: int = 10_000
    tickets: int = 100_000
    asked: int = 2000
    each: int = 300
    bad: int = 50_000
    inside: int = 90
    """Of a hundred bad requests, those asked without a socket."""
    connections: int = 16
    servers: int = 1
    """On PostgreSQL, each as it comes: two processes on a machine of two cores."""
    regions: int = 4


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
        "--only",
        choices=("costs", "mixed", "writes", "reports", "lists", "bad"),
        help="one of them; default: all",
    )
    parser.add_argument("--keep", type=Path, help="folder for the filled database of the lists: filled once")
    chosen = parser.parse_args(arguments)
    figures = Figures(seconds=chosen.minutes * 60, write_s=min(60.0, chosen.minutes * 60), bad=chosen.bad)
    parts: dict[str, Callable[[str, Path, Figures], Measured]] = {"mixed": mixed, "lists": lists, "bad": bad}
    failed = 0
    with tempfile.TemporaryDirectory(prefix="fieldwright-service-") as folder:
        if chosen.only in (None, "costs"):
            costs(f"sqlite:///{folder}/costs.db", chosen.region, figures)
        for name, part in parts.items():
            if chosen.only in (None, name):
                where = chosen.keep.resolve() if name == "lists" and chosen.keep else folder
                failed += told(name, part(f"sqlite:///{where}/{name}.db", chosen.region, figures))
        for name, part in (("writes", writes), ("reports", reports)):
            if chosen.only in (None, name) and chosen.postgres != "none":
                with _postgresql(chosen.postgres) as url:
                    failed += told(name, part(url, chosen.region, figures))
    return int(failed > 0)


def told(name: str, measured: Measured) -> int:
    """Print what was measured; gives how many failed."""
    statuses = " ".join(f"{status}:{number}" for status, number in sorted(measured.statuses.items()))
    print(
        f"{name}: {len(measured.seconds)} answers in {measured.wall_s:.1f} s, {measured.per_s:.0f}/s, p50 {measured.share(0.5):.0f} ms,"
        f" p95 {measured.share(0.95):.0f} ms, p99 {measured.share(0.99):.0f} ms; {statuses};"
        f" {measured.hangs} hangs, {measured.broken} broken;"
        f" {1000 * measured.processor_s / max(1, len(measured.seconds)):.2f} ms of the servers' processor each,"
        f" {1000 * measured.client_s / max(1, len(measured.seconds)):.2f} ms of the client's,"
        f" {100 * measured.client_s / max(0.001, measured.wall_s):.0f} % of its core;"
        f" {1000 * measured.database_s / max(1, len(measured.seconds)):.2f} ms of PostgreSQL's,"
        f" {1000 * measured.machine_s / max(1, len(measured.seconds)):.2f} ms of the whole machine's,"
        f" {100 * measured.machine_s / max(0.001, measured.wall_s * cores()):.0f} % of it",
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
    processes: list[int]

    def load(self, ask: Next, *, connections: int, seconds: float) -> Measured:
        """Ask its servers; with what they spent on it."""
        before, kept, machine = spent_s(self.processes), self._database_s(), busy_s()
        measured = load(self.ports, ask, connections=connections, seconds=seconds)
        measured.processor_s, measured.machine_s = spent_s(self.processes) - before, busy_s() - machine
        measured.database_s = self._database_s() - kept
        return measured

    def _database_s(self) -> float:
        """What the processes of a PostgreSQL on this machine have spent that are there now; those that served are kept open."""
        if self.database.kind != "postgresql":
            return 0.0
        with self.database.reading() as connection:
            ids = connection.execute(text("SELECT pid FROM pg_stat_activity")).scalars().all()
        return spent_s([one for one in ids if Path(f"/proc/{one}/stat").exists()])


@contextmanager
def service(url: str, folder: Path, *, servers: int = 1, role: Role = Role.MANAGER) -> Iterator[There]:
    """A region in a database, served by processes of their own."""
    with opened(url, fresh=True) as database:
        reading = read(folder)
        assert reading.region is not None, f"{folder} cannot be read"
        with database.reading() as connection:
            there = region_ids(connection)
        if not there:
            import_into(database, reading.region, digest=reading.digest, as_of=SystemClock().now())
        secret = _key(database, role)
        running = [_started(url) for _ in range(servers)]
        try:
            ports = [port for _, port in running]
            assets = [asset.id for asset in reading.region.field.assets]
            processes = [one for process, _ in running for one in with_children(process.pid)]
            yield There(ports, {"Authorization": f"Bearer {secret}"}, database, assets, processes)
        finally:
            for process, _ in running:
                process.send_signal(signal.SIGTERM)
            for process, _ in running:
                process.wait(timeout=60)


def _key(database: Database, role: Role, scope: Scope = EVERYWHERE) -> str:
    now = SystemClock().now()
    envelope, again = (
        Envelope("operator", "benchmark", now, f"benchmark-{next(NUMBERS)}", "none") for _ in range(2)
    )
    account = give_account(
        database,
        envelope,
        name=f"benchmark-{next(NUMBERS)}",
        shown="",
        role=role,
        scope=scope,
        password_hash="",
    )
    given = give_key(
        database, again, user=account.id, name="benchmark", scope=None, ends_at=now + timedelta(days=2)
    )
    return given.secret


def _started(url: str) -> tuple[subprocess.Popen[bytes], int]:
    """A server as it comes, but for how much one caller may ask; its log goes to a file, as an operator's does."""
    limits = {"FIELDWRIGHT_REQUESTS_PER_MIN": "10000000", "FIELDWRIGHT_REQUESTS_PER_MIN_ADDRESS": "10000000"}
    with tempfile.NamedTemporaryFile(prefix="fieldwright-log-") as log:
        process = subprocess.Popen(  # noqa: S603 our own program
            [PROGRAM, "serve", "--database", url, "--port", "0"], stderr=log, env={**os.environ, **limits}
        )
        watch = Stopwatch()
        while watch.seconds < START_S and process.poll() is None:
            if found := re.search(rb"http://127\.0\.0\.1:(\d+)", Path(log.name).read_bytes()):
                return process, int(found[1])
            time.sleep(0.05)
        raise RuntimeError(f"the server did not start: {Path(log.name).read_text()[-500:]}")


def _asks(there: There, tickets: Sequence[str]) -> dict[str, Callable[[Random, str], bytes]]:
    """The kinds of the mixed load: how each is asked for."""
    return {
        "a page of 20 tickets": lambda _, __: request("GET", "/v1/tickets?limit=20", there.headers),
        "a page of stock": lambda _, __: request("GET", "/v1/stock?limit=50", there.headers),
        "one ticket": lambda chance, _: request(
            "GET", f"/v1/tickets/{chance.choice(tickets)}", there.headers
        ),
        "who am I": lambda _, __: request("GET", "/v1/me", there.headers),
        "runs": lambda _, __: request("GET", "/v1/runs", there.headers),
        "health": lambda _, __: request("GET", "/healthz", {}),
        "a report": lambda _, key: _report(there, key),
    }


def _in_turn(make: Callable[[Random, str], bytes], name: str, most: int) -> Next:
    """Ask one kind again and again."""

    def ask(_: int, number: int) -> bytes | None:
        chance = Random(number)  # noqa: S311 a seeded load, no secret
        return make(chance, f"{name}-{number}") if number < most else None

    return ask


SHARES = {
    "a page of 20 tickets": 30,
    "a page of stock": 20,
    "one ticket": 20,
    "who am I": 10,
    "runs": 5,
    "health": 5,
    "a report": 10,
}
"""Of a hundred mixed requests."""


def costs(url: str, folder: Path, figures: Figures) -> dict[str, float]:
    """Milliseconds of the server's processor for each kind of request, one connection, over HTTP; printed and given."""
    found = {}
    with service(url, folder) as there:
        for name, make in _asks(there, _tickets(there)).items():
            there.load(
                _in_turn(make, f"{name.split()[-1]}-1", figures.each), connections=1, seconds=60
            )  # what is read once is read
            measured = there.load(
                _in_turn(make, f"{name.split()[-1]}-2", figures.each), connections=1, seconds=60
            )
            assert not measured.failed, measured.wrong
            found[name] = 1000 * measured.processor_s / len(measured.seconds)
            print(f"costs: {name} {found[name]:.2f} ms", flush=True)
    mean = sum(found[name] * share for name, share in SHARES.items()) / sum(SHARES.values())
    print(f"costs: of the mixed load {mean:.2f} ms", flush=True)
    return found


def mixed(url: str, folder: Path, figures: Figures) -> Measured:
    """Dispatchers at work: lists, single tickets, new reports, what happened, health."""
    with service(url, folder) as there:
        asks = _asks(there, _tickets(there))

        def ask(connection: int, number: int) -> bytes:
            chance = Random(connection * 1_000_003 + number)  # noqa: S311 a seeded load, no secret
            (kind,) = chance.choices(list(SHARES), weights=list(SHARES.values()))
            return asks[kind](chance, f"m-{connection}-{number}")

        return there.load(ask, connections=figures.connections, seconds=figures.seconds)


def writes(url: str, folder: Path, figures: Figures) -> Measured:
    """A company of several regions at work (`benchmarks.company`): nothing but writes, by several servers at once."""
    with service(url, folder, servers=figures.servers) as there:
        reading = read(folder)
        assert reading.region is not None
        regions = several(there.database, reading.region, regions=figures.regions, clock=SystemClock())

        def ask(connection: int, number: int) -> bytes:
            return regions[connection % len(regions)].ask(there.headers, connection, number)

        return there.load(ask, connections=2 * figures.connections, seconds=figures.write_s)


def reports(url: str, folder: Path, figures: Figures) -> Measured:
    """Reports of one region and nothing else: they wait for each other, so this is what one region's desk can take in."""
    with service(url, folder, servers=figures.servers) as there:

        def ask(connection: int, number: int) -> bytes:
            return _report(there, f"w-{connection}-{number}")

        return there.load(ask, connections=2 * figures.connections, seconds=figures.write_s)


def lists(url: str, folder: Path, figures: Figures) -> Measured:
    """Pages of a country's worth of open tickets, the first and any other, and single tickets."""
    with service(url, folder) as there:
        region = grow(there.database, engineers=figures.engineers, tickets=figures.tickets)
        places = pages(there.database, region)

        def ask(connection: int, number: int) -> bytes | None:
            if connection * 10**6 + number >= connection * 10**6 + figures.asked // 4:
                return None
            chance = Random(connection * 1_000_003 + number)  # noqa: S311 a seeded load, no secret
            turn = chance.random()
            if turn < 0.4:
                return request("GET", "/v1/tickets?limit=50", there.headers)
            if turn < 0.8:
                return request("GET", f"/v1/tickets?limit=50&after={chance.choice(places)}", there.headers)
            return request("GET", f"/v1/tickets/N-{chance.randrange(figures.tickets):07}", there.headers)

        return there.load(ask, connections=4, seconds=3600)


def bad(url: str, folder: Path, figures: Figures) -> Measured:
    """Bad input for every route; afterwards the service still answers, and its database still adds up.

    Most of it is asked of the application without a socket, the rest over real connections.
    """
    within = asked_inside(
        folder, number=figures.bad * figures.inside // 100, processes=figures.connections // 8 or 1
    )
    print(within.told(), flush=True)
    over = figures.bad - within.statuses.total()
    with service(url, folder) as there:
        address = f"http://127.0.0.1:{there.ports[0]}/openapi.json"
        with urllib.request.urlopen(address, timeout=10) as answer:
            document = json.loads(answer.read())
        connections = 8
        askers, known = _askers(there), _known(there)
        each = [bad_requests(document, askers, known, seed=seed) for seed in range(connections)]
        # About as many by the service's own description: 170 operations, each allowed and broken.
        made = schema_requests(document, askers, known, each=max(1, over // 700), number=1)
        own = max(0, over - len(made))
        print(
            f"bad: over the wire {own} of the corpus, {len(made)} by the schema, by {len(askers)} callers",
            flush=True,
        )

        def ask(connection: int, number: int) -> bytes | None:
            if number < own // connections:
                return next(each[connection])
            at = (number - own // connections) * connections + connection
            return made[at] if at < len(made) else None

        measured = load(there.ports, ask, connections=connections, seconds=36_000)
        with urllib.request.urlopen(f"http://127.0.0.1:{there.ports[0]}/readyz", timeout=10) as answer:
            assert answer.status == 200
        wrong = untrue(there.database)
        assert not wrong, wrong[:3]
        common = ", ".join(f"{code} {count}" for code, count in measured.codes.most_common(8))
        print(f"bad: {measured.reached} of {len(measured.seconds)} reached a handler; {common}", flush=True)
    measured.broken += len(within.wrong)
    return measured


def _askers(there: There) -> list[dict[str, str]]:
    """People of every role, of the whole company and of parts of a region; a manager asks two times of three."""
    known = _known(there)
    parts = (
        (Role.ENGINEER, Scope(regions=known["region"], engineer=known["engineer"][0])),
        (Role.MANAGER, Scope(regions=known["region"], customers=known["customer"][:1])),
        (Role.MANAGER, Scope(regions=known["region"], depots=known["depot"][:1])),
    )
    roles = (Role.DISPATCHER, Role.STOREKEEPER, Role.ADMINISTRATOR, Role.INTEGRATION)
    made = [
        {"Authorization": f"Bearer {_key(there.database, role, scope)}"}
        for role, scope in (*((role, Scope(everywhere=True)) for role in roles), *parts)
    ]
    return [there.headers] * 2 * len(made) + made


def _known(there: There) -> dict[str, tuple[str, ...]]:
    """Ids that are there, by the name a parameter or a field has."""
    columns = {
        "ticket": TicketRow.c.ticket_id,
        "visit": VisitRow.c.visit_id,
        "engineer": EngineerRow.c.engineer_id,
        "depot": EngineerRow.c.depot,
        "customer": CustomerRow.c.customer_id,
        "site": SiteRow.c.site_id,
        "asset": AssetRow.c.asset_id,
        "contract": ContractRow.c.contract_id,
        "part": PartRow.c.part_id,
        "place": PlaceRow.c.place_id,
        "supplier": SupplierRow.c.supplier_id,
        "region": TicketRow.c.region_id,
    }
    with there.database.reading() as connection:
        found = {
            name: tuple(connection.execute(select(column).distinct().order_by(column).limit(50)).scalars())
            for name, column in columns.items()
        }
    same = {
        "from_place": "place",
        "to_place": "place",
        "shelf": "place",
        "returns": "place",
        "demand": "ticket",
    }
    return found | {name: found[other] for name, other in same.items()}


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
