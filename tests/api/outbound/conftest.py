"""Small servers on this machine that stand for the services outside: they keep what they get and answer as told."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.storage.database.conftest import database  # noqa: F401 a fixture


@dataclass
class Got:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Service:
    """An HTTP service; `answer` says what it answers to a request: status, body, headers."""

    address: str = ""
    got: list[Got] = field(default_factory=list)
    answer: Callable[[Got], tuple[int, bytes, dict[str, str]]] = lambda _: (200, b"{}", {})


@pytest.fixture
def service() -> Iterator[Service]:
    """A service on a free port of this machine."""
    there = Service()

    class Answering(BaseHTTPRequestHandler):
        def _any(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            got = Got(self.command, self.path, headers, self.rfile.read(length))
            there.got.append(got)
            status, body, more = there.answer(got)
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **more}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _any  # noqa: N815 the library's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    there.address = f"http://127.0.0.1:{server.server_address[1]}"
    yield there
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Post:
    """A mail server that speaks just enough SMTP; `refuse` maps a receiver to the line it is refused with."""

    port: int = 0
    mails: list[str] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server on a free port of this machine."""
    there = Post()

    class Talking(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line.split()[0].upper()
                if word == "DATA":
                    self._say("354 go on")
                    lines = []
                    while (one := self.rfile.readline()) != b".\r\n":
                        lines.append(one.decode())
                    there.mails.append("".join(lines))
                elif word == "RCPT" and (said := self._refused(line)):
                    self._say(said)
                    continue
                elif word == "QUIT":
                    self._say("221 bye")
                    return
                self._say("250 fine")

        def _refused(self, line: str) -> str:
            return next((said for to, said in there.refuse.items() if to in line), "")

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talking)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    there.port = server.server_address[1]
    yield there
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def nobody() -> int:
    """A port of this machine where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
