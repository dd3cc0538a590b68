"""Styles and scripts of the pages, as they stand in the package; the service worker under the address it watches."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Request, Response

from api.routes.pages import POLICY
from kernel.errors import Refusal

router = APIRouter(tags=["pages"], include_in_schema=False)

KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
}


@router.get("/pages/{name}")
def page_file(name: str, request: Request) -> Response:
    """A style, a script, a picture."""
    return _given(name, request)


@router.get("/m/sw.js")
def service_worker(request: Request) -> Response:
    """The phone's service worker; it may watch every page of the phone."""
    answer = _given("phone-worker.js", request)
    answer.headers["Service-Worker-Allowed"] = "/m"
    # A worker lives by the policy it came with, not by that of its pages.
    answer.headers["Content-Security-Policy"] = POLICY.format(tiles="")
    return answer


def _given(name: str, request: Request) -> Response:
    found = _read(name) if name.rpartition(".")[2] in KINDS and "/" not in name else None
    if found is None:
        raise Refusal("request.no_such_path", path=f"/pages/{name}"[:200], method="GET")
    tag = f'"{hashlib.sha256(found).hexdigest()[:20]}"'
    headers = {"Cache-Control": "no-cache", "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(found, media_type=KINDS[name.rpartition(".")[2]], headers=headers)


@cache
def _read(name: str) -> bytes | None:
    file = files("api.pages") / "files" / name
    return file.read_bytes() if file.is_file() else None
