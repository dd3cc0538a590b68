"""For who runs the service: what it was started with, and copies of its database. Restoring is a command on the machine."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi import Path as InPath
from pydantic import SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from api.asked import strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.schemas.operating import BackupOut, BackupProvedOut, BackupsOut, SettingOut, SettingsOut
from api.settings import FILE, PREFIX, Settings
from api.text import label
from api.wire.body import StrictRoute
from api.wire.written import carried_out
from kernel.errors import Refusal
from storage.copies import Copy, copies_in, one_more, proved
from storage.idempotency import Reply, once
from storage.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["operating"], dependencies=[Depends(strict)], route_class=StrictRoute)

MASKED = "***"
_ADDRESSES = frozenset({"geocoder_url", "travel_url", "dask"})


@router.get("/settings")
def list_settings(asked: Annotated[Asked, may(Action.OPERATE)], request: Request) -> SettingsOut:
    """Every setting, where its value comes from and what it means; secrets are masked, nothing is changed here."""
    settings: Settings = request.app.state.settings
    return SettingsOut(
        file=os.environ.get(FILE, ""),
        settings=[
            SettingOut(
                name=name,
                variable=f"{PREFIX}{name.upper()}",
                value=shown(name, getattr(settings, name)),
                default=shown(name, field.default),
                origin=settings.origin(name).value,
                secret=isinstance(field.default, SecretStr),
                about=label(f"setting.{name}", asked.lang),
            )
            for name, field in Settings.model_fields.items()
        ],
    )


@router.get("/backups")
def list_backups(asked: Annotated[Asked, may(Action.OPERATE)], request: Request) -> BackupsOut:
    """Copies of the database in the folder that is set for them, and whether the newest is too old."""
    settings: Settings = request.app.state.settings
    found = copies_in(Path(settings.backups)) if settings.backups else ()
    old = asked.now - timedelta(hours=settings.backup_old_h)
    return BackupsOut(
        folder=settings.backups,
        kind=asked.database.kind,
        old_after_h=settings.backup_old_h,
        too_old=not found or found[0].made_at < old,
        backups=[_out(one) for one in found],
    )


@router.post("/backups", status_code=201)
def make_backup(command: Annotated[Command, may_write(Action.OPERATE)], request: Request) -> BackupOut:
    """Copy the database now, while it is in use, into the folder that is set for it."""
    folder = _folder(request)
    envelope, most = command.envelope, request.app.state.settings.backups_most
    # Made before the command's transaction: nobody's write waits for a copy.
    made = one_more(command.database, folder, now=envelope.now, key=envelope.key, most=most)

    def noted(work: UnitOfWork) -> Reply:
        def act() -> Reply:
            work.record("database.backup", made.name, rows=made.rows)
            return {"name": made.name}

        return once(work, "database.backup", {}, act)

    carried_out(command.database, envelope, noted)
    return _out(made)


@router.get("/backups/{name}/check")
def check_backup(
    name: Annotated[str, InPath(max_length=100, description="Name of its file, as the list gives it.")],
    asked: Annotated[Asked, may(Action.OPERATE)],  # noqa: ARG001 the door
    request: Request,
) -> BackupProvedOut:
    """Read a copy whole and compare it with what it held; of PostgreSQL only a restore proves it, and is refused here."""
    found = proved(_folder(request), name)
    return BackupProvedOut(name=found.name, rows=found.rows)


def shown(name: str, value: object) -> str:
    """A setting as it may be seen: never a secret, nor what stands in an address to sign in with."""
    if isinstance(value, SecretStr):
        return MASKED if value.get_secret_value() else ""
    text = str(value)
    if name != "database" and name not in _ADDRESSES:
        return text
    if "://" not in text:
        return text
    try:
        read = make_url(text)  # whole: a password may hold a question mark
        safe = read.set(query={}).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return MASKED
    return safe + (f"?{MASKED}" if read.query else "")


def _folder(request: Request) -> Path:
    settings: Settings = request.app.state.settings
    if not settings.backups:
        raise Refusal("database.no_copies_folder")
    return Path(settings.backups)


def _out(copy: Copy) -> BackupOut:
    return BackupOut(**asdict(copy))
