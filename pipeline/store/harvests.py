"""Saved queries: what to look for where, how far an interrupted listing got, when the last complete one began."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, or_, select, update

from pipeline.store import tables as t
from pipeline.store.errors import StoreError
from pipeline.store.store import Store, now


@dataclass(frozen=True, slots=True)
class Harvest:
    """A saved query."""

    name: str
    source: str
    query: str
    cron: str | None
    cursor: str | None
    since: str | None
    added: str
    lexicons: tuple[str, ...] = ()  # paths of the user's own


def add(
    store: Store, name: str, source: str, query: str, cron: str | None, lexicons: Sequence[str] = ()
) -> None:
    """Saves a query under a new name.

    Raises:
        StoreError: the name is taken.
    """
    values = {"name": name, "source": source, "query": query, "cron": cron, "added": now()}
    values["lexicons"] = json.dumps(list(lexicons))
    with store.write() as connection:
        put = store.insert(t.harvests).values(values).on_conflict_do_nothing()
        if not connection.execute(put).rowcount:
            raise StoreError(f"{name}: there is a query of this name; remove it first")


def remove(store: Store, name: str) -> None:
    """Forgets a query; what it brought stays.

    Raises:
        StoreError: there is none.
    """
    with store.write() as connection:
        if not connection.execute(delete(t.harvests).where(t.harvests.c.name == name)).rowcount:
            raise StoreError(f"{name}: no query of this name")


def named(store: Store, name: str) -> Harvest:
    """The query of this name.

    Raises:
        StoreError: there is none.
    """
    for one in every(store):
        if one.name == name:
            return one
    raise StoreError(f"{name}: no query of this name; `caseline harvest list` shows them")


def every(store: Store) -> list[Harvest]:
    """All queries, by name."""
    with store.read() as connection:
        rows = connection.execute(select(t.harvests).order_by(t.harvests.c.name)).all()
    return [
        Harvest(r.name, r.source, r.query, r.cron, r.cursor, r.since, r.added, tuple(json.loads(r.lexicons)))
        for r in rows
    ]


def mark(store: Store, name: str, cursor: str | None, since: str | None) -> None:
    """Writes down how far a listing got."""
    values = {"cursor": cursor, "since": since}
    with store.write() as connection:
        connection.execute(update(t.harvests).where(t.harvests.c.name == name).values(values))


def undone(store: Store) -> list[tuple[str, str]]:
    """The articles that were fetched but not done since: (uri, hash of the bytes)."""
    f, i = t.fetched.c, t.items.c
    query = select(f.uri, f.sha256).outerjoin(t.items, i.uri == f.uri)
    query = query.where(or_(i.uri.is_(None), i.raw_sha256 != f.sha256, i.state.in_(("not_open",))))
    with store.read() as connection:
        return [(uri, sha) for uri, sha in connection.execute(query.order_by(f.uri))]


def retractions(store: Store, run: int) -> list[tuple[str, str]]:
    """What the notices of retraction that came in a run retract: (DOI or PMID, id of the notice)."""
    from pipeline.schema import Source

    query = select(t.versions.c.document_id, t.versions.c.source).where(t.versions.c.run_id == run)
    with store.read() as connection:
        rows = connection.execute(query.order_by(t.versions.c.document_id)).all()
    sources = [(id, Source.model_validate_json(source)) for id, source in rows]
    return [
        (related.id, id)
        for id, source in sources
        for related in source.related
        if related.kind in ("retracted-article", "retraction-of")
    ]
