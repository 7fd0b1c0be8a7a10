"""Run by Alembic: migrates over the connection that ``migrate.upgrade`` hands in."""

from alembic import context

from pipeline.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
