"""Bringing a store to the present version of its tables, after a backup."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from pipeline.store.errors import NewerStoreError, StoreError

HEAD = "0005"
LOCK = 7_202_611  # any number: what PostgreSQL's advisory lock is called
FOLDER = Path(__file__).parent / "migrations"


def revision(connection: Connection) -> str | None:
    """The version of the store's tables; None for an empty database.

    Raises:
        StoreError: the database holds something else.
    """
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        if tables:
            raise StoreError("this database holds other tables, but no store of caseline")
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def known() -> list[str]:
    """All versions, oldest first."""
    return sorted(path.name.split("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def upgrade(engine: Engine, to: str = HEAD) -> None:
    """Creates or migrates the tables, in one transaction; other openers wait meanwhile.

    Raises:
        NewerStoreError: the store is newer than this caseline.
    """
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        now = revision(connection)
        if now == to:
            return
        if now is not None and now not in known():
            raise NewerStoreError(
                f"the store has version {now}, this caseline knows {HEAD}: install a newer caseline, "
                "or restore a backup"
            )
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, to)
