"""``caseline review`` serves the review pages; ``caseline accounts`` manages who may work on them."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from flows.commands.common import USAGE, StoreOption, errors, opened, out

LOOPBACK = ("127.0.0.1", "localhost", "::1")
accounts = typer.Typer(no_args_is_help=True, help="Accounts of reviewers.")

Name = Annotated[str, typer.Argument(help="With which the reviewer logs in.")]
Password = Annotated[
    str,
    typer.Option(
        prompt=True,
        hide_input=True,
        confirmation_prompt=True,
        envvar="CASELINE_PASSWORD",
        show_envvar=True,
        help="Asked for where it is not given.",
    ),
]


def review(
    store: StoreOption = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the pages are served.")] = 8765,
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
    with opened(store) as one:
        if guarded and not kept.accounts(one):
            errors.print(
                "caseline: there are no accounts; make one first: caseline accounts add NAME --role admin"
            )
            raise typer.Exit(USAGE)
        names = frozenset([host, *(name or ())])
        app = make_app(settings(one, with_accounts=guarded, hosts=names, secure_cookies=https))
        shown = f"[{host}]" if ":" in host else host
        errors.print(f"caseline review: http://{shown}:{port}/  (Ctrl-C ends it)")
        uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)


def _role(name: str) -> str:
    """A role; looked at before a password is asked for."""
    from pipeline.store.accounts import ROLES

    if name not in ROLES:
        raise typer.BadParameter(f"{name!r} is no role; there are {', '.join(ROLES)}")
    return name


@accounts.command(epilog="Example: `caseline accounts add anna --role annotator`")
def add(
    name: Name,
    password: Password,
    role: Annotated[
        str, typer.Option(help="annotator, adjudicator or admin", callback=_role, is_eager=True)
    ] = "annotator",
    store: StoreOption = None,
) -> None:
    """Make an account."""
    from pipeline.store import accounts as kept

    with opened(store) as one:
        kept.add(one, name, role, password)
    errors.print(f"{escape(name)} may log in now")


@accounts.command("list", epilog="Example: `caseline accounts list`")
def list_(store: StoreOption = None) -> None:
    """List the accounts."""
    from pipeline.store import accounts as kept

    with opened(store) as one:
        for row in kept.accounts(one):
            out.print(escape(f"{row.name}\t{row.role}\t{'active' if row.active else 'closed'}"))


@accounts.command(epilog="Example: `caseline accounts password anna`")
def password(name: Name, password: Password, store: StoreOption = None) -> None:
    """Set a new password; whoever is logged in with the old one is logged out."""
    from pipeline.store import accounts as kept

    with opened(store) as one:
        kept.change(one, name, password=password)


@accounts.command(epilog="Example: `caseline accounts close anna`")
def close(name: Name, store: StoreOption = None) -> None:
    """Close an account."""
    from pipeline.store import accounts as kept

    with opened(store) as one:
        kept.change(one, name, active=False)
