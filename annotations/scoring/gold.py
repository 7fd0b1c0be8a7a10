"""Gold annotations: a brat folder, extraction records, or timelines.

What: which form a folder or file has is seen from its files:
    ``.ann`` beside ``.txt``: brat spans, mapped by ``Mapping.types``; of a broken span first to last character;
    ``.json`` or ``.jsonl`` with ``mentions``: extraction records, reviewed; their events count too;
    ``.json`` with ``cases`` alone (annotations/gold) or with ``events`` (one patient): timelines.
Offsets are Python string offsets into the text, newlines kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from annotations.scoring.records import Event, Report, ScoringError, Span

NOT_HAPPENED = ("negated", "hypothetical", "family")


def read_gold(path: Path, types: Mapping[str, str]) -> dict[str, Report]:
    """The gold reports by id.

    Raises:
        ScoringError: there is no gold at the path, or it cannot be read.
    """
    if not path.exists():
        raise ScoringError(f"{path}: no such file or folder")
    if path.is_dir():
        reports = [_brat(ann, types) for ann in sorted(path.glob("*.ann"))]
        reports = reports or [r for file in sorted(path.glob("*.json")) for r in _records(file)]
    else:
        reports = [_brat(path, types)] if path.suffix == ".ann" else list(_records(path))
    if not reports:
        raise ScoringError(f"{path}: holds neither .ann nor .json gold")
    return {report.id: report for report in reports}


def read_json(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON file, or of a JSON lines file.

    Raises:
        ScoringError: the file cannot be read, or holds something else; the line is named.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ScoringError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ScoringError(f"{path}: not UTF-8") from error
    if path.suffix == ".jsonl":
        parts = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    else:
        parts = [(1, text)]
    for number, part in parts:
        try:
            value = json.loads(part)
        except json.JSONDecodeError as error:
            raise ScoringError(f"{path}: line {number + error.lineno - 1}: not JSON") from error
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, dict) or "id" not in one:
                raise ScoringError(f"{path}: line {number}: not a record with an id")
            yield one


def _brat(ann: Path, types: Mapping[str, str]) -> Report:
    spans = []
    for number, line in enumerate(ann.read_text(encoding="utf-8").split("\n"), 1):
        if not line.startswith("T"):
            continue
        try:
            kind, places = line.split("\t")[1].split(" ", 1)
        except (IndexError, ValueError) as error:
            raise ScoringError(f"{ann}: line {number}: not a brat span") from error
        offsets = [int(n) for n in re.findall(r"\d+", places)]
        if kind in types:
            spans.append(Span(offsets[0], offsets[-1], types[kind]))
    source = ann.with_suffix(".txt")
    text = source.read_bytes().decode("utf-8") if source.exists() else None
    return Report(ann.stem, text, tuple(spans), None)


def _records(path: Path) -> Iterator[Report]:
    for record in read_json(path):
        try:
            yield _report(record)
        except (KeyError, TypeError) as error:
            raise ScoringError(
                f"{path}: {record['id']}: a field is missing or of the wrong form: {error}"
            ) from error


def _report(record: Mapping[str, Any]) -> Report:
    spans = None
    if "mentions" in record:
        spans = tuple(Span(m["start"], m["end"], m["label"]) for m in record["mentions"])
    groups = [record["events"]] if "events" in record else [
        case["events"] for case in record.get("cases", ()) if case.get("reported") != "elsewhere"
    ]  # fmt: skip
    listed = "events" in record or "cases" in record
    events = tuple(
        _event(event, number)
        for number, group in enumerate(groups)
        for event in group
        if event["status"] not in NOT_HAPPENED and not event.get("from_table")
    )
    return Report(
        str(record["id"]), record.get("text"), spans, events if listed else None, record.get("text_sha256")
    )


def _event(event: Mapping[str, Any], case: int) -> Event:
    return Event(
        kind=event.get("type") or event["kind"],
        names=(event.get("quote") or event["text"], event["name"]),
        spans=((event["start"], event["end"]),),
        low=event["time"]["day_low"],
        high=event["time"]["day_high"],
        case=case,
        order=event["order"],
        dose=event.get("dose"),
        measurement=event.get("measurement"),
    )
