"""Alembic's entry: runs the scripts on the connection that `storage.migration` hands in."""

from __future__ import annotations

from alembic import context

from storage.tables import whole

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=whole(),
    transactional_ddl=True,  # both databases undo a half-applied script
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="storage.tables.columns.",
)
with context.begin_transaction():
    context.run_migrations()
