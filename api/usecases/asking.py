"""Ask for long work: a run in the queue, once for each key."""

from __future__ import annotations

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
    checked_id(run)

    def act() -> Reply:
        put(work, run, kind=KIND, content=ask.content())
        return {"run": run}

    return once(work, "run.ask", {"run": run, **ask.content()}, act)
