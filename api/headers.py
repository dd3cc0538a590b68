"""Headers of every answer that tell a browser to trust nothing of it it need not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
    }
)
"""What an answer carries unless its route says otherwise; answers are about somebody, so nobody keeps them."""

PAPER = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-modals"
"""Content policy of a page to print: it carries its own style and images, and runs nothing."""

ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
"""The same over HTTPS."""


def headers_for(scheme: str, /) -> Mapping[str, str]:
    """What an answer over this scheme carries."""
    return {**ALWAYS, **ENCRYPTED} if scheme == "https" else ALWAYS


class Headers:
    """Puts `ALWAYS` on every answer; the innermost word counts."""

    def __init__(self, app: ASGIApp) -> None:
        """Around an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and complete its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = headers_for(scope.get("scheme", "http"))

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, completed)
