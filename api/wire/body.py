"""Request bodies: as large as their route takes, of the kind it takes, read strictly before anything else happens."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from email.message import Message as Head
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute

from api.wire.strict_json import read_json
from kernel.errors import Refusal

MOST_JSON = 256 * 1024
"""Bytes of a JSON body; the largest request that makes sense is a hundredth of it."""

MOST_FILE = 50_000_000
"""Bytes of a file in a request: it is held in memory until it is written. Larger ones come by the command line."""

_JSON = "application/json"

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
_MOST_FILE = "__most_file_bytes__"


def takes_file(endpoint: Endpoint) -> Endpoint:
    """Mark an endpoint whose body is a file of any type, as it is; it asks for `FileAsked`."""
    setattr(endpoint, _MOST_FILE, MOST_FILE)
    return endpoint


def most_file(endpoint: Callable[..., Any], /) -> int:
    """Bytes of a file an endpoint takes; 0: it takes none."""
    most: int = getattr(endpoint, _MOST_FILE, 0)
    return most


class Held(Request):
    """A request whose body has been read and found right."""

    held: bytes = b""
    document: Any = None

    async def body(self) -> bytes:
        """The bytes."""
        return self.held

    async def json(self) -> Any:
        """What they say."""
        return self.document


class StrictRoute(APIRoute):
    """A route that reads its body before its handler does.

    Every router of the application is made with ``route_class=StrictRoute``.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give the handler with the reading around it."""
        handle = super().get_route_handler()

        async def read_first(request: Request) -> Response:
            if request.method in {"GET", "HEAD", "OPTIONS"}:
                return await handle(request)
            return await handle(await hold(request, self))

        return read_first


async def hold(request: Request, route: StrictRoute) -> Held:
    """Read the body of a request as its route takes it.

    Raises:
        Refusal: those of `read_body` and `read_json`; ``request.wrong_content_type``, ``request.body_not_wanted``.
    """
    file = most_file(route.endpoint)
    held = Held(request.scope, request.receive)
    held.held = await read_body(request, most=file or MOST_JSON)
    if route.body_field is not None:
        _check_type(request)
        if held.held:
            held.document = read_json(held.held)
    elif held.held and not file:
        raise Refusal("request.body_not_wanted", path=request.url.path[:200])
    return held


async def read_body(request: Request, *, most: int) -> bytes:
    """Read the body and stop at the first byte too many.

    Raises:
        Refusal: ``request.body_too_large``, ``request.encoded_body``.
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal("request.encoded_body", encoding=request.headers["content-encoding"][:40])
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said[:20]) > most:
        raise Refusal("request.body_too_large", most=most)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Refusal("request.body_too_large", most=most)
        parts.append(part)
    return b"".join(parts)


def _check_type(request: Request) -> None:
    """Refuse what does not say that it is JSON in UTF-8: ``request.wrong_content_type``."""
    said = request.headers.get("content-type", "")
    if said == _JSON:  # as nearly everybody says it
        return
    head = Head()
    head["content-type"] = said.encode("ascii", "replace").decode()
    charset = str(head.get_param("charset", "utf-8")).lower()
    if head.get_content_type() != _JSON or not said or charset not in {"utf-8", "utf8"}:
        raise Refusal(
            "request.wrong_content_type", given=said[:80].encode("utf-8", "replace").decode() or "-"
        )


async def _file(request: Request) -> bytes:
    return await request.body()


FileAsked = Annotated[bytes, Depends(_file)]
