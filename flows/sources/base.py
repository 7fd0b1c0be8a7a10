"""What a source is, and what it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

BODY = re.compile(rb"<(?:[\w.-]+:)?body[\s>]")


class FetchError(Exception):
    """A source does not answer as it should; the message says which and why, in one line."""


class NotOpen(Exception):
    """The source knows the article but has no full text of it."""


@dataclass(frozen=True, slots=True)
class Article:
    """One that a listing names: ``id`` is its PMCID where it has one. ``facts`` are the source's own words."""

    uri: str
    id: str
    pmcid: str | None
    retracted: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a listing; ``cursor`` is where the next part starts, None at the end."""

    articles: tuple[Article, ...]
    cursor: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of a full text, and what the source says of licence, version and retraction."""

    data: bytes
    retracted: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


class Source(Protocol):
    """Lists and fetches articles."""

    name: str

    def pages(self, query: str, since: str | None, cursor: str | None) -> Iterator[Page]:
        """The listing for a query, from a cursor on; ``since`` (a date) leaves out what has not changed after it.

        Raises:
            FetchError: the source does not answer as it should.
        """

    def fetch(self, article: Article) -> Fetched:
        """The full text of an article.

        Raises:
            NotOpen: there is none.
            FetchError: the source does not answer as it should.
        """


def with_body(data: bytes) -> bytes:
    """The data of an article that has a body.

    Raises:
        NotOpen: only metadata came, as E-utilities answer for an article that is not open, with status 200.
    """
    if b"<article" in data and not BODY.search(data):
        raise NotOpen("metadata only")
    return data
