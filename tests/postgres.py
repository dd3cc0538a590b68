"""A PostgreSQL server for tests: Debian's own, started as another user, gone with the session."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

USERS = ("postgres", "nobody")
SETTINGS = {
    "fsync": "off",  # the tests kill clients, never the machine
    "max_connections": "150",
    "shared_buffers": "64MB",
    "listen_addresses": "127.0.0.1",
    "deadlock_timeout": "200ms",
    "log_min_messages": "fatal",
    "autovacuum": "off",
    "jit": "off",  # compiling costs more than any query here takes
}


def binaries() -> Path | None:
    """The folder of the newest server found."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def as_other_user() -> tuple[list[str], str]:
    """How to run a command as a user who may start a server, and who that is; PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return [], pwd.getpwuid(os.geteuid()).pw_name
    for name in USERS:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        return ["setpriv", *ids, "--pdeathsig=KILL"], name
    return [], "root"


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Start a server and give its address, ``postgresql://postgres@127.0.0.1:PORT``; skip where there is none.

    Args:
        durable: answer a commit when it is on disk, as in production; for measuring.
    """
    given = os.environ.get("FIELDWRIGHT_TEST_POSTGRES")
    if given:
        yield given.rstrip("/")
        return
    folder = binaries()
    if folder is None:
        pytest.skip(
            "no PostgreSQL server here: install Debian's postgresql, or set FIELDWRIGHT_TEST_POSTGRES to a URL"
        )
    before, user = as_other_user()
    # The other user may not enter the folders pytest makes.
    home = Path(tempfile.mkdtemp(prefix="fieldwright-pg-", dir="/tmp"))
    shutil.chown(home, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    files = str(home / "data")
    initdb = [str(folder / "initdb"), "-D", files, "-U", "postgres", "-A", "trust", "--no-sync"]
    initdb += ["--locale=C", "-E", "UTF8"]
    subprocess.run([*before, *initdb], check=True, capture_output=True, cwd=home)
    settings = SETTINGS | ({"fsync": "on", "autovacuum": "on", "shared_buffers": "512MB"} if durable else {})
    options = [f"-c{name}={value}" for name, value in settings.items()]
    start = [str(folder / "postgres"), "-D", files, "-p", str(port), "-k", str(home), *options]
    log = (home / "log").open("wb")
    running = subprocess.Popen([*before, *start], stdout=log, stderr=log, cwd=home)
    try:
        url = f"postgresql://postgres@127.0.0.1:{port}"
        _await(f"{url}/postgres", running, home)
        yield url
    finally:
        running.send_signal(signal.SIGQUIT)
        try:
            running.wait(timeout=2)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        log.close()
        # A hundred thousand small files: nobody waits for them to be gone.
        os.spawnlp(os.P_NOWAIT, "rm", "rm", "-rf", str(home))  # noqa: S606 the folder made above


def _await(url: str, running: subprocess.Popen[bytes], home: Path) -> None:
    for _ in range(400):
        try:
            psycopg.connect(url, connect_timeout=1).close()
        except psycopg.OperationalError:
            if running.poll() is not None:
                break
            try:
                running.wait(timeout=0.03)
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start: {(home / 'log').read_text()[-2000:]}")
