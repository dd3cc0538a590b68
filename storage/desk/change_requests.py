"""Changes asked for after a simulation, in a database: every step kept, the region itself is not touched."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select

from dispatch.desk.change_request import (
    ChangeEvent,
    ChangeRequest,
    ChangeStep,
    Simulated,
    change_requests,
    check_asked_once,
    check_step,
)
from storage.appended import append_rows, queue
from storage.idempotency import Reply, once
from storage.tables.change import ChangeRequestRow
from storage.unit_of_work import UnitOfWork


def requested(connection: Connection, region: str, /) -> Mapping[str, ChangeRequest]:
    """Every request of a region by id, the oldest first."""
    query = select(ChangeRequestRow).where(ChangeRequestRow.c.region_id == region)
    rows = connection.execute(query.order_by(ChangeRequestRow.c.position)).mappings()
    return change_requests(_event(row) for row in rows)


def ask_for(work: UnitOfWork, wanted: Sequence[Simulated], *, reason: str) -> Reply:
    """Ask for changes, one request each: ``{"requests": ids}``.

    Args:
        work: the unit of work.
        wanted: what each rests on.
        reason: why, in words; may be empty.

    Raises:
        Refusal: ``change.asked_already``.
    """

    def act() -> Reply:
        queue(work)
        known = requested(work.connection, work.region)
        for one in wanted:
            check_asked_once(known.values(), one)
        first = len(known) + 1
        events = [
            ChangeEvent(f"CR-{number:04d}", work.now, work.actor, ChangeStep.REQUESTED, one, reason)
            for number, one in enumerate(wanted, first)
        ]
        append_rows(work, ChangeRequestRow, [_row(one) for one in events])
        for event, of in zip(events, wanted, strict=True):
            work.record("change.request", event.id, run=of.run, scenario=of.scenario)
        return {"requests": [one.id for one in events]}

    content = {"requests": [json.loads(json.dumps(asdict(one))) for one in wanted], "reason": reason}
    return once(work, "change.request", content, act)


def decide_on(work: UnitOfWork, request: str, step: ChangeStep, *, reason: str) -> Reply:
    """Take the next step of a request: ``{"request", "step"}``; the region stays as it is.

    Raises:
        Refusal: ``change.*``.
    """

    def act() -> Reply:
        queue(work)
        event = ChangeEvent(request, work.now, work.actor, step, None, reason)
        check_step(requested(work.connection, work.region).get(request), event)
        append_rows(work, ChangeRequestRow, [_row(event)])
        work.record(f"change.{step}", request)
        return {"request": request, "step": step.value}

    return once(work, "change.step", {"request": request, "step": step.value, "reason": reason}, act)


def _row(event: ChangeEvent) -> dict[str, Any]:
    return {
        "request_id": event.id,
        "at": event.at,
        "said_by": event.by,
        "step": event.step,
        "rests_on": {} if event.of is None else json.loads(json.dumps(asdict(event.of))),
        "reason": event.reason,
    }


def _event(row: Mapping[Any, Any]) -> ChangeEvent:
    of = row["rests_on"]
    rests_on = (
        Simulated(**{**of, "name": (of["name"][0], of["name"][1]), "lists": tuple(of["lists"])})
        if of
        else None
    )
    return ChangeEvent(row["request_id"], row["at"], row["said_by"], row["step"], rests_on, row["reason"])
