"""Write the SQL of the first script from the models: ``python -m storage.migrations.first_script``.

Until the first release there is one script, rewritten as the tables change. With the release its files are
frozen, this module goes, and every change is a script of its own.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from storage.tables import whole

FOLDER = Path(__file__).parent / "first"

APPEND_ONLY = (
    "plan_step",
    "service_scheme",
    "desk_practice",
    "stock_move",
    "ticket_event",
    "content",
    "ticket_loan",
    "loan_event",
    "replacement",
    "roster_duty",
    "duty_handed_over",
    "escalation",
    "complaint",
    "complaint_event",
    "survey_event",
    "preventive_visit",
    "preventive_event",
    "borrowing",
    "standing_change",
    "finding",
    "charge_event",
    "report",
    "answer",
    "attachment",
    "knowledge",
    "checklist_answer",
    "signature",
    "approval_event",
    "change_request",
    "shipment",
    "lot_reading",
    "lot_skipped",
    "stock_inspection",
    "disposition",
    "nonconformance",
    "corrective_step",
    "loan_check",
    "stock_count",
    "snooze",
    "plan",
    "audit",
)
"""Tables whose rows are never changed or removed, whoever holds the connection."""

ERASABLE = {"report": ("contact",), "answer": ("value",), "signature": ("name",)}
"""Their columns that name a person: `storage.people.personal` may overwrite these, and nothing else of the row."""


def statements(dialect: Dialect) -> list[str]:
    """Everything that makes the tables, in an order in which it runs."""
    made: list[str] = []
    for table in whole().sorted_tables:
        made.append(_text(CreateTable(table), dialect))
        made.extend(
            _text(CreateIndex(index), dialect)
            for index in sorted(table.indexes, key=lambda index: str(index.name))
        )
    for name in APPEND_ONLY:
        made.extend(_append_only(name, dialect.name))
    return made


def down_statements(dialect: Dialect) -> list[str]:
    """Everything that removes them."""
    gone = [f"DROP TABLE {table.name}" for table in reversed(whole().sorted_tables)]
    if dialect.name == "postgresql":
        gone += [f"DROP FUNCTION {name}_append_only()" for name in APPEND_ONLY]
    return gone


DIALECTS: tuple[type[Dialect], ...] = (SQLiteDialect, PGDialect)


def written() -> dict[str, str]:
    """File name and content of every file of the first script."""
    files: dict[str, str] = {}
    for dialect in (kind() for kind in DIALECTS):
        files[f"{dialect.name}_up.sql"] = ";\n\n".join(statements(dialect)) + "\n"
        files[f"{dialect.name}_down.sql"] = ";\n\n".join(down_statements(dialect)) + "\n"
    return files


def _text(ddl: CreateTable | CreateIndex, dialect: Dialect) -> str:
    lines = str(ddl.compile(dialect=dialect)).strip().replace("\t", "  ").splitlines()
    return "\n".join(line.rstrip() for line in lines if line.strip())


def _append_only(table: str, kind: str) -> list[str]:
    changed = "UPDATE"
    if table in ERASABLE:
        kept = [column.name for column in whole().tables[table].columns if column.name not in ERASABLE[table]]
        changed = f"UPDATE OF {', '.join(kept)}"
    if kind == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{word.split()[0].lower()} BEFORE {word} ON {table}\n"
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for word in (changed, "DELETE")
        ]
    refuse = f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'"
    function = f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS"
    trigger = f"CREATE TRIGGER {table}_no_change BEFORE {changed} OR DELETE OR TRUNCATE ON {table}"
    return [
        f"{function}\n$$ BEGIN {refuse}; END $$",
        f"{trigger}\nFOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
    ]


def write() -> None:
    """Write the files anew."""
    FOLDER.mkdir(exist_ok=True)
    for name, content in written().items():
        (FOLDER / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    write()
