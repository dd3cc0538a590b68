"""Every request gets a number that stands in its answer and in every line logged for it, and is counted."""

from __future__ import annotations

import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from api.logs import LOG
from api.metrics import Metrics
from kernel.clock import Stopwatch

HEADER = "X-Request-Id"

_USABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Traced:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note how it was answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        number = given if _USABLE.fullmatch(given) else secrets.token_hex(8)
        watch = Stopwatch()
        status, stream = 500, False

        async def numbered(message: Message) -> None:
            nonlocal status, stream
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[HEADER] = number
                if headers.get("content-type", "").startswith("text/event-stream"):
                    stream = True
                    self._metrics.stream(1)
            await send(message)

        with bound_contextvars(request=number):
            try:
                await self._app(scope, receive, numbered)
            finally:
                if stream:
                    self._metrics.stream(-1)
                self._note(scope, status, watch.seconds, stream=stream)

    def _note(self, scope: Scope, status: int, seconds: float, *, stream: bool) -> None:
        route = getattr(scope.get("route"), "path", "unknown")
        method = scope["method"] if route != "unknown" else "any"
        self._metrics.answered(method, route, status, seconds, stream=stream)
        say = LOG.error if status == 500 else LOG.warning if status > 500 else LOG.info
        say("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))
