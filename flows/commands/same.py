"""``caseline same``: cases of two documents that may be one patient."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from flows.commands.common import StoreOption, opened, out

if TYPE_CHECKING:
    from pipeline.store.duplicates import Decision, Pair

app = typer.Typer(
    name="same",
    help="The same patient in two publications: candidates, and what you decide.",
    no_args_is_help=True,
)
First = Annotated[str, typer.Argument(help="A case, as `caseline same list` names it: PMC1#c1.")]
Second = Annotated[str, typer.Argument(help="The other case.")]
By = Annotated[str | None, typer.Option(help="Who decides; your login name without it.", show_default=False)]


@app.command("list", epilog="Example: `caseline same list`")
def list_(
    document: Annotated[str | None, typer.Argument(help="Only pairs with this document.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Decided pairs, too.")] = False,
    store: StoreOption = None,
) -> None:
    """Show the candidates, the most alike first, with the reasons."""
    from pipeline.store import duplicates

    with opened(store) as one:
        for pair in duplicates.every(one, document, undecided=not everything):
            out.print(escape(shown(pair)))


def shown(pair: Pair) -> str:
    """For people: the pair, its score and reasons, what was decided by whom and when."""
    from annotations.same.look import line

    return line(pair) + (f" [{pair.decision}, {pair.author}, {pair.at}]" if pair.decision else "")


@app.command(epilog="Example: `caseline same find`")
def find(store: StoreOption = None) -> None:
    """Look through the store; each run with something new does this by itself."""
    from annotations.same import look

    with opened(store) as one:
        for found in look(one):
            out.print(escape(found))


@app.command(epilog="Example: `caseline same confirm PMC1#c1 PMC2#c1`")
def confirm(first: First, second: Second, by: By = None, store: StoreOption = None) -> None:
    """They are one patient."""
    _decide(store, first, second, "same", by)


@app.command(epilog="Example: `caseline same reject PMC1#c1 PMC2#c1`")
def reject(first: First, second: Second, by: By = None, store: StoreOption = None) -> None:
    """They are two patients."""
    _decide(store, first, second, "different", by)


@app.command(epilog="Example: `caseline same unsure PMC1#c1 PMC2#c1`")
def unsure(first: First, second: Second, by: By = None, store: StoreOption = None) -> None:
    """It cannot be told."""
    _decide(store, first, second, "unsure", by)


def _decide(store: str | None, first: str, second: str, decision: Decision, by: str | None) -> None:
    from pipeline.store import duplicates

    with opened(store) as one:
        out.print(escape(shown(duplicates.decide(one, first, second, decision, by or getpass.getuser()))))
