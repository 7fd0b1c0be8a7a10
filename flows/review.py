"""``caseline review`` serves the review pages; ``caseline accounts`` manages who may work on them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.store import Store

LOOPBACK = ("127.0.0.1", "localhost", "::1")
FAILED, USAGE = 1, 2
errors = Console(stderr=True, highlight=False, soft_wrap=True)
accounts = typer.Typer(no_args_is_help=True, help="Accounts of reviewers.")

Location = Annotated[
    str | None, typer.Option("--store", help="A file, or a PostgreSQL URL; without it the user's own store.")
]
Password = Annotated[
    str,
    typer.Option(
        prompt=True, hide_input=True, confirmation_prompt=True, envvar="CASELINE_PASSWORD", show_envvar=True
    ),
]


@contextmanager
def _opened(location: str | None) -> Iterator[Store]:
    """The store; what is wrong with it or with a request is one line."""
    from pipeline.store import StoreError, open_store

    try:
        store = open_store(location, create=False)
        try:
            yield store
        finally:
            store.close()
    except StoreError as error:
        errors.print(f"caseline: {escape(str(error))}")
        raise typer.Exit(FAILED) from error


def review(
    store: Location = None,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8765,
    host: Annotated[str, typer.Option(help="Anything but loopback needs accounts.")] = "127.0.0.1",
    name: Annotated[
        list[str] | None,
        typer.Option(help="A name under which browsers reach this server; several are allowed."),
    ] = None,
    with_accounts: Annotated[
        bool, typer.Option("--accounts", help="Ask for a log-in also on loopback (several annotators).")
    ] = False,
    https: Annotated[
        bool, typer.Option(help="Browsers reach it through HTTPS, ended by a proxy: cookies are secure.")
    ] = False,
) -> None:
    """Serve the pages on which annotators check and correct the timelines of a store."""
    import uvicorn

    from annotations.review.access import settings
    from annotations.review.app import make_app
    from pipeline.store import accounts as kept

    guarded = with_accounts or host not in LOOPBACK
    with _opened(store) as opened:
        if guarded and not kept.accounts(opened):
            errors.print(
                "caseline: there are no accounts; make one first: caseline accounts add NAME --role admin"
            )
            raise typer.Exit(USAGE)
        names = frozenset([host, *(name or ())])
        app = make_app(settings(opened, with_accounts=guarded, hosts=names, secure_cookies=https))
        shown = f"[{host}]" if ":" in host else host
        errors.print(f"caseline review: http://{shown}:{port}/  (Ctrl-C ends it)")
        uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)


@accounts.command(epilog="Example: `caseline accounts add anna --role annotator`")
def add(
    name: str,
    password: Password,
    role: Annotated[str, typer.Option(help="annotator, adjudicator or admin")] = "annotator",
    store: Location = None,
) -> None:
    """Make an account."""
    from pipeline.store import accounts as kept

    with _opened(store) as opened:
        kept.add(opened, name, role, password)
    errors.print(f"{escape(name)} may log in now")


@accounts.command("list", epilog="Example: `caseline accounts list`")
def list_(store: Location = None) -> None:
    """List the accounts."""
    from pipeline.store import accounts as kept

    with _opened(store) as opened:
        for row in kept.accounts(opened):
            Console().print(
                f"{row.name}\t{row.role}\t{'active' if row.active else 'closed'}", highlight=False
            )


@accounts.command(epilog="Example: `caseline accounts password anna`")
def password(name: str, password: Password, store: Location = None) -> None:
    """Set a new password; whoever is logged in with the old one is logged out."""
    from pipeline.store import accounts as kept

    with _opened(store) as opened:
        kept.change(opened, name, password=password)


@accounts.command(epilog="Example: `caseline accounts close anna`")
def close(name: str, store: Location = None) -> None:
    """Close an account."""
    from pipeline.store import accounts as kept

    with _opened(store) as opened:
        kept.change(opened, name, active=False)
