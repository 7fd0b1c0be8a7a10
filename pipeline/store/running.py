"""Runs: begun, counted, ended."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import delete, insert, select, update

from pipeline.store import tables as t
from pipeline.store.claims import alive, owner
from pipeline.store.store import Store, now


def begin(store: Store, kind: str, fingerprint: str, name: str | None = None) -> int:
    """The id of a new run."""
    values = {
        "kind": kind, "name": name, "owner": owner(), "fingerprint": fingerprint, "started": now(),
        "state": "running", "counts": "{}",
    }  # fmt: skip
    with store.write() as connection:
        return int(connection.execute(insert(t.runs).values(values).returning(t.runs.c.id)).scalar_one())


def end(store: Store, run: int, state: str, counts: Mapping[str, int], report: str | None = None) -> None:
    """Writes down how a run ended."""
    values = {"state": state, "counts": json.dumps(dict(counts)), "report": report, "finished": now()}
    with store.write() as connection:
        connection.execute(update(t.runs).where(t.runs.c.id == run).values(values))


def tidy(store: Store) -> None:
    """Clears away what processes that died have left: their claims, and that their runs were running."""
    running = select(t.runs.c.id, t.runs.c.owner).where(t.runs.c.state == "running")
    with store.write() as connection:
        for id, by in connection.execute(running).all():
            if not alive(by):
                connection.execute(update(t.runs).where(t.runs.c.id == id).values(state="interrupted"))
        for by in connection.execute(select(t.claims.c.owner).distinct()).scalars().all():
            if not alive(by):
                connection.execute(delete(t.claims).where(t.claims.c.owner == by))
