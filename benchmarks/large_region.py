"""A region invented at a country's size, planned, published, served at a clock that stands: for `benchmarks.console`, `benchmarks.pictures`."""

from __future__ import annotations

import http.client
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from api.auth.demo import PASSWORD, make_demo
from api.auth.password import Passwords
from api.auth.policy import policy_of
from api.logs import log_to
from api.stored import opened
from api.usecases.asking import ask_for_plan
from api.usecases.deciding import take_proposal
from api.usecases.importing import import_into
from api.usecases.plan_run import Ask, make_plan
from api.worker import Worker
from dispatch.region import Region
from kernel.clock import Stopwatch
from kernel.envelope import Envelope
from scenarios.world.region import region
from scenarios.world.spec import FRIDAY_MORNING, Spec
from storage.dataset.write import written_digest
from tests.api.http.conftest import StandingClock
from tests.api.http.streams import serving
from tests.people_builders import QUICK

NOW = FRIDAY_MORNING
"""The server's clock stands at this moment: 10:40 in the region."""

OFTEN = QUICK.model_copy(update={"live_poll_s": 0.1, "log_level": "error"})
"""What changes is told at once; nobody is limited; the standard output has the address alone."""


def spec_of(*, engineers: int, visits: int) -> Spec:
    """What the region looks like."""
    return Spec(
        id="fujian-large",
        name="Fujian, a large one",
        engineers=engineers,
        visits=visits,
        remote=visits // 20,
        loaners=engineers // 10,
        closed=visits // 10,
        history_months=1,
    )


def made(folder: Path, *, engineers: int, visits: int) -> Path:
    """Give the database in the folder; where it is not there yet, invent it, plan it once and publish the plan."""
    file = folder / f"large-{engineers}-{visits}.db"
    if file.exists():
        return file
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    for one in folder.glob(f"{unfinished.name}*"):
        one.unlink()
    watch = Stopwatch()
    invented = region(spec_of(engineers=engineers, visits=visits), seed=7)
    planned(unfinished, invented, digest=written_digest(invented), work=1)
    unfinished.rename(file)
    print(f"{engineers} engineers and {visits} visits planned in {watch.seconds:.0f} s", flush=True)
    return file


def planned(file: Path, told: Region, *, digest: str, work: int) -> None:
    """Put a region into a new database, plan it, publish the plan, and let the demonstration's accounts in."""
    with opened(f"sqlite:///{file}", fresh=True) as database:
        import_into(database, told, digest=digest, as_of=None)

        def envelope(key: str) -> Envelope:
            return Envelope("dispatcher", "desk", NOW, key, told.settings.id)

        ask_for_plan(database, envelope("ask"), "first", Ask(NOW, seed=1, work=work, seconds=None))
        done = Worker(database, "w-1", solve=make_plan, clock=StandingClock(NOW)).once()
        assert done is not None, "the plan was not made"
        take_proposal(database, envelope("take"), "first", parts=None)
        make_demo(database, Passwords(policy_of(QUICK).hashing), now=NOW)


def serve(file: Path) -> int:
    """Serve it at a free port, print the address, until the standard input ends."""
    log_to(None, OFTEN)
    with opened(f"sqlite:///{file}") as database, serving(database, OFTEN, StandingClock(NOW)) as there:
        print(f"http://127.0.0.1:{there.port}", flush=True)
        sys.stdin.read()
    return 0


def streams(url: str) -> int:
    """Streams the server holds now."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    connection.request("GET", "/metrics")
    found = re.search(
        r"^fieldwright_live_streams (\d+)", connection.getresponse().read().decode(), re.MULTILINE
    )
    connection.close()
    assert found is not None
    return int(found[1])


def cookie(url: str, *, role: str = "dispatcher") -> str:
    """A session of the demonstration's dispatcher, or of another role, as a browser sends it."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    body = f'{{"name": "demo-{role}", "password": "{PASSWORD}"}}'
    connection.request("POST", "/v1/session", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    assert answer.status < 300, answer.read()
    given = answer.headers["set-cookie"].partition(";")[0]
    connection.close()
    return given


@contextmanager
def listening(url: str, session: str) -> Iterator[None]:
    """One more browser that listens to what changes, until left."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    connection.request("GET", "/v1/events", headers={"Cookie": session, "Accept": "text/event-stream"})
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    try:
        yield
    finally:
        answer.close()
        connection.close()
