"""Names that reviewers keep adding and no lexicon has: proposals, with every place in the store where they stand.

What: a mention that was added (or whose label or span was corrected to it) counts once a place; three places with the
same folded words and label make a proposal, unless a shipped lexicon or one of the user's has the term. Only labels that
``--lexicon`` takes. A person confirms: the file of proposals is no lexicon (it has no column ``term``), and ``confirmed``
makes one of the rows with "yes". Both quote reports and are written only where the user says.
Example: "zanubrutinib" added in three reports: one row with its 5 occurrences in the store, 2 of them not marked.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotations.review.decisions import effective
from annotations.review.final import records
from pipeline import lexicon
from pipeline.schema import Extraction, Mention
from pipeline.store import Store, reading, reviews
from pipeline.structure.terms import key

LEAST = 3
AROUND = 60
COLUMNS = (
    "confirmed", "label", "proposed", "name", "places_added", "documents", "occurrences", "not_marked", "other_label",
)  # fmt: skip
OF_OCCURRENCE = ("label", "proposed", "document", "start", "end", "state", "before", "text", "after")
YES = frozenset(("yes", "y", "x", "1", "true"))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where the term stands; ``state`` is "added", the label that it bears, or "not marked"."""

    document: str
    start: int
    end: int
    state: str
    before: str
    text: str
    after: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A term for a lexicon; ``added`` are the places where somebody marked it."""

    label: str
    term: str
    name: str
    added: int
    documents: int
    occurrences: tuple[Occurrence, ...]


def proposals(store: Store, lexicons: Sequence[str] = (), least: int = LEAST) -> list[Proposal]:
    """The proposals, those that were added most first.

    Raises:
        ValueError, OSError: a lexicon of the user's is malformed or cannot be read.
    """
    known = {label: _known(label, lexicons) for label in lexicon.OWN_LABELS}
    places: defaultdict[tuple[str, str], dict[tuple[str, int, int], Mention]] = defaultdict(dict)
    for id, mention in _added(store):
        words = key(mention.text)
        if mention.label in known and words and words not in known[mention.label]:
            places[mention.label, words][id, mention.start, mention.end] = mention
    wanted = {term: at for term, at in sorted(places.items()) if len(at) >= least}
    occurrences: defaultdict[tuple[str, str], list[Occurrence]] = defaultdict(list)
    patterns = {term: _pattern(term[1]) for term in wanted}
    for record in records(store) if wanted else ():
        for (label, words), pattern in patterns.items():
            at = wanted[label, words]
            occurrences[label, words] += _occurrences(record, label, pattern, at.keys())
    found = []
    for (label, words), at in wanted.items():
        texts = Counter(" ".join(m.text.split()) for m in at.values())
        names = Counter(m.name for m in at.values() if m.name)
        term = min(texts, key=lambda text: (-texts[text], text))
        name = min(names, key=lambda n: (-names[n], n)) if names else term.lower()
        documents = len({document for document, _, _ in at})
        found.append(Proposal(label, term, name, len(at), documents, tuple(occurrences[label, words])))
    return sorted(found, key=lambda p: (-p.added, p.label, p.term))


def _added(store: Store) -> Iterator[tuple[str, Mention]]:
    """What reviewers have marked by hand, of all layers, on the documents that are not withdrawn."""
    current = {known.id for known in reading.documents(store) if known.state == "current"}
    layers: defaultdict[tuple[str, str], list[reviews.Decided]] = defaultdict(list)
    for one in reviews.decided(store):
        if one.document_id in current:
            layers[one.document_id, one.layer].append(one)
    for (id, _), decided in layers.items():
        extractions: dict[str, Extraction] = {}
        for one in effective(decided):
            after = one.decision.after
            if one.decision.kind not in ("add_mention", "edit_mention") or not isinstance(after, dict):
                continue
            if one.extraction_id not in extractions:
                extractions[one.extraction_id] = reading.by_id(store, one.extraction_id)
            record = extractions[one.extraction_id]
            before = next((m for m in record.mentions if m.id == one.decision.target), None)
            place = {k: after.get(k, getattr(before, k, None)) for k in ("label", "start", "end", "name")}
            if None in (place["label"], place["start"], place["end"]):
                continue
            if before is not None and all(place[k] == getattr(before, k) for k in ("label", "start", "end")):
                continue
            text = record.text[place["start"] : place["end"]]
            yield (
                id,
                Mention.model_validate(
                    {"id": "r", "section": "case", "rule": "review", "text": text, **place}
                ),
            )


def _known(label: str, lexicons: Sequence[str]) -> set[str]:
    shipped = lexicon.load(lexicon.OWN_LABELS[label])
    return {key(entry.term) for entry in (*shipped, *lexicon.users(lexicons, label))}


def _pattern(words: str) -> re.Pattern[str]:
    """The folded words in any capitals, blanks and hyphens, with a plural's s."""
    gap = r"[\s\-\u2010-\u2014\u00a0]*"
    return re.compile(rf"(?<!\w){gap.join(map(re.escape, words.split()))}s?(?!\w)", re.IGNORECASE)


