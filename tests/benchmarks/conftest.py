"""The independent readings of results, where they lie beside the public files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Reading = Callable[[str, Path, Path], tuple[str, bool]]
"""Takes a reading program's name, an instance and a written result; gives what it prints and whether all is well."""


@pytest.fixture(scope="session")
def reading(public_files: Path) -> Reading:
    """Programs that read a result without any of our code, such as ``check_trsp``."""
    folder = public_files.parent / "peers"
    if not folder.is_dir():
        pytest.skip(f"no independent readings at {folder}")

    def read(name: str, instance: Path, result: Path) -> tuple[str, bool]:
        program = [sys.executable, str(folder / f"{name}.py"), str(instance), str(result)]
        done = subprocess.run(program, check=False, capture_output=True, text=True)
        return done.stdout.strip(), done.returncode == 0

    return read
