"""What changed between two pipelines, and how far each change reaches.

A lexicon reaches the documents that hold the terms of its changed lines, as its finder looks them up. A reader
reaches the documents of its format, a rule of tables those with tables. Everything else may reach all.
Example: a new line "belimumab" in drug_names.csv reaches the documents with that word, or one a letter away from it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.fingerprint import USERS

Reach = Literal["none", "all", "format", "tables", "terms", "words", "characters", "endings"]
# How a lexicon's terms are looked up: "terms" as whole folded terms, "words" as single ones of them, "characters" by
# patterns over the text, "endings" at the ends of words. One that is not named here may reach every document.
LEXICONS: dict[str, Reach] = {
    "assertion": "all", "section": "all", "time": "all", "unit": "all",
    "diagnosis": "terms", "drug": "terms", "drug_lookalike": "terms", "drug_names": "terms", "encounter": "terms",
    "finding": "terms", "imaging": "terms", "lab": "terms", "outcome": "terms", "procedure": "terms",
    "route": "terms", "value": "terms", "vital": "terms",
    "body_part": "words", "modifier": "words",
    "action": "characters", "condition": "characters", "course": "characters", "dose": "characters",
    "measured": "characters", "patient": "characters",
    "drug_stem": "endings",
}  # fmt: skip
MISSPELLED = ("drug_names", "drug_lookalike")  # found by a word that is one letter away, too
READERS = {
    "bioc": ("bioc_json", "bioc_xml"), "docx": ("docx",), "jats": ("jats",), "pdf": ("pdf",),
}  # fmt: skip
# Tools and what comes after the record: no extraction depends on them.
AFTERWARDS = ("fingerprint.py", "mentions/drug_import.py", "timeline/rezero.py")
SAID_ONLY = ("source", "example", "reason")  # columns that no finder reads
Line = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A component that is not as it was; ``terms`` and ``names`` are those of a lexicon's changed lines."""

    component: str
    reach: Reach
    terms: frozenset[str] = field(default=frozenset())
    names: frozenset[str] = field(default=frozenset())
    misspelled: bool = False
    formats: tuple[str, ...] = ()


def changes(
    old: Mapping[str, str], new: Mapping[str, str], words: Callable[[str], bytes | None]
) -> tuple[Change, ...]:
    """The changes from one pipeline to another; ``words`` gives the lexicon of a hash, None where it is lost."""
    names = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    return tuple(_change(name, old.get(name), new.get(name), words) for name in names)


def _change(name: str, old: str | None, new: str | None, words: Callable[[str], bytes | None]) -> Change:
    if name.startswith(USERS) or (name.startswith("lexicon/") and name.endswith(".csv")):
        return _of_lexicon(name, old, new, words)
    if name in AFTERWARDS:
        return Change(name, "none")
    if name.startswith("tables/"):
        return Change(name, "tables")
    formats = READERS.get(name.removeprefix("reader/").removesuffix(".py"), ())
    if name.startswith("reader/") and formats:
        return Change(name, "format", formats=formats)
    return Change(name, "all")


def _of_lexicon(name: str, old: str | None, new: str | None, words: Callable[[str], bytes | None]) -> Change:
    own = name.startswith(USERS)
    lexicon = name.removeprefix("lexicon/").removesuffix(".csv")
    reach = "terms" if own else LEXICONS.get(lexicon, "all")
    sides = [b"" if key is None else words(key) for key in (old, new)]
    if reach == "all" or None in sides:
        return Change(name, "all")
    before, after = (_lines(data or b"") for data in sides)
    terms = {term for term in {*before, *after} if before.get(term) != after.get(term)}
    if not terms:
        return Change(name, "none")
    changed = [line for side in (before, after) for term in terms for line in side.get(term, ())]
    names = {(dict(line).get("name") or dict(line)["term"]).lower() for line in changed}
    misspelled = lexicon in MISSPELLED
    return Change(
        name, reach, frozenset(terms | names if misspelled else terms), frozenset(names), misspelled
    )


def _lines(data: bytes) -> dict[str, list[Line]]:
    """The lines of a lexicon by their term, in the order of the file, without what no finder reads."""
    found: dict[str, list[Line]] = {}
    for term, line in _read(data):
        found.setdefault(term, []).append(line)
    return found


def _read(data: bytes) -> Iterator[tuple[str, Line]]:
    for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        cells = tuple(sorted((k, v or "") for k, v in row.items() if k and k not in SAID_ONLY))
        yield row.get("term") or "", cells
