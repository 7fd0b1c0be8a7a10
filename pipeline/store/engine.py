"""Where a store lies and how it is opened.

SQLite (write-ahead log, foreign keys) unless the location is the URL of a PostgreSQL database.
Example: ``url("cases.sqlite")`` is ``sqlite:////here/cases.sqlite``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import platformdirs
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from pipeline.store.errors import StoreError

BUSY_SECONDS = 60  # how long a writer waits for the other writers of a SQLite file
# A document is 0.1 MB: the default log (4 MB) would be folded in, and waited for, at every third commit.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "wal_autocheckpoint=8000",
    "cache_size=-32000",
)


def default_path() -> Path:
    """The store of this user; the environment variable CASELINE_STORE overrides it."""
    return Path(platformdirs.user_data_dir("caseline", appauthor=False)) / "store.sqlite"


def url(location: str | Path | None = None) -> URL:
    """The database URL of a path, a URL, or (None) the user's own store.

    Raises:
        StoreError: the URL is malformed or of another database.
    """
    text = str(location or os.environ.get("CASELINE_STORE") or default_path())
    if "://" not in text:
        return URL.create("sqlite", database=str(Path(text).expanduser().resolve()))
    try:
        parsed = make_url(text)
    except ArgumentError as error:
        raise StoreError("the store's URL cannot be read; e.g. postgresql://user@host/name") from error
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError(f"{parsed.drivername}: only SQLite and PostgreSQL are supported")
    return parsed


def connect(where: URL) -> Engine:
    """An engine; nothing is opened yet.

    Raises:
        StoreError: the driver of PostgreSQL is not installed.
    """
    if where.get_backend_name() == "postgresql":
        try:
            return create_engine(where, pool_pre_ping=True)
        except ModuleNotFoundError as error:
            raise StoreError("PostgreSQL needs the extra: pip install 'caseline[postgres]'") from error
    if where.database:
        Path(where.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(where, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin, not by the driver
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    # A transaction that will write takes the lock at once: one that began by reading could not wait for it.
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
