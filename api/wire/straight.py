"""Routes answered straight: what FastAPI finds out about a route is looked at once, not at every request.

FastAPI walks a route's dependencies anew for each request, looks for the route among all of them, and hands every step to
a thread of its own: for a small answer that costs four times what the answer does. Here a route is found by its path,
and its parameters, its doors and its endpoint are one call in one thread. Refusals, parameters and answers are those of
FastAPI (a test asks every route both ways); a route made of anything this does not know is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import Any, get_origin

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.datastructures import DefaultPlaceholder
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.types import ASGIApp, Receive, Scope, Send

from api.wire.body import Held, StrictRoute, hold
from api.wire.gate import Gate
from storage.ready import Unproved

_WITHOUT_BODY = frozenset({204, 205, 304})
_NOTHING = object()
PROVE = "fieldwright.prove"
"""In the scope of a request that may be worked on before it is proved who asks: what proves it; None: nothing was supposed."""

_WITHOUT_WAITING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of a path, a query, a header or a cookie."""

    name: str
    alias: str
    place: str
    field: Any

    def read(self, given: Mapping[str, Any], errors: list[Any]) -> Any:
        """The value, or its default; what is wrong with it is added to `errors`."""
        value = given.get(self.alias)
        if value is None:
            return _left_out(self.field, (self.place, self.alias), errors)
        found, wrong = self.field.validate(value, {}, loc=(self.place, self.alias))
        errors.extend(wrong)
        return found


def _left_out(field: Any, at: tuple[str, ...], errors: list[Any]) -> Any:
    """The default of what was not said; where there is none that is added to `errors`."""
    if not field.field_info.is_required():
        return deepcopy(field.default)
    errors.append({"type": "missing", "loc": at, "msg": "Field required", "input": None})
    return None


@dataclass(frozen=True, slots=True)
class Step:
    """A dependency or the endpoint: what is asked before it, what it is called with."""

    call: Callable[..., Any]
    waits: bool
    before: tuple[tuple[str | None, Step], ...]
    parameters: tuple[Parameter, ...]
    body: Any
    request: str | None
    response: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way through the steps of its route."""

    request: Request
    response: Response
    given: Mapping[str, Mapping[str, Any]]
    document: Any
    known: dict[Callable[..., Any], Any]
    errors: list[Any]

    def of(self, step: Step) -> Any:
        """Take a step after those before it; nothing is called once something is wrong."""
        values: dict[str, Any] = {}
        wrong = len(self.errors)
        for name, one in step.before:
            found = self.known.get(one.call, self)
            if found is self:
                found = self.known[one.call] = self.of(one)
            if name is not None:
                values[name] = found
        for parameter in step.parameters:
            values[parameter.name] = parameter.read(self.given[parameter.place], self.errors)
        if step.body is not None:
            values[step.body.name] = self._said(step.body)
        if step.request is not None:
            values[step.request] = self.request
        if step.response is not None:
            values[step.response] = self.response
        if len(self.errors) > wrong:
            return None
        return _done(step.call(**values)) if step.waits else step.call(**values)

    def _said(self, body: Any) -> Any:
        if self.document is _NOTHING:
            return _left_out(body, ("body",), self.errors)
        found, wrong = body.validate(self.document, {}, loc=("body",))
        self.errors.extend(wrong)
        return found


def _done(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine gives that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise RuntimeError("a dependency of a route in a thread waited for something")


@dataclass(frozen=True, slots=True)
class Straight:
    """A route as it is answered.

    Args:
        route: as FastAPI has it.
        step: its endpoint with all that comes before.
    """

    route: StrictRoute
    step: Step

    def answer(self, request: Request) -> Response:
        """Answer a request whose body has been read; nothing is said before who asks is proved."""
        request.scope[PROVE] = None
        try:
            try:
                return self._answer(request)
            finally:  # a refusal is an answer too
                if (prove := request.scope[PROVE]) is not None:
                    prove()
        except Unproved:
            del request.scope[PROVE]
            return self._answer(request)

    def _answer(self, request: Request) -> Response:
        given = {
            "path": request.path_params,
            "query": request.query_params,
            "header": request.headers,
        }
        said = Response()
        del said.headers["content-length"]
        said.status_code = None  # type: ignore[assignment]  # the route's, until the endpoint says another
        document = request.document if isinstance(request, Held) and request.held else _NOTHING
        call = Call(request, said, given, document, {}, [])
        found = call.of(self.step)
        if call.errors:
            raise RequestValidationError(call.errors)
        if isinstance(found, Response):
            return found
        return self._written(found, said)

    def _written(self, found: Any, said: Response) -> Response:
        status = said.status_code or self.route.status_code or 200
        field = self.route.response_field
        if field is None:
            made: Response = JSONResponse(jsonable_encoder(found), status_code=status)
        else:
            value, wrong = field.validate(found, {}, loc=("response",))
            if wrong:
                raise ResponseValidationError(errors=wrong, body=found)
            made = Response(field.serialize_json(value), status, media_type="application/json")
        if status in _WITHOUT_BODY:
            made.body = b""
        made.headers.raw.extend(said.headers.raw)
        return made


def straight(route: APIRoute, /) -> Straight | None:
    """The route as it is answered straight; None: it has something only FastAPI knows."""
    plain = isinstance(route, StrictRoute) and isinstance(route.response_class, DefaultPlaceholder)
    whole = not (
        route.response_model_exclude_unset or route.response_model_exclude_none or route._embed_body_fields  # noqa: SLF001 nobody else says it
    )
    if not (plain and whole) or iscoroutinefunction(route.endpoint):
        return None
    assert isinstance(route, StrictRoute)
    step = _step(route.dependant)
    return Straight(route, step) if step is not None else None


_LOOKED_AT: dict[int, tuple[APIRoute, Straight | None]] = {}
"""What was found out about a route, by its identity: the routes are the modules', whichever application they are part of."""


