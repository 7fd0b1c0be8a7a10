"""``caseline annotations gold|regressions|lexicon|error`` and ``caseline retrain``: what finished reviews teach."""

from __future__ import annotations

import shlex
import sys
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from flows.commands.common import (
    SOME_FAILED,
    USAGE,
    Lexicons,
    Settings,
    StoreOption,
    complain,
    errors,
    opened,
    out,
)

if TYPE_CHECKING:
    from spacy.language import Language

    from annotations.scoring.learn import Judged


class Table(StrEnum):
    """The forms of the error table."""

    markdown = "markdown"
    csv = "csv"
    json = "json"


def register(app: typer.Typer) -> None:
    """Adds the commands under ``caseline annotations``."""
    app.command(epilog="Example: `caseline annotations gold --store cases.sqlite --out gold`")(gold)
    app.command(epilog="Example: `caseline annotations regressions --store cases.sqlite --out regressions`")(
        regressions
    )
    app.command(epilog="Example: `caseline annotations lexicon --store cases.sqlite --out proposals.csv`")(
        lexicon
    )
    app.command(epilog="Example: `caseline annotations error --store cases.sqlite > error.md`")(error)


def gold(
    folder: Annotated[Path, typer.Option("--out", help="Write a file a document into this folder.")],
    store: StoreOption = None,
    text: Annotated[
        bool, typer.Option("--text/--no-text", help="Leave the report's own words out of the results.")
    ] = True,
    mentions: Annotated[
        bool, typer.Option(help="Spans and relations too; where people have gone through them.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
) -> None:
    """Write the finished documents as gold, in the form that `caseline evaluate` takes.

    Finished is what the adjudicator has called done, else what the only annotator who is done has.
    Exit status: 0 written, 1 a file is there already or cannot be written, 2 wrong usage.
    """
    from annotations.learning import gold as room
    from annotations.learning.finished import finished, unsettled

    with opened(store) as one:
        try:
            made = room.write(finished(one), folder, text=text, mentions=mentions, force=force)
        except OSError as failure:
            complain("--out", failure.strerror.lower() if failure.strerror else str(failure))
            raise typer.Exit(SOME_FAILED) from failure
        _waiting(unsettled(one))
    errors.print(f"{len(made)} finished documents written to {escape(str(folder))}")


def regressions(
    folder: Annotated[Path, typer.Option("--out", help="A folder of your own: the cases quote the reports.")],
    store: StoreOption = None,
    lexicon: Lexicons = None,
    settings: Settings = None,
) -> None:
    """Write a case for each correction that the pipeline now gets right; `caseline evaluate --regressions` runs them.

    Cases that are there stay as they are. Exit status: 0, or 1 where the folder cannot be written.
    """
    from annotations.learning import regressions as room
    from annotations.learning.finished import finished

    nlp = pipeline(lexicon, settings)
    with opened(store) as one:
        found = room.collect(finished(one), nlp)
    try:
        fresh = room.write(found.right, folder)
    except OSError as failure:
        complain(str(folder), (failure.strerror or "cannot be written").lower())
        raise typer.Exit(SOME_FAILED) from failure
    total = len(found.right) + len(found.wrong)
    out.print(
        f"corrections {total}, right now {len(found.right)}, still wrong {len(found.wrong)}, new {len(fresh)}"
    )


def lexicon(
    file: Annotated[Path, typer.Option("--out", help="Write into this file.")],
    store: StoreOption = None,
    occurrences: Annotated[
        Path | None, typer.Option(help="Write every occurrence, with the words around it, into this file.")
    ] = None,
    confirmed: Annotated[
        Path | None,
        typer.Option(
            help='Make a lexicon of the proposals in this file that have "yes" in the first column.'
        ),
    ] = None,
    least: Annotated[int, typer.Option(min=1, help="How often a name has to have been added.")] = 3,
    known: Lexicons = None,
) -> None:
    """Propose names for your lexicon: what reviewers have added three times and no lexicon has.

    Look the proposals over, write "yes" before those that you want, and run it again with --confirmed and --out own.csv
    (an own.csv that is there is added to): `caseline run --lexicon own.csv` takes it.
    Exit status: 0, 1 a file cannot be read or written, 2 wrong usage.
    """
    from annotations.learning import proposals as room

    try:
        if confirmed is not None:
            there = file.read_text(encoding="utf-8") if file.exists() else ""
            text, fresh = room.confirmed(confirmed, there)
            file.write_text(text, encoding="utf-8", newline="")
            out.print(f"{fresh} names added to {escape(str(file))}")
            return
        with opened(store) as one:
            found = room.proposals(one, [str(path) for path in known or ()], least)
        file.write_text(room.as_csv(found), encoding="utf-8", newline="")
        if occurrences is not None:
            occurrences.write_text(room.occurrences_csv(found), encoding="utf-8", newline="")
    except OSError as failure:
        complain(str(failure.filename or file), (failure.strerror or "cannot be used").lower())
        raise typer.Exit(SOME_FAILED) from failure
    except ValueError as failure:
        complain("lexicon", str(failure))
        raise typer.Exit(USAGE) from failure
    out.print(
        f"{len(found)} names proposed, with {sum(len(p.occurrences) for p in found)} occurrences in the store"
    )


def error(
    store: StoreOption = None,
    format: Annotated[
        Table, typer.Option(help="markdown to read, csv or json for programs.")
    ] = Table.markdown,
) -> None:
    """Print the extraction error of each field with its interval, and a sentence for a methods section.

    Exit status: 0, or 2 where no review is finished.
    """
    from annotations.learning import error as room
    from annotations.learning.finished import finished, unsettled

    with opened(store) as one:
        waiting = unsettled(one)
        found = room.errors(finished(one), len(waiting))
    if not found.documents:
        complain("annotations error", "no document is finished")
        raise typer.Exit(USAGE)
    forms = {Table.markdown: room.as_markdown, Table.csv: room.as_csv, Table.json: room.as_json}
    sys.stdout.write(forms[format](found))


def retrain(
    store: StoreOption = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Write here; else `models` in your data directory.")
    ] = None,
    old: Annotated[
        Path | None,
        typer.Option(help="The table to be better than; else the one in the folder, else the shipped one."),
    ] = None,
    corpus: Annotated[
        Path | None, typer.Option(help="Learn from this brat folder too, from the beginning.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="TOML file: which brat types answer which labels.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the split.")] = 1,
    share: Annotated[float, typer.Option(min=0.05, max=0.9, help="Of the documents, held back.")] = 0.3,
    lexicon: Lexicons = None,
) -> None:
    """Learn anew what confidences are worth, from finished reviews; a better table is never replaced.

    Both tables are tried on documents held back. The new one is written with its card where its Brier score is lower and
    no label is clearly worse; `--set confidence.table=FILE` uses it.
    Exit status: 0 written, 1 the present table is better (with the figures), 2 wrong usage or too little to learn from.
    """
    from platformdirs import user_data_path

    from annotations.learning import card
    from annotations.learning import retrain as room
    from annotations.learning.finished import finished
    from annotations.scoring.records import ScoringError
    from pipeline.mentions.confidence import TABLE, load

    target = folder or user_data_path("caseline") / "models"
    own = target / card.TABLE
    present = old or (own if own.exists() else TABLE)
    nlp = pipeline(lexicon, None)
    mark = nlp.meta["fingerprint"]
    nlp.remove_pipe("confidence")
    try:
        weights = load(present)
        judged = _corpus(corpus, mapping, nlp) if corpus is not None else []
        with opened(store) as one:
            trial = room.retrain(finished(one), nlp, weights, corpus=judged, seed=seed, share=share)
    except (ScoringError, ValueError, OSError) as failure:
        complain("retrain", str(failure))
        raise typer.Exit(USAGE) from failure
    for line in card.figures(trial):
        out.print(escape(line))
    if trial.worse is not None:
        complain("retrain", f"not written: {trial.worse}")
        raise typer.Exit(SOME_FAILED)
    made = {
        "command": shlex.join(["caseline", *sys.argv[1:]]), "caseline": version("caseline"),
        "pipeline that it was learned with": mark, "in place of": str(present),
        "corpus": str(corpus) if corpus is not None else "none",
    }  # fmt: skip
    try:
        path = card.write(trial, target, made)
    except OSError as failure:
        complain(str(target), (failure.strerror or "cannot be written").lower())
        raise typer.Exit(SOME_FAILED) from failure
    out.print(f"written; use it with --set confidence.table={escape(str(path))}")


def pipeline(lexicons: list[Path] | None, settings: list[str] | None) -> Language:
    """The pipeline; a lexicon or setting that cannot be used ends the command."""
    from pipeline.build import build_nlp

    try:
        return build_nlp([str(path) for path in lexicons or ()], settings or ())
    except (ValueError, OSError) as failure:
        complain("--lexicon" if lexicons else "--set", str(failure))
        raise typer.Exit(USAGE) from failure


def _corpus(corpus: Path, mapping: Path | None, nlp: Language) -> list[Judged]:
    """The judged mentions of a brat folder."""
    from annotations.scoring.gold import read_gold
    from annotations.scoring.learn import judge
    from annotations.scoring.mapping import DEFAULT, load_mapping

    form = load_mapping(mapping or DEFAULT)
    reports = sorted(read_gold(corpus, form.types).items())
    return [judged for _, report in reports for judged in judge(report, form, nlp)]


def _waiting(ids: list[str]) -> None:
    if ids:
        errors.print(
            f"{len(ids)} documents have several finished reviews and no adjudication: {escape(', '.join(ids))}"
        )
