"""The extraction error of each field, with its interval, for the methods section of a publication.

What: precision is the share of what the machine said that people left as it was, recall the share of what they left that
the machine had said, over the finished documents; ``fields`` says when a field is right, ``interval`` how the intervals
are made. What the figures are not, stands in ``CAVEATS`` and in every output.
Example: "precision and recall (95% CI) were 0.95 (0.90 to 0.98) and 0.91 (0.85 to 0.95) for drugs, ...".
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from annotations.learning.fields import OF_ANY, Tally, tallies
from annotations.learning.finished import Finished
from annotations.learning.interval import Share, share
from pipeline.store.reviews import ADJUDICATED

KINDS = ("drug", "procedure", "lab", "vital", "imaging", "diagnosis", "finding", "encounter", "outcome")
ORDER = (*KINDS, *OF_ANY, "age", "sex", "day 0")
TOLD = ("drug", "dose value", "dose unit", "route", "lab", "result value", "result unit", "day", "status")
CAVEATS = (
    "The documents are those that people have finished. The queue puts doubtful documents first: unless documents were "
    "drawn at random, the error of the whole collection differs, and is probably smaller.",
    "Within a finished document whatever nobody has changed counts as right, also where nobody looked at it by itself; "
    "{untouched} of {events} events were neither accepted nor changed.",
    "Reviewers saw the machine's answer first, which draws them towards it; what both overlooked is not in the figures.",
    "A day is right within one day or a tenth of its distance from day 0; a number in another unit is right where it is "
    "the same amount, within 1%. An event that was rejected makes its fields wrong, one that was added makes them missed.",
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: counts over all documents, precision and recall with their intervals."""

    name: str
    right: int
    wrong: int
    missed: int
    precision: Share
    recall: Share


@dataclass(frozen=True, slots=True)
class Errors:
    """The finished documents and the error of each field; ``decisions`` counts what became of the events."""

    documents: int
    adjudicated: int
    reviewers: int
    waiting: int
    events: int
    decisions: dict[str, int]
    caseline: tuple[str, ...]
    configurations: tuple[str, ...]
    fields: tuple[Field, ...]


def errors(documents: Iterable[Finished], waiting: int = 0) -> Errors:
    """The error of each field over these documents; ``waiting`` are those that nobody has adjudicated yet."""
    all_ = list(documents)
    counts = [tallies(one) for one in all_]
    names = {name for one in counts for name in one}
    ordered = [name for name in ORDER if name in names] + sorted(names - {*ORDER})
    left = [event for one in all_ for case in one.record.cases for event in case.events]
    said = {id for one in all_ for id in _ids(one, machine=True)}
    decisions: Counter[str] = Counter(event.review or "untouched" for event in left)
    decisions["rejected or merged"] = len(said - {id for one in all_ for id in _ids(one, machine=False)})
    return Errors(
        documents=len(all_),
        adjudicated=sum(one.layer == ADJUDICATED for one in all_),
        reviewers=len({one.author for each in all_ for one in each.decided}),
        waiting=waiting,
        events=len(left),
        decisions=dict(sorted(decisions.items())),
        caseline=tuple(sorted({one.machine.produced_by.caseline for one in all_})),
        configurations=tuple(sorted({one.machine.produced_by.config for one in all_})),
        fields=tuple(_field(name, [one.get(name, Tally()) for one in counts]) for name in ordered),
    )


def _ids(one: Finished, *, machine: bool) -> set[tuple[str, str]]:
    record = one.machine if machine else one.record
    return {(one.id, event.id) for case in record.cases for event in case.events}


def _field(name: str, counts: Sequence[Tally]) -> Field:
    total = sum(counts, Tally())
    precision = share([(one.right, one.right + one.wrong) for one in counts])
    recall = share([(one.right, one.right + one.missed) for one in counts])
    return Field(name, total.right, total.wrong, total.missed, precision, recall)


def caveats(found: Errors) -> list[str]:
    """What the figures are not."""
    numbers = {"untouched": found.decisions.get("untouched", 0), "events": found.events}
    return [sentence.format(**numbers) for sentence in CAVEATS]


def sentence(found: Errors) -> str:
    """A sentence for a methods section."""
    told = [field for field in found.fields if field.name in TOLD and field.precision.of]
    parts = [f"{_shown(f.precision)} and {_shown(f.recall)} for {_plain(f.name)}" for f in told]
    versions = ", ".join(found.caseline)
    marks = ", ".join(one[:12] for one in found.configurations)
    who = f"{found.reviewers} reviewer{'s' * (found.reviewers != 1)}"
    settled = f", {found.adjudicated} of them adjudicated" if found.adjudicated else ""
    return (
        f"Data were extracted with caseline {versions} (configuration {marks}); {found.documents} reports with "
        f"{found.events} events were checked by {who}{settled}. Against the checked record, precision and recall "
        "(95% Wilson intervals, corrected for clustering within reports) were " + "; ".join(parts) + ". "
        f"{found.decisions.get('untouched', 0)} of the events were left as they were without a decision of their own and "
        "count as right."
    )


def _plain(name: str) -> str:
    return {"lab": "laboratory tests", "drug": "drugs", "day": "the day of an event"}.get(name, name)


def _shown(one: Share) -> str:
    if one.value is None or one.low is None or one.high is None:
        return "not defined"
    return f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f}, n={one.of})"


def as_json(found: Errors) -> str:
    """Everything, for a program."""
    said: dict[str, Any] = asdict(found) | {"sentence": sentence(found), "caveats": caveats(found)}
    return json.dumps(said, indent=1) + "\n"


def as_csv(found: Errors) -> str:
    """A line a field."""
    buffer = io.StringIO()
    out = csv.writer(buffer, lineterminator="\n")
    sides = ("precision", "recall")
    columns = [f"{side}{end}" for side in sides for end in ("", "_low", "_high", "_of", "_design_effect")]
    out.writerow(["field", "right", "wrong", "missed", *columns, "documents"])
    for field in found.fields:
        shares = (field.precision, field.recall)
        values = [v for s in shares for v in (s.value, s.low, s.high, s.of, round(s.design_effect, 3))]
        rounded = [round(v, 4) if isinstance(v, float) else v for v in values]
        out.writerow([field.name, field.right, field.wrong, field.missed, *rounded, found.documents])
    return buffer.getvalue()


def as_markdown(found: Errors) -> str:
    """The sentence, the table and the caveats."""
    lines = ["# Extraction error", "", sentence(found), ""]
    lines += [
        "| field | right | wrong | missed | precision (95% CI) | recall (95% CI) |",
        "| --- |" + " --- |" * 5,
    ]
    for field in found.fields:
        numbers = f"{field.right} | {field.wrong} | {field.missed}"
        lines.append(f"| {field.name} | {numbers} | {_shown(field.precision)} | {_shown(field.recall)} |")
    made = ", ".join(f"{number} {what}" for what, number in found.decisions.items())
    lines += ["", f"What became of the events: {made}."]
    if found.waiting:
        lines.append(
            f"{found.waiting} more documents have several reviews and no adjudication; they are left out."
        )
    return (
        "\n".join([*lines, "", "What these figures are not:", "", *(f"- {one}" for one in caveats(found))])
        + "\n"
    )
