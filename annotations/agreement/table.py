"""Agreement as tables for a terminal, and as plain figures for a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from annotations.agreement.attributes import WHOLE, Attributes
from annotations.agreement.compare import Agreement
from annotations.agreement.kappa import kappa

KINDS = ("kind", "pairs", "all attributes", "day", "days apart", "order")


def figures(result: Agreement) -> dict[str, Any]:
    """Everything that ``tables`` shows, as JSON types; null where a figure does not apply."""
    attributes = result.attributes
    return {
        "annotators": [result.first, result.second],
        "documents": len(result.documents),
        "alone": list(result.alone),
        "spans": {
            label: {
                "first": counts.gold,
                "second": counts.predicted,
                "strict_f1": counts.scores(strict=True)[2],
                "relaxed_f1": counts.scores(strict=False)[2],
                "token_kappa": kappa(result.tokens[label]) if label in result.tokens else None,
            }
            for label, counts in result.spans.items()
        },
        "events": {
            kind: {
                "first": counts.gold,
                "second": counts.predicted,
                "same_kind_f1": counts.scores(strict=True)[2],
                "paired_f1": counts.scores(strict=False)[2],
            }
            for kind, counts in result.events.items()
        },
        **_attributes(attributes),
        "kinds": {kind: _attributes(own) for kind, own in result.kinds.items()},
    }


def _attributes(sums: Attributes) -> dict[str, Any]:
    """Attributes, days and order over some pairs of events."""
    return {
        "attributes": {
            name: {
                "agree": sums.agreed[name] / asked,
                "of": asked,
                "kappa": kappa(sums.answers[name]) if name in sums.answers else None,
            }
            for name, asked in sorted(sums.asked.items())
        },
        "days": {
            "dated_by_both": len(sums.distances),
            "mean_distance": sum(sums.distances) / len(sums.distances) if sums.distances else None,
            "median_distance": sums.median_distance,
        },
        "order": {
            "concordance": sums.order / sums.order_of if sums.order_of else None,
            "of": sums.order_of / 2,
        },
    }


def by_kind(said: Mapping[str, Any]) -> list[list[Any]]:
    """A row a kind of event: pairs, share with the whole tuple, with the day, mean distance in days, order."""
    rows = []
    for kind, own in said["kinds"].items():
        whole, day = (own["attributes"].get(name, {"agree": None, "of": 0}) for name in (WHOLE, "day"))
        rows.append(
            [
                kind,
                whole["of"],
                whole["agree"],
                day["agree"],
                own["days"]["mean_distance"],
                own["order"]["concordance"],
            ]
        )
    return rows


def tables(result: Agreement) -> RenderableType:
    """One pair of annotators."""
    said = figures(result)
    parts: list[RenderableType] = [
        Text(f"{result.first} and {result.second}: {len(result.documents)} documents", style="bold")
    ]
    if result.alone:
        parts.append(Text(f"{len(result.alone)} that only one of them has are not compared"))
    if said["spans"]:
        table = _table("spans", "label", "first", "second", "strict F1", "relaxed F1", "token kappa")
        for label, one in said["spans"].items():
            shares = (one["strict_f1"], one["relaxed_f1"], one["token_kappa"])
            table.add_row(label, str(one["first"]), str(one["second"]), *map(_share, shares))
        parts.append(table)
    if said["events"]:
        table = _table("events", "kind", "first", "second", "same kind F1", "paired F1")
        for kind, one in said["events"].items():
            table.add_row(
                kind,
                str(one["first"]),
                str(one["second"]),
                _share(one["same_kind_f1"]),
                _share(one["paired_f1"]),
            )
        parts.append(table)
    if said["attributes"]:
        table = _table("of the events that both have", "attribute", "agree", "of", "kappa")
        for name, one in said["attributes"].items():
            table.add_row(name, _share(one["agree"]), str(one["of"]), _share(one["kappa"]))
        table.add_row("order", _share(said["order"]["concordance"]), f"{said['order']['of']:g} pairs", "")
        parts.append(table)
    if said["kinds"]:
        table = _table("by kind", *KINDS)
        for kind, pairs, *rest in by_kind(said):
            table.add_row(kind, str(pairs), *map(_share, rest))
        parts.append(table)
    if (distance := said["days"]["mean_distance"]) is not None:
        median = said["days"]["median_distance"]
        parts.append(Text(f"distance of the days: mean {distance:.2f}, median {median:.2f}"))
    return Group(*parts)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    return table


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
