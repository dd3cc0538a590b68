"""The live stream over HTTP: what changes, to whom it may be told, after every break and from every process."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from api.auth.given import give_key
from api.routes.live import READ_BY
from api.settings import Settings
from kernel.clock import Stopwatch
from kernel.envelope import Envelope
from storage.database import Database
from storage.desk.held import HELD
from storage.desk.registers import REGISTERS
from storage.people.accounts import close_account
from storage.scope import Scope
from storage.stream import forget
from storage.tables.people import Role
from storage.unit_of_work import UnitOfWork
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.streams import Reader, Serving, read, serving
from tests.conftest import ROOT
from tests.people_builders import QUICK, bearer, company, somebody

PROGRAM = str(Path(sys.executable).with_name("fieldwright"))


def quick(**more: object) -> Settings:
    """Settings that look often."""
    return QUICK.model_copy(update={"live_poll_s": 0.05, "live_heartbeat_s": 0.2, **more})


@pytest.fixture
def there(stored: Database) -> Iterator[Serving]:
    """A server."""
    with serving(stored, quick(), StandingClock()) as found:
        yield found


def headers(stored: Database, role: Role = Role.MANAGER) -> dict[str, str]:
    """Headers of somebody."""
    return bearer(stored, role, now=AS_OF)


def do(
    database: Database, about: str, *, action: str = "ticket.open", region: str = "R1", day: int = 0
) -> None:
    """A command that did something."""
    key = f"k-{about}".replace("@", "/").replace("#", "/")  # a part of a visit is no id
    envelope = Envelope("E03", "desk", AS_OF + timedelta(days=day), key, region)
    database.run(envelope, lambda work: work.record(action, about))


def test_a_reader_hears_what_commands_do_and_nothing_else(stored: Database, there: Serving) -> None:
    """Only that something changed: who may see it reads it over its own route."""
    reader = read(there.port, headers(stored))

    do(stored, "T-1")
    event = reader.next()
    reader.close()

    assert event == {
        "kind": "changed",
        "id": int(reader.last),
        "region": "R1",
        "action": "ticket.open",
        "about": "T-1",
        "at": "2026-03-06T00:00:00Z",
    }
    assert reader.retry == "2000"


def test_after_a_break_a_reader_goes_on_where_it_was_at_any_process(stored: Database, there: Serving) -> None:
    """The process it was at is gone; another one of the same database gives it what it missed, once and in order."""
    me = headers(stored)
    with serving(stored, quick(), StandingClock()) as first:
        reader = read(first.port, me)
        do(stored, "T-1")
        assert reader.abouts(1) == ["T-1"]
        reader.close()
    for number in range(2, 8):
        do(stored, f"T-{number}")

    again = read(there.port, me, last=reader.last)
    do(stored, "T-8")

    assert again.abouts(7) == [f"T-{number}" for number in range(2, 9)]
    again.close()


def test_a_page_hears_what_happened_after_it_was_told_where_the_stream_stood(
    stored: Database, there: Serving
) -> None:
    """Between what a page reads and the opening of its stream nothing is missed: the regions say where the stream stands."""
    me = headers(stored)
    do(stored, "T-1")
    with TestClient(make_app(stored, clock=StandingClock(), settings=quick())) as client:
        stands = client.get("/v1/regions", headers=me).json()["live"]
    do(stored, "T-2")

    reader = read(there.port, me, path=f"/v1/events?after={stands}")

    assert reader.abouts(1) == ["T-2"]
    assert int(reader.last) > stands
    reader.close()


def test_a_reader_that_was_away_too_long_is_told_to_read_everything_again(
    stored: Database, there: Serving
) -> None:
    """Its last event is no longer kept; saying nothing would leave a wrong picture on its screen."""
    me = headers(stored)
    do(stored, "T-1", day=-9)
    with stored.reading() as connection:
        from storage.stream import end_of

        old = end_of(connection)
    do(stored, "T-2", day=-8)
    do(stored, "T-3")
    with stored.writing(Envelope("server", "live", AS_OF, "forget", "none")) as work:
        forget(work.connection, before=AS_OF)

    reader = read(there.port, me, last=str(old.seq))

    assert reader.next() == {"kind": "reload"}
    do(stored, "T-4")
    assert reader.abouts(1) == ["T-4"]
    reader.close()


def test_a_reader_hears_only_what_its_role_may_read_in_the_region_it_asked_for(
    stored: Database, there: Serving
) -> None:
    """A storekeeper learns nothing of tickets, nobody of another region or of what belongs to no region."""
    keeper = read(there.port, headers(stored, Role.STOREKEEPER))
    integration = read(there.port, headers(stored, Role.INTEGRATION))

    do(stored, "T-1")
    do(stored, "S-other", action="stock.reserve", region="R-other")
    do(stored, "U-1", action="user.add")
    do(stored, "S-1", action="stock.reserve")
    do(stored, "T-2")
    do(stored, "S-2", action="stock.release")

    assert keeper.abouts(2) == ["S-1", "S-2"]
    assert integration.abouts(3) == ["T-1", "S-1", "T-2"]
    for reader in (keeper, integration):
        reader.close()


@pytest.mark.parametrize("word", ["agreement", "inspection_limits", "terms", "stock_policy"])
def test_what_is_agreed_with_suppliers_is_told_who_may_read_it(
    stored: Database, there: Serving, word: str
) -> None:
    """A dispatcher sees parts; with whom something is agreed about them, and when it changes, is the storekeepers' to know."""
    dispatcher = read(there.port, headers(stored, Role.DISPATCHER))
    keeper = read(there.port, headers(stored, Role.STOREKEEPER))

    do(stored, "U1", action=f"catalogue.{word}")
    do(stored, "P1", action="catalogue.part")

    assert dispatcher.abouts(1) == ["P1"]
    assert keeper.abouts(2) == ["U1", "P1"]
    dispatcher.close()
    keeper.close()


