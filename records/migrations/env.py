"""Alembic's entry: runs the migrations on the connection that ``records.database`` hands over."""
from __future__ import annotations

from alembic import context

from records.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
# The connection is in a transaction already: all migrations, or none.
context.run_migrations()
