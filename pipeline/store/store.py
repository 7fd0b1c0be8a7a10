"""An open store: its engine and its two kinds of transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from pipeline.store import migrate
from pipeline.store.backup import before_migration
from pipeline.store.engine import connect, url
from pipeline.store.errors import StoreError
from pipeline.store.inserting import INSERTS, Inserting


def now() -> str:
    """The moment, UTC, as the store writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Store:
    """An open store; share one in a process, open another in another process."""

    engine: Engine
    location: str  # without a password

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads; on SQLite it never waits for a writer."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: everything in it or nothing."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(write=True)
            with connection.begin():
                yield connection

    @property
    def insert(self) -> Inserting:
        """INSERT with ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
        return INSERTS[self.engine.dialect.name]

    def close(self) -> None:
        """Lets go of the connections."""
        self.engine.dispose()


def open_store(location: str | Path | None = None, *, create: bool = True) -> Store:
    """The store at a path or URL (None: the user's own), made or migrated where needed, after a backup.

    Raises:
        NewerStoreError: a newer caseline wrote it.
        StoreError: it cannot be opened, or is no store.
    """
    where = url(location)
    shown = where.database or "" if where.get_backend_name() == "sqlite" else where.render_as_string()
    if not create and where.get_backend_name() == "sqlite" and not Path(shown).exists():
        raise StoreError(f"{shown}: there is no store yet; `caseline run PATH` makes one")
    try:
        engine = connect(where)
        try:
            _ready(engine, shown)
        except BaseException:
            engine.dispose()
            raise
    except (DatabaseError, OSError) as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise StoreError(f"{shown}: cannot be opened as a store ({reason})") from error
    except StoreError as error:
        raise type(error)(f"{shown}: {error}") from error
    return Store(engine, shown)


def _ready(engine: Engine, shown: str) -> None:
    """Makes or migrates the tables where needed."""
    with engine.connect() as connection:
        known = inspect(connection).has_table("alembic_version")
        version = (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if known else None
        )
    if version != migrate.HEAD:
        if version in migrate.known():
            before_migration(engine, shown, str(version))
        migrate.upgrade(engine)
