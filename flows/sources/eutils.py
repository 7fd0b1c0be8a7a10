"""NCBI E-utilities on PubMed Central: ``esearch`` and ``efetch``; 3 requests a second, 10 with NCBI_API_KEY.

An article that is not open is answered with its metadata and status 200.
Example query: ``"case reports"[filter] AND rituximab[title] AND "open access"[filter]``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from flows.sources.base import Article, Fetched, FetchError, NotOpen, Page, with_body
from flows.sources.http import Client

BASE = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
PAGE = 500
SLOW, FAST = 3.0, 10.0


class EUtils:
    """Search and full text."""

    name = "eutils"

    def __init__(
        self, base: str = BASE, *, page: int = PAGE, per_second: float | None = None, pause: float = 1.0
    ):
        key = os.environ.get("NCBI_API_KEY")
        self._client = Client(base, per_second or (FAST if key else SLOW), pause)
        asked = {"tool": "caseline", "email": os.environ.get("CASELINE_CONTACT"), "api_key": key}
        self._always = {name: value for name, value in asked.items() if value}
        self._page = page

    def pages(self, query: str, since: str | None, cursor: str | None) -> Iterator[Page]:
        """The listing, a page an answer; the cursor is the number of the first article."""
        start: int | None = int(cursor or 0)
        dates = {"datetype": "mdat", "mindate": since.replace("-", "/"), "maxdate": "3000"} if since else {}
        while start is not None:
            page = self._search(query, start, dates)
            yield page
            start = int(page.cursor) if page.cursor else None

    def fetch(self, article: Article) -> Fetched:
        """The full text."""
        number = article.id.upper().removeprefix("PMC")
        try:
            data = self._client.get("efetch.fcgi", db="pmc", id=number, retmode="xml", **self._always)
        except FileNotFoundError as error:
            raise NotOpen("unknown to PubMed Central") from error
        if b"<article" not in data:
            raise NotOpen("unknown to PubMed Central")
        return Fetched(with_body(data), article.retracted, article.facts)

    def _search(self, query: str, start: int, dates: dict[str, Any]) -> Page:
        try:
            data = self._client.get(
                "esearch.fcgi", db="pmc", term=query, retmode="json", retstart=start, retmax=self._page,
                **dates, **self._always,
            )  # fmt: skip
            result = json.loads(data)["esearchresult"]
            ids, total = [str(id) for id in result["idlist"]], int(result["count"])
        except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
            raise FetchError(
                f"E-utilities: the answer to a search cannot be read ({type(error).__name__})"
            ) from error
        after = start + len(ids)
        articles = tuple(Article(f"eutils:PMC{id}", f"PMC{id}", f"PMC{id}") for id in ids)
        return Page(articles, str(after) if ids and after < total else None, total)