def _looked_at(route: APIRoute) -> Straight | None:
    if id(route) not in _LOOKED_AT:
        _LOOKED_AT[id(route)] = route, straight(route)  # kept with it, so that no other route gets its number
    return _LOOKED_AT[id(route)][1]


def _step(dependant: Any) -> Step | None:
    call = dependant.call
    known = not (
        isgeneratorfunction(call)
        or isasyncgenfunction(call)
        or dependant.concurrency is not None
        or dependant.background_tasks_param_name
        or dependant.http_connection_param_name
        or dependant.security_scopes_param_name
        or dependant.cookie_params
        or len(dependant.body_params) > 1
    )
    before = [(one.name, _step(one) if one.use_cache else None) for one in dependant.dependencies]
    places = (
        ("path", dependant.path_params),
        ("query", dependant.query_params),
        ("header", dependant.header_params),
    )
    parameters = [_parameter(field, place) for place, fields in places for field in fields]
    if not known or any(one is None for _, one in before) or any(one is None for one in parameters):
        return None
    return Step(
        call,
        iscoroutinefunction(call),
        tuple((name, one) for name, one in before if one is not None),
        tuple(one for one in parameters if one is not None),
        dependant.body_params[0] if dependant.body_params else None,
        dependant.request_param_name,
        dependant.response_param_name,
    )


def _parameter(field: Any, place: str) -> Parameter | None:
    about = field.field_info
    kind = about.annotation
    several = get_origin(kind) in {list, set, tuple, frozenset} or kind in {list, set, tuple, frozenset}
    model = isinstance(kind, type) and issubclass(kind, BaseModel)
    renamed = about.validation_alias not in {None, about.alias} or (place == "header" and about.alias is None)
    if several or model or renamed or (about.validate_default and not about.is_required()):
        return None
    return Parameter(field.name, field.alias, place, field)


class StraightRoutes:
    """ASGI middleware, the innermost: answers the routes it can and passes the others on."""

    def __init__(self, app: ASGIApp, of: FastAPI, routers: Sequence[APIRouter], gate: Gate) -> None:
        """Around FastAPI's own router.

        Args:
            app: what is asked next.
            of: whose refusals are answered.
            routers: in their order, all of them included in `of`, with nothing added, before the first request.
            gate: what is answered goes through.
        """
        self._app = app
        self._of = of
        self._gate = gate
        self._found: list[tuple[re.Pattern[str], frozenset[str], APIRoute, Straight | None]] = []
        self._plain: dict[tuple[str, str], Straight | None] = {}
        for router in routers:
            for route in router.routes:
                if isinstance(route, APIRoute):
                    found = (route.path_regex, frozenset(route.methods or ()), route, _looked_at(route))
                    self._found.append(found)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        found = self._route(scope) if scope["type"] == "http" and not scope.get("root_path") else None
        if found is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive, send)
        try:
            response = await self._answered(found, request)
        except Exception as error:
            made = self._refused(request, error)
            if made is None:
                raise
            response = made
        await response(scope, receive, send)

    def _route(self, scope: Scope) -> Straight | None:
        method, path = scope["method"], scope["path"]
        key = (method, path)
        if key in self._plain:
            found = self._plain[key]
            words: dict[str, Any] = {}
        else:
            found, words = self._looked_for(method, path)
        if found is None:
            return None
        scope["route"], scope["endpoint"], scope["path_params"] = found.route, found.route.endpoint, words
        return found

    def _looked_for(self, method: str, path: str) -> tuple[Straight | None, dict[str, Any]]:
        for pattern, methods, route, made in self._found:
            if method in methods and (match := pattern.match(path)):
                words = match.groupdict()
                if not words:
                    self._plain[method, path] = made  # as many as there are routes without parameters
                return made, {
                    name: route.param_convertors[name].convert(word) for name, word in words.items()
                }
        return None, {}

    async def _answered(self, found: Straight, request: Request) -> Response:
        if request.method not in _WITHOUT_WAITING:
            request = await hold(request, found.route)

        def work() -> Response:
            try:
                return found.answer(request)
            except Exception as error:
                made = self._refused(request, error)
                if made is None:
                    raise
                return made

        return await self._gate.through(work)

    def _refused(self, request: Request, error: Exception) -> Response | None:
        """The answer to a refusal; None for a defect, which is answered further out."""
        for kind in type(error).__mro__:
            handle = self._of.exception_handlers.get(kind)
            if handle is not None and kind is not Exception:
                answer = handle(request, error)
                assert isinstance(answer, Response)
                return answer
        return None
