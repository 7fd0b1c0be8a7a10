"""Who may do what: sessions, roles, protection against forged requests, and the headers of every answer.

Without accounts the application serves one person at this machine and binds to loopback only. With accounts every
request needs a session; what changes something also needs the session's token in a header, which another site's page
cannot know. The ``Host`` header must name the server, so that no foreign name can be pointed at it.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response

from pipeline.store import Store
from pipeline.store import accounts as kept
from pipeline.store.accounts import Account
from pipeline.store.reviews import ADJUDICATED

COOKIE = "caseline_session"
HEADER = "x-csrf-token"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
RANK = {"annotator": 0, "adjudicator": 1, "admin": 2}
MAX_BODY = 20_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """How the application is served. ``local`` is the token that stands for a session where there are no accounts."""

    store: Store
    with_accounts: bool
    hosts: frozenset[str]
    secure_cookies: bool
    local: str


def settings(
    store: Store, *, with_accounts: bool, hosts: frozenset[str] = frozenset(), secure_cookies: bool = False
) -> Settings:
    """Settings for a server of these names."""
    local = frozenset(("127.0.0.1", "localhost", "[::1]", "testserver"))
    return Settings(store, with_accounts, hosts | local, secure_cookies, secrets.token_urlsafe(32))


def of(request: Request) -> Settings:
    """The settings of the application that serves a request."""
    found = request.app.state.settings
    assert isinstance(found, Settings)
    return found


def account(request: Request) -> Account:
    """Who asks.

    Raises:
        HTTPException: 401 where nobody is logged in.
    """
    known = of(request)
    if not known.with_accounts:
        return Account("local", "admin", known.local)
    found = kept.who(known.store, request.cookies.get(COOKIE))
    if found is None:
        raise HTTPException(401, "log in first")
    return found


def changing(request: Request, who: Annotated[Account, Depends(account)]) -> Account:
    """Who asks for a change, with the token of their session.

    Raises:
        HTTPException: 403 where the token is missing or wrong.
    """
    given = request.headers.get(HEADER, "")
    if not hmac.compare_digest(given.encode(), who.csrf.encode()):
        raise HTTPException(403, "this request does not come from the page of your session")
    return who


def at_least(role: str, who: Account) -> None:
    """Refuses who has less than a role.

    Raises:
        HTTPException: 403.
    """
    if RANK[who.role] < RANK[role]:
        raise HTTPException(403, f"this is for the role {role}")


def layer(who: Account, wanted: str | None, *, change: bool = False) -> str:
    """The layer that a request is about, if its author may see or change it: their own where none is named.

    Raises:
        HTTPException: 403.
    """
    if wanted is None or wanted == who.name:
        return who.name
    at_least("adjudicator", who)
    if change and wanted != ADJUDICATED:
        raise HTTPException(403, "the layer of another annotator is not changed")
    return wanted


Layer = Annotated[str | None, Query(max_length=64)]
Someone = Annotated[Account, Depends(account)]
Changer = Annotated[Account, Depends(changing)]


def guard(app: FastAPI) -> None:
    """Checks the host and the size of every request, and sets the headers of every answer."""

    @app.middleware("http")
    async def _guard(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        host = request.headers.get("host", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        length = request.headers.get("content-length", "0")
        if name not in of(request).hosts:
            answer = Response("this server has another name", 400)
        elif not length.isdigit() or int(length) > MAX_BODY:
            answer = Response("too large", 413)
        elif request.method in ("POST", "PUT", "PATCH") and "content-length" not in request.headers:
            answer = Response("say how long it is", 411)
        else:
            answer = await go_on(request)
        for key, value in HEADERS.items():
            answer.headers.setdefault(key, value)
        return answer
