"""Who works on what, so that two runs at once do not do the same twice.

A claim belongs to a process (host:pid) and ends when the extraction is written. Where its process has died, or its
time is over, another takes it.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update

from pipeline.store import tables as t
from pipeline.store.inserting import put
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
    return bool(claim_all(store, [content_key], fingerprint, seconds))


def claim_all(store: Store, content_keys: Iterable[str], fingerprint: str, seconds: float) -> set[str]:
    """The contents that this process may extract now; the others are another's."""
    until = (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    mine = {"owner": owner(), "until": until}
    keys, c = sorted(set(content_keys)), t.claims.c
    if not keys:
        return set()
    won: set[str] = set()
    with store.write() as connection:
        put(
            connection,
            t.claims,
            [{"content_key": key, "fingerprint": fingerprint, **mine} for key in keys],
            twice=True,
        )
        wanted = (c.fingerprint == fingerprint, c.content_key.in_(keys))
        held = connection.execute(
            select(c.content_key, c.owner, c.until).where(*wanted).order_by(c.content_key)
        )
        for key, by, end in held.all():
            if by == mine["owner"] and end == until:
                won.add(key)
            elif by == mine["owner"] or end < now() or not alive(by):
                same = (c.fingerprint == fingerprint, c.content_key == key, c.owner == by, c.until == end)
                if connection.execute(update(t.claims).where(*same).values(mine)).rowcount:
                    won.add(key)
    return won


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
