"""A simulation of a region in a database is that of its folder: the same region at the same moment, the same bytes."""

from __future__ import annotations

from pathlib import Path

from api.report.scenarios.about import About
from api.report.scenarios.write import files_of
from api.usecases.importing import import_into
from api.usecases.scenario_files import Opened, Snapshot, opened
from api.usecases.simulating import OneByOne, simulated
from scenarios.measure.diary import DaysKept
from scenarios.measure.simulated import Wanted
from scenarios.run.simulate import Policy
from storage.database import open_database
from storage.dataset.read import read
from storage.dataset.write import write
from storage.rows.region import load_stored
from tests.databases import Make
from tests.scenarios.fitted.test_fitted import made

BASE = """
name = "Small"

[world]
dataset = "region"
days = 7
warm_up_days = 1
wage_hour = 60
tickets_a_week = 40
"""
BUSIER = """
name = "Busier"

[[demand]]
factor = 1.5
"""


def written(there: Opened) -> dict[str, str]:
    """Everything a command writes about two replications, but the digest of where the region came from."""
    found = simulated(Wanted(there.scenarios, Policy.FAST, 2, 3, DaysKept()), OneByOne(), at_once=1)
    files = tuple((one.name, one.sha256) for one in there.files)
    return dict(files_of(About(found, there.currency, files, ""), "en"))


def test_simulating_a_database_gives_the_bytes_of_the_folder(make_url: Make, tmp_path: Path) -> None:
    """What a manager tries on the live system and what he tries on its export are one answer."""
    write(made(), tmp_path / "region")
    (tmp_path / "base.toml").write_text(BASE, encoding="utf-8")
    (tmp_path / "busier.toml").write_text(BUSIER, encoding="utf-8")
    named = str(tmp_path / "base.toml"), [str(tmp_path / "busier.toml")]
    reading = read(tmp_path / "region")
    assert reading.region is not None
    database = open_database(make_url())
    import_into(database, reading.region, digest=reading.digest, as_of=None)

    with database.reading() as connection:
        stored = load_stored(connection, reading.region.settings.id)
    database.close()
    live = opened(*named, snapshot=Snapshot(stored.region, stored.digest))

    folder = opened(*named)
    assert live.scenarios == folder.scenarios
    assert written(live) == written(folder)
