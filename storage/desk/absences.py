"""An engineer will not be there: written down at once, cut out of his shifts by the next plan."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from dispatch.crew import Absence
from kernel.interval import Interval
from storage.appended import queue
from storage.dataset.schema import FIELD
from storage.desk.numbers import next_number
from storage.desk.positions import check_engineer
from storage.idempotency import Reply, once
from storage.rows.facts import add
from storage.tables.crew import AbsenceRow
from storage.unit_of_work import UnitOfWork

SERIES = "B-"


def note_absence(
    work: UnitOfWork, engineer: str, away: Interval, reason: str, *, where: ColumnElement[bool]
) -> Reply:
    """Write an absence under the next number: ``{"absence": id, "engineer": id}``.

    Args:
        work: of the command.
        engineer: id.
        away: from when until when.
        reason: leave, illness, course; may be empty.
        where: what of `EngineerRow` the caller reaches.

    Raises:
        Refusal: ``position.unknown_engineer``.
    """

    def act() -> Reply:
        check_engineer(work.connection, work.region, engineer, where)
        queue(work)
        name = f"{SERIES}{next_number(work, SERIES, (AbsenceRow.c.absence_id,)):04d}"
        add(work, FIELD["absences"], (Absence(name, engineer, away, reason),))
        # Why he is away is no matter of the audit, which nothing leaves again.
        work.record("crew.absence", name, engineer=engineer)
        return {"absence": name, "engineer": engineer}

    told = {
        "engineer": engineer,
        "starts_at": away.start.isoformat(),
        "ends_at": away.end.isoformat(),
        "reason": reason,
    }
    return once(work, "crew.absence", told, act)
