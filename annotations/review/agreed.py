"""What the annotators of a document agree on, with which adjudication begins.

A record between the extraction and the annotators: what all have changed alike is changed, where they differ it stays as
it was extracted, for the adjudicator to settle. Example: two annotators have both rejected e3 and given e5 different
doses; the agreed record has no e3, and e5 with the extracted dose.
"""

from __future__ import annotations

from collections.abc import Mapping

from annotations.review.compare import differences
from pipeline.schema import Event, Extraction, Mention

Span = tuple[int, int, str]


def agreed(extraction: Extraction, records: Mapping[str, Extraction]) -> Extraction:
    """The record on which the layers agree; ``records`` are theirs, by layer, two at least."""
    first = records[min(records)]
    unsettled = {
        facts["id"] for one in differences(records) for facts in one.by_layer.values() if facts is not None
    }
    mentions = _mentions(extraction, records)
    ids = {mention.id for mention in mentions}
    triples = [{(r.kind, r.head, r.tail) for r in record.relations} for record in records.values()]
    common, some = set.intersection(*triples), set.union(*triples)
    here = {(r.kind, r.head, r.tail) for r in extraction.relations}
    relations = [r for r in first.relations if (r.kind, r.head, r.tail) in common] + [
        r for r in extraction.relations if (r.kind, r.head, r.tail) in (some & here) - common
    ]
    cases = []
    for case in first.cases:
        extracted = next((one for one in extraction.cases if one.id == case.id), None)
        own = [event for event in case.events if event.id not in unsettled]
        left = [event for event in extracted.events if event.id in unsettled] if extracted else []
        events = tuple(_with(event, ids) for event in sorted([*own, *left], key=lambda e: (e.start, e.order)))
        known = extracted or case
        cases.append(known.model_copy(update={"events": events}))
    return extraction.model_copy(
        update={
            "mentions": tuple(mentions),
            "relations": tuple(r for r in relations if {r.head, r.tail} <= ids),
            "cases": tuple(cases),
        }
    )


def _mentions(extraction: Extraction, records: Mapping[str, Extraction]) -> list[Mention]:
    """Those that all have, as the first has them; those that only some have, as they were extracted."""
    layers = [{_span(m): m for m in record.mentions} for record in records.values()]
    first = {_span(m): m for m in records[min(records)].mentions}
    common = set.intersection(*({*layer} for layer in layers))
    some = set.union(*({*layer} for layer in layers))
    kept = [m for span, m in first.items() if span in common]
    kept += [m for m in extraction.mentions if _span(m) in some - common]
    return sorted(kept, key=lambda m: (m.start, m.end, m.label, m.id))


def _with(event: Event, ids: set[str]) -> Event:
    return event.model_copy(update={"mentions": tuple(m for m in event.mentions if m in ids)})


def _span(mention: Mention) -> Span:
    return mention.start, mention.end, mention.label
