"""What is new for a saved query: listed, fetched, kept as it came, then done like any other document.

A run that was killed goes on with its listing where it stopped; what it had fetched is not fetched again. Articles
without an open full text are told apart, retracted ones withdrawn.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from flows.plan import Plan, of_paths
from flows.report import Outcome
from flows.sources import Article, FetchError, NotOpen, Source
from flows.worker import Task
from pipeline.store import Store, StoreError, fetching, harvests, now, reading, writing
from pipeline.store.harvests import Harvest

REVISED = "dateOfRevision"
ID = re.compile(r"PMC\d{3,9}|\d{5,8}|(?:doi:|https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S+", re.IGNORECASE)
FOLDER = "folder"  # the source that is a watched folder; its query is the path


@dataclass(slots=True)
class Gathered:
    """What fetching came to."""

    found: int = 0
    known: int = 0
    not_open: int = 0
    withdrawn: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def gather(store: Store, source: Source, query: Harvest, fingerprint: str, run: int) -> Gathered:
    """Lists and fetches; remembers after each page how far it got.

    Raises:
        FetchError: the listing itself cannot be had; what came before it is kept.
    """
    gathered, began = Gathered(), now()[:10]
    for page in source.pages(query.query, query.since, query.cursor):
        for article in page.articles:
            _one(store, source, article, gathered, fingerprint, run)
        if page.cursor is not None:
            harvests.mark(store, query.name, page.cursor, query.since)
    harvests.mark(store, query.name, None, began)
    return gathered


def _one(store: Store, source: Source, article: Article, gathered: Gathered, mark: str, run: int) -> None:
    gathered.found += 1
    item = writing.Item(article.uri, "")
    if article.retracted:
        _withdraw(store, article, gathered)
        return
    before = fetching.kept(store, article.uri)
    listed = dict(article.facts)
    # Without a date of revision nothing but the text itself tells whether it is the same.
    if before is not None and REVISED in listed and before.facts.get("listed") == listed:
        gathered.known += 1
        return
    try:
        fetched = source.fetch(article)
    except NotOpen:
        gathered.not_open += 1
        writing.note(store, item, "not_open", run=run)
        return
    except FetchError as error:
        gathered.failed.append((article.uri, str(error)))
        writing.fail(store, item, mark, "fetch", str(error), run=run)
        return
    if fetched.retracted:
        _withdraw(store, article, gathered)
        return
    sha = fetching.keep(store, article.uri, fetched.data, {**fetched.facts, "listed": listed})
    gathered.known += before is not None and before.sha256 == sha


def _withdraw(store: Store, article: Article, gathered: Gathered) -> None:
    try:
        id = reading.document(store, article.pmcid or article.id).id
    except StoreError:
        id = article.id  # retracted before it was ever read
    else:
        writing.withdraw(store, id, "retracted")
    gathered.withdrawn.append(id)


def is_id(name: str) -> bool:
    """Whether this is a PMCID, a PMID or a DOI: "PMC9351084", "35937890", "10.1000/x"."""
    return ID.fullmatch(name) is not None


def gathered(
    store: Store, query: Harvest, source: Source | None, fingerprint: str, run: int
) -> tuple[Plan, Outcome]:
    """What a saved query brings now; a watched folder is looked through anew."""
    if query.source == FOLDER or source is None:
        planned = of_paths(store, [query.query], fingerprint, run=run)
        return planned, Outcome.of(planned, "harvest")
    got = gather(store, source, query, fingerprint, run)
    tasks = tuple(Task(uri, uri.partition(":")[2], "fetched", sha) for uri, sha in harvests.undone(store))
    planned = Plan(got.found, tasks, got.known, tuple(got.failed))
    outcome = Outcome.of(planned, "harvest")
    outcome.not_open, outcome.withdrawn = got.not_open, got.withdrawn
    return planned, outcome


def retract(store: Store, run: int, outcome: Outcome) -> None:
    """Withdraws what the notices of retraction among the new documents retract."""
    for retracted, notice in harvests.retractions(store, run):
        try:
            id = reading.document(store, retracted).id
        except StoreError:
            continue  # an article that the store never had
        if writing.withdraw(store, id, f"retracted ({notice})"):
            outcome.withdrawn.append(id)
