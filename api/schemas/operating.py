"""What the service was started with, and copies of its database, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from api.wire.bounds import Out


class SettingOut(Out):
    """A setting: `value` is what holds, masked where it is secret; `about`: what it is, in the caller's language."""

    name: str
    variable: str
    value: str
    default: str
    origin: Literal["command_line", "variable", "file", "default"]
    secret: bool
    about: str


class SettingsOut(Out):
    """Every setting of the process that answers; `file`: where its settings file is, empty: it has none."""

    file: str
    settings: list[SettingOut]


class BackupOut(Out):
    """A copy of the database: `size` in bytes, `rows` in all its tables."""

    name: str
    made_at: datetime
    size: int
    kind: str
    revision: str
    rows: int


class BackupsOut(Out):
    """The copies in the folder set for them, the newest first.

    `folder`: as it is set, empty: none is; `kind`: of the database that is copied; `old_after_h`: hours after which the
    newest is too old; `too_old`: it is, or there is none.
    """

    folder: str
    kind: str
    old_after_h: int
    too_old: bool
    backups: list[BackupOut]


class BackupProvedOut(Out):
    """A copy that was read whole and agrees with what it held."""

    name: str
    rows: int
