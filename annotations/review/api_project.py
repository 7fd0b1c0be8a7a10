"""The interface for the project: who works on what, how far it is, and the accounts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from annotations.review import access, bodies, project
from annotations.review.access import Changer, Someone
from pipeline.store import StoreError, accounts, reading, reviews

router = APIRouter(prefix="/api")


@router.get("/project")
def people(request: Request, who: Someone) -> dict[str, Any]:
    """How far the project is; for adjudicators also how far each annotator is."""
    store = access.of(request).store
    seen = access.RANK[who.role] >= access.RANK["adjudicator"]
    return {
        "progress": project.progress(store),
        "people": [asdict(one) for one in project.people(store)] if seen else [],
    }


@router.post("/assignments")
def assign_many(request: Request, who: Changer, body: bodies.Assignments) -> dict[str, int]:
    """Gives documents to annotators, or takes them away; for admins. Says how many assignments changed."""
    access.at_least("admin", who)
    known = access.of(request)
    if known.with_accounts and not {*body.annotators} <= {a.name for a in accounts.accounts(known.store)}:
        raise HTTPException(422, "there is no such account")
    ids = [reading.document(known.store, id).id for id in body.documents]
    if body.withdraw:
        return {"changed": project.withdraw(known.store, ids, body.annotators)}
    return {"changed": project.assign(known.store, ids, body.annotators, who.name)}


@router.post("/documents/{id:path}/assignments", status_code=204)
def assign(request: Request, who: Changer, id: str, body: bodies.Assignment) -> Response:
    """Gives a document to an annotator; annotators may only say how far they are themselves."""
    if body.annotator != who.name or body.role != "annotator":
        access.at_least("admin", who)
    store = access.of(request).store
    reviews.assign(store, reading.document(store, id).id, body.annotator, body.role, who.name, body.state)
    return Response(status_code=204)


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
