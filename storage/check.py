"""What can be wrong with a database, as messages: its file, its sums, its attachments, its audit chain."""

from __future__ import annotations

from kernel.errors import Message, Value
from storage.audit import breaks
from storage.database import Database
from storage.desk.contents import damaged
from storage.migration import differences
from storage.rows.knowledge import wrong_words
from storage.stock.recount import broken_promises, wrong_sums


def unsound(database: Database) -> list[Message]:
    """Where the tables are not those of the models, and, on SQLite, pages and references that are broken."""
    found = [Message("database.table_differs", {"what": what[:200]}) for what in differences(database)]
    if database.kind == "sqlite":
        with database.reading() as connection:
            for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
                if line != "ok":
                    found.append(Message("database.file_damaged", {"what": str(line)[:200]}))
            found.extend(
                Message("database.reference_broken", {"table": str(row[0]), "to": str(row[2])})
                for row in connection.exec_driver_sql("PRAGMA foreign_key_check")
            )
    return found


def untrue(database: Database) -> list[Message]:
    """Where a sum differs from its moves, an attachment from its digest, words from their entries, and where the audit chain is broken."""
    with database.reading() as connection:
        found = [*wrong_sums(connection), *damaged(connection), *wrong_words(connection)]
        for broken in breaks(connection):
            values: dict[str, Value] = {"region": broken.region, "lane": broken.lane, "number": broken.number}
            found.append(Message("database.audit_broken", values))
    return found


def remarks(database: Database) -> list[Message]:
    """What is no mistake of the database but wants somebody's attention: promises that cannot be kept."""
    with database.reading() as connection:
        return list(broken_promises(connection))
