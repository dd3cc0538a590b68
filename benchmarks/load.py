"""A load on an HTTP service: many connections that ask one after another, and how long each answer took.

It speaks HTTP/1.1 over plain sockets, because on a machine of two cores a comfortable client costs as much as the server.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from kernel.clock import Stopwatch

ANSWER_S = 5.0
"""Longer than this is a hang."""


CODE = re.compile(rb"urn:fieldwright:problem:([a-z0-9_.]+)")
DOOR = frozenset({"request", "session", "key", "link", "right", "region", "rate", "invitation"})
"""First words of refusals given before, or instead of, what a request is about."""


@dataclass
class Measured:
    """What came back. `seconds` are those of answers; a hang or a broken connection counts as neither."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    hangs: int = 0
    broken: int = 0
    wrong: list[bytes] = field(default_factory=list)
    """Requests that were answered with 5xx or not at all, the first few."""
    wall_s: float = 0.0
    processor_s: float = 0.0
    """What the servers spent on it."""
    client_s: float = 0.0
    """What asking cost this process: of the same cores."""
    database_s: float = 0.0
    """What a PostgreSQL beside them spent."""
    machine_s: float = 0.0
    """What the whole machine spent meanwhile: servers, client, database, and whatever else ran on it."""
    codes: Counter[str] = field(default_factory=Counter)
    """Of refusals, by code."""

    @property
    def reached(self) -> int:
        """Answers of a handler: not refused for who asked, where, or a body that is no value of ours."""
        return len(self.seconds) - sum(n for code, n in self.codes.items() if code.partition(".")[0] in DOOR)

    def share(self, part: float) -> float:
        """Milliseconds within which this share of the answers came (0.99: the slowest of a hundred)."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0

    @property
    def per_s(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.wall_s if self.wall_s else 0.0

    @property
    def failed(self) -> int:
        """Answers with 5xx, hangs and broken connections."""
        return sum(n for status, n in self.statuses.items() if status >= 500) + self.hangs + self.broken

    def note(self, request: bytes, status: int, seconds: float, code: str = "") -> None:
        """Count an answer."""
        self.statuses[status] += 1
        if code:
            self.codes[code] += 1
        self.seconds.append(seconds)
        if status >= 500 and len(self.wrong) < 5:
            self.wrong.append(request[:300])


Next = Callable[[int, int], bytes | None]
"""The request a connection (its number) sends as its n-th; None when it has no more."""


def load(ports: list[int], ask: Next, *, connections: int, seconds: float) -> Measured:
    """Ask until there is no more to ask, or `seconds` have passed."""
    before = time.process_time()
    measured = asyncio.run(_load(ports, ask, connections, seconds))
    measured.client_s = time.process_time() - before
    return measured


async def _load(ports: list[int], ask: Next, connections: int, seconds: float) -> Measured:
    measured, watch = Measured(), Stopwatch()
    each = (_one(ports[n % len(ports)], n, ask, measured, watch, seconds) for n in range(connections))
    await asyncio.gather(*each)
    measured.wall_s = watch.seconds
    return measured


async def _one(
    port: int, number: int, ask: Next, measured: Measured, watch: Stopwatch, seconds: float
) -> None:
    there = None
    count = 0
    while watch.seconds < seconds and (request := ask(number, count)) is not None:
        count += 1
        mine = Stopwatch()
        fresh = there is None
        try:
            if there is None:
                there = await asyncio.open_connection("127.0.0.1", port)
            status, kept, code = await asyncio.wait_for(_asked(there, request), ANSWER_S)
        except TimeoutError:
            _leave(there)
            measured.hangs += 1
            measured.wrong.append(request[:300])
            there = None
            continue
        except (OSError, ValueError, EOFError):
            _leave(there)
            there = None
            if fresh:
                measured.broken += 1
                measured.wrong.append(request[:300])
            else:
                count -= 1  # a connection that rested may have been closed: asked again on a new one
            continue
        measured.note(request, status, mine.seconds, code)
        if not kept:
            _leave(there)
            there = None
    _leave(there)


def _leave(there: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None) -> None:
    if there is not None:
        there[1].close()


async def _asked(
    there: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes
) -> tuple[int, bool, str]:
    """Send a request and read its answer to the end; gives status, whether the connection is kept, a refusal's code."""
    reader, writer = there
    content = b""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    if b"\r\ncontent-length:" in lower:
        length = int(lower.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
        content = await reader.readexactly(length)
    elif b"\r\ntransfer-encoding: chunked" in lower:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    found = CODE.search(content) if status >= 400 else None
    return status, b"\r\nconnection: close" not in lower, found[1].decode() if found else ""


def request(
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes | None = None,
    *,
    kind: str = "application/json",
) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body is not None:
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")
