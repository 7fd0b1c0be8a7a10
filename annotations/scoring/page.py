"""The error browser: one HTML page with every false positive and false negative in its sentence.

What: a file that needs nothing else (no script, no request), every word of a document escaped. Spans: what is missed, what
is spurious, and where the boundaries differ, with the rule that found it; timelines: events missed, spurious or on another day.
Example: "given <mark>RTX</mark> weekly", DRUG, missed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

from annotations.scoring.evaluate import Evaluation
from annotations.scoring.records import Event, Span
from annotations.scoring.spans import Error
from annotations.scoring.timeline import EventError, shares
from pipeline.export.context import bounds

WORST, RULES = 20, 12

STYLE = """
:root{color-scheme:light dark;--line:#8885}body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0}th,td{padding:.15rem .7rem;text-align:right;border-bottom:1px solid var(--line)}
th:first-child,td:first-child{text-align:left}li{margin:.5rem 0}small{opacity:.75}nav a{margin-right:1rem}
mark{padding:0 .15em;border-radius:.2em;color:#000;background:none}summary{cursor:pointer;font-weight:600;margin:.6rem 0}
mark.gold{background:#9fd8a4;border-bottom:2px solid #1a6b25}mark.found{background:#f6b1a8;border-bottom:2px dashed #9c1c0b}
mark.both{background:#f3d98b;border-bottom:2px double #6b4e00}nav{position:sticky;top:0;background:Canvas;padding:.4rem 0}
"""
KINDS = {
    "missed": "Missed",
    "spurious": "Found, not in the gold",
    "boundary": "Other boundaries",
    "day": "On another day",
}


def page(result: Evaluation) -> str:
    """The whole page."""
    spans = [(id, error) for id, one in result.spans.items() for error in one.errors]
    events = [(id, error) for id, one in result.timelines.items() for error in one.errors]
    labels = sorted({error.label for _, error in spans})
    body = [
        "<h1>Errors</h1>",
        f"<p>{len(result.texts)} documents. <mark class=gold>gold</mark> <mark class=found>found</mark> "
        "<mark class=both>both</mark></p>",
        "<nav>" + "".join(f"<a href='#{escape(label)}'>{escape(label)}</a>" for label in labels),
        "<a href='#timeline'>timeline</a></nav>" if result.timelines else "</nav>",
    ]
    if result.spans:
        body += [_label_table(result), _worst_table(result)]
    for label in labels:
        body.append(f"<h2 id='{escape(label)}'>{escape(label)}</h2>")
        body.append(_rules(error for _, error in spans if error.label == label))
        for kind in ("missed", "spurious", "boundary"):
            rows = [(id, e) for id, e in spans if e.label == label and e.kind == kind]
            body += _details(kind, [_span_item(result.texts[id], id, error) for id, error in rows])
    if result.timelines:
        body += ["<h2 id=timeline>Timeline</h2>", _timeline_table(result)]
        for kind in ("missed", "spurious", "day"):
            rows_of_events = [(id, e) for id, e in events if e.kind == kind]
            body += _details(kind, [_event_item(result.texts[id], id, error) for id, error in rows_of_events])
    head = f"<meta charset=utf-8><meta name=viewport content='width=device-width'><title>caseline: errors</title><style>{STYLE}</style>"
    return (
        f"<!doctype html>\n<html lang=en><head>{head}</head><body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def marked(text: str, gold: Sequence[tuple[int, int]], found: Sequence[tuple[int, int]]) -> str:
    """The sentence around the spans, escaped, gold and found characters marked."""
    places = [*gold, *found]
    first, last = bounds(text, min(s for s, _ in places), max(e for _, e in places))
    cuts = sorted({first, last, *(min(max(x, first), last) for place in places for x in place)})
    parts = []
    for start, end in pairwise(cuts):
        in_gold, in_found = (any(s <= start and end <= e for s, e in side) for side in (gold, found))
        kind = "both" if in_gold and in_found else "gold" if in_gold else "found" if in_found else ""
        words = escape(text[start:end])
        parts.append(f"<mark class={kind}>{words}</mark>" if kind else words)
    return "".join(parts)


def _details(kind: str, items: Sequence[str]) -> list[str]:
    if not items:
        return []
    return [f"<details><summary>{KINDS[kind]}: {len(items)}</summary><ol>", *items, "</ol></details>"]


def _span_item(text: str, id: str, error: Error) -> str:
    sides = [[span.place] if span else [] for span in (error.gold, error.predicted)]
    shown = marked(text, sides[0], sides[1])
    return f"<li>{shown}<br><small>{escape(id)}{_by(error.predicted)}</small></li>"


def _by(predicted: Span | None) -> str:
    return f" · {escape(predicted.rule)} · {predicted.confidence:.2f}" if predicted else ""


def _event_item(text: str, id: str, error: EventError) -> str:
    gold, found = error.gold, error.predicted
    shown = marked(text, gold.spans[:1] if gold else [], found.spans[:1] if found and found.spans else [])
    notes = [escape(id)]
    notes += [f"{side}: {_event(event)}" for side, event in (("gold", gold), ("found", found)) if event]
    return f"<li>{shown}<br><small>{' · '.join(notes)}</small></li>"


def _event(event: Event) -> str:
    low, high = ("?" if day is None else f"{day:g}" for day in (event.low, event.high))
    rule = f" ({event.rule})" if event.rule else ""
    return escape(f"{event.kind} {event.names[-1] if event.names else ''}, day {low} to {high}{rule}")


def _rows(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = ["<tr>" + "".join(f"<th>{escape(cell)}</th>" for cell in head) + "</tr>"]
    lines += ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    return "<table>" + "".join(lines) + "</table>"


def _label_table(result: Evaluation) -> str:
    kinds = Counter((e.label, e.kind) for one in result.spans.values() for e in one.errors)
    rows = (
        (
            label, str(counts.gold), str(counts.predicted),
            *(f"{share:.3f}" for strict in (True, False) for share in counts.scores(strict=strict)),
            *(str(kinds[label, kind] or "") for kind in ("missed", "spurious", "boundary")),
        )
        for label, counts in result.counts.items()
    )  # fmt: skip
    shares = [f"{how} {share}" for how in ("strict", "relaxed") for share in ("P", "R", "F1")]
    return _rows(("label", "gold", "found", *shares, "missed", "not in the gold", "other boundaries"), rows)


def _worst_table(result: Evaluation) -> str:
    rows = (
        (
            id,
            str(counts.gold),
            str(counts.predicted),
            *(f"{counts.scores(strict=s)[2]:.3f}" for s in (True, False)),
        )
        for id, counts in result.worst(WORST)
    )
    head = ("document", "gold", "found", "strict F1", "relaxed F1")
    return f"<details><summary>Worst documents</summary>{_rows(head, rows)}</details>"


def _rules(errors: Iterable[Error]) -> str:
    """Which rules the predictions that are wrong come from, the commonest first."""
    by = Counter(e.predicted.rule for e in errors if e.predicted and e.predicted.rule)
    shown = [
        f"{escape(rule)} {count}"
        for rule, count in sorted(by.items(), key=lambda one: (-one[1], one[0]))[:RULES]
    ]
    return f"<p><small>Errors by rule: {', '.join(shown)}</small></p>" if shown else ""


def _timeline_table(result: Evaluation) -> str:
    rows = ((name, f"{share:.3f}", f"{of:.0f}") for name, (share, of) in shares(result.events).items())
    return _rows(("figure", "share", "of"), rows)
