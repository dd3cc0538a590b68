"""Several server processes behind one port: one may die at any moment, and nobody outside has to know."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import threading
from pathlib import Path

import pytest

from benchmarks.processor import with_children
from kernel.clock import Stopwatch, SystemClock
from storage.audit import breaks
from storage.check import untrue
from storage.database import Database, open_database
from storage.tables.people import Role
from tests.api.http.test_faults import started, there_by_key, wrote
from tests.people_builders import bearer

EACH = 12
"""Writes of each writer."""


def answering(parent: int) -> list[int]:
    """The processes that answer for the one that was started: copies of one that reads the program once."""
    found = []
    for one in with_children(parent):
        with contextlib.suppress(OSError):
            if b"multiprocessing.forkserver" in Path(f"/proc/{one}/cmdline").read_bytes():
                found.append(one)
    return found[1:]


def answered_by(port: int) -> int | None:
    """The process that answers a request: it holds the other end of the connection; None: nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
        connection.request("GET", "/metrics")
        connection.getresponse().read()
        if connection.sock is None:
            return None  # it ends, and told so
        mine = f"{connection.sock.getsockname()[1]:04X}"
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        theirs = {f"socket:[{row[9]}]" for row in rows if (row[1][-4:], row[2][-4:]) == (f"{port:04X}", mine)}
        for entry in Path("/proc").glob("[0-9]*/fd/*"):
            with contextlib.suppress(OSError):
                if str(entry.readlink()) in theirs:
                    return int(entry.parts[2])
    return None


def counted(port: int) -> int:
    """The writes answered, as whoever reads the numbers hears it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/metrics")
    told = connection.getresponse().read().decode()
    connection.close()
    lines = re.findall(
        r'^fieldwright_requests_total\{method="P(?:OST|UT)".*status="20[01]"\} ([\d.]+)', told, re.MULTILINE
    )
    return int(sum(map(float, lines)))


# Three processes are started, and one of them again.
@pytest.mark.slow
def test_one_of_two_processes_is_killed_and_nothing_acknowledged_is_lost(
    stored: Database, tiny_url: str
) -> None:
    """The other goes on meanwhile, another takes its place, and the end of one is the end of all."""
    me = bearer(stored, Role.MANAGER, now=SystemClock().now())
    server, port = started(tiny_url, "--processes", "2")
    acknowledged: list[str] = []
    some = threading.Event()

    def write(writer: int) -> None:
        for number in range(EACH):
            key, watch = f"w{writer}-{number}", Stopwatch()
            while watch.seconds < 60:
                try:
                    assert wrote(port, me, key)
                except (OSError, http.client.HTTPException):
                    continue  # its process died: the same again, to whoever is there
                acknowledged.append(key)
                break
            if len(acknowledged) > EACH:
                some.set()

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in writers:
        thread.start()
    assert some.wait(timeout=60)
    first = answering(server.pid)
    os.kill(first[0], signal.SIGKILL)
    for thread in writers:
        thread.join()
    told = counted(port)
    watch, anew = Stopwatch(), None
    while anew in {None, *first} and watch.seconds < 60:
        anew = answered_by(port)
    last = answering(server.pid)
    server.send_signal(signal.SIGTERM)
    code = server.wait(timeout=60)
    assert server.stderr is not None
    server.stderr.close()

    assert len(first) == len(last) == 2
    assert first[0] not in last
    assert anew in set(last) - set(first)
    assert sorted(acknowledged) == sorted(
        f"w{writer}-{number}" for writer in range(4) for number in range(EACH)
    )
    assert sorted(there_by_key(tiny_url)) == sorted(acknowledged)
    assert told >= len(acknowledged) - 4  # what was answered by who was killed before it was counted
    assert code == 0
    assert not any(Path(f"/proc/{one}").exists() for one in (*first, *last))
    database = open_database(tiny_url)
    assert untrue(database) == []
    with database.reading() as connection:
        assert list(breaks(connection)) == []
    database.close()
