"""What goes wrong around a running service, by name: nothing that was acknowledged is lost, and nothing takes effect twice."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from api.usecases.importing import import_into
from kernel.clock import Stopwatch, SystemClock
from storage.audit import breaks
from storage.check import untrue
from storage.database import Database, open_database
from storage.dataset.read import load
from storage.tables.catalogue import LotRow
from storage.tables.crew import ShiftRow
from storage.tables.desk import CustomerRow
from storage.tables.paper import ReportRow
from storage.tables.people import Role
from tests.api.http.conftest import StandingClock
from tests.api.http.streams import read, serving
from tests.api.http.test_live import do, headers, quick
from tests.conftest import ROOT
from tests.databases import Make
from tests.dataset_builder import tiny
from tests.people_builders import bearer

PROGRAM = str(Path(sys.executable).with_name("fieldwright"))


def started(url: str, *more: str) -> tuple[subprocess.Popen[str], int]:
    """A server as an operator starts it, and its port."""
    limits = {"FIELDWRIGHT_REQUESTS_PER_MIN": "1000000", "FIELDWRIGHT_REQUESTS_PER_MIN_ADDRESS": "1000000"}
    environment = {**os.environ, **limits, "FIELDWRIGHT_LOG_LEVEL": "error"}
    server = subprocess.Popen(
        [PROGRAM, "serve", "--database", url, "--port", "0", *more],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert server.stderr is not None
    for line in server.stderr:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
            return server, int(found[1])
    raise AssertionError("the server did not start")


def killed(server: subprocess.Popen[str]) -> None:
    """As the system does it when memory runs out."""
    server.kill()
    server.wait()
    assert server.stderr is not None
    server.stderr.close()


WRITES = ("report", "lot", "customer", "shift")
"""What is written meanwhile, in turn: each by a command of its own."""


def asked(key: str) -> tuple[str, str, dict[str, Any]]:
    """The request a key is for: method, path, body."""
    number = int(key.rpartition("-")[2])
    day = f"2026-{4 + number // 28 % 8:02}-{1 + number % 28:02}"
    match WRITES[number % len(WRITES)]:
        case "report":
            return "POST", "/v1/tickets", {"channel": "phone", "text": key}
        case "lot":
            return "POST", "/v1/lots", {"lot": key, "part": "P1"}
        case "customer":
            return "PUT", f"/v1/customers/{key}", {"name": "Mill"}
        case _:
            at = f"{day}T{8 + int(key[1]):02}"  # nobody works twice at once
            hours = {"starts_at": f"{at}:00:00+08:00", "ends_at": f"{at}:05:00+08:00"}
            return "PUT", f"/v1/shifts/{key}", {"engineer_id": "E1", **hours}


def wrote(port: int, me: dict[str, str], key: str) -> bool:
    """Send the write of a key; whether it was answered as written, or as written before."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        method, path, body = asked(key)
        sent = {**me, "Idempotency-Key": key, "Content-Type": "application/json"}
        connection.request(method, path, json.dumps(body), sent)
        answer = connection.getresponse()
        told = answer.read()
        assert answer.status in {200, 201}, told
        return True
    finally:
        connection.close()


def there_by_key(url: str) -> list[str]:
    """The keys whose writes are in the database, each as often as it is there."""
    database = open_database(url)
    with database.reading() as connection:
        found = [
            str(one)
            for column in (ReportRow.c.text, LotRow.c.lot_id, CustomerRow.c.customer_id, ShiftRow.c.shift_id)
            for one in connection.execute(select(column)).scalars()
        ]
    database.close()
    return [one for one in found if re.fullmatch(r"w\d-\d+", one)]


# Two starts of a server as a process of its own.
@pytest.mark.slow
def test_a_server_killed_while_it_answers_loses_nothing_acknowledged(stored: Database, tiny_url: str) -> None:
    """Kill -9 in the middle of many writes: what was answered is there, and everything sent again has one effect."""
    me = bearer(stored, Role.MANAGER, now=SystemClock().now())
    server, port = started(tiny_url)
    acknowledged: list[str] = []
    sent: list[str] = []
    enough = threading.Event()

    def write(writer: int) -> None:
        for number in range(1000):
            key = f"w{writer}-{number}"
            sent.append(key)
            try:
                assert wrote(port, me, key)
            except (OSError, http.client.HTTPException):
                return
            acknowledged.append(key)
            if len(acknowledged) > 20:
                enough.set()

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in writers:
        thread.start()
    assert enough.wait(timeout=60)
    killed(server)
    for thread in writers:
        thread.join()
    watch = Stopwatch()
    server, port = started(tiny_url)
    back_s = watch.seconds
    there = there_by_key(tiny_url)
    again = all(wrote(port, me, key) for key in sent)
    killed(server)

    assert set(acknowledged) <= set(there)
    assert again
    assert sorted(there_by_key(tiny_url)) == sorted(sent)
    assert {asked(key)[1].split("/")[2] for key in acknowledged} == {"tickets", "lots", "customers", "shifts"}
    assert back_s < 40  # 10 s on a machine that does nothing else
    database = open_database(tiny_url)
    assert untrue(database) == []
    with database.reading() as connection:
        assert list(breaks(connection)) == []
    database.close()


def test_a_stream_outlives_a_database_that_went_away(make_postgresql: Make, tmp_path: Path) -> None:
    """PostgreSQL restarts under open streams: they stay open, and what happens afterwards is heard."""
    url = make_postgresql()
    stored = open_database(url)
    reading = load(tiny(tmp_path / "tiny"))
    import_into(stored, reading, digest="0" * 64, as_of=None)
    with serving(stored, quick(), StandingClock()) as there:
        reader = read(there.port, headers(stored))
        do(stored, "T-1")
        assert reader.abouts(1) == ["T-1"]

        address, _, name = url.rpartition("/")
        for _ in range(3):
            with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
                )
        stored.close()  # what it has is gone; what the stream looks with just now ends when it has looked
        do(stored, "T-2")

        assert reader.abouts(1) == ["T-2"]
        reader.close()
    stored.close()


def test_a_server_whose_database_is_away_says_so_and_recovers(stored: Database) -> None:
    """Answers 503 with when to come again, never a defect; with the database back it serves as if nothing had been."""
    with serving(stored, quick(), StandingClock()) as there:
        me = headers(stored)
        pool: Any = stored.engine.pool
        pool._timeout = 0.05  # half a minute otherwise
        held = [stored.engine.connect() for _ in range(pool.size() + pool._max_overflow)]

        away = _get(there.port, "/v1/tickets", me)
        for connection in held:
            connection.close()
        back = _get(there.port, "/v1/tickets", me)

    assert (away.status, away.headers["Retry-After"]) == (503, "2")
    assert back.status == 200


def _get(port: int, path: str, me: dict[str, str]) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers=me)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer
