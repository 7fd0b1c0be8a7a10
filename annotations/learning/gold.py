"""Reviewed documents as gold, in the form of ``annotations/gold``, with who reviewed them.

What: ``id``, ``text_sha256``, ``cases`` with the fields that a reader can judge, and ``review`` (layer, authors, when
finished, how many events a person decided on and how many of these are unsure). With ``mentions`` also the spans and
relations: ask for them only where people have gone through the spans, since a finished document takes over what nobody
has touched. Without the text, quotations are empty and names that no lexicon has too, as in ``caseline extract --no-text``.
Example: ``caseline annotations gold --store cases.sqlite --out gold``, then ``caseline evaluate gold records.jsonl``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from annotations.learning.finished import Finished
from pipeline.export.exchange.originals import file_name
from pipeline.export.withheld import withhold
from pipeline.schema import Case, Event, Extraction

EVENT = ("kind", "name", "text", "start", "end", "action", "status", "dose", "measurement")
WHEN = ("text", "start", "end", "day_low", "day_high")
MENTION = ("id", "label", "start", "end", "text", "name", "assertion", "value")


def write(
    documents: Iterable[Finished], folder: Path, *, text: bool, mentions: bool, force: bool
) -> list[Path]:
    """Writes a file a document; the files.

    Raises:
        FileExistsError: a file is there already and ``force`` is not set; nothing was written.
        OSError: the folder cannot be written.
    """
    made = {
        folder / f"{file_name(one.id)}.json": json.dumps(
            gold(one.record, text=text, mentions=mentions), ensure_ascii=False, indent=1
        )
        for one in documents
    }
    there = [path for path in made if path.exists()]
    if there and not force:
        raise FileExistsError(
            f"{there[0]}: is there already ({len(there)} of {len(made)}); --force writes over it"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in made.items():
        path.write_text(content + "\n", encoding="utf-8")
    return list(made)


def gold(record: Extraction, *, text: bool = True, mentions: bool = False) -> dict[str, Any]:
    """A reviewed record as gold."""
    shown = record if text else withhold(record)
    review = record.review
    events = [event for case in record.cases for event in case.events]
    said: dict[str, Any] = {
        "id": record.id,
        "text_sha256": record.source.sha256,
        "review": review.model_dump(mode="json")
        | {
            "events_decided_on": sum(event.review is not None for event in events),
            "events_unsure": sum(event.review == "unsure" for event in events),
        }
        if review
        else None,
        "cases": [_case(case) for case in shown.cases],
    }
    if mentions:
        said["mentions"] = [one.model_dump(mode="json", include={*MENTION}) for one in shown.mentions]
        said["relations"] = [
            one.model_dump(mode="json", include={"kind", "head", "tail"}) for one in shown.relations
        ]
    return said


def _case(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "reported": case.reported,
        "patient": case.patient.model_dump(mode="json", include={"age_years", "sex"}),
        "anchor": case.anchor and case.anchor.model_dump(mode="json"),
        "events": [_event(event) for event in sorted(case.events, key=lambda e: (e.order, e.start))],
    }


def _event(event: Event) -> dict[str, Any]:
    said = event.model_dump(mode="json", include={*EVENT})
    said["time"] = event.time.model_dump(mode="json", include={*WHEN})
    if event.end_time is not None:
        said["end_time"] = event.end_time.model_dump(mode="json", include={*WHEN})
    return said | {"from_table": event.from_table, "order": event.order}
