"""Every refusal over HTTP: RFC 9457 problem documents with our codes, in the language asked for."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.headers import headers_for
from api.text import Lang, label, say
from api.wire.language import spoken
from kernel.errors import Location, Refusal, Refused

LOG = logging.getLogger("fieldwright")

MEDIA_TYPE = "application/problem+json"

STATUS = {
    "request.not_json": 400,
    "request.not_utf8": 400,
    "request.duplicate_name": 400,
    "request.no_key": 400,
    "request.bad_key": 400,
    "session.none": 401,
    "session.over": 401,
    "session.refused": 401,
    "session.company_state": 401,
    "session.company_said": 401,
    "session.company_token": 401,
    "session.company_nobody": 401,
    "key.unknown": 401,
    "link.unknown": 401,
    "invitation.unknown": 401,
    "right.denied": 403,
    "charge.needs_approval": 403,
    "supply.waiver_needs_approval": 403,
    "right.scope_too_narrow": 403,
    "right.other_site": 403,
    "session.unknown": 404,
    "session.company_off": 404,
    "user.unknown": 404,
    "position.unknown_engineer": 404,
    "key.none_of_id": 404,
    "rate.too_many": 429,
    "session.too_many_tries": 429,
    "password.busy": 503,
    "region.unknown": 404,
    "region.none": 404,
    "plan_file.unknown_plan": 404,
    "board.unknown_ticket": 404,
    "board.not_published": 404,
    "move.locked": 409,
    "move.cannot_come": 409,
    "move.no_room": 409,
    "move.changed_since": 409,
    "move.cannot_undo": 409,
    "move.nothing_to_undo": 404,
    "run.unknown": 404,
    "run.no_file": 404,
    "run.still_open": 409,
    "desk.unknown_ticket": 404,
    "attachment.unknown": 404,
    "explain.unknown_visit": 404,
    "request.no_such_path": 404,
    "request.method_not_allowed": 405,
    "database.key_in_flight": 409,
    "plan.discarded": 409,
    "rescue.way_gone": 409,
    "rescue.way_closed": 409,
    "rescue.nothing_open": 404,
    "scheme.unknown": 404,
    "candidates.unknown_engineer": 404,
    "plan.region_moving": 409,
    "run.not_open": 409,
    "proposal.visit_gone": 409,
    "proposal.visit_changed": 409,
    "proposal.no_longer_fits": 409,
    "proposal.at_others_cost": 409,
    "proposal.others_late": 409,
    "proposal.told_moved": 409,
    "proposal.does_not_hold": 409,
    "database.no_such_copy": 404,
    "register.unknown": 404,
    "register.still_named": 409,
    "stock.tracked_already": 409,
    "register.moved_on": 412,
    "register.version_wanted": 428,
    "desk.ticket_moved_on": 412,
    "request.body_too_large": 413,
    "request.wrong_content_type": 415,
    "request.encoded_body": 415,
    "outbox.unknown": 404,
    "approval.not_asked": 404,
    "stock.unknown_part": 404,
    "stock.unknown_place": 404,
    "stock.unknown_loaner_class": 404,
    "stock.reservation_unknown": 404,
    "stock.reverses_unknown": 404,
    "stock.unknown_supplier": 404,
    "stock.unknown_loaner_unit": 404,
    "supply.order_unknown": 404,
    "supply.report_unknown": 404,
    "supply.nothing_owed_for": 404,
    "measure.unknown_sheet": 404,
    "live.full": 503,
    "live.ending": 503,
    "database.busy": 503,
    "database.unreachable": 503,
    "database.disk_full": 503,
    "database.read_only": 503,
    "request.defect": 500,
}
"""Status by code; every other refusal is 422: understood, and not possible as asked."""

RETRY_AFTER_S = 2

SOON = frozenset({"database.key_in_flight", "plan.region_moving"})
"""Refusals beside those of status 503 that pass by themselves."""


def language_of(request: Request) -> Lang:
    """The language the request prefers."""
    return spoken(request.headers.get("accept-language", ""))


def problem(request: Request, refusals: tuple[Refusal, ...]) -> JSONResponse:
    """The answer to refusals: the first says the status, all are listed."""
    lang = language_of(request)
    first = refusals[0]
    status = STATUS.get(first.code, 422)
    body: dict[str, Any] = {
        "type": f"urn:fieldwright:problem:{first.code}",
        "title": label(f"request.status_{status}", lang),
        "status": status,
        "detail": say(first.message, lang),
        "code": first.code,
        "params": dict(first.message.params),
    }
    if first.at is not None:
        body["at"] = _place(first.at)
    if len(refusals) > 1:
        body["problems"] = [
            {"code": one.code, "detail": say(one.message, lang), "params": dict(one.message.params)}
            | ({} if one.at is None else {"at": _place(one.at)})
            for one in refusals[:50]
        ]
    headers = {"Content-Language": lang, "Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="fieldwright"'
    if "retry_s" in first.message.params:
        headers["Retry-After"] = str(first.message.params["retry_s"])
    if status == 503 or first.code in SOON:
        headers.setdefault("Retry-After", str(RETRY_AFTER_S))
    return JSONResponse(body, status_code=status, headers=headers, media_type=MEDIA_TYPE)


def _place(at: Location) -> dict[str, Any]:
    """Where in what was sent something is wrong; a line of 0: all of it, or a row by itself."""
    return {"file": at.file, "line": at.line, "column": at.column}


def wrong_values(error: RequestValidationError) -> tuple[Refusal, ...]:
    """What FastAPI found wrong with a request, as refusals."""
    found = tuple(
        Refusal(
            "request.wrong_value",
            name=".".join(map(str, one["loc"]))[:80],
            reason=str(one["msg"])[:200].encode("utf-8", "replace").decode(),
        )
        for one in error.errors()
    )
    return found or (Refusal("request.wrong_value", name="", reason=""),)


def refuse_with_problems(app: FastAPI) -> None:
    """Make every error of `app` a problem document."""

    @app.exception_handler(Refusal)
    def refused(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refusal)
        return problem(request, (error,))

    @app.exception_handler(Refused)
    def refused_several(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refused)
        return problem(request, error.refusals)

    @app.exception_handler(RequestValidationError)
    def not_understood(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return problem(request, wrong_values(error))

    @app.exception_handler(HTTPException)
    def not_there(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        code = "request.method_not_allowed" if error.status_code == 405 else "request.no_such_path"
        answer = problem(request, (Refusal(code, path=request.url.path[:200], method=request.method),))
        if error.headers:
            answer.headers.update(error.headers)
        return answer

    @app.exception_handler(Exception)
    def defect(request: Request, error: Exception) -> JSONResponse:
        # The route, not the address: a customer's link has its secret in it.
        route = getattr(request.scope.get("route"), "path", "unknown")
        LOG.error("defect at %s %s", request.method, route, exc_info=error)
        answer = problem(request, (Refusal("request.defect"),))
        answer.headers.update(headers_for(request.url.scheme))  # made outside of what completes the others
        return answer