def test_every_action_a_command_records_is_somebodys_to_hear_or_named_as_nobodys() -> None:
    """A new kind of command fails here until somebody says who may hear of it."""
    told_nobody = {
        "address",
        "user",
        "key",
        "session",
        "link",
        "person",
        "message",
        "stream",
        "region",
        "account",
        "password",
        "database",
    }
    words = set()
    for room in ("storage", "api"):
        for file in (ROOT / room).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            words |= set(re.findall(r"\.record\(\s*f?\"([a-z_]+)\.", text))
    words |= {one.action.partition(".")[0] for one in REGISTERS.values()}
    words |= {one.action.partition(".")[0] for one in HELD.values()}

    assert words
    assert words - READ_BY.keys() - told_nobody == set()


def test_a_silent_stream_says_that_it_lives(stored: Database, there: Serving) -> None:
    """Proxies cut what is silent; a comment now and then keeps it open."""
    reader = read(there.port, headers(stored))

    with ThreadPoolExecutor(1) as later:
        later.submit(_then, lambda: reader.comments >= 3, stored)
        assert reader.abouts(1) == ["T-1"]

    assert reader.comments >= 3
    reader.close()


def _then(ready: Callable[[], bool], stored: Database) -> None:
    _until(ready)
    do(stored, "T-1")


def _until(done: Callable[[], bool]) -> None:
    while not done():
        pass


def test_a_stream_ends_after_a_while_so_that_rights_are_asked_again(stored: Database) -> None:
    """Who was shut out hears nothing more after that long; the others come back and miss nothing."""
    with serving(stored, quick(live_longest_s=0.3), StandingClock()) as there:
        me = headers(stored)
        reader = read(there.port, me)
        assert reader.next() is None
        reader.close()

        do(stored, "T-1")
        again = read(there.port, me, last=reader.last)

        assert again.abouts(1) == ["T-1"]
        again.close()


def test_who_is_shut_out_hears_nothing_more_long_before_the_stream_would_end(stored: Database) -> None:
    """A stream is open for minutes: who signed out or lost the account must not go on listening meanwhile."""
    with serving(stored, quick(), StandingClock()) as there:
        account = somebody(stored, Role.MANAGER, now=AS_OF)
        ends = AS_OF + timedelta(days=9)
        given = give_key(stored, company(now=AS_OF), user=account.id, name="mine", scope=None, ends_at=ends)
        staying = read(there.port, headers(stored))
        reader = read(there.port, {"Authorization": f"Bearer {given.secret}"})

        stored.run(company(now=AS_OF), lambda work: close_account(work, account.id))

        assert reader.next() is None
        do(stored, "T-1")
        assert staying.abouts(1) == ["T-1"]
        reader.close()
        staying.close()


@pytest.mark.parametrize("last", ["x", "-1", "9" * 30, "1 2"])
def test_a_place_that_is_none_is_refused(client: TestClient, last: str) -> None:
    """By code, not by a stream that never says anything."""
    answer = client.get("/v1/events", headers={"Last-Event-ID": last})

    assert (answer.status_code, answer.json()["code"]) == (422, "live.bad_place")


def test_more_streams_than_allowed_are_refused(stored: Database) -> None:
    """Each costs a connection; the one too many hears when to come back."""
    with serving(stored, quick(live_most=1), StandingClock()) as there:
        me = headers(stored)
        one = read(there.port, me)

        with pytest.raises(AssertionError, match=r"live\.full"):
            read(there.port, me)

        one.close()


def test_a_reader_that_takes_nothing_is_dropped_and_costs_the_others_nothing(stored: Database) -> None:
    """Its network is gone or its program hangs: after a while its stream ends; the others hear everything meanwhile."""
    with serving(stored, quick(live_slow_s=3.0), StandingClock(), narrow=True) as there:
        me = headers(stored)
        live = there.server.config.app.state.live  # type: ignore[union-attr] # the application itself was given
        good = read(there.port, me)
        with socket.socket() as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.connect(("127.0.0.1", there.port))
            lines = "".join(f"{name}: {value}\r\n" for name, value in me.items())
            slow.sendall(f"GET /v1/events HTTP/1.1\r\nHost: h\r\n{lines}\r\n".encode())
            _until(lambda: live.readers == 2)

            heard: list[str] = []
            with ThreadPoolExecutor(1) as listening:
                listening.submit(_hear, good, heard)
                watch, count = Stopwatch(), 0
                while live.readers == 2:
                    assert watch.seconds < 60, "still there"
                    many(stored, range(count, count + 300))
                    count += 300
                do(stored, "end")

        assert heard == [f"T-{n:075}" for n in range(count)]
        good.close()


