"""The pages: one frame for all, and what stands in it; scripts and styles are files of their own.

Example: ``page("queue")`` is the frame around ``static/pages/queue.html`` with the script ``/static/queue.js``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template

STATIC = Path(__file__).parent / "static"
READING = ("report/reading.css", "report/timeline.css")


@dataclass(frozen=True, slots=True)
class Page:
    """A page's title and the styles that it has beyond those of all."""

    title: str
    styles: tuple[str, ...] = ()


PAGES = {
    "queue": Page("Reports"),
    "document": Page("Report", READING),
    "adjudicate": Page("Adjudication"),
    "agreement": Page("Agreement"),
    "accounts": Page("Accounts"),
    "login": Page("Log in"),
}


@cache
def page(name: str) -> str:
    """The HTML of a page."""
    known = PAGES[name]
    styles = ("report/page.css", *known.styles, "review.css", *(("workbench.css",) if known.styles else ()))
    return Template((STATIC / "pages" / "frame.html").read_text(encoding="utf-8")).substitute(
        title=escape(known.title),
        styles="\n".join(f'<link rel="stylesheet" href="/static/{style}">' for style in styles),
        script=f"/static/{name}.js",
        body=(STATIC / "pages" / f"{name}.html").read_text(encoding="utf-8").strip(),
    )
