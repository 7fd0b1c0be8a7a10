"""Articles as they were fetched, kept so that nothing is fetched twice."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from pipeline.store import tables as t
from pipeline.store.errors import StoreError
from pipeline.store.store import Store, now


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a fetched article without its bytes; ``facts`` are the source's own words on it."""

    uri: str
    sha256: str
    etag: str | None
    facts: dict[str, Any]
    fetched: str


def keep(store: Store, uri: str, data: bytes, facts: Mapping[str, Any], etag: str | None = None) -> str:
    """Keeps the bytes of an article; returns their hash."""
    sha = hashlib.sha256(data).hexdigest()
    values = {
        "uri": uri, "sha256": sha, "data": zlib.compress(data, 6), "etag": etag,
        "facts": json.dumps(dict(facts), sort_keys=True), "fetched": now(),
    }  # fmt: skip
    with store.write() as connection:
        put = store.insert(t.fetched).values(values)
        connection.execute(put.on_conflict_do_update(index_elements=["uri"], set_=values))
    return sha


def kept(store: Store, uri: str) -> Kept | None:
    """What is known of an article, if it was fetched."""
    c = t.fetched.c
    with store.read() as connection:
        row = connection.execute(
            select(c.uri, c.sha256, c.etag, c.facts, c.fetched).where(c.uri == uri)
        ).first()
    return Kept(row.uri, row.sha256, row.etag, json.loads(row.facts), row.fetched) if row else None


def data(store: Store, uri: str) -> bytes:
    """The bytes of an article.

    Raises:
        StoreError: it was not fetched, or the bytes are damaged.
    """
    with store.read() as connection:
        row = connection.execute(
            select(t.fetched.c.data, t.fetched.c.sha256).where(t.fetched.c.uri == uri)
        ).first()
    if row is None:
        raise StoreError(f"{uri}: not fetched")
    found = zlib.decompress(row.data)
    if hashlib.sha256(found).hexdigest() != row.sha256:
        raise StoreError(f"{uri}: what was fetched is damaged")
    return found
