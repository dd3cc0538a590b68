"""What all tests share: skips that CI refuses, the folder of public benchmark files, databases on both servers."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler.loadscope import LoadScopeScheduling

    from tests.databases import Make  # it loads the store, which most rules are tested without

# How long an example takes says how busy the machine is, not whether the law holds. The same tree gives the
# same examples, so a failure belongs to the change that made it; `make fuzz` looks with new ones.
settings.register_profile("fieldwright", deadline=None, derandomize=True)
settings.register_profile("fuzz", deadline=None, derandomize=False, print_blob=True)
settings.load_profile("fuzz" if os.environ.get("FIELDWRIGHT_FUZZ") == "1" else "fieldwright")

# Every server a test starts would load the search, more than a second of the processor, and few of them ask for it.
os.environ.setdefault("FIELDWRIGHT_SEARCH_LOAD", "asked")

# Nor is another process of every server wanted: who tests several of them says so.
os.environ.setdefault("FIELDWRIGHT_PROCESSES", "1")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def public_files() -> Path:
    """The folder of public benchmark instances, read in place; the test is skipped where it is absent."""
    folder = Path(os.environ.get("FIELDWRIGHT_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no public benchmark files at {folder}: set FIELDWRIGHT_DATA to their folder")
    return folder


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a server, one for each tester; the test is skipped where there is none."""
    from tests.postgres import server

    with server() as address:
        yield address


@pytest.fixture(scope="session")
def make_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Copies of one migrated file."""
    from tests.databases import sqlite_copies

    return sqlite_copies(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def make_postgresql(postgresql_server: str, worker_id: str) -> Make:
    """Copies of one migrated database."""
    from tests.databases import postgresql_copies

    return postgresql_copies(postgresql_server, f"fieldwright_{worker_id}")


@pytest.fixture(
    scope="session",
    # A server and a database of its own for each of 340 tests take longer than all the rest of the quick tests.
    params=("sqlite", pytest.param("postgresql", marks=pytest.mark.slow)),
)
def make_url(request: pytest.FixtureRequest) -> Make:
    """Makes databases of one kind, then of the other."""
    make: Make = request.getfixturevalue(f"make_{request.param}")
    return make


@pytest.fixture(scope="session")
def make_tiny(make_url: Make, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Copies of one database with the tiny region, imported once."""
    from storage.dataset.read import read
    from tests.databases import copies, with_region
    from tests.dataset_builder import tiny

    return copies(with_region(make_url(), read(tiny(tmp_path_factory.mktemp("imported") / "tiny"))))


@pytest.fixture
def url(make_url: Make) -> str:
    """A migrated database with nothing in it."""
    return make_url()


@pytest.fixture(autouse=True)
def _quiet_again() -> Generator[None]:
    """What a test lets the program log ends with it: the next one reads its own standard error only."""
    yield
    root = logging.getLogger()
    root.handlers[:] = [one for one in root.handlers if type(one) is not logging.StreamHandler]
    root.setLevel(logging.WARNING)


def seeds(total: int, *, quick: int) -> list[Any]:
    """Number the worlds of one law: the first of them for `make quick`, where more of the same would only take longer."""
    return [pytest.param(seed, marks=[pytest.mark.slow] if seed >= quick else []) for seed in range(total)]


def set_by_name(name: str) -> bool:
    """Say whether a switch of the tests is on: its variable is 1. Empty, 0 or anything else is off."""
    return os.environ.get(name) == "1"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """How several testers share the tests, whatever `--dist` says."""
    from tests.shares import Shares

    return Shares(config, log)


def pytest_collection_finish() -> None:
    """Keep statements for all databases; spare what collection loaded from every later sweep of the garbage collector."""
    if "storage.engine" in sys.modules:
        from tests.databases import keep_statements

        keep_statements()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where FIELDWRIGHT_REQUIRE=all is set a skip is a failure: CI runs everything or says so."""
    report = yield
    if report.skipped and os.environ.get("FIELDWRIGHT_REQUIRE") == "all":
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped where everything is required: {report.longrepr}"
    return report
