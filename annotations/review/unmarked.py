"""Where the words of a mention stand without being marked, in the report or in the whole store, and marking them too.

Example: a reviewer has added a drug that no lexicon has; its other occurrences are shown with their sentences, and those
that are ticked become mentions of the same label and name, each with an event where its label tells one.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence

from annotations.review.incoming import EVENT_OF, OWN
from annotations.review.service import Same, decide, shown
from pipeline.schema import Extraction, Mention
from pipeline.store import Store, StoreError, reading
from pipeline.store.reviews import Decision

AROUND = 60
Place = tuple[str, int, int]


def unmarked(
    store: Store, document_id: str, layer: str, mention_id: str, *, everywhere: bool, limit: int = 200
) -> list[Same]:
    """The places, whole words in any case, on which the layer has no mention of this label; ``mention_id`` is empty.

    Raises:
        StoreError: there is no such mention.
    """
    here, wanted = _mention(store, document_id, layer, mention_id)
    words = re.compile(rf"(?<!\w){re.escape(wanted.text)}(?!\w)", re.IGNORECASE)
    found: list[Same] = []
    for record in reading.extractions(store) if everywhere else [here]:
        if not words.search(record.text):
            continue
        known = here if record.id == here.id else shown(store, record.id, layer).record
        for start, end in _free(known, words, wanted.label):
            text = known.text
            found.append(
                Same(known.id, "", start, end, text[max(0, start - AROUND) : start], text[start:end],
                     text[end : end + AROUND])
            )  # fmt: skip
            if len(found) >= limit:
                return found
    return found


def mark(
    store: Store, document_id: str, layer: str, author: str, mention_id: str, places: Sequence[Place]
) -> dict[str, int]:
    """Makes mentions like this one at places (document, start, end), one batch a document; how many in each.

    Raises:
        DecisionError: a place is outside of its text.
        StoreError: there is no such document or mention.
    """
    _, wanted = _mention(store, document_id, layer, mention_id)
    by_document: dict[str, list[tuple[int, int]]] = {}
    for id, start, end in places:
        by_document.setdefault(id, []).append((start, end))
    for id, spans in by_document.items():
        known = shown(store, id, layer)
        batch = f"mark-{secrets.token_hex(6)}"
        made: list[Decision] = []
        for start, end in spans:
            after = {"label": wanted.label, "start": start, "end": end, "name": wanted.name}
            made.append(Decision("add_mention", after=after, batch=batch))
            kind = EVENT_OF.get(wanted.label)
            if kind is not None:
                own = f"{OWN}{known.revision + len(made)}"
                event = {"kind": kind, "name": wanted.name or wanted.text, "start": start, "end": end}
                made.append(Decision("add_event", after=event | {"mentions": [own]}, batch=batch))
        decide(store, id, layer, author, made, known.revision)
    return {id: len(spans) for id, spans in by_document.items()}


def _mention(store: Store, document_id: str, layer: str, mention_id: str) -> tuple[Extraction, Mention]:
    record = shown(store, document_id, layer).record
    found = next((m for m in record.mentions if m.id == mention_id), None)
    if found is None:
        raise StoreError(f"no such mention: {mention_id}")
    return record, found


def _free(record: Extraction, words: re.Pattern[str], label: str) -> Iterator[tuple[int, int]]:
    marked = [(m.start, m.end) for m in record.mentions if m.label == label]
    for match in words.finditer(record.text):
        if not any(start < match.end() and match.start() < end for start, end in marked):
            yield match.span()
