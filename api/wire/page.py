"""Pages: how many rows, where the next one starts, as an opaque word."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Annotated

from fastapi import Query

from kernel.errors import Refusal

LimitAsked = Annotated[int, Query(ge=1, le=200, description="Rows in the page.")]
CursorAsked = Annotated[str, Query(max_length=400, description="`next` of the page before.")]


def cursor(*values: str) -> str:
    """Where the next page starts, as one opaque word."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def uncursor(text: str, *, parts: int) -> tuple[str, ...] | None:
    """Read a cursor; None for the first page.

    Raises:
        Refusal: ``request.bad_cursor``.
    """
    if not text:
        return None
    try:
        values = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        values = None
    whole = isinstance(values, list) and len(values) == parts
    if not whole or not all(
        isinstance(value, str) and value.isprintable() and len(value) < 100 for value in values
    ):
        raise Refusal("request.bad_cursor")
    return tuple(values)
