"""Every lexicon is as its readers expect it: columns, order, no doubles, no stray blanks, known sources."""

import csv
import re
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline import lexicon
from pipeline.structure.terms import key

FILES = sorted(lexicon.FOLDER.glob("*.csv"))


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def doubles(rows: list[dict[str, str]]) -> list[str]:
    """The terms that another row of the same spelling, or of the same folded words, hides."""
    seen: dict[tuple[str, ...], str] = {}
    hidden = []
    for row in rows:
        exact = "exact" in (row.get("flags") or "").split()
        label = row.get("label", "")
        sense = (row.get("class", ""), row.get("kind", ""))
        place = (row["term"], label) if exact else (key(row["term"]), label, *sense)
        if place in seen:
            hidden.append(row["term"])
        seen[place] = row["term"]
    return hidden


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_lexicon_is_tidy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    rows = table(path)
    assert "\r" not in text
    assert text.endswith("\n")
    assert {"term", "source"} <= set(rows[0])
    assert [r["term"] for r in rows if None in r or None in r.values()] == []
    stray = [c for row in rows for c in row.values() if c != c.strip() or "  " in c]
    assert stray == []
    assert [r for r in rows if not r["term"] or not r["source"]] == []
    terms = [row["term"].casefold() for row in rows]
    assert [b for a, b in pairwise(terms) if a > b] == [], "sort by term, case-folded"
    for row in rows:
        flags = (row.get("flags") or "").split()
        assert len(flags) == len(set(flags))
        assert not {"context", "not"} <= set(flags), f"{row['term']}: neither sure nor never"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_no_entry_says_itself_twice(path: Path) -> None:
    rows = table(path)
    assert len({tuple(r.values()) for r in rows}) == len(rows)


@pytest.mark.parametrize("name", ["drug", "drug_names", "drug_stem"])
def test_no_drug_hides_another(name: str) -> None:
    assert doubles(table(lexicon.FOLDER / f"{name}.csv")) == []


def test_doubles_are_seen() -> None:
    rows = [{"term": "beta-blockers"}, {"term": "Beta blocker"}, {"term": "MP", "flags": "exact"}]
    assert doubles(rows) == ["Beta blocker"]


def test_names_leave_what_the_own_lexicon_says() -> None:
    own = {key(e.term) for e in lexicon.load("drug")}
    assert [e.term for e in lexicon.load("drug_names") if key(e.term) in own] == []


def test_every_source_is_told() -> None:
    sources = (lexicon.FOLDER / "SOURCES.md").read_text("utf-8")
    told = set(re.findall(r"^\| `([\w-]+)` \|", sources, re.MULTILINE))
    used = {row["source"] for path in FILES for row in table(path)}
    assert used <= told


def test_user_lexicon(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("label,term,name\nDRUG,Zorbix,zorbixamine\nLAB_TEST,zorbing,\n", encoding="utf-8")
    (entry,) = lexicon.users([path], "DRUG")
    assert (entry.term, entry.name, entry.source) == ("Zorbix", "zorbixamine", "own.csv")
    assert lexicon.users([], "DRUG") == ()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("label,name\nDRUG,x\n", "'term' is missing"),
        ("term,name\nx,y\n", "'label' is missing"),
        ("label,term\nDRUG,x,y\n", "line 2 has 3 columns"),
        ("label,term\nDRUG,x\nDRUGS,y\n", "'DRUGS' is no label"),
    ],
)
def test_user_lexicon_that_cannot_be_read(tmp_path: Path, text: str, wrong: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=wrong):
        lexicon.users([path], "DRUG")


def test_user_lexicon_of_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes("label,term\nDRUG,é\n".encode("latin-1"))
    with pytest.raises(ValueError, match="not UTF-8 text"):
        lexicon.users([path], "DRUG")


def test_shipped_lexicon_needs_a_source(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("term,name\nx,y\n", encoding="utf-8")
    with pytest.raises(ValueError, match="'source' is missing"):
        lexicon.read(path)
