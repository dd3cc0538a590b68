"""Every table of the first release, from the SQL files in `first/`, one per database."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_FOLDER = Path(__file__).parent.parent / "first"


def upgrade() -> None:
    """Make the tables, their indexes, and the triggers that keep facts append-only."""
    _run("up")


def downgrade() -> None:
    """Remove them, with all they hold."""
    _run("down")


def _run(way: str) -> None:
    connection = op.get_bind()
    script = (_FOLDER / f"{connection.dialect.name}_{way}.sql").read_text(encoding="utf-8")
    for statement in script.split(";\n\n"):
        connection.exec_driver_sql(statement)
