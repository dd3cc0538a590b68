"""Every command the README shows runs as shown, in its order, from a clean folder."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


def shown() -> list[str]:
    """The README's commands, without `make`."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("fieldwright ")]


@pytest.mark.slow  # plans the built-in region
def test_the_readmes_commands_run(tmp_path: Path) -> None:
    """A command that no longer works is worse than none: it is the first thing a new user tries."""
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    program = Path(sys.executable).with_name("fieldwright")

    for command in shown():
        result = subprocess.run(
            [str(program), *shlex.split(command)[1:]],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

        assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
        assert result.stdout.strip(), command

    assert len(shown()) >= 7
    written = {path.name for path in (tmp_path / "out" / "plan").iterdir()}
    assert {"plan.json", "manifest.json", "visits.csv", "routes.geojson", "plan.html"} <= written


def test_the_readmes_links_lead_somewhere() -> None:
    """A broken link ends a visit."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)

    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_make_alone_lists_what_the_readme_names() -> None:
    """`make` is the list of what a person can type."""
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    for target in ("demo", "serve", "test", "quick", "setup"):
        assert re.search(rf"^{target}\b", listed, flags=re.MULTILINE), target
