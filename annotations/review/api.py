"""The interface under ``/api``: JSON in, JSON out; every request is authorised here, by role and layer.

Annotators see and change their own layer only, so that double annotation stays blind; adjudicators read all layers
and write the adjudicated one; admins also manage accounts and assignments.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from annotations.review import access, bodies, queue, service, unmarked
from annotations.review import expression as expressions
from annotations.review.access import Changer, Layer, Someone
from annotations.review.agreed import agreed
from annotations.review.agreement import pairs
from annotations.review.compare import differences
from annotations.review.decisions import redoable, undoable
from annotations.review.incoming import counted, decisions
from pipeline.export.explanation import chain
from pipeline.export.html.content import content
from pipeline.schema import Extraction
from pipeline.store import Store, reviews
from pipeline.store.accounts import Account
from pipeline.store.reviews import ADJUDICATED, Decided, Decision

router = APIRouter(prefix="/api")


def _document(known: service.Shown, who: Account, layer: str, *, text: bool) -> Response:
    record = known.record.model_dump(mode="json", exclude=None if text else {"text"})
    view = content(known.record)
    view["text"] = None  # the record has it
    told = {
        "record": record,
        "view": view,
        "layer": layer,
        "revision": known.revision,
        "extraction": known.extraction_id,
        "undo": undoable(known.decided, who.name) is not None,
        "redo": redoable(known.decided, who.name) is not None,
    }
    return JSONResponse(told)  # as it is: the framework's own encoder would look at each of its values again


@router.get("/me")
def me(request: Request, who: Someone) -> dict[str, Any]:
    """Who asks, and the token that changes need."""
    return {
        "name": who.name,
        "role": who.role,
        "csrf": who.csrf,
        "accounts": access.of(request).with_accounts,
    }


@router.get("/queue")
def documents(
    request: Request,
    who: Someone,
    q: Annotated[str, Query(max_length=200)] = "",
    show: queue.Part = "all",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """The documents, the most doubtful first."""
    store = access.of(request).store
    blind = access.RANK[who.role] < access.RANK["adjudicator"]
    if blind and show in ("unassigned", "differing"):
        raise HTTPException(403, "this is for the role adjudicator")
    found = queue.waiting(
        store, who.name, query=q, show=show, disagreement=not blind, limit=limit, offset=offset
    )
    rows = [asdict(one) for one in found]
    if blind:
        for row in rows:  # who else is at work on it is not told
            for part in ("assigned", "layers", "done"):
                row[part] = [name for name in row[part] if name == who.name]
    return {"documents": rows}


@router.get("/documents/{id:path}/explanation/{event}")
def explanation(request: Request, who: Someone, id: str, event: str, layer: Layer = None) -> dict[str, Any]:
    """The rules and the chain of references behind an event."""
    record = service.shown(access.of(request).store, id, access.layer(who, layer)).record
    for case in record.cases:
        for one in case.events:
            if one.id == event:
                told = [m for m in record.mentions if m.id in one.mentions]
                return {
                    "chain": [asdict(step) for step in chain(case, one)],
                    "found": [
                        {"id": m.id, "label": m.label, "rule": m.rule, "section": m.section} for m in told
                    ],
                }
    raise HTTPException(404, "no such event")


@router.get("/documents/{id:path}/expression")
def expression(
    request: Request,
    who: Someone,
    id: str,
    text: Annotated[str, Query(min_length=1, max_length=expressions.LONGEST)],
    case: Annotated[str, Query(max_length=64)],
    event: Annotated[str | None, Query(max_length=64)] = None,
    layer: Layer = None,
) -> dict[str, Any]:
    """What a time expression means for an event of a case."""
    record = service.shown(access.of(request).store, id, access.layer(who, layer)).record
    known = next((one for one in record.cases if one.id == case), None)
    if known is None:
        raise HTTPException(404, "no such case")
    try:
        return expressions.meant(known, event, text, expressions.read(text))
    except expressions.ExpressionError as error:
        raise HTTPException(422, str(error)) from error


@router.get("/documents/{id:path}/history")
def history(request: Request, who: Someone, id: str, layer: Layer = None) -> list[dict[str, Any]]:
    """Who changed what and when, in a layer."""
    decided = reviews.decided(access.of(request).store, id, access.layer(who, layer))
    return [_told(one) for one in decided]


def _told(one: Decided) -> dict[str, Any]:
    return {"revision": one.revision, "author": one.author, "at": one.at, **asdict(one.decision)}


@router.get("/documents/{id:path}/layers")
def layers(request: Request, who: Someone, id: str) -> dict[str, Any]:
    """The layers of a document and where they differ; for adjudicators."""
    access.at_least("adjudicator", who)
    store = access.of(request).store
    records = _annotated(store, id)
    return {
        "layers": sorted(records),
        "differences": [asdict(one) for one in differences(records)],
        "agreed": counted(_agreed(store, id, records)),
    }


def _annotated(store: Store, id: str) -> dict[str, Extraction]:
    """The records of the annotators who have worked on a document."""
    names = sorted({one.layer for one in reviews.decided(store, id)} - {ADJUDICATED})
    return {name: service.shown(store, id, name).record for name in names}


def _agreed(store: Store, id: str, records: dict[str, Extraction]) -> list[Decision]:
    """What the adjudicated layer takes over from annotators who agree, while nothing is decided in it."""
    known = service.shown(store, id, ADJUDICATED)
    if known.revision or len(records) < 2:
        return []
    return decisions(known.record, agreed(known.extraction, records), revision=0, batch="agreed")


@router.post("/documents/{id:path}/adjudication")
def begin(request: Request, who: Changer, id: str) -> dict[str, int]:
    """Takes over what all annotators agree on, once; for adjudicators. Says what it changed, by kind."""
    access.at_least("adjudicator", who)
    store = access.of(request).store
    made = _agreed(store, id, _annotated(store, id))
    if made:
        service.decide(store, id, ADJUDICATED, who.name, made, 0)
    return counted(made)


@router.get("/documents/{id:path}/same/{mention}")
def same(
    request: Request, who: Someone, id: str, mention: str, everywhere: bool = False, layer: Layer = None
) -> list[dict[str, Any]]:
    """Other mentions with the same characters and label: what "apply to all the same" would change."""
    store = access.of(request).store
    return [
        asdict(one)
        for one in service.same(store, id, access.layer(who, layer), mention, everywhere=everywhere)
    ]


@router.get("/documents/{id:path}/unmarked/{mention}")
def not_marked(
    request: Request, who: Someone, id: str, mention: str, everywhere: bool = False, layer: Layer = None
) -> list[dict[str, Any]]:
    """Where the words of a mention stand without being marked."""
    store, wanted = access.of(request).store, access.layer(who, layer)
    return [asdict(one) for one in unmarked.unmarked(store, id, wanted, mention, everywhere=everywhere)]


@router.post("/documents/{id:path}/unmarked")
def mark(
    request: Request, who: Changer, id: str, body: bodies.ToUnmarked, layer: Layer = None
) -> dict[str, int]:
    """Makes mentions like one at several places, each with its event."""
    places = [(place.document, place.start, place.end) for place in body.places]
    wanted = access.layer(who, layer, change=True)
    return unmarked.mark(access.of(request).store, id, wanted, who.name, body.mention, places)


@router.post("/documents/{id:path}/same")
def apply_to_same(
    request: Request, who: Changer, id: str, body: bodies.ToSame, layer: Layer = None
) -> dict[str, int]:
    """Makes one decision on several mentions."""
    store = access.of(request).store
    places = [(place.document, place.mention) for place in body.places]
    return service.apply_to_same(
        store, id, access.layer(who, layer, change=True), who.name, body.decision.decision(), places
    )


@router.post("/documents/{id:path}/decisions")
def decide(request: Request, who: Changer, id: str, body: bodies.Decisions, layer: Layer = None) -> Response:
    """Adds decisions to a layer, all or none; answers with the record that they give."""
    wanted = access.layer(who, layer, change=True)
    made = [one.decision() for one in body.decisions]
    if any(one.kind == "undo" for one in made):
        raise HTTPException(422, "undo has an address of its own")
    store = access.of(request).store
    known = service.decide(store, id, wanted, who.name, made, body.seen)
    if any(one.kind == "document_done" for one in made) and wanted == who.name:
        reviews.assign(store, known.record.id, who.name, "annotator", who.name, "done")
    return _document(known, who, wanted, text=False)


@router.post("/documents/{id:path}/undo")
def undo(request: Request, who: Changer, id: str, body: bodies.Seen, layer: Layer = None) -> Response:
    """Takes back the last decision of the asker."""
    wanted = access.layer(who, layer, change=True)
    known = service.undo(access.of(request).store, id, wanted, who.name, body.seen)
    return _document(known, who, wanted, text=False)


@router.post("/documents/{id:path}/redo")
def redo(request: Request, who: Changer, id: str, body: bodies.Seen, layer: Layer = None) -> Response:
    """Takes back the last undo of the asker."""
    wanted = access.layer(who, layer, change=True)
    known = service.undo(access.of(request).store, id, wanted, who.name, body.seen, redo=True)
    return _document(known, who, wanted, text=False)


@router.get("/documents/{id:path}")
def document(request: Request, who: Someone, id: str, layer: Layer = None) -> Response:
    """A document as a layer has it, with its text."""
    wanted = access.layer(who, layer)
    return _document(service.shown(access.of(request).store, id, wanted), who, wanted, text=True)


@router.get("/agreement")
def agree(request: Request, who: Someone) -> list[dict[str, Any]]:
    """Tables of agreement for each pair of annotators, on what both have called done; for adjudicators."""
    access.at_least("adjudicator", who)
    return pairs(access.of(request).store)


@router.get("/decisions")
def all_decisions(request: Request, who: Someone) -> StreamingResponse:
    """Every decision of every layer, JSON Lines; for adjudicators."""
    access.at_least("adjudicator", who)
    store = access.of(request).store
    lines = (
        json.dumps({"document": one.document_id, "layer": one.layer, **_told(one)}) + "\n"
        for one in reviews.decided(store)
    )
    return StreamingResponse(lines, media_type="application/x-ndjson")
