"""Bring a database to the shape this version of the product expects, and say whether it is there."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Column, Connection
from sqlalchemy import text as sql

from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage.database import Database
from storage.tables import whole

HEAD = "head"
BASE = "base"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def head_revision() -> str:
    """The revision this version of the product expects."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def revision_of(connection: Connection) -> str:
    """The revision the database is at; empty: never migrated."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def migrate(database: Database, envelope: Envelope, *, target: str = HEAD) -> tuple[str, str]:
    """Go up or down to `target` in one transaction: a script that fails leaves the database as it was.

    Args:
        database: open.
        envelope: who migrates.
        target: ``head``, ``base`` or a revision.

    Returns:
        The revisions before and after; empty for a database without tables.

    Raises:
        Refusal: ``database.newer_than_program`` when the database is at a revision this version does not
            know, ``database.unknown_revision``, ``database.busy``.
    """
    with database.writing(envelope) as work:
        connection = work.connection
        if database.kind == "postgresql":
            # Two programs that start at once must not both migrate; the second finds the work done.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(720251)")
        before = revision_of(connection)
        _check_known(before, database)
        config = _config()
        config.attributes["connection"] = connection
        try:
            (command.downgrade if _is_down(before, target) else command.upgrade)(config, target)
        except CommandError as error:
            raise Refusal("database.unknown_revision", value=target[:40]) from error
        return before, revision_of(connection)


def check_at_head(database: Database) -> None:
    """Refuse a database whose tables are of another version.

    Raises:
        Refusal: ``database.not_migrated``, ``database.older_than_program``, ``database.newer_than_program``.
    """
    with database.reading() as connection:
        at = revision_of(connection)
    if not at:
        raise Refusal("database.not_migrated", database=database.name)
    _check_known(at, database)
    if at != head_revision():
        raise Refusal(
            "database.older_than_program", database=database.name, revision=at, head=head_revision()
        )


def differences(database: Database) -> list[str]:
    """What the tables of the database lack or have too much, compared with the models; empty: nothing."""
    models = whole()
    # Neither database says an index of an expression the way a model does: those are looked for by name.
    said = {
        str(index.name)
        for table in models.tables.values()
        for index in table.indexes
        if not all(isinstance(one, Column) for one in index.expressions)
    }

    def compared(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return not (kind == "index" and name in said)

    with database.reading() as connection, warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*expression-based index")
        options = {"compare_type": True, "include_object": compared}
        context = MigrationContext.configure(connection, opts=options)
        steps = [repr(step) for step in compare_metadata(context, models)]
        there = set(connection.execute(sql(_INDEXES[database.kind])).scalars())
    return steps + [f"no index {name}" for name in sorted(said - there)]


_INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
    "postgresql": "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()",
}


def _known() -> Iterator[str]:
    return (script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _check_known(at: str, database: Database) -> None:
    if at and at not in set(_known()):
        raise Refusal(
            "database.newer_than_program", database=database.name, revision=at, head=head_revision()
        )


def _is_down(before: str, target: str) -> bool:
    if target == BASE:
        return True
    newest_first = list(_known())
    return (
        target in newest_first
        and before in newest_first
        and newest_first.index(target) > newest_first.index(before)
    )
