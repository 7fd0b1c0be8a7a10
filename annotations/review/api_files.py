"""The interface for files: annotations come in as decisions of a layer, records go out for other tools."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request, Response

from annotations.review import access, bodies, transfer
from annotations.review.access import Changer, Layer, Someone
from annotations.review.final import records
from annotations.review.service import shown
from pipeline.schema import Extraction
from pipeline.store import Store, reviews

router = APIRouter(prefix="/api")
Written = Literal[
    "records", "brat", "bioc-json", "bioc-xml", "label-studio", "docbin", "web-annotation", "doccano"
]


@router.post("/import")
def import_(request: Request, who: Changer, body: bodies.Upload, layer: Layer = None) -> list[dict[str, Any]]:
    """Makes the annotations of files the state of a layer; with ``preview`` only says what would change."""
    wanted = access.layer(who, layer, change=True)
    store = access.of(request).store
    try:
        files = [(one.name, base64.b64decode(one.content, validate=True)) for one in body.files]
    except ValueError as error:
        raise HTTPException(422, "a file is not in base64") from error
    try:
        found = transfer.uploaded(store, body.format, files)
    except transfer.TransferError as error:
        raise HTTPException(422, str(error)) from error
    done = transfer.take(store, wanted, who.name, found, add_only=body.add_only, preview=body.preview)
    return [asdict(one) for one in done]


@router.get("/export")
def export(request: Request, who: Someone, format: Written = "records") -> Response:
    """All records as reviewed; for adjudicators."""
    access.at_least("adjudicator", who)
    return _download(records(access.of(request).store), format)


@router.get("/layer")
def own_layer(request: Request, who: Someone, format: Written = "records", layer: Layer = None) -> Response:
    """The records of a layer, as it has them: the documents with decisions in it."""
    return _download(_of_layer(access.of(request).store, access.layer(who, layer)), format)


def _of_layer(store: Store, layer: str) -> Iterator[Extraction]:
    ids = sorted({one.document_id for one in reviews.decided(store, layer=layer)})
    return (shown(store, id, layer).record for id in ids)


def _download(found: Iterator[Extraction], format: str) -> Response:
    name, kind, content = transfer.packed(found, format)
    return Response(
        content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
