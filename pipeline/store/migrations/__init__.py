"""Alembic's environment; used by ``pipeline.store.migrate``."""
