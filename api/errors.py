"""Every refusal over HTTP: RFC 9457 problem documents with our codes, in the language asked for."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.text import Lang, label, say
from kernel.errors import Refusal, Refused

LOG = logging.getLogger("fieldwright")

MEDIA_TYPE = "application/problem+json"

STATUS = {
    "region.unknown": 404,
    "region.none": 404,
    "plan_file.unknown_plan": 404,
    "board.unknown_ticket": 404,
    "run.unknown": 404,
    "request.no_such_path": 404,
    "request.method_not_allowed": 405,
    "database.busy": 503,
    "database.unreachable": 503,
    "database.disk_full": 503,
    "database.read_only": 503,
    "request.defect": 500,
}
"""Status by code; every other refusal is 422: understood, and not possible as asked."""

RETRY_AFTER_S = 2


def language_of(request: Request) -> Lang:
    """Chinese when the request prefers it, else English."""
    return "zh" if request.headers.get("accept-language", "").strip().lower().startswith("zh") else "en"


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
    if len(refusals) > 1:
        body["problems"] = [
            {"code": one.code, "detail": say(one.message, lang), "params": dict(one.message.params)}
            for one in refusals[:50]
        ]
    headers = {"Content-Language": lang, "Cache-Control": "no-store"}
    if status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return JSONResponse(body, status_code=status, headers=headers, media_type=MEDIA_TYPE)


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
        found = tuple(
            Refusal(
                "request.wrong_value",
                name=".".join(map(str, one["loc"]))[:80],
                reason=str(one["msg"])[:200].encode("utf-8", "replace").decode(),
            )
            for one in error.errors()
        )
        return problem(request, found or (Refusal("request.wrong_value", name="", reason=""),))

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
        LOG.error("defect at %s %s", request.method, request.url.path, exc_info=error)
        return problem(request, (Refusal("request.defect"),))
