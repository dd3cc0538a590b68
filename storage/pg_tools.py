"""PostgreSQL's own programs: dump a database of one moment, play a dump inside a transaction."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection

from kernel.errors import Refusal

_ROWS = 5000
"""Rows handed on at a time."""


def dump(connection: Connection, file: Path, *, snapshot: str) -> None:
    """Write what `snapshot`, exported by the open transaction of `connection`, sees.

    Raises:
        Refusal: ``database.no_pg_tool``, ``database.tool_failed``.
    """
    url = connection.engine.url
    environment = dict(os.environ)
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)  # never on the command line, where others read it
    address = url.set(drivername="postgresql", password=None).render_as_string()
    command = [_found("pg_dump", connection), f"--dbname={address}", "--format=custom"]
    command += [f"--snapshot={snapshot}", f"--file={file}"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 our own arguments
    if ran.returncode:
        raise Refusal("database.tool_failed", tool="pg_dump", said=ran.stderr.strip()[-300:])


def play(connection: Connection, file: Path) -> None:
    """Fill an empty database from a dump, inside the open transaction of `connection`.

    The server's statistics are made new, so that what follows is planned for what is there.

    Raises:
        Refusal: ``database.no_pg_tool``, ``database.tool_failed``.
    """
    command = [_found("pg_restore", connection), "--no-owner", "--file=-", str(file)]
    driver: Any = connection.connection.driver_connection
    with tempfile.TemporaryFile() as errors:
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors)  # noqa: S603 our own arguments
        try:
            if running.stdout is None:
                raise AssertionError("a pipe was asked for")
            with running.stdout as script, driver.cursor() as cursor:
                _play(cursor, iter(script))
            code = running.wait()
        except psycopg.Error as error:
            raise Refusal("database.tool_failed", tool="pg_restore", said=str(error).strip()[:300]) from error
        finally:
            running.kill()
            running.wait()
        if code:
            errors.seek(0)
            said = errors.read().decode("utf-8", "replace").strip()[-300:]
            raise Refusal("database.tool_failed", tool="pg_restore", said=said)
    # The script leaves a session that finds no table by its bare name.
    connection.exec_driver_sql("RESET search_path")
    connection.exec_driver_sql("ANALYZE")


def _play(cursor: Any, script: Iterator[bytes]) -> None:
    """Execute a script of `pg_restore` as psql would: statements, and between them the rows of COPY."""
    statements: list[bytes] = []
    for line in script:
        if line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
            cursor.execute(b"".join(statements), prepare=False)
            statements.clear()
            with cursor.copy(line) as copy:
                for rows in _rows(script):
                    copy.write(rows)
        elif not line.startswith(b"\\"):  # a word to psql itself
            statements.append(line)
    cursor.execute(b"".join(statements), prepare=False)


def _rows(script: Iterable[bytes]) -> Iterator[bytes]:
    rows: list[bytes] = []
    for line in script:
        if line == b"\\.\n":
            break
        rows.append(line)
        if len(rows) == _ROWS:
            yield b"".join(rows)
            rows.clear()
    yield b"".join(rows)


def _found(name: str, connection: Connection) -> str:
    """The program of the server's own version, else the next newer one: an older one refuses a newer server."""
    server = int((connection.dialect.server_version_info or (0,))[0])
    there = {int(path.parts[-3]): path for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}")}
    fitting = sorted(there, key=lambda version: (version < server, abs(version - server)))
    found = str(there[fitting[0]]) if fitting else shutil.which(name)
    if found is None:
        raise Refusal("database.no_pg_tool", tool=name)
    return found
