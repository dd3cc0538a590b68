"""The live stream of this process: one look at the database for all readers, each of whom only keeps its place.

A reader that falls behind what is kept in memory reads the database again from its place; nothing is piled up for it,
so a slow one costs no more than a quick one, until it takes nothing for so long that it is dropped. It comes back with
the number of the last event it has heard and goes on there, at whatever process answers it.
"""

from __future__ import annotations

import asyncio
import json
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from anyio import to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.settings import Settings
from kernel.clock import Clock, Stopwatch
from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage.database import PASSING, Database
from storage.stream import Position, StreamEvent, after, begin, end_of, forget, place_of

PAGE = 500
"""Events read at once."""

KEPT = 4000
"""Latest events kept in memory for all readers."""

RETRY_MS = 2000
"""How long a reader waits before it comes back."""

FORGET_EVERY_S = 3600.0

Heard = Callable[[StreamEvent], bool]
"""Whether a reader may hear of an event."""

Within = Callable[[tuple[StreamEvent, ...]], tuple[StreamEvent, ...]]
"""Those of some events that lie within a reader's scope: asks the database."""

Still = Callable[[], bool]
"""Whether a reader is still let in: asks the database."""


@dataclass
class Live:
    """The readers of one process and what they read from.

    Args:
        database: open.
        settings: how often to look, when to speak, how many readers.
        clock: says how old an event is.
    """

    database: Database
    settings: Settings
    clock: Clock
    ended: bool = False
    _readers: set[asyncio.Event] = field(default_factory=set)
    _kept: deque[StreamEvent] = field(default_factory=lambda: deque(maxlen=KEPT))
    _from: Position | None = None
    _looking: asyncio.Task[None] | None = None
    _forgot: Stopwatch = field(default_factory=Stopwatch)

    @property
    def readers(self) -> int:
        """Streams open now."""
        return len(self._readers)

    def begin(self) -> None:
        """Make the stream ready; once, before the first reader."""
        with self.database.writing(self._envelope("begin")) as work:
            begin(work.connection, work.envelope)

    def place(self, last_heard: str) -> Position | None:
        """Where a reader goes on: behind the event it names, at the end when it names none.

        Returns:
            None when the event is no longer kept: the reader has missed something and must read everything anew.

        Raises:
            Refusal: ``live.full``, ``live.ending``, ``live.bad_place``.
        """
        if self.ended:
            raise Refusal("live.ending")
        if self.readers >= self.settings.live_most:
            raise Refusal("live.full", most=self.settings.live_most)
        if last_heard and not (last_heard.isascii() and last_heard.isdigit() and len(last_heard) <= 18):
            raise Refusal("live.bad_place")
        with self.database.reading() as connection:
            return place_of(connection, int(last_heard)) if last_heard else end_of(connection)

    def end(self) -> None:
        """End every stream soon; a reader that comes now is told to come back."""
        self.ended = True
        self._wake()

    def join(self, wake: asyncio.Event) -> None:
        """A reader comes; `wake` is set whenever there may be something for it."""
        self._readers.add(wake)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look())

    def leave(self, wake: asyncio.Event) -> None:
        """A reader goes; with the last one the looking ends."""
        self._readers.discard(wake)
        if not self._readers and self._looking is not None:
            self._looking.cancel()
            self._looking, self._from = None, None
            self._kept.clear()

    async def next_for(self, position: Position) -> tuple[StreamEvent, ...]:
        """What follows a reader's place, a page at most; empty when there is nothing yet."""
        if self._from is None:
            return ()
        if position >= self._from:
            start = bisect_right(self._kept, position, key=lambda event: event.position)
            return tuple(self._kept[at] for at in range(start, min(start + PAGE, len(self._kept))))
        return await to_thread.run_sync(self._read, position)

    def _read(self, position: Position) -> tuple[StreamEvent, ...]:
        with self.database.reading() as connection:
            return after(connection, position, most=PAGE)

    def _end(self) -> Position:
        with self.database.reading() as connection:
            return end_of(connection)

    async def _look(self) -> None:
        """Look for new events as long as there are readers; without a database the streams only say that they live."""
        while not self.ended:
            full = False
            try:
                if self._from is None:
                    self._from = await to_thread.run_sync(self._end)
                    found: tuple[StreamEvent, ...] = ()
                    self._wake()  # those behind it read the database
                else:
                    newest = self._kept[-1].position if self._kept else self._from
                    found = await to_thread.run_sync(self._read, newest)
                    full = len(found) == PAGE
                self._keep(found)
                if self._forgot.seconds > FORGET_EVERY_S:
                    self._forgot = Stopwatch()
                    await to_thread.run_sync(self._forget)
            except Refusal as refusal:
                if refusal.code not in PASSING:
                    raise
            if not full:
                await asyncio.sleep(self.settings.live_poll_s)

    def _keep(self, found: tuple[StreamEvent, ...]) -> None:
        for event in found:
            if len(self._kept) == KEPT:
                self._from = self._kept[0].position
            self._kept.append(event)
        if found:
            self._wake()

    def _wake(self) -> None:
        for reader in self._readers:
            reader.set()

    def _forget(self) -> None:
        before = self.clock.now() - timedelta(days=self.settings.live_kept_days)
        with self.database.writing(self._envelope("forget")) as work:
            forget(work.connection, before=before)

    def _envelope(self, what: str) -> Envelope:
        return Envelope("server", "live", self.clock.now(), f"live-{what}", "none")


