"""Inserting many plain rows cheaply, on both databases.

SQLAlchemy compiles the statement, once; the values go to the driver as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import Connection, Dialect, Table, insert
from sqlalchemy.dialects import postgresql, sqlite


class Inserting(Protocol):
    """What the INSERT of both databases can do beyond that of the standard."""

    def __call__(self, table: Table) -> Any:
        """The statement, with ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""


INSERTS: dict[str, Inserting] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def put(connection: Connection, table: Table, lines: Sequence[dict[str, Any]], *, twice: bool) -> None:
    """Inserts rows, all with the same columns; with ``twice`` one whose key is there already is passed by."""
    if not lines:
        return
    statement, ordered = _statement(connection.dialect, table, tuple(lines[0]), twice)
    values: Any = lines if ordered is None else list(map(ordered, lines))
    connection.exec_driver_sql(statement, values)


@lru_cache(256)
def _statement(
    dialect: Dialect, table: Table, names: tuple[str, ...], twice: bool
) -> tuple[str, Callable[[dict[str, Any]], tuple[Any, ...]] | None]:
    """The INSERT of such rows, and what puts the values of one in order (None: the driver takes names)."""
    statement = INSERTS[dialect.name](table).on_conflict_do_nothing() if twice else insert(table)
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    return str(compiled), itemgetter(*compiled.positiontup) if compiled.positiontup else None
