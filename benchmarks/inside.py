"""Bad input asked of the application without a socket: the same requests, what each costs, several processes at once.

Everything from the path to the rules and the database is the service's own; what is left out is the server's reading of
the wire, which the share over real connections asks. Seconds are of the processor, so that they say the same on a busy machine.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from benchmarks.bad_input import bad_requests
from benchmarks.load import CODE, DOOR

HANG_S = 5.0
"""Seconds of the processor nobody may take."""


@dataclass
class Asked:
    """What came of requests.

    Args:
        statuses: how many of each; `codes`: of refusals.
        spent_s: by route; `worst_s`: of its dearest request.
        wrong: requests that were answered with 5xx, or took longer than `HANG_S`: the first few of each.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    routes: Counter[str] = field(default_factory=Counter)
    spent_s: Counter[str] = field(default_factory=Counter)
    worst_s: dict[str, float] = field(default_factory=dict)
    wrong: list[bytes] = field(default_factory=list)

    @property
    def reached(self) -> int:
        """Answers of a handler or its rules."""
        return self.statuses.total() - sum(
            n for code, n in self.codes.items() if code.partition(".")[0] in DOOR
        )

    def add(self, other: Asked) -> None:
        """Put another's to it."""
        self.statuses += other.statuses
        self.codes += other.codes
        self.routes += other.routes
        self.spent_s += other.spent_s
        for route, worst in other.worst_s.items():
            self.worst_s[route] = max(worst, self.worst_s.get(route, 0.0))
        self.wrong += other.wrong

    def note(self, request: bytes, route: str, status: int, content: bytes, spent: float) -> None:
        """Count an answer."""
        self.statuses[status] += 1
        self.routes[route] += 1
        self.spent_s[route] += spent  # type: ignore[assignment]  # a Counter adds up what it holds
        self.worst_s[route] = max(spent, self.worst_s.get(route, 0.0))
        if status >= 400 and (found := CODE.search(content)):
            self.codes[found[1].decode()] += 1
        if (status >= 500 or spent > HANG_S) and len(self.wrong) < 5:
            self.wrong.append(request[:300])

    def told(self) -> str:
        """The figures in lines."""
        total = sum(self.spent_s.values())
        dear = sorted(self.worst_s, key=lambda route: self.worst_s[route], reverse=True)[:5]
        number = max(1, self.statuses.total())
        lines = [
            f"inside: {number} answered, {self.reached} by a handler; "
            + " ".join(f"{status}:{count}" for status, count in sorted(self.statuses.items()))
            + f"; {1000 * total / number:.1f} ms of the processor each",
            *(
                f"inside: {route} {self.worst_s[route]:.2f} s at most, {1000 * self.spent_s[route] / self.routes[route]:.0f} ms on average"
                for route in dear
            ),
            *(f"  wrong: {one!r}" for one in self.wrong),
        ]
        return "\n".join(lines)


def asked_inside(folder: Path, *, number: int, processes: int, seed: int = 100) -> Asked:
    """Ask that many bad requests, shared out among processes with a database of their own each.

    Args:
        folder: of a region.
        number: of requests.
        processes: at once.
        seed: of the corpus; the same gives the same requests.
    """
    shares = [number // processes + (n < number % processes) for n in range(processes)]
    whole = Asked()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        made = [pool.submit(_asked, folder, share, seed + n) for n, share in enumerate(shares)]
        for one in made:
            whole.add(one.result())
    return whole


def _asked(folder: Path, number: int, seed: int) -> Asked:
    # Here, so that the short form of the other measurements loads none of it.
    import structlog

    from api.app import make_app
    from api.settings import Settings
    from api.stored import opened
    from api.usecases.importing import import_into
    from benchmarks.service import There, _askers, _key, _known
    from dispatch.solve import warm
    from kernel.clock import SystemClock
    from storage.check import untrue
    from storage.dataset.read import read
    from storage.tables.people import Role

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    warm()
    reading = read(folder)
    assert reading.region is not None
    with (
        tempfile.TemporaryDirectory(prefix="fieldwright-inside-") as place,
        opened(f"sqlite:///{place}/inside.db", fresh=True) as database,
    ):
        import_into(database, reading.region, digest=reading.digest, as_of=SystemClock().now())
        headers = {"Authorization": f"Bearer {_key(database, Role.MANAGER)}"}
        there = There([], headers, database, [], [])
        most = Settings(requests_per_min=10_000_000, requests_per_min_address=10_000_000)
        app = make_app(database, settings=most)
        askers, known = _askers(there), _known(there)
        found = asyncio.run(_through(app, askers, known, number, seed))
        wrong = untrue(database)
        assert not wrong, wrong[:3]
        return found


async def _through(
    app: Any, askers: Sequence[Mapping[str, str]], known: Mapping[str, Sequence[str]], number: int, seed: int
) -> Asked:
    found = Asked()
    _, content, _ = await _answered(app, b"GET /openapi.json HTTP/1.1\r\nHost: there\r\n\r\n")
    for one in islice(bad_requests(json.loads(content), askers, known, seed=seed), number):
        before = time.process_time()
        status, content, route = await _answered(app, one)
        found.note(one, route, status, content, time.process_time() - before)
    return found


async def _answered(app: Any, wire: bytes) -> tuple[int, bytes, str]:
    """Ask the application; gives status, body and route."""
    head, _, body = wire.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    method, target, _ = first.decode("latin-1").split(" ", 2)
    path, _, query = target.partition("?")
    named = (line.partition(b":") for line in lines)
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.strip().lower(), value.strip()) for name, _, value in named],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    told, parts, status = [body], [], 0
    gone = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not told:
            await gone.wait()
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": told.pop(), "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            parts.append(message.get("body", b""))

    # A defect is answered with 500, and raised again for whoever runs the application.
    with suppress(Exception):
        await app(scope, receive, send)
    route = scope.get("route")
    return status or 500, b"".join(parts), f"{method} {route.path}" if route is not None else "no route"
