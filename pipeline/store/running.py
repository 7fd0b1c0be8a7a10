"""Runs: begun, counted, ended."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select, update

from pipeline.store import tables as t
from pipeline.store.claims import alive, owner
from pipeline.store.store import Store, now


def begin(
    store: Store, kind: str, fingerprint: str, name: str | None = None, lexicons: Sequence[str] = ()
) -> int:
    """The id of a new run; ``lexicons`` are the paths of the user's own."""
    values = {
        "kind": kind, "name": name, "owner": owner(), "fingerprint": fingerprint, "started": now(),
        "state": "running", "counts": "{}",
        "options": json.dumps({"lexicons": list(lexicons)}),
    }  # fmt: skip
    with store.write() as connection:
        return int(connection.execute(insert(t.runs).values(values).returning(t.runs.c.id)).scalar_one())


def end(store: Store, run: int, state: str, counts: Mapping[str, int], report: str | None = None) -> None:
    """Writes down how a run ended."""
    values = {"state": state, "counts": json.dumps(dict(counts)), "report": report, "finished": now()}
    with store.write() as connection:
        connection.execute(update(t.runs).where(t.runs.c.id == run).values(values))


def fail(store: Store, run: int) -> None:
    """Writes down that a run came to no end, unless it is written down how it ended."""
    c = t.runs.c
    with store.write() as connection:
        ended = {"state": "failed", "finished": now()}
        connection.execute(update(t.runs).where(c.id == run, c.state == "running").values(ended))


def lexicons(store: Store, run: int | None = None) -> tuple[str, ...]:
    """The user's own lexicons in a run; without a number in the last run that read documents."""
    c = t.runs.c
    query = select(c.options).where(c.kind != "evaluate").order_by(c.id.desc()).limit(1)
    if run is not None:
        query = select(c.options).where(c.id == run)
    with store.read() as connection:
        found = connection.execute(query).scalar()
    return tuple(json.loads(found).get("lexicons", ())) if found else ()


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
