"""What is kept too long goes by itself, once a day."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import func, select

from api.auth.policy import kept_of
from api.settings import Settings
from api.usecases.forgetting import EVERY, Forgetting
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
