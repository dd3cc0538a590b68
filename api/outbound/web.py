"""One request to a service outside: bounded in time and size, no redirects, nothing but http and https."""

from __future__ import annotations

import http.client
import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from kernel.errors import Refusal

MOST_BYTES = 32 * 1024 * 1024

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that say: not now."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            Refusal: ``outside.not_json``.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise Refusal("outside.not_json", status=self.status) from None


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect could lead a key to somebody else."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none."""


_OPENER = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))


def ask(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout_s: float,
) -> Answer:
    """Ask a service; every status is an answer.

    Raises:
        Refusal: ``outside.bad_address``, ``outside.unreachable`` (also when it takes too long), ``outside.too_much``.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host:
        raise Refusal("outside.bad_address", host=host or url[:40])
    try:
        request = urllib.request.Request(url, data=body, method=method, headers=dict(headers or {}))  # noqa: S310 checked above
        with _OPENER.open(request, timeout=timeout_s) as answer:
            return _read(answer, host)
    except HTTPError as error:
        with error:
            return _read(error, host)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = str(getattr(error, "reason", "") or error)[:120] or type(error).__name__
        raise Refusal("outside.unreachable", host=host, reason=reason) from None


def _read(answer: Any, host: str) -> Answer:
    body = answer.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise Refusal("outside.too_much", host=host, bytes=MOST_BYTES)
    return Answer(answer.status, body, {name.lower(): value for name, value in answer.headers.items()})


def ask_json(
    url: str, content: Any = None, *, headers: Mapping[str, str] | None = None, timeout_s: float
) -> Any:
    """Ask for JSON, sending `content` as JSON where there is any.

    Raises:
        Refusal: as `ask`; ``outside.refused`` for any status but 2xx, ``outside.not_json``.
    """
    sent = {"Accept": "application/json", "User-Agent": "Fieldwright"} | dict(headers or {})
    body = None
    if content is not None:
        body = json.dumps(content).encode()
        sent["Content-Type"] = "application/json"
    answer = ask(url, method="GET" if body is None else "POST", body=body, headers=sent, timeout_s=timeout_s)
    if not 200 <= answer.status < 300:
        raise Refusal("outside.refused", host=urlsplit(url).hostname or "", status=answer.status)
    return answer.json()
