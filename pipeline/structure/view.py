"""The text as the finders read it: one plain rendering of the narrative, with the way back to the source.

Inline tags, zero-width characters and Markdown marks are gone, blanks are single, minus, multiplication and
comparison signs and Greek letters are ASCII, words broken at a line end are whole, and a paragraph that a page, a
figure or a table had cut goes on without it. Tables, headings, references and back matter are left out. Each
paragraph or caption is one line. ``to_source`` maps a span of the view to the characters of the source.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass

from pipeline.schema import Block, Document

NARRATIVE = frozenset(
    ("title", "abstract", "introduction", "case", "discussion", "conclusion", "abbreviations", "caption")
)
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "λ": "lambda",
    "Δ": "delta", "ω": "omega", "θ": "theta", "σ": "sigma", "τ": "tau", "ϒ": "gamma",
}  # fmt: skip
SIGNS = {
    "μ": "u", "µ": "u", "×": "x", "✕": "x", "∗": "*", "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-",
    "‒": "-", "﹣": "-", "≤": "<=", "⩽": "<=", "≦": "<=", "≥": ">=", "⩾": ">=", "≧": ">=", "＜": "<",
    "＞": ">", "’": "'", "‘": "'", "′": "'", "`": "'", "“": '"', "”": '"', "″": '"', "º": "°", "˚": "°",
    "℃": "°C", "℉": "°F", "·": ".", "∙": ".", "⋅": ".", "‰": "‰", "∼": "~", "～": "~", "≈": "~", "ß": "beta",
    "®": "", "™": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\u00ad": "",
}  # fmt: skip
SUPERSCRIPTS = {**dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)), "⁻": "-", "⁺": "+"}
ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&nbsp;": " ", "&quot;": '"', "&#39;": "'"}

# All that is not taken over as it stands; the order of the branches is that of the cases in ``_render``.
SPECIAL = re.compile(
    r"(?P<cite><sup>\s*[\d,;\s\-–*†‡§¶a-f]+</sup>)"
    r"|(?P<power>(?<=10)<sup>\s*(?P<exponent>[-−–+]?\d+)\s*</sup>|(?<=10)[⁻⁺]?[⁰¹²³⁴-⁹]+)"
    r"|(?P<tag></?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|<!--.*?-->)"
    r"|(?P<entity>&(?:lt|gt|amp|nbsp|quot|#39);)"
    r"|(?P<mark>\*\*|__|(?<![\w*])\*(?=\w)|(?<=[\w.,)])\*(?![\w*])|\\(?=[*_#\[\]<>~`\\-]))"
    r"|(?P<broken>(?<=[a-z])[-\u00ad‐]\s*\n\s*(?=[a-z]))"
    r"|(?P<blank>\s{2,}|[^\S ])"
    r"|(?P<other>[^\x00-\x7f])",
    re.DOTALL,
)
# A superscript number after one of these is a power, not a citation.
POWER_BEFORE = re.compile(r"(?:\b(?:[cmdkµμ]?m|s|sec|min|L|dL|kg|yr|y|h|x|×)|\d)$")


@dataclass(frozen=True, slots=True)
class View:
    """The narrative as plain text.

    ``starts[i]`` and ``ends[i]`` are the source offsets of character ``i``. ``paragraphs`` are (start, end) and
    ``sections`` (start, end, kind), both in offsets of the view, ``sections`` one for each paragraph.
    """

    text: str
    source: str
    starts: array[int]
    ends: array[int]
    paragraphs: tuple[tuple[int, int], ...]
    sections: tuple[tuple[int, int, str], ...]

    def to_source(self, start: int, end: int) -> tuple[int, int] | None:
        """The source characters of a span, or None where a cut paragraph tears it apart.

        A tag that opens inside the span closes inside it.
        """
        first, last = self.starts[start], self.ends[end - 1]
        if last <= first or last - first > 4 * (end - start) + 80:
            return None
        opened = re.findall(r"<(su[bp]|i|b|em)>", self.source[first:last])
        closed = re.findall(r"</(su[bp]|i|b|em)>", self.source[first:last])
        if len(opened) > len(closed):
            after = re.compile(r"(?:</(?:su[bp]|i|b|em)>)+").match(self.source, last)
            last = after.end() if after else last
        return first, last


class _Builder:
    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[str] = []
        self.starts = array("L")
        self.ends = array("L")

    def put(self, text: str, start: int, end: int) -> None:
        """Text that stands for all the source characters from start to end."""
        self.parts.append(text)
        self.starts.extend([start] * len(text))
        self.ends.extend([end] * len(text))

    def copy(self, start: int, end: int) -> None:
        """Source characters taken over as they are."""
        self.parts.append(self.source[start:end])
        self.starts.extend(range(start, end))
        self.ends.extend(range(start + 1, end + 1))

    def render(self, start: int, end: int) -> None:
        """The source from start to end, made plain."""
        source, at = self.source, start
        for special in SPECIAL.finditer(source, start, end):
            a, b = special.span()
            if a > at:
                self.copy(at, a)
            at = b
            kind = special.lastgroup if special.lastgroup != "exponent" else "power"
            if kind == "power":
                self.put("^" + _plain(special["exponent"] or source[a:b]), a, b)
            elif kind == "cite" and POWER_BEFORE.search(source, max(start, a - 6), a):
                self.copy(a + 5, b - 6)
            elif kind == "entity":
                self.put(ENTITIES[source[a:b]], a, b)
            elif kind == "blank":
                self.put(" ", a, b)
            elif kind == "other":
                self.put(_plain(source[a:b]), a, b)
        if end > at:
            self.copy(at, end)


def _plain(text: str) -> str:
    return "".join(_plain_character(c) for c in text)


def _plain_character(c: str) -> str:
    for table in (SIGNS, GREEK, SUPERSCRIPTS):
        if c in table:
            return table[c]
    if c.isspace():
        return " "
    decomposed = unicodedata.normalize("NFKD", c)
    kept = "".join(d for d in decomposed if not unicodedata.combining(d))
    return "".join(GREEK.get(d, SIGNS.get(d, d)) for d in kept)


def view(document: Document) -> View:
    """The narrative of a document that has been laid out, in reading order."""
    runs: list[list[Block]] = []
    last_paragraph: list[Block] | None = None
    for block in document.blocks:
        if block.kind in ("heading", "table") or block.section not in NARRATIVE:
            continue
        if block.kind == "paragraph" and block.continues and last_paragraph is not None:
            last_paragraph.append(block)
            continue
        run = [block]
        runs.append(run)
        if block.kind == "paragraph":
            last_paragraph = run
    builder = _Builder(document.text)
    paragraphs, sections = [], []
    for run in runs:
        start = len(builder.starts)
        for number, block in enumerate(run):
            if number:
                broken = re.search(
                    r"[a-z][-\u00ad‐]\s*$", document.text[run[number - 1].start : run[number - 1].end]
                )
                if broken and document.text[block.start : block.start + 1].islower():
                    _drop_last(builder)
                else:
                    builder.put(" ", block.start, block.start)
            builder.render(block.start, block.end)
        end = len(builder.starts)
        if end > start:
            paragraphs.append((start, end))
            sections.append((start, end, run[0].section if run[0].kind != "caption" else "caption"))
            builder.put("\n", run[-1].end, run[-1].end)
    return View(
        "".join(builder.parts),
        document.text,
        builder.starts,
        builder.ends,
        tuple(paragraphs),
        tuple(sections),
    )


def _drop_last(builder: _Builder) -> None:
    builder.parts[-1] = builder.parts[-1].rstrip()[:-1]
    length = sum(map(len, builder.parts))
    del builder.starts[length:]
    del builder.ends[length:]
