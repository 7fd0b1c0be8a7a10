"""Accounts of reviewers: names, roles, passwords (scrypt), sessions, and a brake on guessing.

A session is a random token; the store keeps its hash, so a copy of the store lets nobody in. Logging in always makes
a new token. After some failed log-ins for an account or from an address, further ones wait.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Row, delete, select, update

from pipeline.store import tables as t
from pipeline.store.errors import StoreError
from pipeline.store.store import Store, now

AccountRole = Literal["annotator", "adjudicator", "admin"]
ROLES: tuple[str, ...] = get_args(AccountRole)
NAME = re.compile(r"[a-z][a-z0-9._-]{0,63}")
SHORTEST_PASSWORD = 10
# OWASP's password storage cheat sheet: scrypt with N=2^17, r=8, p=1 (128 MB).
N, R, P = 2**17, 8, 1
SESSION = timedelta(hours=12)
FREE_ATTEMPTS = 5
WAIT = timedelta(minutes=5)
FORMAT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Account:
    """Who is at work; ``csrf`` belongs to the session."""

    name: str
    role: str
    csrf: str = ""


class LogInError(StoreError):
    """A log-in that is refused; the message is the same whether the name or the password is wrong."""


def add(store: Store, name: str, role: str, password: str) -> None:
    """Makes an account.

    Raises:
        StoreError: the name is taken or not of the form, the role unknown, the password too short.
    """
    if not NAME.fullmatch(name) or name in ("adjudicated", "local"):
        raise StoreError(f"{name!r} is no account name: lower-case letters, digits, dot, dash and underscore")
    if role not in ROLES:
        raise StoreError(f"{role!r} is no role; there are {', '.join(ROLES)}")
    row = {"name": name, "role": role, "password": _hash(password), "active": True, "made": now()}
    with store.write() as connection:
        if connection.execute(select(t.accounts.c.name).where(t.accounts.c.name == name)).first():
            raise StoreError(f"there is an account {name} already")
        connection.execute(t.accounts.insert().values(row))


def change(
    store: Store,
    name: str,
    *,
    role: str | None = None,
    password: str | None = None,
    active: bool | None = None,
) -> None:
    """Changes an account; whoever is logged in with it is logged out.

    Raises:
        StoreError: there is no such account, or the value is not allowed.
    """
    if role is not None and role not in ROLES:
        raise StoreError(f"{role!r} is no role; there are {', '.join(ROLES)}")
    values: dict[str, object] = {}
    if role is not None:
        values["role"] = role
    if password is not None:
        values["password"] = _hash(password)
    if active is not None:
        values["active"] = active
    with store.write() as connection:
        found = connection.execute(update(t.accounts).where(t.accounts.c.name == name).values(values))
        if not found.rowcount:
            raise StoreError(f"there is no account {name}")
        connection.execute(delete(t.sessions).where(t.sessions.c.account == name))


def accounts(store: Store) -> list[Row[Any]]:
    """Name, role, whether it is active, and when it was made, sorted by name."""
    c = t.accounts.c
    with store.read() as connection:
        return list(connection.execute(select(c.name, c.role, c.active, c.made).order_by(c.name)))


def log_in(store: Store, name: str, password: str, address: str) -> str:
    """A new session's token.

    Raises:
        LogInError: refused, or too many attempts.
    """
    keys = (f"account:{name[:64]}", f"address:{address[:64]}")
    _brake(store, keys)
    with store.read() as connection:
        row = connection.execute(select(t.accounts).where(t.accounts.c.name == name)).first()
    # the same work whether the account exists or not
    right = _verify(password, row.password if row else DUMMY) and row is not None and row.active
    if not right or row is None:
        _count(store, keys)
        raise LogInError("name or password is wrong")
    token = secrets.token_urlsafe(32)
    until = (datetime.now(UTC) + SESSION).strftime(FORMAT)
    with store.write() as connection:
        connection.execute(delete(t.attempts).where(t.attempts.c.key.in_(keys)))
        connection.execute(delete(t.sessions).where(t.sessions.c.until < now()))
        connection.execute(
            t.sessions.insert().values(
                token_sha256=_digest(token), account=row.name, csrf=secrets.token_urlsafe(32), until=until
            )
        )
    return token


def who(store: Store, token: str | None) -> Account | None:
    """The account of a session's token; None where it has none, or it has ended."""
    if not token:
        return None
    query = (
        select(t.accounts.c.name, t.accounts.c.role, t.sessions.c.csrf)
        .join(t.sessions, t.sessions.c.account == t.accounts.c.name)
        .where(t.sessions.c.token_sha256 == _digest(token), t.sessions.c.until >= now(), t.accounts.c.active)
    )
    with store.read() as connection:
        row = connection.execute(query).first()
    return Account(*row) if row else None


def log_out(store: Store, token: str | None) -> None:
    """Ends a session."""
    if token:
        with store.write() as connection:
            connection.execute(delete(t.sessions).where(t.sessions.c.token_sha256 == _digest(token)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=2 * 128 * n * r, dklen=32)


def _hash(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise StoreError(f"a password has at least {SHORTEST_PASSWORD} characters")
    salt = secrets.token_bytes(16)
    return f"scrypt${N}${R}${P}${salt.hex()}${_scrypt(password, salt, N, R, P).hex()}"


def _verify(password: str, kept: str) -> bool:
    _, n, r, p, salt, digest = kept.split("$")
    made = _scrypt(password[:1024], bytes.fromhex(salt), int(n), int(r), int(p))
    return hmac.compare_digest(made, bytes.fromhex(digest))


# What is compared with where there is no such account.
DUMMY = f"scrypt${N}${R}${P}${'00' * 16}${'00' * 32}"


def _brake(store: Store, keys: tuple[str, ...]) -> None:
    since = (datetime.now(UTC) - WAIT).strftime(FORMAT)
    query = select(t.attempts.c.count).where(
        t.attempts.c.key.in_(keys), t.attempts.c.last >= since, t.attempts.c.count >= FREE_ATTEMPTS
    )
    with store.read() as connection:
        if connection.execute(query).first():
            raise LogInError("too many attempts; wait five minutes")


def _count(store: Store, keys: tuple[str, ...]) -> None:
    since = (datetime.now(UTC) - WAIT).strftime(FORMAT)
    with store.write() as connection:
        connection.execute(delete(t.attempts).where(t.attempts.c.last < since))
        for key in keys:
            put = store.insert(t.attempts).values(key=key, count=1, last=now())
            connection.execute(
                put.on_conflict_do_update(
                    index_elements=["key"], set_={"count": t.attempts.c.count + 1, "last": now()}
                )
            )
