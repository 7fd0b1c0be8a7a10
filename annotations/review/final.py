"""The record that counts, for everything that is made from a store: as reviewed where somebody has, else as extracted.

Whose decisions count: those of the adjudicator where there are any; else those of the only annotator who has called the
document done; else those of the one person who works at this machine without accounts. Where several annotators are
done and nobody has adjudicated, nobody's count yet, and a notice says so. Decisions that do not fit the record are said
in a notice too; then the record is the extracted one, so that no export fails for one document.
Example: ``records(store)`` gives ``caseline export`` what it writes, ``records(store, machine=True)`` the extractions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlalchemy import select

from annotations.review.apply import DecisionError
from annotations.review.service import shown
from pipeline.schema import Extraction, Notice
from pipeline.store import Store, reading, reviews
from pipeline.store import tables as t
from pipeline.store.reviews import ADJUDICATED

LOCAL = "local"  # who works at this machine without accounts

UNSETTLED = (
    "several annotators have reviewed this document and nobody has adjudicated: the record is as extracted"
)


def records(store: Store, ids: Collection[str] = (), *, machine: bool = False) -> Iterator[Extraction]:
    """The records of these documents (id, PMCID, PMID or DOI), or of all current ones, sorted by document.

    Raises:
        StoreError: there is no such document, or no extraction of it.
    """
    found = [reading.extraction(store, id) for id in ids] if ids else reading.extractions(store)
    if machine:
        yield from found
        return
    layers, done = layers_of(store), done_of(store)
    for extraction in found:
        of = layers.get(extraction.id, set())
        yield _record(store, extraction, of, done.get(extraction.id, set())) if of else extraction


def final(store: Store, document_id: str) -> Extraction:
    """The record of one document that counts.

    Raises:
        StoreError: there is no such document, or no extraction of it.
    """
    return next(records(store, (document_id,)))


def counting(layers: Collection[str], done: Collection[str]) -> str | None:
    """Whose decisions count, of the ``layers`` with decisions and the annotators who are ``done``; None: nobody's."""
    if ADJUDICATED in layers:
        return ADJUDICATED
    ready = sorted({*layers} & {*done})
    if len(ready) == 1:
        return ready[0]
    return LOCAL if {*layers} == {LOCAL} else None


def _record(
    store: Store, extraction: Extraction, layers: Collection[str], done: Collection[str]
) -> Extraction:
    layer = counting(layers, done)
    if layer is None:
        waiting = len({*layers} & {*done}) > 1
        return _noticed(extraction, "review_not_adjudicated", UNSETTLED) if waiting else extraction
    try:
        return shown(store, extraction.id, layer).record
    except DecisionError as error:
        return _noticed(extraction, "review_not_applied", f"the decisions of {layer} do not fit: {error}")


def _noticed(extraction: Extraction, code: str, message: str) -> Extraction:
    notice = Notice(code=code, message=message)
    return extraction.model_copy(update={"warnings": (*extraction.warnings, notice)})


def layers_of(store: Store) -> dict[str, set[str]]:
    """The layers with decisions, by document."""
    c = t.layers.c
    found: defaultdict[str, set[str]] = defaultdict(set)
    with store.read() as connection:
        for id, layer in connection.execute(select(c.document_id, c.layer).where(c.revision > 0)):
            found[id].add(layer)
    return found


def done_of(store: Store) -> dict[str, set[str]]:
    """The annotators who have called a document done, by document."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in reviews.assigned(store):
        if row.state == "done" and row.role == "annotator":
            found[row.document_id].add(row.annotator)
    return found
