"""The pages: one frame for all, and what stands in it; scripts and styles are files of their own.

Example: ``page("queue")`` is the frame around ``static/pages/queue.html`` with the script ``/static/queue.js``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path, PurePosixPath
from string import Template

import pipeline.export.html

STATIC = Path(__file__).parent / "static"
REPORT = Path(pipeline.export.html.__file__).parent  # the modules that draw text, timeline and events
IMPORT = re.compile(r"^import .* from \"\./([\w./]+)\";$", re.MULTILINE)
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


def modules(name: str) -> list[str]:
    """The modules that a script imports, and those that they import, as paths below ``/static``."""
    found: dict[str, None] = {}
    waiting = [PurePosixPath(name)]
    while waiting:
        path = waiting.pop(0)
        place = REPORT / path.name if path.parent.name == "report" else STATIC / path
        for wanted in IMPORT.findall(place.read_text(encoding="utf-8")):
            if str(path.parent / wanted) not in found:
                found[str(path.parent / wanted)] = None
                waiting.append(path.parent / wanted)
    return sorted(found)


@cache
def page(name: str) -> str:
    """The HTML of a page."""
    known = PAGES[name]
    styles = ("report/page.css", *known.styles, "review.css", *(("workbench.css",) if known.styles else ()))
    return Template((STATIC / "pages" / "frame.html").read_text(encoding="utf-8")).substitute(
        title=escape(known.title),
        styles="\n".join(f'<link rel="stylesheet" href="/static/{style}">' for style in styles),
        # without these the browser would ask for each module only when it has read the one that imports it
        preloads="\n".join(
            f'<link rel="modulepreload" href="/static/{one}">' for one in modules(f"{name}.js")
        ),
        script=f"/static/{name}.js",
        body=(STATIC / "pages" / f"{name}.html").read_text(encoding="utf-8").strip(),
    )
