"""A server that is asked to end while something takes longer than it is given."""

from __future__ import annotations

import http.client
import threading
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

from api.serving import address_of, listen, server_of
from api.settings import Settings
from api.wire.gate import Gate

SETTINGS = Settings.model_construct(port=0, stop_s=1)


def test_work_that_takes_longer_than_it_is_given_does_not_hold_up_the_end() -> None:
    """`stop_s` is all a request is given: who ends the service kills it a little later, and the database with it."""
    begun, ends, over = threading.Event(), threading.Event(), threading.Event()
    gate = Gate(1)

    def work() -> None:
        begun.set()
        ends.wait(timeout=30)

    class App:
        state = SimpleNamespace(gate=gate, live=SimpleNamespace(end=lambda: None))

        async def __call__(self, scope: Any, _receive: Any, _send: Any) -> None:
            if scope["type"] == "http":
                await gate.through(work)

    app: Any = App()
    listening = listen(SETTINGS)
    server = server_of(app, SETTINGS)

    def run() -> None:
        server.run(sockets=[listening])
        over.set()

    def ask() -> None:
        host, port = address_of(listening).removeprefix("http://").split(":")
        with suppress(OSError, http.client.HTTPException):
            speaking = http.client.HTTPConnection(host, int(port), timeout=30)
            speaking.request("GET", "/")
            speaking.getresponse()

    threads = [threading.Thread(target=one, daemon=True) for one in (run, ask)]
    for one in threads:
        one.start()
    assert begun.wait(10)

    server.should_exit = True
    ended = over.wait(10)
    ends.set()
    for one in threads:
        one.join(30)

    assert ended
