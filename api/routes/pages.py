"""The web pages as they were built: nothing in them is anybody's, so they are open; what they show is not.

Names of built files carry a digest of their content and are kept for a year; the page that names them is asked for
each time. Texts that shrink are sent packed, packed once for each file.
"""

from __future__ import annotations

import gzip
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from console import BUILT
from kernel.errors import Refusal

router = APIRouter(tags=["pages"], include_in_schema=False)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:{tiles}; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""What a page may load: its own files, tiles where a server of them is set, nothing else and nothing inline."""

PACKED = frozenset({"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"})
"""Kinds sent packed where the browser takes it."""


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """A file of the build, plain and packed (empty: not worth it)."""

    plain: bytes
    packed: bytes
    kind: str


@router.get("/")
def home() -> RedirectResponse:
    """To the pages."""
    return RedirectResponse("/console/", status_code=303)


@router.get("/console/{path:path}")
def page(path: str, request: Request) -> Response:
    """A built file, or for any other path the page that shows it."""
    found = _built(path) if path else None
    lasting = found is not None and path.startswith("assets/")
    if found is None:
        if "." in path.rpartition("/")[2]:
            raise Refusal("request.no_such_path", path=f"/console/{path}"[:200], method="GET")
        found = _built("index.html")
        if found is None:
            raise Refusal("pages.not_built")
    packed = found.packed and "gzip" in request.headers.get("accept-encoding", "")
    return Response(
        found.packed if packed else found.plain,
        media_type=found.kind,
        headers={
            "Content-Security-Policy": POLICY.format(tiles=""),
            "Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache",
            "Vary": "Accept-Encoding",
            **({"Content-Encoding": "gzip"} if packed else {}),
        },
    )


def _built(path: str) -> BuiltFile | None:
    """A file of the build; None: there is none of this name, or it lies outside."""
    root = BUILT.resolve()
    file = (root / path).resolve()
    if not file.is_relative_to(root) or not file.is_file() or not file.suffix or file.suffix == ".sha256":
        return None
    # By its time as well: after a build while this serves, the page names the new files.
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _read(file: Path, _changed_ns: int) -> BuiltFile:
    plain = file.read_bytes()
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    packed = gzip.compress(plain, 9, mtime=0) if kind in PACKED else b""
    return BuiltFile(plain, packed if len(packed) < len(plain) * 0.9 else b"", kind)
