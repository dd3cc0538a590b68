"""Ask for long work: a run in the queue, once for each key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from api.usecases.plan_run import KIND, Ask
from kernel.envelope import Envelope
from kernel.ids import checked_id
from storage.database import Database
from storage.idempotency import Reply, once
from storage.runs import ask as put
from storage.unit_of_work import UnitOfWork


def ask_for_plan(database: Database, envelope: Envelope, run: str, ask: Ask) -> str:
    """Put a plan run into the queue of the envelope's region; the same key again changes nothing.

    Returns:
        The run's id.

    Raises:
        Refusal: ``id.malformed``; ``database.key_reused`` when the key came with another request.
    """
    return str(database.run(envelope, lambda work: put_plan(work, run, ask))["run"])


def put_plan(work: UnitOfWork, run: str, ask: Ask) -> Reply:
    """The same inside a unit of work: ``{"run": id}``."""
    return put_run(work, run, KIND, ask.content())


def put_run(
    work: UnitOfWork,
    run: str,
    kind: str,
    content: Mapping[str, Any],
    *,
    with_it: Callable[[], None] = lambda: None,
) -> Reply:
    """Put a run of any kind into the queue, once for each key: ``{"run": id}``.

    Args:
        work: of the command.
        run: its id.
        kind: whose it is to do.
        content: its input.
        with_it: writes what is given beside it, where the run is new.

    Raises:
        Refusal: ``id.malformed``, ``database.key_reused``; those of `storage.runs.ask`.
    """
    checked_id(run)

    def act() -> Reply:
        put(work, run, kind=kind, content=content)
        with_it()
        return {"run": run}

    named = {} if kind == KIND else {"kind": kind}
    return once(work, "run.ask", {"run": run, **named, **content}, act)
