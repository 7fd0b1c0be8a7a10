"""Two annotators' records, document by document, and the sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

from annotations.agreement.attributes import Attributes, Marked, compare_pairs
from annotations.agreement.kappa import Table, token_table
from annotations.scoring.alike import match
from annotations.scoring.gold import read_json
from annotations.scoring.records import Event, ScoringError
from annotations.scoring.spans import Counts, pairs

ALL = "all"
Places = dict[str, list[tuple[int, int]]]


@dataclass(frozen=True)
class Annotated:
    """What one annotator says of one document: spans by label, and events; None where not listed."""

    text: str | None
    spans: Places | None
    events: tuple[Marked, ...] | None


@dataclass(frozen=True)
class Agreement:
    """A pair of annotators. ``alone`` are documents that only one of them has; they are not compared.

    ``spans`` and ``events`` are by label and by kind, with the sum as ``all``; their ``gold`` is the first annotator's.
    ``attributes`` are over all pairs of events, ``kinds`` by the kind that both say.
    """

    first: str
    second: str
    documents: tuple[str, ...]
    alone: tuple[str, ...]
    spans: dict[str, Counts]
    tokens: dict[str, Table]
    events: dict[str, Counts]
    attributes: Attributes
    kinds: dict[str, Attributes]


def read_annotator(path: Path) -> dict[str, Annotated]:
    """The documents of one annotator: extraction records or timelines, JSON or JSON lines.

    Raises:
        ScoringError: the file cannot be read, a document comes twice, or a record lacks a field.
    """
    documents: dict[str, Annotated] = {}
    for record in read_json(path):
        id = str(record["id"])
        if id in documents:
            raise ScoringError(f"{path}: {id}: comes twice")
        try:
            documents[id] = annotated(record)
        except (KeyError, TypeError) as error:
            raise ScoringError(f"{path}: {id}: a field is missing or of the wrong form: {error}") from error
    return documents


def annotated(record: Mapping[str, Any]) -> Annotated:
    """What a record or timeline says, as plain values.

    Raises:
        KeyError, TypeError: a field is missing or of the wrong form.
    """
    return Annotated(record.get("text"), _spans(record), _events(record))


def _spans(record: Mapping[str, Any]) -> Places | None:
    if "mentions" not in record:
        return None
    places: Places = {}
    for mention in record["mentions"]:
        places.setdefault(mention["label"], []).append((mention["start"], mention["end"]))
    return {label: sorted(set(spans)) for label, spans in places.items()}


def _events(record: Mapping[str, Any]) -> tuple[Marked, ...] | None:
    if not record.get("cases"):
        return None
    return tuple(
        Marked(
            Event(
                kind=event["kind"],
                names=(event["text"], event["name"]),
                spans=((event["start"], event["end"]),),
                low=event["time"]["day_low"],
                high=event["time"]["day_high"],
                case=number,
                order=event["order"],
            ),
            event,
        )
        for number, case in enumerate(record["cases"])
        for event in case["events"]
    )


def agreement(first: str, second: str, a: Mapping[str, Annotated], b: Mapping[str, Annotated]) -> Agreement:
    """How far two annotators agree on the documents that both have.

    Raises:
        ScoringError: they have no document in common, or one with different texts.
    """
    common = [id for id in a if id in b]
    if not common:
        raise ScoringError(f"{first} and {second} have no document in common")
    spans: dict[str, Counts] = {}
    tokens: dict[str, Table] = {}
    events: dict[str, Counts] = {}
    attributes = Attributes()
    kinds: dict[str, Attributes] = {}
    for id in common:
        one, other = a[id], b[id]
        if one.text is not None and other.text is not None and one.text != other.text:
            raise ScoringError(f"{first} and {second} have different texts of {id}")
        text = one.text if one.text is not None else other.text
        for label, found, table in _compare_spans(one, other, text):
            spans[label] = spans.get(label, Counts()) + found
            tokens.setdefault(label, Counter()).update(table)
        if one.events is not None and other.events is not None:
            matched = match([m.event for m in one.events], [m.event for m in other.events])
            paired = [(one.events[i], other.events[j]) for i, j in matched]
            for kind, counts in _compare_kinds(one.events, other.events, paired):
                events[kind] = events.get(kind, Counts()) + counts
            attributes.add(compare_pairs(paired))
            for kind in sorted({str(a.event.kind) for a, b in paired if a.event.kind == b.event.kind}):
                own = [(a, b) for a, b in paired if a.event.kind == b.event.kind == kind]
                kinds.setdefault(kind, Attributes()).add(compare_pairs(own))
    alone = tuple(sorted({*a} ^ {*b}))
    by_kind = dict(sorted(kinds.items()))
    return Agreement(
        first, second, tuple(common), alone, _with_sum(spans), tokens, events, attributes, by_kind
    )


def _compare_spans(one: Annotated, other: Annotated, text: str | None) -> Iterator[tuple[str, Counts, Table]]:
    if one.spans is None or other.spans is None:
        return
    for label in sorted({*one.spans, *other.spans}):
        wanted, said = one.spans.get(label, []), other.spans.get(label, [])
        counts = Counts(len({*wanted} & {*said}), len(pairs(wanted, said)), len(said), len(wanted))
        yield label, counts, token_table(text or "", wanted, said)


def _compare_kinds(
    first: tuple[Marked, ...], second: tuple[Marked, ...], paired: list[tuple[Marked, Marked]]
) -> Iterator[tuple[str, Counts]]:
    """Pairs of the same kind by kind; in all, strict are those of the same kind, relaxed all pairs."""
    ours, theirs, same = (
        Counter(str(kind) for kind in kinds)
        for kinds in (
            [m.event.kind for m in first],
            [m.event.kind for m in second],
            [a.event.kind for a, b in paired if a.event.kind == b.event.kind],
        )
    )
    for kind in sorted({*ours, *theirs}):
        yield kind, Counts(same[kind], same[kind], theirs[kind], ours[kind])
    yield ALL, Counts(same.total(), len(paired), len(second), len(first))


def _with_sum(counts: dict[str, Counts]) -> dict[str, Counts]:
    """The counts by name, and their sum."""
    return dict(sorted(counts.items())) | ({ALL: reduce(add, counts.values())} if counts else {})