class EventStream(Response):
    """The answer that does not end: events as they come, a comment when nothing comes.

    It ends when the reader goes, when the server ends, and every `live_longest_s` seconds; a reader then comes back by
    itself and misses nothing. Whether it is still let in is asked every `live_heartbeat_s`: who signed out, or whose
    rights changed, hears nothing more after that.

    Args:
        live: the process's stream.
        position: where the reader is; None: it has missed something and is told so first.
        heard: which events it may hear of.
        still: whether it is still let in.
        within: which of those lie within its scope; None: all of them.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        live: Live,
        position: Position | None,
        heard: Heard,
        still: Still,
        within: Within | None = None,
    ) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._live = live
        self._position = position
        self._heard = heard
        self._still = still
        self._within = within

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Speak to one reader until it goes, is too slow, or is sent away to come back."""
        del scope
        wake = asyncio.Event()
        gone = asyncio.ensure_future(_until_gone(receive))
        gone.add_done_callback(lambda _: wake.set())
        self._live.join(wake)
        try:
            await self._speak(send, wake, gone)
        except TimeoutError:
            return  # it takes nothing: the connection is closed under it, and what was in it given up
        finally:
            self._live.leave(wake)
            gone.cancel()

    async def _speak(self, send: Send, wake: asyncio.Event, gone: asyncio.Future[None]) -> None:
        settings = self._live.settings
        watch, let_in = Stopwatch(), Stopwatch()
        await self._send(send, {"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        position, first = await self._first()
        await self._write(send, first)
        while not (self._live.ended or gone.done()) and watch.seconds < settings.live_longest_s:
            wake.clear()
            if let_in.seconds >= settings.live_heartbeat_s:
                if not await self._is_let_in():
                    break
                let_in = Stopwatch()
            found = await self._next(position)
            told = b"".join(frame(event) for event in await self._own(found))
            if found:
                position = found[-1].position
            if told:
                await self._write(send, told)
            if not found:
                try:
                    await asyncio.wait_for(wake.wait(), settings.live_heartbeat_s)
                except TimeoutError:
                    await self._write(send, b": here\n\n")
        if not gone.done():
            await self._send(send, {"type": "http.response.body", "body": f"retry: {RETRY_MS}\n\n".encode()})

    async def _first(self) -> tuple[Position, bytes]:
        hint = f"retry: {RETRY_MS}\n"
        if self._position is not None:
            return self._position, f"{hint}id: {self._position.seq}\n: here\n\n".encode()
        position = await to_thread.run_sync(self._live._end)  # noqa: SLF001 the two are one thing
        return position, f"{hint}id: {position.seq}\nevent: reload\ndata: {{}}\n\n".encode()

    async def _next(self, position: Position) -> tuple[StreamEvent, ...]:
        try:
            return await self._live.next_for(position)
        except Refusal as refusal:
            if refusal.code not in PASSING:
                raise
            return ()

    async def _own(self, found: tuple[StreamEvent, ...]) -> tuple[StreamEvent, ...]:
        """Those of some events it may hear of; a database that is away is waited for: nothing is passed over."""
        heard = tuple(event for event in found if self._heard(event))
        while heard and self._within is not None:
            try:
                return await to_thread.run_sync(self._within, heard)
            except Refusal as refusal:
                if refusal.code not in PASSING:
                    raise
            await asyncio.sleep(self._live.settings.live_poll_s)
        return heard

    async def _is_let_in(self) -> bool:
        try:
            return await to_thread.run_sync(self._still)
        except Refusal as refusal:
            if refusal.code not in PASSING:
                raise
            return True  # without a database nobody hears anything either

    async def _write(self, send: Send, body: bytes) -> None:
        await self._send(send, {"type": "http.response.body", "body": body, "more_body": True})

    async def _send(self, send: Send, message: dict[str, object]) -> None:
        await asyncio.wait_for(send(message), self._live.settings.live_slow_s)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def frame(event: StreamEvent) -> bytes:
    """One event as it goes over the wire; its id is where a reader goes on."""
    told = {
        "id": event.position.seq,
        "region": event.region,
        "action": event.action,
        "about": event.about,
        "at": event.at.isoformat().replace("+00:00", "Z"),
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return f"id: {event.position.seq}\nevent: changed\ndata: {text}\n\n".encode()
