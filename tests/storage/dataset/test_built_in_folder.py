"""The built-in region as committed: what the code makes, to the byte, and nothing of it refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.library.fujian import FOLDER, fujian
from storage.dataset.read import read
from storage.dataset.write import write

LARGEST = 600_000


@pytest.mark.slow  # invents the built-in region anew
def test_the_committed_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    """Else the demo shows one region and the code another; mended by `fieldwright region built-in`."""
    write(fujian(), tmp_path / "fujian")

    made = {file.name: file.read_bytes() for file in (tmp_path / "fujian").iterdir()}
    committed = {file.name: file.read_bytes() for file in FOLDER.iterdir()}

    assert made.keys() == committed.keys()
    assert [name for name in made if made[name] != committed[name]] == []


def test_the_built_in_region_reads_whole() -> None:
    """Every row is accepted, every reference found, and what is read is what was made."""
    reading = read(FOLDER)

    assert list(reading.refusals) == []
    assert reading.region == fujian()


def test_no_file_of_the_built_in_region_is_large() -> None:
    """A repository is read by people; a file of more than 600 kB is not."""
    assert [file.name for file in FOLDER.iterdir() if file.stat().st_size >= LARGEST] == []
