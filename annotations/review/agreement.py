"""Agreement of the annotators in the store, as tables for the page."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from annotations.agreement.compare import Annotated, agreement, annotated
from annotations.agreement.table import figures
from annotations.review.service import shown
from pipeline.store import Store, reviews

Table = dict[str, Any]


def pairs(store: Store) -> list[Table]:
    """Tables (title, columns, rows) for each pair of annotators with a document that both have called done."""
    done: dict[str, dict[str, Annotated]] = {}
    for row in reviews.assigned(store):
        if row.state == "done" and row.role == "annotator":
            record = shown(store, row.document_id, row.annotator).record
            done.setdefault(row.annotator, {})[row.document_id] = annotated(record.model_dump(mode="json"))
    tables: list[Table] = []
    for first, second in combinations(sorted(done), 2):
        if done[first].keys() & done[second].keys():
            tables += _tables(figures(agreement(first, second, done[first], done[second])))
    return tables


def _tables(said: dict[str, Any]) -> list[Table]:
    who = " and ".join(said["annotators"])
    spans = [
        [label, one["first"], one["second"], one["strict_f1"], one["relaxed_f1"], one["token_kappa"]]
        for label, one in said["spans"].items()
    ]
    attributes = [[name, one["agree"], one["of"], one["kappa"]] for name, one in said["attributes"].items()]
    days = said["days"]
    attributes.append(["order", said["order"]["concordance"], said["order"]["of"], None])
    attributes.append(["days apart, mean", days["mean_distance"], days["dated_by_both"], None])
    return [
        {
            "title": f"{who}: mentions in {said['documents']} report{'' if said['documents'] == 1 else 's'}",
            "columns": ["label", *said["annotators"], "strict F1", "relaxed F1", "token kappa"],
            "rows": spans,
        },
        {
            "title": f"{who}: of the events that both have",
            "columns": ["attribute", "agree", "of", "kappa"],
            "rows": attributes,
        },
    ]
