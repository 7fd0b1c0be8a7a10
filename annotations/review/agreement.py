"""Agreement of the annotators in the store, as tables for the page."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from annotations.agreement.compare import Agreement, Annotated, agreement, annotated
from annotations.agreement.table import KINDS, by_kind, figures
from annotations.review.service import shown
from pipeline.store import Store, reviews

Table = dict[str, Any]


def pairs(store: Store) -> list[Table]:
    """Tables (title, columns, rows) for each pair of annotators with a document that both have called done."""
    return [table for result in results(store) for table in _tables(figures(result))]


def results(store: Store) -> list[Agreement]:
    """The agreement of each pair of annotators on the documents that both have called done."""
    done: dict[str, dict[str, Annotated]] = {}
    for row in reviews.assigned(store):
        if row.state == "done" and row.role == "annotator":
            record = shown(store, row.document_id, row.annotator).record
            done.setdefault(row.annotator, {})[row.document_id] = annotated(record.model_dump(mode="json"))
    return [
        agreement(first, second, done[first], done[second])
        for first, second in combinations(sorted(done), 2)
        if done[first].keys() & done[second].keys()
    ]


def _tables(said: dict[str, Any]) -> list[Table]:
    who = " and ".join(said["annotators"])
    spans = [
        [label, one["first"], one["second"], one["strict_f1"], one["relaxed_f1"], one["token_kappa"]]
        for label, one in said["spans"].items()
    ]
    attributes = [[name, one["agree"], one["of"], one["kappa"]] for name, one in said["attributes"].items()]
    events = [
        [kind, one["first"], one["second"], one["same_kind_f1"], one["paired_f1"]]
        for kind, one in said["events"].items()
    ]
    days = said["days"]
    attributes.append(["order", said["order"]["concordance"], said["order"]["of"], None])
    attributes.append(["days apart, mean", days["mean_distance"], days["dated_by_both"], None])
    attributes.append(["days apart, median", days["median_distance"], days["dated_by_both"], None])
    return [
        {
            "title": f"{who}: mentions in {said['documents']} report{'' if said['documents'] == 1 else 's'}",
            "columns": ["label", *said["annotators"], "strict F1", "relaxed F1", "token kappa"],
            "rows": spans,
        },
        {
            "title": f"{who}: events",
            "columns": ["kind", *said["annotators"], "same kind F1", "paired F1"],
            "rows": events,
        },
        {
            "title": f"{who}: of the events that both have",
            "columns": ["attribute", "agree", "of", "kappa"],
            "rows": attributes,
        },
        {"title": f"{who}: by kind of event", "columns": list(KINDS), "rows": by_kind(said)},
    ]
