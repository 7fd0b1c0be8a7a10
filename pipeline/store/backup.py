"""Copies of a store: made while it is in use, put back, looked over.

SQLite is copied by its own online backup. A PostgreSQL store is copied by ``pg_dump``, which its owner runs.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, func, select, text

from pipeline.store import tables as t
from pipeline.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.store.store import Store


def backup(store: Store, target: Path) -> Path:
    """Copies the store to a new file.

    Raises:
        StoreError: the target exists, or the store is no SQLite file.
    """
    _only_sqlite(store.engine)
    if target.exists():
        raise StoreError(f"{target}: exists already")
    _copy(Path(store.location), target)
    return target


def before_migration(engine: Engine, location: str, version: str) -> None:
    """Keeps the store as it was beside itself; PostgreSQL migrates in one transaction and needs none."""
    if engine.dialect.name != "sqlite":
        return
    target = Path(f"{location}.before-{version}")
    if not target.exists():
        _copy(Path(location), target)


def restore(location: Path, source: Path) -> None:
    """Puts a backup in the place of the store; what was there is kept as ``NAME.replaced``.

    Raises:
        StoreError: the backup is damaged or no store.
    """
    if not source.is_file():
        raise StoreError(f"{source}: no such file")
    if faults := _integrity(source):
        raise StoreError(f"{source}: the backup is damaged ({faults[0]})")
    location.parent.mkdir(parents=True, exist_ok=True)
    fresh = location.with_name(location.name + ".restoring")
    shutil.copyfile(source, fresh)
    if location.exists():
        # Its log belongs to it: fold it in before the file moves.
        with sqlite3.connect(location) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        old.close()
        os.replace(location, location.with_name(location.name + ".replaced"))
    for suffix in ("-wal", "-shm"):
        Path(f"{location}{suffix}").unlink(missing_ok=True)
    os.replace(fresh, location)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    old, new = sqlite3.connect(source), sqlite3.connect(partial)
    try:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")
    finally:
        old.close()
        new.close()
    os.replace(partial, target)


def _integrity(path: Path) -> list[str]:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return ["no store of caseline"]
        rows = connection.execute("PRAGMA integrity_check").fetchall()
        rows += connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        return [str(error)]
    finally:
        connection.close()
    return [str(row[0]) for row in rows if row[0] != "ok"]


def _only_sqlite(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        raise StoreError("a PostgreSQL store is copied with pg_dump and put back with pg_restore")


def check(store: Store) -> Iterator[str]:
    """The faults of a store, one line each; none is the good case.

    Looks at the database's own integrity, at hashes of texts, at every extraction's offsets, at the rows
    against the records, and at the pointers to current versions and extractions.
    """
    from pipeline.store import reading

    if store.engine.dialect.name == "sqlite":
        yield from (f"database: {fault}" for fault in _integrity(Path(store.location)))
    with store.read() as connection:
        for key, sha, content in connection.execute(
            select(t.contents.c.key, t.contents.c.text_sha256, t.contents.c.text)
        ):
            if hashlib.sha256(content.encode()).hexdigest() != sha:
                yield f"content {key}: the text is not the one that was stored"
        current = select(t.documents.c.id).outerjoin(
            t.extractions, t.documents.c.extraction_id == t.extractions.c.id
        )
        for (id,) in connection.execute(
            current.where(t.documents.c.extraction_id.is_not(None), t.extractions.c.id.is_(None))
        ):
            yield f"document {id}: its current extraction is missing"
        ids = connection.execute(select(t.extractions.c.id).order_by(t.extractions.c.id)).scalars().all()
        numbers = select(t.mentions.c.extraction_id, func.count()).group_by(t.mentions.c.extraction_id)
        counted: dict[str, int] = {id: number for id, number in connection.execute(numbers)}
    for id in ids:
        record = reading.by_id(store, id)
        try:
            record.check()
        except ValueError as error:
            yield f"extraction {id}: {error}"
        if len(record.mentions) != counted.get(id, 0):
            yield f"extraction {id}: {len(record.mentions)} mentions in the record, {counted.get(id, 0)} in rows"


def digest(store: Store) -> str:
    """One hash of all documents and their extractions, whatever their order, run and time."""
    total = hashlib.sha256()
    columns = (
        t.extractions.c.document_id, t.extractions.c.version, t.extractions.c.fingerprint,
        t.extractions.c.content_key, t.extractions.c.record,
    )  # fmt: skip
    with store.read() as connection:
        for table, names in (
            (t.documents, tuple(t.documents.c)),
            (t.extractions, columns),
            (t.mentions, tuple(t.mentions.c)),
            (t.relations, tuple(t.relations.c)),
            (t.events, tuple(t.events.c)),
            (t.failures, (t.failures.c.uri, t.failures.c.kind, t.failures.c.reason)),
        ):
            for row in sorted(json.dumps(list(row)) for row in connection.execute(select(*names))):
                total.update(row.encode())
            total.update(table.name.encode())
        versions = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    total.update(str(versions).encode())
    return total.hexdigest()
