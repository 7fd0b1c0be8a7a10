"""What the application is sent, checked before anything else happens."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pipeline.store.accounts import AccountRole
from pipeline.store.reviews import Decision, Kind, Role, State

Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=512)]
MAX_CONTENT = 20_000_000
Note = Annotated[str, StringConstraints(max_length=4000)]


class Body(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class DecisionBody(Body):
    """One decision, in the terms of the store."""

    kind: Kind
    target: Annotated[str, StringConstraints(max_length=64)] | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    note: Note | None = None
    batch: Annotated[str, StringConstraints(max_length=64)] | None = None

    def decision(self) -> Decision:
        """The decision as the store takes it."""
        return Decision(self.kind, self.target, self.before, self.after, self.note, self.batch)


class Decisions(Body):
    """Decisions made on what the author had on the screen."""

    seen: int = Field(ge=0)
    decisions: list[DecisionBody] = Field(min_length=1, max_length=500)


class Seen(Body):
    """The revision on the screen."""

    seen: int = Field(ge=0)


class Place(Body):
    """A mention of a document."""

    document: Id
    mention: Name


class ToSame(Body):
    """A decision for several mentions."""

    decision: DecisionBody
    places: list[Place] = Field(min_length=1, max_length=2000)


class Stretch(Body):
    """Characters of a document."""

    document: Id
    start: int = Field(ge=0, le=2**31)
    end: int = Field(ge=0, le=2**31)


class ToUnmarked(Body):
    """A mention whose like is to be made at several places."""

    mention: Name
    places: list[Stretch] = Field(min_length=1, max_length=2000)


class Assignment(Body):
    """A document for an annotator."""

    annotator: Name
    role: Role = "annotator"
    state: State = "open"


class Assignments(Body):
    """Documents for annotators, or taken away from them."""

    documents: list[Id] = Field(min_length=1, max_length=2000)
    annotators: list[Name] = Field(min_length=1, max_length=100)
    withdraw: bool = False


class File(Body):
    """A file that somebody sends: its name, no path, and its bytes in base64."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    content: Annotated[str, StringConstraints(max_length=MAX_CONTENT)]


class Upload(Body):
    """Annotations in a format of ``caseline annotations``, or records."""

    format: Literal["records", "brat", "bioc-json", "bioc-xml", "label-studio", "web-annotation", "doccano"]
    files: list[File] = Field(min_length=1, max_length=2000)
    add_only: bool = False
    preview: bool = False


class LogIn(Body):
    """Name and password."""

    name: Name
    password: Annotated[str, StringConstraints(min_length=1, max_length=1024)]


class NewAccount(LogIn):
    """An account to be made."""

    role: AccountRole = "annotator"


class AccountChange(Body):
    """What changes in an account."""

    role: AccountRole | None = None
    password: Annotated[str, StringConstraints(min_length=1, max_length=1024)] | None = None
    active: bool | None = None
