"""Table of runs: long work that a worker takes, holds by a lease, and finishes once."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from storage.tables import metadata
from storage.tables.columns import (
    DOCUMENT_TYPE,
    count_column,
    id_column,
    known_word,
    moment_column,
    text_column,
    whole,
    word_column,
)


class RunState(StrEnum):
    """Where a run stands."""

    WAITING = "waiting"
    """Nobody has it; also after a worker died and another try is left."""
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    """Somebody asked for it to end before it had begun."""
    FAILED = "failed"


RunRow = Table(
    "run",
    metadata,
    id_column("region_id"),  # no reference: an import is asked for before its region is there
    id_column("id"),
    text_column("kind", most=32),
    word_column("state"),
    Column("input", DOCUMENT_TYPE, nullable=False),
    Column(
        "token", BigInteger, nullable=False
    ),  # grows with every taking: who holds an older one has lost the run
    Column("attempts", Integer, nullable=False),
    Column("most_attempts", Integer, nullable=False),
    text_column("worker", most=64),
    moment_column("lease_until", nullable=True),
    moment_column("heartbeat_at", nullable=True),
    Column("progress", DOCUMENT_TYPE, nullable=False),
    Column("stop_requested", Boolean, nullable=False),
    Column("error_code", String(80), nullable=False),
    Column("error_detail", Text, nullable=False),
    moment_column("started_at", nullable=True),
    moment_column("ended_at", nullable=True),
    id_column("written_by"),
    id_column("written_from"),
    moment_column("written_at"),
    id_column("written_key"),
    PrimaryKeyConstraint("region_id", "id"),
    known_word("state", RunState),
    CheckConstraint("attempts >= 0 AND attempts <= most_attempts", name="attempts_counted"),
    CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="running_is_leased"),
    CheckConstraint(
        "(state IN ('done', 'stopped', 'failed')) = (ended_at IS NOT NULL)", name="end_has_moment"
    ),
    Index(
        "ix_run_open",
        "written_at",
        "id",
        sqlite_where=text("state IN ('waiting', 'running')"),
        postgresql_where=text("state IN ('waiting', 'running')"),
    ),
)
"""One table for every kind of work; what a run makes is written in the transaction that ends it."""


RunFileRow = Table(
    "run_file",
    metadata,
    id_column("region_id"),
    id_column("run_id"),
    id_column("name"),
    text_column("media_type", most=64),
    count_column("size"),
    Column("bytes", LargeBinary(), nullable=False),
    id_column("written_by"),
    id_column("written_from"),
    moment_column("written_at"),
    id_column("written_key"),
    PrimaryKeyConstraint("region_id", "run_id", "name"),
    ForeignKeyConstraint(["region_id", "run_id"], ["run.region_id", "run.id"]),
    CheckConstraint("size >= 0", name="size_least"),
    *whole("size"),
)
"""Files given with a run, and those it made; they go with the run."""
