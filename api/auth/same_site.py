"""A page of another site cannot write with a visitor's cookie: what the browser says of itself decides (adr 8)."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from kernel.errors import Refusal

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""


def check_same_site(request: Request) -> None:
    """Refuse a writing request that a browser sends for a page of another origin.

    Every browser since 2023 sends Sec-Fetch-Site and no page can change it; older ones send Origin with every
    request that is not a plain GET. What sends neither is no browser, and has no visitor's cookie.

    Raises:
        Refusal: ``right.other_site``.
    """
    if request.method in SAFE:
        return
    said = request.headers.getlist("sec-fetch-site")
    if said:
        if said not in (["same-origin"], ["none"]):
            raise Refusal("right.other_site")
        return
    origins = request.headers.getlist("origin")
    if origins and (len(origins) > 1 or not _is_ours(origins[0], request.headers.getlist("host"))):
        raise Refusal("right.other_site")


def _is_ours(origin: str, hosts: list[str]) -> bool:
    try:
        found = urlsplit(origin)
    except ValueError:
        return False
    return len(hosts) == 1 and found.scheme in {"http", "https"} and found.netloc.lower() == hosts[0].lower()
