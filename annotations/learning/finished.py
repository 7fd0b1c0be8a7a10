"""The documents whose review is finished: as extracted when it was reviewed, and as reviewed.

Finished is what the adjudicator has called done, else what the only annotator who is done has; two who are done and
nobody to settle it is not. Decisions made on several extractions are carried to the last one that was on the screen,
which need not be the present one: what people saw is what they judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from annotations.review.carry import carried, fitting
from annotations.review.decisions import effective
from annotations.review.final import counting, done_of, layers_of
from pipeline.schema import Extraction
from pipeline.store import Store, reading, reviews
from pipeline.store.reviews import Decided


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished document: ``machine`` as it was on the screen, ``record`` as it was left, ``decided`` what counts."""

    layer: str
    machine: Extraction
    record: Extraction
    decided: tuple[Decided, ...]

    @property
    def id(self) -> str:
        """The document's."""
        return self.machine.id


def finished(store: Store) -> Iterator[Finished]:
    """The finished documents that are not withdrawn, sorted by id."""
    layers, done = layers_of(store), done_of(store)
    for known in reading.documents(store):
        if known.state == "current" and known.extraction_id is not None:
            layer = counting(layers.get(known.id, ()), done.get(known.id, ()))
            one = None if layer is None else _finished(store, known.id, layer)
            if one is not None:
                yield one


def _finished(store: Store, id: str, layer: str) -> Finished | None:
    all_ = list(reviews.decided(store, id, layer))
    counts = effective(all_)
    if not any(one.decision.kind == "document_done" for one in counts):
        return None
    last = counts[-1].extraction_id
    machine = reading.by_id(store, last)
    moved, _ = carried(all_, last, machine, lambda other: reading.by_id(store, other))
    record, _ = fitting(machine, moved, layer)
    return Finished(layer, machine, record, tuple(effective(moved)))


def unsettled(store: Store) -> list[str]:
    """The documents that several annotators have finished and nobody has adjudicated."""
    layers, done = layers_of(store), done_of(store)
    return sorted(
        id
        for id, of in layers.items()
        if counting(of, done.get(id, ())) is None and len(of & done.get(id, set())) > 1
    )
