"""Europe PMC: search with a cursor, full text of open-access articles.

Source: the Europe PMC RESTful web service, ``search`` and ``{PMCID}/fullTextXML``.
Example query: ``TITLE:"case report" AND rituximab AND OPEN_ACCESS:Y``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from flows.sources.base import Article, Fetched, FetchError, NotOpen, Page, with_body
from flows.sources.http import Client

BASE = "https://www.ebi.ac.uk/europepmc/webservices/rest"
PAGE = 100  # up to 1000; "core" answers are large
PER_SECOND = 5.0


class EuropePMC:
    """Search and full text."""

    name = "europepmc"

    def __init__(
        self, base: str = BASE, *, page: int = PAGE, per_second: float = PER_SECOND, pause: float = 1.0
    ):
        self._client, self._page = Client(base, per_second, pause), page

    def pages(self, query: str, since: str | None, cursor: str | None) -> Iterator[Page]:
        """The listing, a page an answer."""
        if since:
            query = f"({query}) AND (UPDATE_DATE:[{since} TO 3000-01-01])"
        mark: str | None = cursor or "*"
        while mark is not None:
            page = self._search(query, mark)
            yield page
            mark = page.cursor

    def named(self, ids: Sequence[str]) -> Iterator[Article]:
        """The articles with these PMCIDs, PMIDs or DOIs, as far as the source knows them."""
        for id in ids:
            yield from self._search(_by_id(id), "*").articles[:1]

    def fetch(self, article: Article) -> Fetched:
        """The full text."""
        if article.pmcid is None:
            raise NotOpen("no full text in PubMed Central")
        try:
            data = self._client.get(f"{article.pmcid}/fullTextXML")
        except FileNotFoundError as error:
            raise NotOpen("no open full text") from error
        return Fetched(with_body(data), article.retracted, article.facts)

    def _search(self, query: str, mark: str) -> Page:
        try:
            data = self._client.get(
                "search", query=query, format="json", resultType="core", pageSize=self._page, cursorMark=mark
            )
            answer = json.loads(data)
            hits = answer["resultList"]["result"]
            following = answer.get("nextCursorMark")
            articles = tuple(map(_article, hits))
            total = int(answer.get("hitCount", 0))
        except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
            raise FetchError(
                f"Europe PMC: the answer to a search cannot be read ({type(error).__name__})"
            ) from error
        return Page(articles, following if hits and following and following != mark else None, total)


def _by_id(id: str) -> str:
    if id.upper().startswith("PMC"):
        return f"PMCID:{id.upper()}"
    return f'DOI:"{id}"' if "/" in id else f"EXT_ID:{id} AND SRC:MED"


def _article(hit: dict[str, Any]) -> Article:
    pmcid = hit.get("pmcid")
    id = pmcid or hit.get("pmid") or hit.get("doi") or f"{hit['source']}:{hit['id']}"
    types = hit.get("pubTypeList", {}).get("pubType", [])
    names = (
        "pmid",
        "pmcid",
        "doi",
        "title",
        "license",
        "isOpenAccess",
        "firstPublicationDate",
        "dateOfRevision",
    )
    return Article(
        f"europepmc:{id}",
        str(id),
        pmcid,
        "retracted publication" in [str(one).lower() for one in types],
        {name: hit[name] for name in names if name in hit},
    )
