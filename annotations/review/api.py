"""The interface under ``/api``: JSON in, JSON out; every request is authorised here, by role and layer.

Annotators see and change their own layer only, so that double annotation stays blind; adjudicators read all layers
and write the adjudicated one; admins also manage accounts and assignments.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import StreamingResponse

from annotations.review import access, bodies, queue, service
from annotations.review.access import Changer, Someone
from annotations.review.agreement import pairs
from annotations.review.compare import differences
from annotations.review.decisions import redoable, undoable
from annotations.review.final import records
from pipeline.export.explanation import chain
from pipeline.export.html.content import content
from pipeline.store import StoreError, accounts, reading, reviews
from pipeline.store.accounts import Account
from pipeline.store.reviews import ADJUDICATED, Decided

router = APIRouter(prefix="/api")
Layer = Annotated[str | None, Query(max_length=64)]


def _layer(who: Account, wanted: str | None, *, change: bool = False) -> str:
    """The layer that a request is about, if its author may see or change it."""
    if wanted is None or wanted == who.name:
        return who.name
    access.at_least("adjudicator", who)
    if change and wanted != ADJUDICATED:
        raise HTTPException(403, "the layer of another annotator is not changed")
    return wanted


def _document(known: service.Shown, who: Account, layer: str, *, text: bool) -> dict[str, Any]:
    record = known.record.model_dump(mode="json", exclude=None if text else {"text"})
    view = content(known.record)
    view["text"] = None  # the record has it
    return {
        "record": record,
        "view": view,
        "layer": layer,
        "revision": known.revision,
        "extraction": known.extraction_id,
        "undo": undoable(known.decided, who.name) is not None,
        "redo": redoable(known.decided, who.name) is not None,
    }


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
    assigned: bool = False,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """The documents, the most doubtful first."""
    store = access.of(request).store
    found = queue.waiting(store, who.name, query=q, assigned=assigned, limit=limit, offset=offset)
    rows = [asdict(one) for one in found]
    if access.RANK[who.role] < access.RANK["adjudicator"]:
        for row in rows:  # blind: who else is at work on it is not told
            row["layers"] = [name for name in row["layers"] if name == who.name]
            row["done"] = [name for name in row["done"] if name == who.name]
    return {"documents": rows, "progress": queue.progress(store)}


@router.get("/documents/{id:path}/explanation/{event}")
def explanation(request: Request, who: Someone, id: str, event: str, layer: Layer = None) -> dict[str, Any]:
    """The rules and the chain of references behind an event."""
    record = service.shown(access.of(request).store, id, _layer(who, layer)).record
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


@router.get("/documents/{id:path}/history")
def history(request: Request, who: Someone, id: str, layer: Layer = None) -> list[dict[str, Any]]:
    """Who changed what and when, in a layer."""
    decided = reviews.decided(access.of(request).store, id, _layer(who, layer))
    return [_told(one) for one in decided]


def _told(one: Decided) -> dict[str, Any]:
    return {"revision": one.revision, "author": one.author, "at": one.at, **asdict(one.decision)}


@router.get("/documents/{id:path}/layers")
def layers(request: Request, who: Someone, id: str) -> dict[str, Any]:
    """The layers of a document and where they differ; for adjudicators."""
    access.at_least("adjudicator", who)
    store = access.of(request).store
    names = sorted({one.layer for one in reviews.decided(store, id)} - {ADJUDICATED})
    records = {name: service.shown(store, id, name).record for name in names}
    return {"layers": names, "differences": [asdict(one) for one in differences(records)]}


@router.get("/documents/{id:path}/same/{mention}")
def same(
    request: Request, who: Someone, id: str, mention: str, everywhere: bool = False, layer: Layer = None
) -> list[dict[str, Any]]:
    """Other mentions with the same characters and label: what "apply to all the same" would change."""
    store = access.of(request).store
    return [
        asdict(one) for one in service.same(store, id, _layer(who, layer), mention, everywhere=everywhere)
    ]


@router.post("/documents/{id:path}/same")
def apply_to_same(
    request: Request, who: Changer, id: str, body: bodies.ToSame, layer: Layer = None
) -> dict[str, int]:
    """Makes one decision on several mentions."""
    store = access.of(request).store
    places = [(place.document, place.mention) for place in body.places]
    return service.apply_to_same(
        store, id, _layer(who, layer, change=True), who.name, body.decision.decision(), places
    )


@router.post("/documents/{id:path}/decisions")
def decide(
    request: Request, who: Changer, id: str, body: bodies.Decisions, layer: Layer = None
) -> dict[str, Any]:
    """Adds decisions to a layer, all or none; answers with the record that they give."""
    wanted = _layer(who, layer, change=True)
    made = [one.decision() for one in body.decisions]
    if any(one.kind == "undo" for one in made):
        raise HTTPException(422, "undo has an address of its own")
    store = access.of(request).store
    known = service.decide(store, id, wanted, who.name, made, body.seen)
    if any(one.kind == "document_done" for one in made) and wanted == who.name:
        reviews.assign(store, known.record.id, who.name, "annotator", who.name, "done")
    return _document(known, who, wanted, text=False)


@router.post("/documents/{id:path}/undo")
def undo(request: Request, who: Changer, id: str, body: bodies.Seen, layer: Layer = None) -> dict[str, Any]:
    """Takes back the last decision of the asker."""
    wanted = _layer(who, layer, change=True)
    known = service.undo(access.of(request).store, id, wanted, who.name, body.seen)
    return _document(known, who, wanted, text=False)


@router.post("/documents/{id:path}/redo")
def redo(request: Request, who: Changer, id: str, body: bodies.Seen, layer: Layer = None) -> dict[str, Any]:
    """Takes back the last undo of the asker."""
    wanted = _layer(who, layer, change=True)
    known = service.undo(access.of(request).store, id, wanted, who.name, body.seen, redo=True)
    return _document(known, who, wanted, text=False)


@router.post("/documents/{id:path}/assignments", status_code=204)
def assign(request: Request, who: Changer, id: str, body: bodies.Assignment) -> Response:
    """Gives a document to an annotator; annotators may only say how far they are themselves."""
    if body.annotator != who.name or body.role != "annotator":
        access.at_least("admin", who)
    store = access.of(request).store
    reviews.assign(store, reading.document(store, id).id, body.annotator, body.role, who.name, body.state)
    return Response(status_code=204)


@router.get("/documents/{id:path}")
def document(request: Request, who: Someone, id: str, layer: Layer = None) -> dict[str, Any]:
    """A document as a layer has it, with its text."""
    wanted = _layer(who, layer)
    return _document(service.shown(access.of(request).store, id, wanted), who, wanted, text=True)


@router.get("/agreement")
def agree(request: Request, who: Someone) -> list[dict[str, Any]]:
    """Tables of agreement for each pair of annotators, on what both have called done; for adjudicators."""
    access.at_least("adjudicator", who)
    return pairs(access.of(request).store)


@router.get("/export")
def export(request: Request, who: Someone) -> StreamingResponse:
    """All records as reviewed, JSON Lines; for adjudicators."""
    access.at_least("adjudicator", who)
    store = access.of(request).store

    lines = (record.model_dump_json() + "\n" for record in records(store))
    return StreamingResponse(
        lines,
        media_type="application/x-ndjson",
        headers={"Content-Disposition": 'attachment; filename="reviewed.jsonl"'},
    )


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


@router.get("/accounts")
def list_accounts(request: Request, who: Someone) -> list[dict[str, Any]]:
    """The accounts, without their passwords; for admins."""
    access.at_least("admin", who)
    return [
        {"name": row.name, "role": row.role, "active": row.active, "made": row.made}
        for row in accounts.accounts(access.of(request).store)
    ]


@router.post("/accounts", status_code=204)
def add_account(request: Request, who: Changer, body: bodies.NewAccount) -> Response:
    """Makes an account; for admins."""
    access.at_least("admin", who)
    _only_with_accounts(request)
    accounts.add(access.of(request).store, body.name, body.role, body.password)
    return Response(status_code=204)


@router.patch("/accounts/{name}", status_code=204)
def change_account(request: Request, who: Changer, name: str, body: bodies.AccountChange) -> Response:
    """Changes role, password or state of an account; for admins."""
    access.at_least("admin", who)
    _only_with_accounts(request)
    if name == who.name and (body.active is False or body.role not in (None, "admin")):
        raise HTTPException(422, "an admin cannot lock themselves out")
    accounts.change(
        access.of(request).store, name, role=body.role, password=body.password, active=body.active
    )
    return Response(status_code=204)


def _only_with_accounts(request: Request) -> None:
    if not access.of(request).with_accounts:
        raise StoreError("this server has no accounts; start it with --accounts")
