"""The manager's lists read a few tables each: they must come to what the whole region comes to."""

from __future__ import annotations

from pathlib import Path

from api.stored import opened
from api.usecases.importing import import_into
from api.usecases.looking_back import missed_in, renewals_in, scorecards_in
from dispatch.measures import measures
from dispatch.measures.period import period
from dispatch.region import schemes_of
from kernel.clock import zone
from scenarios.world.region import region
from scenarios.world.spec import Spec
from storage.dataset.write import written_digest
from storage.rows.region import load_region

SMALL = Spec(
    id="small", name="Small", engineers=6, visits=24, parts=27, remote=4, closed=150, history_months=6
)


def test_a_few_tables_say_what_the_whole_region_says(tmp_path: Path) -> None:
    """Tickets, archive and charges of a made region: misses, scorecards and contracts one by one."""
    made = region(SMALL, seed=7)
    with opened(f"sqlite:///{tmp_path}/small.db", fresh=True) as database:
        import_into(database, made, digest=written_digest(made), as_of=None)
        with database.reading() as connection:
            whole = load_region(connection, SMALL.id)
            now = whole.settings.as_of
            for text in ("day", "2026-01-10..2026-03-06"):
                days = period(text, now=now, zone=zone(whole.settings.zone))
                found = measures(whole, schemes_of(whole.field), days, expiring_days=3660)

                missed, _ = missed_in(connection, SMALL.id, days)
                scored = scorecards_in(connection, SMALL.id, days, days=14)
                ending = renewals_in(connection, SMALL.id, now=now, within_days=3660)

                assert missed == found.misses
                assert scored == found.engineers
                assert ending == found.renewals
    assert missed
    assert scored[0].judged
    assert scored[0].promised
    assert any(one.tickets for one in ending)
