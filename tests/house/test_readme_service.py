"""The README's morning at the service, typed as it stands there: on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.audit import breaks
from storage.check import untrue
from storage.database import open_database
from storage.tables.command import AuditRow
from tests.conftest import ROOT

DONE = {"ticket.open", "run.done", "plan.keep", "plan.publish", "plan.stop", "stock.take_in", "stock.inspect"}
"""What the morning does, in the words of the audit."""


def shown() -> str:
    """The README's commands for the service, as one script."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("## As a service\n")[2].partition("\n## ")[0]
    return "\n".join(re.findall(r"```bash\n(.*?)```", section, flags=re.DOTALL))


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


# Imports the built-in region, starts a server and a worker, makes a plan.
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="the README speaks to the service by curl")
def test_a_new_users_morning_goes_as_the_readme_says(url: str, tmp_path: Path) -> None:
    """From nothing to a plan that is published and goods that are judged, all of it audited."""
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    port = free_port()
    script, changed = re.subn(r"^DATABASE=\S+", f"DATABASE={url}", shown(), flags=re.MULTILINE)
    assert changed == 1
    assert "127.0.0.1:8765" in script
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "FIELDWRIGHT_PORT": str(port),
    }
    said = tmp_path / "said.log"
    with said.open("wb") as log:
        typing = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", script.replace(":8765", f":{port}")],
            cwd=tmp_path,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            ended = typing.wait(timeout=300)
        finally:
            os.killpg(typing.pid, signal.SIGKILL)  # the server and the worker it left behind

    text = said.read_text(encoding="utf-8")
    assert ended == 0, text[-4000:]
    assert "urn:fieldwright:problem" not in text, text[-4000:]
    database = open_database(url)
    with database.reading() as connection:
        here = AuditRow.c.region_id == "fujian"
        done = connection.execute(select(AuditRow.c.action, AuditRow.c.about).where(here)).all()
        actions = {action for action, _ in done}
        assert list(breaks(connection)) == []
    assert untrue(database) == []
    database.close()
    assert actions >= DONE, actions
    assert ("plan.publish", "rescue.choose") in {(action, about) for action, about in done}, (
        "the way chosen is audited"
    )