def test_a_server_asked_to_end_ends_its_streams_with_a_hint_and_answers_what_is_under_way(
    stored: Database, tiny_url: str
) -> None:
    """SIGTERM with streams open: no twenty seconds of waiting, no broken answer, exit code 0."""
    me = headers(stored)
    environment = {**os.environ, "FIELDWRIGHT_LIVE_POLL_S": "0.1", "FIELDWRIGHT_LOG_FORMAT": "json"}
    server = subprocess.Popen(
        [PROGRAM, "serve", "--database", tiny_url, "--port", "0"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert server.stderr is not None
    port = 0
    for line in server.stderr:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
            port = int(found[1])
            break
    # This process's key is of a clock that stands in the past; the stream needs none of that here.
    readers = [read(port, me) for _ in range(5)]

    watch = Stopwatch()
    server.send_signal(signal.SIGTERM)
    ends = [reader.next() for reader in readers]
    code = server.wait(timeout=20)
    seconds = watch.seconds
    log = server.stderr.read()
    server.stderr.close()

    assert ends == [None] * 5
    assert all(reader.retry == "2000" for reader in readers)
    assert code == 0
    assert seconds < 15  # what is cut off is cut off after twenty
    assert '"route": "/v1/events"' in log
    assert "fwk" not in log
    for reader in readers:
        reader.close()


def test_a_stream_costs_little_memory(stored: Database) -> None:
    """A hundred screens are one small server: at most 0.2 MB a stream, measured in the process that serves them."""
    with serving(stored, quick(), StandingClock()) as there:
        me = headers(stored)
        warm = [read(there.port, me) for _ in range(10)]
        before = _resident_kib()
        readers = [read(there.port, me) for _ in range(100)]
        do(stored, "T-1")
        assert all(reader.abouts(1) == ["T-1"] for reader in (*warm, *readers))
        after = _resident_kib()
        for reader in (*warm, *readers):
            reader.close()

    # The readers live in this process too, so the figure is the server's and theirs together.
    assert (after - before) / len(readers) < 200


def _hear(reader: Reader, heard: list[str]) -> None:
    """Read on until the end is told."""
    while (event := reader.next()) is not None and event["about"] != "end":
        heard.append(str(event["about"]))


def many(database: Database, numbers: range) -> None:
    """A command that did a great many things."""

    def command(work: UnitOfWork) -> None:
        for number in numbers:
            work.record("ticket.open", f"T-{number:075}")

    database.run(Envelope("E03", "desk", AS_OF, f"many-{numbers.start}", "R1"), command)


def _resident_kib() -> int:
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("the system does not say how much memory a process has (/proc)")
    found = re.search(r"VmRSS:\s+(\d+)", status.read_text())
    assert found
    return int(found[1])


@pytest.mark.parametrize(
    ("role", "scope", "heard"),
    [
        (Role.ENGINEER, Scope(regions=("R1",), engineer="E1"), ["G1", "V1", "V1@helper#2", "E1", "H1", "M3"]),
        (Role.MANAGER, Scope(regions=("R1",), depots=("D1",)), ["E1", "H1", "E2", "H2", "M1", "M2", "M3"]),
        (
            Role.MANAGER,
            Scope(regions=("R1",), customers=("C1",)),
            ["G1", "G2", "V1", "V1@helper#2", "V2", "A1", "C1"],
        ),
    ],
)
def test_who_reaches_a_part_hears_of_what_is_his_and_of_nothing_else(
    stored: Database, there: Serving, role: Role, scope: Scope, heard: list[str]
) -> None:
    """An engineer hears that his own visit moved; that there are others, or other plans, he does not."""
    reader = read(there.port, bearer(stored, role, scope, now=AS_OF))
    done = (
        ("ticket.event", "G1"), ("ticket.event", "G2"), ("visit.appointments", "V1"), ("plan.stop", "V1@helper#2"),
        ("visit.appointments", "V2"), ("plan.publish", "plan-1"), ("crew.absence", "E1"), ("crew.shift", "H1"),
        ("crew.engineer", "E2"), ("crew.shift", "H2"), ("stock.issue", "M1"), ("stock.issue", "M2"), ("stock.issue", "M3"),
        ("desk.asset", "A1"), ("desk.customer", "C1"), ("supply.shipped", "R1"), ("pool.out", "N1"), ("ticket.event", "T-none"),
    )  # fmt: skip
    for action, about in done:
        do(stored, about, action=action)
    do(stored, heard[0], action=next(action for action, about in done if about == heard[0]))

    told = reader.abouts(len(heard) + 1)
    reader.close()

    assert told == [about for _, about in done if about in heard] + heard[:1]