def _occurrences(
    record: Extraction, label: str, pattern: re.Pattern[str], added: Iterable[tuple[str, int, int]]
) -> Iterator[Occurrence]:
    by_hand = {(start, end) for id, start, end in added if id == record.id}
    for match in pattern.finditer(record.text):
        start, end = match.span()
        over = sorted({m.label for m in record.mentions if m.start < end and start < m.end})
        here = any(s < end and start < e for s, e in by_hand)
        state = "added" if here else label if label in over else over[0] if over else "not marked"
        yield Occurrence(
            record.id, start, end, state,
            _line(record.text[max(0, start - AROUND) : start]), match[0], _line(record.text[end : end + AROUND]),
        )  # fmt: skip


def _line(text: str) -> str:
    return " ".join(text.split())


def as_csv(found: Iterable[Proposal]) -> str:
    """The proposals, to be confirmed by "yes" in the first column."""
    return _csv(
        COLUMNS,
        (
            ("", p.label, p.term, p.name, p.added, p.documents, len(p.occurrences),
             sum(o.state == "not marked" for o in p.occurrences),
             sum(o.state not in ("not marked", "added", p.label) for o in p.occurrences))
            for p in found
        ),
    )  # fmt: skip


def occurrences_csv(found: Iterable[Proposal]) -> str:
    """Every occurrence of every proposal, with the words around it."""
    return _csv(
        OF_OCCURRENCE,
        (
            (p.label, p.term, o.document, o.start, o.end, o.state, o.before, o.text, o.after)
            for p in found
            for o in p.occurrences
        ),
    )


def confirmed(path: Path, known: str = "") -> tuple[str, int]:
    """A lexicon of the confirmed proposals, added to one that is ``known`` already; and how many were new.

    Raises:
        ValueError: the file is none of proposals.
        OSError: it cannot be read.
    """
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        if missing := {"confirmed", "label", "proposed", "name"} - {*(rows.fieldnames or ())}:
            raise ValueError(f"{path}: column {min(missing)!r} is missing")
        chosen = [row for row in rows if (row["confirmed"] or "").strip().casefold() in YES]
    old = list(csv.DictReader(io.StringIO(known)))
    there = {(row["label"], key(row["term"])) for row in old}
    fresh = [row for row in chosen if (row["label"], key(row["proposed"])) not in there]
    lines_ = [(row["label"], row["term"], row["name"], row.get("source") or "") for row in old]
    lines_ += [(row["label"], row["proposed"], row["name"] or row["proposed"], "review") for row in fresh]
    ordered = sorted(lines_, key=lambda line: (line[1].casefold(), line[0]))
    return _csv(("label", "term", "name", "source"), ordered), len(fresh)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    out = csv.writer(buffer, lineterminator="\n")
    out.writerow(columns)
    out.writerows(rows)
    return buffer.getvalue()
