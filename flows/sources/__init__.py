"""Where publications come from, all behind ``Source``: list what there is, fetch one.

``europepmc`` (search and full text), ``eutils`` (NCBI), ``pmc`` (the open-access store of PubMed Central, by id). Which
one, and from where, is told by ``source``; a mirror is named in CASELINE_EUROPEPMC_URL and the like.
"""

from flows.sources.base import Article, Fetched, FetchError, NotOpen, Page, Source
from flows.sources.registry import SOURCES, source

__all__ = ["SOURCES", "Article", "FetchError", "Fetched", "NotOpen", "Page", "Source", "source"]
