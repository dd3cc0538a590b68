"""Signing in with the company's own account: to the provider and back; pages, for a browser walks this way."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from api.asked import ClockAsked, DatabaseAsked, strict
from api.auth.address import address_of
from api.auth.oidc import BACK, TRIES, Provider
from api.auth.present import cookie_name, give_cookie
from api.auth.sign_in import Caller
from api.errors import language_of
from api.pages.drawn import drawn_page
from api.pages.route import PageRoute
from kernel.errors import Refusal
from storage.tables.people import Role

router = APIRouter(tags=["sign-in"], include_in_schema=False, route_class=PageRoute)

SAID = ("code", "state", "iss", "error")
"""Parameters that are read; providers add others of their own."""


def provider_here(request: Request) -> Provider:
    """The provider that is set.

    Raises:
        Refusal: ``session.company_off``.
    """
    found: Provider | None = request.app.state.provider
    if found is None:
        raise Refusal("session.company_off")
    return found


ProviderAsked = Annotated[Provider, Depends(provider_here)]


def _cookie(request: Request) -> str:
    return f"{cookie_name(request)}-company"


@router.get("/v1/session/company", dependencies=[Depends(strict)])
def begin(request: Request, provider: ProviderAsked, clock: ClockAsked) -> Response:
    """To the provider."""
    request.app.state.allowance.spend_address(request)
    begun = provider.begin(now=clock.now())
    answer = RedirectResponse(begun.address, status_code=303)
    answer.set_cookie(
        _cookie(request),
        begun.cookie,
        max_age=int(TRIES.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",  # he comes back from another site
    )
    return answer


@router.get(BACK)
def end(request: Request, provider: ProviderAsked, database: DatabaseAsked, clock: ClockAsked) -> Response:
    """Back from the provider: signed in, or told why not."""
    request.app.state.allowance.spend_address(request)
    begun = provider.end(
        database,
        request.app.state.policy,
        said={name: request.query_params[name] for name in SAID if name in request.query_params},
        cookie=request.cookies.get(_cookie(request), "")[:2000],
        caller=Caller(
            address=address_of(request),
            agent=request.headers.get("user-agent", ""),
            token=request.cookies.get(cookie_name(request), "")[:200],
        ),
        now=clock.now(),
    )
    # A page, not a redirect: the browser sends a strict cookie only where our own page leads.
    to = "/m" if begun.account.role is Role.ENGINEER else "/"
    answer = drawn_page("company", language_of(request), to=to)
    give_cookie(request, answer, begun.token, lasts=begun.session.ends_at - begun.session.made_at)
    answer.delete_cookie(
        _cookie(request), path="/", secure=request.url.scheme == "https", httponly=True, samesite="lax"
    )
    return answer
