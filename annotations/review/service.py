"""What the application does with the store: a document for a layer, decisions, undo and redo, the same elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from annotations.review.apply import DecisionError, reviewed
from annotations.review.carry import carried, fitting, with_notices
from annotations.review.decisions import redoable, undoable
from pipeline.schema import Extraction
from pipeline.store import StaleReviewError, Store, StoreError, reading, reviews
from pipeline.store.reviews import Decided, Decision
from pipeline.store.store import now


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as one layer has it: as extracted, as reviewed, and the decisions between.

    ``decided`` are all decisions as they were made, ``counted`` those in the ids and offsets of this extraction.
    """

    extraction_id: str
    extraction: Extraction
    record: Extraction
    revision: int
    decided: tuple[Decided, ...]
    counted: tuple[Decided, ...]


def shown(store: Store, document_id: str, layer: str) -> Shown:
    """A document for a layer; decisions on an earlier extraction are carried over (``carry``).

    Raises:
        StoreError: there is no such document, or no extraction of it.
    """
    known = reading.document(store, document_id)
    if known.extraction_id is None:
        raise StoreError(f"{known.id}: not extracted")
    extraction = _extraction(store, known.extraction_id)
    decided = tuple(reviews.decided(store, known.id, layer))
    return _shown(store, known.extraction_id, extraction, decided, layer)


def _shown(
    store: Store, extraction_id: str, extraction: Extraction, decided: tuple[Decided, ...], layer: str
) -> Shown:
    counted, gone = carried(decided, extraction_id, extraction, lambda id: _extraction(store, id))
    record, unfit = (
        fitting(extraction, counted, layer)
        if any(one.extraction_id != extraction_id for one in decided)
        else (reviewed(extraction, counted, layer), [])
    )
    return Shown(
        extraction_id,
        extraction,
        with_notices(record, (*gone, *unfit)),
        decided[-1].revision if decided else 0,
        decided,
        tuple(counted),
    )


@lru_cache(maxsize=32)
def _extraction(store: Store, extraction_id: str) -> Extraction:
    """An extraction, which never changes; the last ones asked for are at hand."""
    return reading.by_id(store, extraction_id)


def decide(
    store: Store, document_id: str, layer: str, author: str, decisions: Sequence[Decision], seen: int
) -> Shown:
    """Adds decisions that fit the record; what does not fit is refused whole.

    Raises:
        DecisionError: a decision does not fit.
        StaleReviewError: the layer has gone on since ``seen``.
        StoreError: there is no such document.
    """
    before = shown(store, document_id, layer)
    if before.revision != seen:
        raise StaleReviewError(f"{document_id}: {layer} has gone on since revision {seen}")
    version = reading.document(store, document_id).version
    at = now()
    tried = [
        Decided(before.extraction.id, layer, number, version, before.extraction_id, author, at, one)
        for number, one in enumerate(decisions, seen + 1)
    ]
    if any(one.extraction_id != before.extraction_id for one in before.decided):
        # some that were carried over may not fit; the new ones have to
        _, unfit = fitting(before.extraction, before.counted, layer)
        _, more = fitting(before.extraction, [*before.counted, *tried], layer)
        if len(more) > len(unfit):
            raise DecisionError("the decision does not fit the record as it is extracted now")
    after = _shown(store, before.extraction_id, before.extraction, (*before.decided, *tried), layer)
    reviews.decide(
        store,
        before.extraction.id,
        layer,
        author,
        decisions,
        seen=seen,
        extraction_id=before.extraction_id,
        at=at,
    )
    return after


def undo(store: Store, document_id: str, layer: str, author: str, seen: int, *, redo: bool = False) -> Shown:
    """Takes back the author's last decision that counts, or their last undo.

    Raises:
        StoreError: there is nothing to take back.
    """
    decided = shown(store, document_id, layer).decided
    target = redoable(decided, author) if redo else undoable(decided, author)
    if target is None:
        raise StoreError(f"nothing to {'redo' if redo else 'undo'}")
    return decide(store, document_id, layer, author, [Decision("undo", undoes=target)], seen)


@dataclass(frozen=True, slots=True)
class Same:
    """A mention elsewhere that reads as one that was corrected."""

    document_id: str
    mention_id: str
    start: int
    end: int
    before: str
    text: str
    after: str


def same(
    store: Store, document_id: str, layer: str, mention_id: str, *, everywhere: bool, limit: int = 200
) -> list[Same]:
    """Mentions with the same characters and label as this one, in the report or in the whole store.

    Raises:
        StoreError: there is no such mention.
    """
    here = shown(store, document_id, layer).extraction
    wanted = next((m for m in here.mentions if m.id == mention_id), None)
    if wanted is None:
        raise StoreError(f"there is no mention {mention_id}")
    found: list[Same] = []
    for record in reading.extractions(store) if everywhere else [here]:
        for m in record.mentions:
            if m.label == wanted.label and m.text.casefold() == wanted.text.casefold():
                if (record.id, m.id) != (here.id, mention_id):
                    text = record.text
                    found.append(
                        Same(
                            record.id, m.id, m.start, m.end, text[max(0, m.start - 60) : m.start], m.text,
                            text[m.end : m.end + 60],
                        )
                    )  # fmt: skip
                if len(found) >= limit:
                    return found
    return found


def apply_to_same(
    store: Store,
    document_id: str,
    layer: str,
    author: str,
    decision: Decision,
    places: Sequence[tuple[str, str]],
) -> dict[str, int]:
    """Makes one decision on mentions of several documents, one batch a document; (document, mention) each.

    Returns how many mentions were changed in each document.
    """
    changed: dict[str, int] = {}
    batch = secrets.token_hex(8)
    by_document: dict[str, list[str]] = {}
    for id, mention in places:
        by_document.setdefault(id, []).append(mention)
    for id, mentions in by_document.items():
        made = [
            Decision(decision.kind, m, decision.before, decision.after, decision.note, batch)
            for m in mentions
        ]
        decide(store, id, layer, author, made, shown(store, id, layer).revision)
        changed[id] = len(made)
    return changed
