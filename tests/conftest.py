"""What all tests share: skips that CI refuses, and the folder of public benchmark files."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

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


def pytest_collection_finish() -> None:
    """Spare what collection loaded, which stays anyway, from every later sweep of the garbage collector."""
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
