"""The server: listens, answers, and ends without breaking off what is under way."""

from __future__ import annotations

import socket
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.live import Live
from api.settings import Settings
from api.wire.gate import Gate
from kernel.errors import Refusal

MOST_HEAD = 64 * 1024
"""Bytes of a request before its body, or behind it."""


LOADED_S = 30.0
"""Seconds a server waits for its search before it takes connections; where nothing is compiled yet it goes on loading beside them."""

WAITING = 2048
"""Connections that may wait to be taken."""


def load_first(app: FastAPI, settings: Settings) -> None:
    """Load what the first requests would wait for, before any comes: the compiled search, and the regions posed as they are now."""
    state = app.state
    state.search_ready.begin(settings, then=lambda: state.posed.ahead(state.database, now=state.clock.now()))
    state.search_ready.wait(LOADED_S)


def listen(settings: Settings, *, shared: bool = False, waiting: int = WAITING) -> socket.socket:
    """Open the socket to listen on.

    Args:
        settings: where.
        shared: other processes of this service listen there too; the system gives each its share of the connections.
        waiting: connections that may wait to be taken; 0: it keeps the port and takes none.

    A reader that takes nothing holds bytes nobody can send: the system gives its connection up after `live_slow_s`
    seconds, where it can be told to.

    Raises:
        Refusal: ``serve.cannot_listen``.
    """
    kind = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named as TCP: the event loop sends small answers at once only on sockets that say so (40 ms each otherwise).
    listening = socket.socket(kind, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        given_up = getattr(socket, "TCP_USER_TIMEOUT", None)
        if given_up is not None:
            listening.setsockopt(socket.IPPROTO_TCP, given_up, int(settings.live_slow_s * 1000))
        if shared:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind((settings.host, settings.port))
        if waiting:
            listening.listen(waiting)
    except (OSError, AttributeError) as error:  # a system without shared ports has no name for them
        listening.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise Refusal(
            "serve.cannot_listen", host=settings.host, port=settings.port, reason=reason[:200]
        ) from None
    return listening


def address_of(listening: socket.socket) -> str:
    """Where the service is, as one types it."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_of(app: FastAPI, settings: Settings) -> uvicorn.Server:
    """The server of an application; `run(sockets=[...])` returns after SIGTERM or SIGINT."""
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level=settings.log_level,
        access_log=False,
        timeout_graceful_shutdown=settings.stop_s,
        timeout_keep_alive=10,
        http=Bounded,
        server_header=False,
    )
    return _Ending(config, app.state.live, app.state.gate)


class Bounded(HttpToolsProtocol):
    """The parser keeps whatever is no body until it is whole: one that never ends is ended here."""

    _held = 0

    def data_received(self, data: bytes) -> None:
        """Parse what came, and count it until the parser has made something of it."""
        self._held += len(data)
        super().data_received(data)
        if self._held > MOST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        """A request begins."""
        self._held = 0
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        """A piece of its body is handed on: what a body may be is its route's to say."""
        self._held = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """It is whole."""
        self._held = 0
        super().on_message_complete()


class _Ending(uvicorn.Server):
    """Ends the live streams first: they would otherwise be waited for until they are cut off; at last what was given its time."""

    def __init__(self, config: uvicorn.Config, live: Live, gate: Gate) -> None:
        super().__init__(config)
        self._live = live
        self._gate = gate

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._live.end()
        await super().shutdown(sockets)
        self._gate.end()

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Note the signal; it is not raised again when all is done, which would be death by signal."""
        super().handle_exit(sig, frame)
        self._captured_signals.clear()
