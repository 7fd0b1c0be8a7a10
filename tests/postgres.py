"""Databases on the PostgreSQL server of the tests.

The server is named by ``CASELINE_TEST_POSTGRES``; ``.ci/postgres COMMAND`` starts one and runs the command beside it.
"""

from __future__ import annotations

import atexit
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from pipeline.store import open_store, tables
from pipeline.store.migrate import HEAD

SERVER = "CASELINE_TEST_POSTGRES"
# What tests of both databases run on; without a server a few tests are skipped, not one of two everywhere.
DATABASES = ["sqlite", "postgresql"] if {SERVER, "CI"} & {*os.environ} else ["sqlite"]


def server() -> URL:
    """The server; skips the test where there is none."""
    named = os.environ.get(SERVER)
    if not named:
        if os.environ.get("CI"):
            pytest.fail(f"{SERVER} is not set: the gate runs the tests under .ci/postgres")
        pytest.skip(f"no PostgreSQL server; `.ci/postgres make test` starts one ({SERVER})")
    return make_url(named).set(drivername="postgresql+psycopg")


@contextmanager
def database() -> Iterator[str]:
    """The URL of a new and empty database, which is dropped afterwards."""
    where = server()
    name = _create(where)
    try:
        yield _url(where, name)
    finally:
        _drop(where, name)


def location() -> str:
    """The URL of an empty store: one database for all tests, emptied, since making one takes half a second."""
    found = _shared(server())
    engine = create_engine(found)
    with engine.connect() as connection, connection.begin():
        for table in reversed(tables.metadata.sorted_tables):
            connection.execute(table.delete())
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": HEAD})
    engine.dispose()
    return found


@cache
def _shared(where: URL) -> str:
    name = _create(where)
    atexit.register(_drop, where, name)
    found = _url(where, name)
    open_store(found).close()
    return found


def _url(where: URL, name: str) -> str:
    return where.set(database=name).render_as_string(hide_password=False)


def _create(where: URL) -> str:
    name = f"caseline_{uuid.uuid4().hex}"
    _say(where, f"CREATE DATABASE {name}")
    return name


def _drop(where: URL, name: str) -> None:
    _say(where, f"DROP DATABASE {name} WITH (FORCE)")


def _say(where: URL, statement: str) -> None:
    engine = create_engine(where, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
