"""A server on a free port, and readers of its live stream."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from api.app import make_app
from api.serving import listen, server_of
from api.settings import Settings
from kernel.clock import Clock
from storage.database import Database


@dataclass
class Serving:
    """A server that answers in a thread of this process."""

    port: int
    server: uvicorn.Server
    thread: threading.Thread

    def end(self) -> None:
        """As SIGTERM does."""
        self.server.should_exit = True
        self.thread.join(timeout=20)
        assert not self.thread.is_alive(), "the server did not end"


@contextmanager
def serving(
    database: Database, settings: Settings, clock: Clock, *, narrow: bool = False, port: int = 0
) -> Iterator[Serving]:
    """Serve a database at a port, 0: a free one; `narrow`: the system keeps little of what a reader does not take."""
    chosen = settings.model_copy(update={"port": port, "host": "127.0.0.1"})
    app = make_app(database, clock=clock, settings=chosen)
    app.state.live.begin()
    listening = listen(chosen)
    if narrow:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
    server = server_of(app, chosen)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    there = Serving(listening.getsockname()[1], server, thread)
    thread.start()
    try:
        yield there
    finally:
        there.end()


@dataclass
class Reader:
    """Reads a stream, event by event; `last` is the id it would come back with."""

    connection: http.client.HTTPConnection
    answer: http.client.HTTPResponse
    last: str = ""
    comments: int = 0
    retry: str = ""
    _fields: dict[str, str] = field(default_factory=dict)

    def next(self) -> dict[str, Any] | None:
        """The next event with its kind; None when the stream has ended. Comments are counted."""
        while True:
            line = self.answer.readline()
            if not line:
                return None
            text = line.decode().rstrip("\n")
            if text.startswith(":"):
                self.comments += 1
            elif text:
                name, _, value = text.partition(": ")
                self._fields[name] = value
            else:
                said, self._fields = self._fields, {}
                self.last = said.get("id", self.last)
                self.retry = said.get("retry", self.retry)
                if "data" in said:
                    return {"kind": said["event"], **json.loads(said["data"])}

    def abouts(self, count: int) -> list[str]:
        """What the next `count` events are about."""
        return [str((self.next() or {}).get("about")) for _ in range(count)]

    def close(self) -> None:
        """Go."""
        self.answer.close()
        self.connection.close()


def read(port: int, headers: Mapping[str, str], *, last: str = "", path: str = "/v1/events") -> Reader:
    """Open a stream; `last` is where to go on."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={**headers, **({"Last-Event-ID": last} if last else {})})
    reader = Reader(connection, connection.getresponse())
    if reader.answer.status != 200:
        told = reader.answer.read()
        reader.close()
        raise AssertionError(told)
    assert reader.answer.headers["content-type"].startswith("text/event-stream")
    return reader
