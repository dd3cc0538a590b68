"""What all tests share: skips that CI refuses, and the folder of public benchmark files."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is, not whether the law holds.
settings.register_profile("fieldwright", deadline=None)
settings.load_profile("fieldwright")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def public_files() -> Path:
    """The folder of public benchmark instances, read in place; the test is skipped where it is absent."""
    folder = Path(os.environ.get("FIELDWRIGHT_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no public benchmark files at {folder}: set FIELDWRIGHT_DATA to their folder")
    return folder


def set_by_name(name: str) -> bool:
    """Say whether a switch of the tests is on: its variable is 1. Empty, 0 or anything else is off."""
    return os.environ.get(name) == "1"


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
