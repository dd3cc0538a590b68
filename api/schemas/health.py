"""Whether the process lives and can do its work, over HTTP."""

from __future__ import annotations

from typing import Literal

from api.wire.bounds import Out


class HealthOut(Out):
    """The process answers."""

    status: Literal["ok"]


class ReadyOut(Out):
    """Whether requests can be served, and why not.

    `checks` names each check and what it found; `sqlite` says which SQLite is at work, empty on PostgreSQL.
    """

    ready: bool
    database: str
    sqlite: str
    revision: str
    waiting_run_s: int
    free_mib: int | None
    checks: dict[str, str]
