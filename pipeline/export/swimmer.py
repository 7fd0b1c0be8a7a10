"""The swimmer plot of many cases and their comparison table, as one HTML page that asks no host for anything.

One lane a case: bars of drugs and supports from start to end, points for outcomes, pale whiskers for what the text
leaves open. The axis is linear near day 0 and logarithmic beyond a week, so that days and years fit side by side.
Example: ``page(rows(extractions))``.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import asinh, sinh

from pipeline.export.compare import Row, shared, table
from pipeline.export.words import amount, days
from pipeline.schema import Event, When

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7a5195", "#6b6b6b")
TICKS = (
    -3653,
    -1826,
    -730,
    -365,
    -180,
    -90,
    -30,
    -14,
    -7,
    -3,
    0,
    3,
    7,
    14,
    30,
    90,
    180,
    365,
    730,
    1826,
    3653,
)
WEEK, WIDTH, LEFT, LANE, TOP = 7.0, 1100, 230, 34, 40
STYLE = (
    "body{font:14px system-ui,sans-serif;margin:2rem;color:#1a1a1a}table{border-collapse:collapse;font-size:13px}"
    "th,td{border:1px solid #d0d0d0;padding:3px 7px;text-align:left;vertical-align:top}th{background:#f2f2f2;position:sticky;top:0}"
    ".scroll{overflow:auto;max-height:80vh}.key span{margin-right:1.2em;white-space:nowrap}"
)


def page(found: Sequence[Row], title: str = "Comparison of cases") -> str:
    """The page: plot, then table."""
    columns, lines = table(found)
    head = "".join(f"<th scope=col>{escape(column)}</th>" for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>" for line in lines)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f"<p>{len(found)} cases. Days count from each case's day 0; pale lines are what the text leaves open.</p>"
        f'{plot(found)}<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        "</body></html>\n"
    )


def plot(found: Sequence[Row]) -> str:
    """The plot as SVG with its key; "" where no event of a treatment or outcome has a day."""
    names = shared(found, ("drug", "procedure"), len(COLOURS))
    colours = dict(zip(names, COLOURS, strict=False))
    marks = [
        [e for e in row.events if (e.name in colours or e.kind == "outcome") and _span(e.time)]
        for row in found
    ]
    spans = [
        span
        for lane in marks
        for e in lane
        for when in (e.time, e.end_time)
        if when and (span := _span(when))
    ]
    if not spans:
        return ""
    low, high = min(0.0, *(a for a, _ in spans)), max(1.0, *(b for _, b in spans))
    scale = _Scale(low, high)
    height = TOP + LANE * len(found) + 12
    parts = [_grid(scale, height)]
    for number, (row, lane) in enumerate(zip(found, marks, strict=True)):
        parts.append(_lane(row, lane, TOP + LANE * number, scale, colours))
    key = "".join(
        f'<span><b style="color:{colour}">&#9632;</b> {escape(name)}</span>'
        for name, colour in colours.items()
    )
    return (
        f'<p class="key">{key}<span><b>&#9679;</b> outcome</span></p><svg role="img" aria-label="Swimmer plot of {len(found)} cases" '
        f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" font-family="system-ui,sans-serif" font-size="12">{"".join(parts)}</svg>'
    )


class _Scale:
    """Days to pixels: asinh, linear within about a week of day 0 and logarithmic beyond."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = asinh(low / WEEK), asinh(high / WEEK)

    def x(self, day: float) -> float:
        """The pixel of a day."""
        return round(LEFT + (asinh(day / WEEK) - self.low) / (self.high - self.low) * (WIDTH - LEFT - 30), 1)

    def shows(self, day: float) -> bool:
        """Whether a day lies on the axis."""
        return sinh(self.low) * WEEK <= day <= sinh(self.high) * WEEK


def _grid(scale: _Scale, height: int) -> str:
    parts, last = [], -100.0
    for tick in sorted((t for t in TICKS if scale.shows(t)), key=lambda t: (t != 0, abs(t))):
        x = scale.x(tick)
        colour = "#333" if tick == 0 else "#e3e3e3"
        parts.append(f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{height}" stroke="{colour}"/>')
        if abs(x - last) > 26 or tick == 0:
            parts.append(f'<text x="{x}" y="{TOP - 14}" text-anchor="middle">{tick}</text>')
        last = x
    return "".join(parts)


def _lane(row: Row, lane: Sequence[Event], y: int, scale: _Scale, colours: dict[str, str]) -> str:
    middle = y + LANE / 2
    who = ", ".join(str(x) for x in (row.case.patient.age_years, row.case.patient.sex) if x is not None)
    parts = [
        f'<text x="4" y="{middle + 4}">{escape(row.label[:30])}<title>{escape(f"{row.label}: {who}")}</title></text>'
    ]
    drawn = sorted({e.name for e in lane if e.name in colours}, key=list(colours).index)
    step = (LANE - 10) / max(len(drawn), 1)
    for event in lane:
        span = _span(event.time)
        if span is None:
            continue
        words = escape(
            " ".join(filter(None, (event.name, event.action or "", amount(event), "day", days(event.time))))
        )
        if event.kind == "outcome":
            x = scale.x((span[0] + span[1]) / 2)
            parts.append(
                _whisker(span, middle, scale)
                + f'<circle cx="{x}" cy="{middle}" r="5"><title>{words}</title></circle>'
            )
            continue
        line = y + 5 + step * (drawn.index(event.name) + 0.5)
        end = _span(event.end_time) if event.end_time else None
        first, last = (
            scale.x((span[0] + span[1]) / 2),
            scale.x((end[0] + end[1]) / 2 if end else (span[0] + span[1]) / 2),
        )
        parts.append(_whisker(span, line, scale) + (_whisker(end, line, scale) if end else ""))
        parts.append(
            f'<rect x="{first - 2}" y="{line - step / 2 + 0.5:.1f}" width="{max(last - first, 0) + 4:.1f}" height="{max(step - 1, 2):.1f}" '
            f'rx="2" fill="{colours[event.name]}"><title>{words}</title></rect>'
        )
    return "".join(parts)


def _whisker(span: tuple[float, float], y: float, scale: _Scale) -> str:
    if span[0] == span[1]:
        return ""
    return f'<line x1="{scale.x(span[0])}" y1="{y:.1f}" x2="{scale.x(span[1])}" y2="{y:.1f}" stroke="#999" stroke-width="2" opacity=".5"/>'


def _span(when: When) -> tuple[float, float] | None:
    """The days of a time that is bound on both sides."""
    return None if when.day_low is None or when.day_high is None else (when.day_low, when.day_high)
