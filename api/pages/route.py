"""Routes of pages: a form stands in for a program's headers, and a refusal is a page for who reads pages.

The doors ask as they ask everybody (`api.auth.door`): the form's field ``key`` is the Idempotency-Key a browser's form
cannot send, the secret in a customer's address is the Authorization a link cannot send. A program that asks for the same
address without ``text/html`` in Accept is answered in problem documents.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, get_args
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from api.auth.present import LINK_PREFIX
from api.errors import STATUS, language_of, wrong_values
from api.pages.drawn import drawn_page
from api.pages.form import MOST_BYTES, MOST_PLAIN, Form, read_form, receiving
from api.text import Lang, label, say
from api.wire.body import most_file
from kernel.errors import Message, Refusal, Refused

LANGUAGE_COOKIE = "lang"
YEAR_S = 31_536_000
SIGNED_OUT = frozenset({"session.none", "session.over"})


class PageRoute(APIRoute):
    """A route of a page; every router of pages is made with ``route_class=PageRoute``."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give the handler with the reading and the refusing around it."""
        handle = super().get_route_handler()
        most = MOST_BYTES if most_file(self.endpoint) else MOST_PLAIN

        async def page(request: Request) -> Response:
            if request.method == "GET" and "lang" in request.query_params:
                return _switched(request)
            spoken = _with_headers(request, {"accept-language": _chosen(request)})
            try:
                return await handle(await _understood(spoken, most=most))
            except (Refusal, Refused, RequestValidationError) as error:
                if not reads_pages(request):
                    raise
                return _refused(spoken, error)

        return page


def reads_pages(request: Request) -> bool:
    """Whether somebody reads this, not a program."""
    return "text/html" in request.headers.get("accept", "")


def own_path(request: Request) -> str:
    """The address as it was asked for, quoted again."""
    return quote(request.scope["path"], safe="/~")


async def _understood(request: Request, *, most: int) -> Request:
    """The request with its form read, and the headers its doors ask for."""
    form, body = (Form(), b"") if request.method == "GET" else await read_form(request, most=most)
    token = request.path_params.get("token", "")
    made = _with_headers(
        request,
        {
            "idempotency-key": "" if "idempotency-key" in request.headers else form.words.get("key", ""),
            "authorization": f"Bearer {token}"
            if token.startswith(f"{LINK_PREFIX}-") and "authorization" not in request.headers
            else "",
        },
    )
    return Request({**made.scope, "form": form}, receiving(body))


def _with_headers(request: Request, more: dict[str, str]) -> Request:
    """The request with some headers instead of its own of the same name; empty: as it is."""
    said = {name: value for name, value in more.items() if value}
    kept = [pair for pair in request.scope["headers"] if pair[0].decode("latin-1").lower() not in said]
    new = [(name.encode(), value.encode("utf-8", "replace")) for name, value in said.items()]
    return Request({**request.scope, "headers": [*kept, *new]}, request.receive)


def _chosen(request: Request) -> str:
    """The language somebody switched to; empty: as the browser says."""
    said = request.cookies.get(LANGUAGE_COOKIE, "")
    return said if said in get_args(Lang) else ""


def _switched(request: Request) -> Response:
    """Keep the language asked for, and show the page in it."""
    said = request.query_params["lang"]
    answer = RedirectResponse(own_path(request), status_code=303)
    if said in get_args(Lang):
        answer.set_cookie(
            LANGUAGE_COOKIE,
            said,
            max_age=YEAR_S,
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
    return answer


def _refused(request: Request, error: Refusal | Refused | RequestValidationError) -> Response:
    found: tuple[Refusal, ...]
    if isinstance(error, Refusal):
        found = (error,)
    elif isinstance(error, Refused):
        found = error.refusals
    else:
        found = wrong_values(error)
    lang, code, path = language_of(request), found[0].code, request.scope["route"].path
    of_phone = path.startswith("/m")
    if of_phone and code in SIGNED_OUT and request.method == "GET":
        return RedirectResponse("/m/sign-in", status_code=303)
    messages = [one.message for one in found]
    if not of_phone and code in {*SIGNED_OUT, "key.unknown"}:
        messages = [Message("link.unknown")]
    status = STATUS.get(code, 422)
    params = found[0].message.params
    retry = {"Retry-After": str(params["retry_s"])} if "retry_s" in params else {}
    return drawn_page(
        "refused",
        lang,
        status=status,
        headers=retry,
        title=label(f"request.status_{status}", lang),
        sentences=[say(one, lang) for one in messages],
        code=messages[0].code,
        back=_back(request, path),
        of_phone=of_phone,
    )


def _back(request: Request, path: str) -> str:
    """Where somebody goes on from: the page the form stood on."""
    here = own_path(request)
    if request.method == "POST" and path.count("}") and not path.endswith("}"):
        return here.rpartition("/")[0]
    return "/m" if path.startswith("/m") else here
