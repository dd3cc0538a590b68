"""A server that dies at the worst moment: what it was asked to write is committed, and its answer has not left it.

``python -m tests.api.http.dying_server URL`` prints its port and kills itself when it is about to answer a write;
with ``WRITE SECONDS`` behind it, so long after the first byte of the write of that number, wherever that finds it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from itertools import count

import uvicorn
from starlette.types import Message, Receive, Scope, Send

from api.app import make_app
from api.settings import Settings
from storage.database import open_database
from tests.api.http.conftest import StandingClock


def main(url: str, write: str = "", seconds: str = "") -> None:
    """Serve until somebody writes."""
    writes = count(1)
    app = make_app(open_database(url), clock=StandingClock(), settings=Settings.model_construct())

    async def dying(scope: Scope, receive: Receive, send: Send) -> None:
        if write:
            if scope.get("method") == "POST" and next(writes) == int(write):
                end = threading.Timer(float(seconds), os.kill, (os.getpid(), signal.SIGKILL))
                end.daemon = True
                end.start()
            await app(scope, receive, send)
            return

        async def last_words(message: Message) -> None:
            if scope.get("method") == "POST" and message["type"] == "http.response.start":
                os.kill(os.getpid(), signal.SIGKILL)
            await send(message)

        await app(scope, receive, last_words)

    server = uvicorn.Server(uvicorn.Config(dying, port=0, log_level="critical", lifespan="off"))
    config = server.config
    config.load()
    listening = config.bind_socket()
    listening.listen()  # who asks before it serves waits
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    server.run(sockets=[listening])


if __name__ == "__main__":
    main(*sys.argv[1:])
