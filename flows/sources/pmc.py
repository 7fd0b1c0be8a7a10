"""The open-access store of PubMed Central, in the layout that it has since 2026, by PMCID.

``metadata/PMC<id>.<version>.json`` (licence, version, retraction, checksum) and
``PMC<id>.<version>/PMC<id>.<version>.xml``; which versions there are, the bucket's listing tells.
A "query" is a list of PMCIDs, set apart by blanks or commas; PMIDs and DOIs are looked up at Europe PMC first.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from flows.sources.base import Article, Fetched, FetchError, NotOpen, Page, with_body
from flows.sources.europepmc import EuropePMC
from flows.sources.http import Client

BASE = "https://pmc-oa-opendata.s3.amazonaws.com"
PER_SECOND = 10.0
PAGE = 100
PMCID = re.compile(r"PMC\d+", re.IGNORECASE)
KEY = re.compile(r"metadata/(PMC\d+)\.(\d+)\.json")


class OpenStore:
    """Articles by id, the newest version of each."""

    name = "pmc"

    def __init__(
        self,
        base: str = BASE,
        *,
        names: EuropePMC | None = None,
        per_second: float = PER_SECOND,
        pause: float = 1.0,
    ):
        self._client, self._names = Client(base, per_second, pause), names or EuropePMC()

    def pages(self, query: str, since: str | None, cursor: str | None) -> Iterator[Page]:
        """The articles with these ids; the cursor is the number of the first."""
        ids = [id for id in re.split(r"[\s,;]+", query) if id]
        for start in range(int(cursor or 0), len(ids), PAGE):
            after = start + PAGE
            articles = tuple(self._articles(ids[start:after]))
            yield Page(articles, str(after) if after < len(ids) else None, len(ids))

    def fetch(self, article: Article) -> Fetched:
        """The newest version, its checksum compared."""
        if article.pmcid is None:
            raise NotOpen("no full text in PubMed Central")
        name = f"{article.pmcid}.{self._newest(article.pmcid)}"
        try:
            facts: dict[str, Any] = json.loads(self._client.get(f"metadata/{name}.json"))
            data = self._client.get(f"{name}/{name}.xml")
        except FileNotFoundError as error:
            raise NotOpen("not in the open-access store") from error
        except ValueError as error:
            raise FetchError(f"{name}: the metadata cannot be read") from error
        expected = facts.get("md5")
        if (
            isinstance(expected, str)
            and hashlib.md5(data, usedforsecurity=False).hexdigest() != expected.lower()
        ):
            raise FetchError(f"{name}: the checksum is not that of the metadata")
        return Fetched(with_body(data), facts.get("is_retracted") is True, facts)

    def _articles(self, ids: list[str]) -> Iterator[Article]:
        for id in ids:
            if PMCID.fullmatch(id):
                yield Article(f"pmc:{id.upper()}", id.upper(), id.upper())
                continue
            known = next(self._names.named([id]), None)
            pmcid = known.pmcid if known else None
            yield Article(f"pmc:{pmcid or id}", pmcid or id, pmcid, known.retracted if known else False)

    def _newest(self, pmcid: str) -> int:
        try:
            listing = self._client.get("", **{"list-type": "2", "prefix": f"metadata/{pmcid}."})
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            keys = [element.text or "" for element in etree.fromstring(listing, parser).iter("{*}Key")]
        except FileNotFoundError:
            keys = []
        except etree.XMLSyntaxError as error:
            raise FetchError(f"{pmcid}: the listing of the open-access store cannot be read") from error
        found = [int(match[2]) for key in keys if (match := KEY.fullmatch(key)) and match[1] == pmcid]
        if not found:
            raise NotOpen("not in the open-access store")
        return max(found)
