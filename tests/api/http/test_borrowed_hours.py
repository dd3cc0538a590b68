"""Who is borrowed by a calendar, and what becomes of his shifts when it is changed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import make_app
from dispatch.borrowed import Borrowing
from kernel.envelope import Envelope
from storage.database import open_database
from storage.dataset import crew_tables, owed_tables
from storage.dataset.read import read
from storage.desk.facts import record
from storage.rows.facts import values_in
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.test_laid_down import NEVER
from tests.api.http.test_on_record import done, put, seen, without
from tests.databases import Make, with_region
from tests.dataset_builder import crewed
from tests.people_builders import QUICK, bearer


def test_who_is_borrowed_by_a_calendar_works_as_it_says_from_then_on(make_url: Make, tmp_path: Path) -> None:
    """A plan goes by his shifts: on a day off he has none, on a day opened he has one, and what has begun stays as it was."""
    database = open_database(with_region(make_url(), read(crewed(tmp_path / "crewed"))))
    lent = Borrowing(
        "J9", "E2", "Line 4", date(2026, 3, 30), date(2026, 4, 15), "office", AS_OF, "desk-1", "peak"
    )

    def shifts() -> dict[str, tuple[str, str]]:
        with database.reading() as connection:
            found = values_in(connection, crew_tables.SHIFTS, "R1", engineer_id="E2")
        spans = [(one.worked.start.isoformat(), one.worked.end.isoformat()) for one in found]
        return {start[:10]: (start[11:16], end[11:16]) for start, end in spans if start > "2026-03-25"}

    database.run(
        Envelope("desk-1", "d", AS_OF, "lent", "R1"),
        lambda work: record(work, owed_tables.BORROWINGS, lent),
    )
    clock = StandingClock()
    clock.moment = AS_OF + timedelta(days=28)  # the third of April
    with TestClient(
        make_app(database, clock=clock, settings=QUICK),
        headers=bearer(database, Role.MANAGER, now=clock.moment),
    ) as client:
        shown, version = seen(client, NEVER)
        rows = [without(row, "calendar_id") for row in shown["rows"]]
        before = shifts()
        said = [
            {"on": "2026-03-30"},
            {"on": "2026-04-06"},
            {"on": "2026-04-13", "hours": ["08:00-12:00"]},
            {"on": "2026-04-14", "hours": ["09:00-10:00"]},
        ]
        answer = put(client, NEVER, {"rows": [*rows, *said]}, **version)
        after = shifts()
        put(client, NEVER, {"rows": rows}, **{"If-Match": answer.headers["ETag"]})
    again = shifts()
    told = [facts for action, facts in done(database, "E2") if action == "crew.borrowed"]
    database.close()

    assert answer.status_code == 200, answer.text
    assert before == again == dict.fromkeys(("2026-03-30", "2026-04-06", "2026-04-13"), ("00:00", "09:00"))
    assert after == {
        "2026-03-30": ("00:00", "09:00"),
        "2026-04-13": ("00:00", "04:00"),
        "2026-04-14": ("01:00", "02:00"),
    }
    assert [(one["shifts"], one.get("gone")) for one in told] == [(3, None), (2, 2), (2, 2)]
