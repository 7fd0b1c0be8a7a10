"""The page around the documents: its frame, the inlined script and style, the list of documents."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from importlib.metadata import version
from pathlib import Path

from pipeline.export.html.content import content
from pipeline.export.table import headline
from pipeline.schema import Extraction

FOLDER = Path(__file__).parent
STYLES = ("page.css", "reading.css", "timeline.css")
# In the order of their imports; inside one page they are one script.
SCRIPTS = (
    "dom.js", "kinds.js", "axis.js", "lanes.js", "marks.js", "chart.js", "timeline.js", "pieces.js", "reading.js",
    "events.js", "find.js", "app.js",
)  # fmt: skip
IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)


def head() -> str:
    """The page up to its first document."""
    policy = (
        f"default-src 'none'; script-src '{_digest(_script())}'; style-src '{_digest(_style())}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    frame = (FOLDER / "frame.html").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<meta name="generator" content="caseline {escape(version("caseline"))}">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>Timelines of case reports</title>\n<style>{_style()}</style>\n</head>\n{frame}"
    )


def document(extraction: Extraction, number: int) -> str:
    """One document, ``number`` counting from 0."""
    return f'<script type="application/json" id="document-{number}">{_json(content(extraction))}</script>\n'


def entry(extraction: Extraction) -> dict[str, object]:
    """What the list of documents shows and searches."""
    events = [event for case in extraction.cases for event in case.events]
    return {
        "id": extraction.id,
        "title": extraction.source.title or "",
        "cases": [headline(case) for case in extraction.cases],
        "events": len(events),
        "names": sorted({event.name for event in events if event.kind in ("drug", "procedure", "diagnosis")}),
    }


def tail(entries: Sequence[Mapping[str, object]]) -> str:
    """The page after its last document, with the list of all."""
    listed = f'<script type="application/json" id="documents">{_json(entries)}</script>\n'
    return f'{listed}<script type="module">{_script()}</script>\n</body>\n</html>\n'


def _json(value: object) -> str:
    """JSON that cannot end the element it stands in."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


@cache
def _script() -> str:
    parts = ((FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return "\n" + "\n".join(EXPORT.sub("", IMPORT.sub("", part)) for part in parts)


@cache
def _style() -> str:
    return "\n" + "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in STYLES)


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
