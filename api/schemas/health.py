"""Whether the process lives and can do its work, over HTTP."""

from __future__ import annotations

from typing import Literal

from api.wire.bounds import Out


class HealthOut(Out):
    """The process answers."""

    status: Literal["ok"]


class ReadyOut(Out):
    """Whether requests can be served, and why not.

    `checks` names each check and what it found; `sqlite` says which SQLite is at work, empty on PostgreSQL; `search`
    whether the compiled search is there: while it is loaded, and before it was asked for, a request that plans waits.
    """

    ready: bool
    database: str
    sqlite: str
    revision: str
    waiting_run_s: int
    free_mib: int | None
    search: Literal["when_asked", "loading", "loaded"]
    checks: dict[str, str]
