"""What is kept too long goes by itself, once a day."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import func, select

from api.auth.policy import kept_of
from api.settings import Settings
from api.usecases.forgetting import AGAIN, EVERY, Forgetting
from kernel.errors import Refusal
from storage.database import open_database
from storage.idempotency import once
from storage.migration import migrate
from storage.tables.command import KeyRow
from tests.api.http.conftest import AS_OF, StandingClock
from tests.database_builders import envelope


def test_a_worker_forgets_once_a_day(tmp_path: Path) -> None:
    """Nobody has to remember a nightly job: what a law gives a term to has one."""
    database = open_database(f"sqlite:///{tmp_path}/one.db", fresh=True)
    migrate(database, envelope("m"))
    numbers, clock = count(), StandingClock()
    settings = Settings.model_construct(replies_kept_days=30)
    forgetting = Forgetting(database, kept_of(settings), lambda: f"forget-{next(numbers)}", clock)

    def kept(days: int) -> int:
        clock.moment = AS_OF + timedelta(days=days)
        forgetting.when_due()
        with database.reading() as connection:
            return connection.execute(select(func.count()).select_from(KeyRow)).scalar_one()

    database.run(envelope("write"), lambda work: once(work, "try", {}, dict))
    with database.writing(envelope("then")) as work:
        work.connection.execute(KeyRow.update().values(at=AS_OF))

    found = [kept(0), kept(30), kept(31)]
    drawn = next(numbers)
    clock.moment += EVERY / 2
    forgetting.when_due()

    assert found == [1, 1, 0]
    assert next(numbers) == drawn + 1, "half a day later nothing is due"
    database.close()


def test_what_cannot_be_forgotten_is_told_and_keeps_nobody_from_work(tmp_path: Path) -> None:
    """A worker forgets between its runs: a refusal there is no reason to leave runs waiting."""
    database = open_database(f"sqlite:///{tmp_path}/one.db", fresh=True)
    migrate(database, envelope("m"))
    told: list[str] = []
    keys = iter(["", "not drawn", "forget-1", "forget-2"])

    def drawn() -> str:
        if key := next(keys):
            return key
        raise Refusal("database.busy", database="one")

    clock = StandingClock()
    clock.moment = AS_OF
    kept = kept_of(Settings.model_construct(replies_kept_days=30))
    forgetting = Forgetting(database, kept, drawn, clock, lambda refusal: told.append(refusal.code))

    forgetting.when_due()
    forgetting.when_due()
    tried_at_once = next(keys)
    clock.moment += AGAIN
    forgetting.when_due()

    assert told == ["database.busy"]
    assert tried_at_once == "not drawn", "not at every look for work"
    assert not list(keys), "an hour later it is done"
    database.close()
