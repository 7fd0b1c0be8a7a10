"""Who works on what, so that two runs at once do not do the same twice.

A claim belongs to a process (host:pid) and ends when the extraction is written. Where its process has died, or its
time is over, another takes it.
"""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from pipeline.store import tables as t
from pipeline.store.store import Store, now


def owner() -> str:
    """This process, as the store names it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def alive(other: str) -> bool:
    """Whether a process still runs; one on another host is believed to."""
    host, _, pid = other.rpartition(":")
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def claim(store: Store, content_key: str, fingerprint: str, seconds: float) -> bool:
    """Whether this process may extract this content now; the claim ends by itself after so many seconds."""
    until = (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    mine = {"owner": owner(), "until": until}
    same = (t.claims.c.content_key == content_key, t.claims.c.fingerprint == fingerprint)
    with store.write() as connection:
        new = store.insert(t.claims).values(content_key=content_key, fingerprint=fingerprint, **mine)
        if connection.execute(new.on_conflict_do_nothing()).rowcount:
            return True
        held = connection.execute(
            select(t.claims.c.owner, t.claims.c.until).where(*same).with_for_update()
        ).first()
        if held is None or (held.owner != mine["owner"] and held.until >= now() and alive(held.owner)):
            return False
        return _take(connection, content_key, fingerprint, mine)


def _take(connection: Connection, content_key: str, fingerprint: str, mine: dict[str, str]) -> bool:
    same = (t.claims.c.content_key == content_key, t.claims.c.fingerprint == fingerprint)
    return connection.execute(update(t.claims).where(*same).values(mine)).rowcount > 0


def release(store: Store, content_key: str, fingerprint: str) -> None:
    """Gives back a claim of this process."""
    with store.write() as connection:
        connection.execute(
            delete(t.claims).where(
                t.claims.c.content_key == content_key,
                t.claims.c.fingerprint == fingerprint,
                t.claims.c.owner == owner(),
            )
        )
