"""Tables of plans: the document as it was written, what a list of plans shows, what was decided about them."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from storage.tables import metadata
from storage.tables.columns import id_column, moment_column
from storage.tables.scope import at_least, index, region_table, word


class PlanStep(StrEnum):
    """What was decided about a plan."""

    TAKEN = "taken"
    """Published, whole or some of its parts."""
    DISCARDED = "discarded"


class PlanState(StrEnum):
    """What has become of a plan: what its steps come to."""

    MADE = "made"
    """Nothing was decided about it yet."""
    TAKEN = "taken"
    """Published, whole or some of its parts; the others can still be."""
    DISCARDED = "discarded"
    """Decided against: nothing more of it can be taken."""


PlanRow = Table(
    "plan",
    metadata,
    id_column("region_id"),
    id_column("id"),  # that of the run that made it: one run, one plan
    moment_column("now"),
    Column("problem_digest", String(64), nullable=False),
    Column("dataset_digest", String(64), nullable=False),
    Column("cost_cents", BigInteger, nullable=False),
    Column("visits", Integer, nullable=False),
    Column("left_out", Integer, nullable=False),
    Column(
        "document", Text, nullable=False
    ),  # the bytes of plan.json: a document re-written would not be the same
    Column("manifest", Text, nullable=False),
    Column(
        "proposal", Text, nullable=False, server_default=""
    ),  # what it would change of the plan in force, to be taken whole or in part
    id_column("written_by"),
    id_column("written_from"),
    moment_column("written_at"),
    id_column("written_key"),
    at_least("visits", 0),
    at_least("left_out", 0),
    PrimaryKeyConstraint("region_id", "id"),
    ForeignKeyConstraint(["region_id"], ["region.id"]),
    index("ix_plan_written_at", "written_at", "id"),
)

PlanStepRow = region_table(
    "plan_step",
    id_column("plan_id"),
    *word("step", PlanStep),
    moment_column("at"),
    Column("parts", Text, nullable=False),  # numbers of the parts taken, a blank between them
    ForeignKeyConstraint(["region_id", "plan_id"], ["plan.region_id", "plan.id"]),
    index("ix_plan_step_plan", "plan_id"),
)
"""Append-only: a plan's state is what its steps say."""
