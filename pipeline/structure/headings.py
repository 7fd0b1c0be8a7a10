"""Section titles: which line is one, and what kind of section it opens.

Example: "## Case presentation", "**Case presentation:** A girl ...", "CASE PRESENTATION" and "2.1. Case presentation"
all open a ``case`` section. The vocabulary is section.csv; a title flagged ``context`` ("Treatment") keeps the kind of
the section it stands in.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pipeline import lexicon
from pipeline.schema import SectionKind

LONGEST = 70
MARKDOWN = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*$")
HTML = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>$", re.IGNORECASE)
BOLD = r"(?:\*\*|__|<b>|<strong>)"
UNBOLD = r"(?:\*\*|__|</b>|</strong>)"
BOLD_LINE = re.compile(rf"{BOLD}\s*(?P<title>[^*_<>]{{2,90}}?)\s*{UNBOLD}\s*:?$")
BOLD_RUN_IN = re.compile(rf"{BOLD}\s*(?P<title>[^*_<>]{{2,60}}?)\s*[:.]?\s*{UNBOLD}\s*[:.]?\s*(?=\S)")
RUN_IN = re.compile(r"(?P<title>[A-Z][A-Za-z'/ -]{2,50}?)\s*[:.](?=\s)\s*(?=\S)")
# A further title inside a paragraph that began with one.
INNER = re.compile(r"(?<=[.?!)]\s)(?P<title>[A-Z][A-Za-z/ ]{2,40}?)(?P<mark>\s?:)\s+(?=\S)")
UPPER_LINE = re.compile(r"(?=(?:.*?[A-Z]){4})[A-Z0-9][A-Z0-9 ,:/&'().-]{3,70}$")
NUMBERED = re.compile(r"^(?:pmc(?=[A-Z])|(?:\d+(?:\.\d+)*\.?|[IVX]+\.)\s+)")
NUMBER_AFTER = re.compile(r"[ :.-]*(?:no\.?|number)?[ .:-]*(?:\d+|[ivx]+|one|two|three|four|five|[a-h])$")
MARKS = re.compile(r"[*_`#\\]+|</?[a-z]+>", re.IGNORECASE)
NOT_TITLES = re.compile(r"\b(?:fig(?:ure)?|table)\b", re.IGNORECASE)


class Heading(NamedTuple):
    """A title and the kind that it names, None where it names none.

    ``level`` is that of Markdown or HTML, 0 where the text has none. ``inherits``: the title keeps the kind of
    the section around it.
    """

    title: str
    kind: SectionKind | None
    level: int = 0
    inherits: bool = False


@cache
def _titles() -> dict[str, tuple[SectionKind, bool]]:
    return {_plain(e.term): (e.name, "context" in e.flags) for e in lexicon.load("section")}  # type: ignore[misc]


def _plain(title: str) -> str:
    bare = MARKS.sub("", title.replace("’", "'").replace("-", " ")).casefold().replace("&amp;", "and")
    return " ".join(bare.replace("&", "and").split()).strip(" :.–—")


def classify(title: str, *, prefix: bool = False) -> tuple[SectionKind, bool] | None:
    """The kind of section that a title names and whether it only keeps the kind around it.

    ``prefix`` also accepts a title that goes on after known words ("Discussion of the mechanisms").
    """
    known = _titles()
    plain = _plain(NUMBERED.sub("", title.strip()))
    if plain in known:
        return known[plain]
    bare = NUMBER_AFTER.sub("", plain)
    if bare != plain and bare in known and known[bare][0] == "case":
        return known[bare]
    if bare.startswith(("case ", "patient ")) and re.match(
        r"(?:case|patient) (?:no\.? ?)?(?:\d+|[ivx]+)\b", plain
    ):
        return "case", False
    if prefix:
        words = plain.replace(":", "").split()
        for count in range(min(len(words) - 1, 4), 0, -1):
            found = known.get(" ".join(words[:count]))
            if found and (count > 1 or found[0] in ("discussion", "conclusion", "abstract", "references")):
                return found
    return None


def marked(line: str) -> Heading | None:
    """The heading that a Markdown or HTML heading line is."""
    found = MARKDOWN.match(line)
    level, title = (len(found[1]), found[2]) if found else (0, "")
    if not found:
        html = HTML.match(line)
        if not html:
            return None
        level, title = int(html[1]), html[2]
    title = MARKS.sub("", title).strip()
    kind, inherits = classify(title, prefix=True) or (None, True)
    return Heading(title, kind, level, inherits)


def alone(line: str) -> Heading | None:
    """The heading that a line of its own is by its known words, or by being bold throughout."""
    if len(line) > LONGEST + 20 or line[-1] in ",;":
        return None
    bold = BOLD_LINE.match(line)
    if bold and not NOT_TITLES.match(bold["title"]):
        kind, inherits = classify(bold["title"], prefix=True) or (None, True)
        if kind or bold["title"][-1] not in ".,;":
            return Heading(bold["title"].rstrip(" :"), kind, 0, inherits)
    title = NUMBERED.sub("", line)
    if len(title) <= LONGEST and title[:1].isupper() and not title.endswith("."):
        found = classify(title)
        if found:
            return Heading(title.rstrip(" :"), found[0], 0, found[1])
    return None


def upper(line: str) -> Heading | None:
    """The heading that a line in capitals is, whether its words are known or not."""
    if not UPPER_LINE.match(line) or len(line.split()) > 8 or NOT_TITLES.match(line) or line.endswith("."):
        return None
    kind, inherits = classify(line, prefix=True) or (None, True)
    return Heading(line.rstrip(" :"), kind, 0, inherits)


def run_in(line: str) -> tuple[Heading, int, int] | None:
    """A known title at the start of a paragraph: the heading, its length and where the text after it begins."""
    bold = BOLD_RUN_IN.match(line)
    found = bold or RUN_IN.match(line)
    if not found:
        return None
    known = classify(found["title"])
    if known is None or (not bold and (known[1] or (line[found.end("title") :].lstrip()[:1] == "."))):
        return None
    kind, inherits = known
    return Heading(found["title"], kind, 0, inherits), len(line[: found.end()].rstrip()), found.end()
