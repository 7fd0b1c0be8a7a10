"""What a finder hands over, and its way into the Doc.

A ``Found`` is plain data in offsets of the view. Its details lie in ``doc._.found`` under the id that the span
of ``doc.spans["mentions"]`` carries, since two labels on the same characters would share ``span._``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from spacy.tokens import Doc, Span

GROUP = "mentions"


class Found(NamedTuple):
    """A candidate mention. ``value`` holds the fields of a ``Quantity`` or a ``TimeValue`` as a plain dict."""

    start: int
    end: int
    label: str
    rule: str
    name: str | None = None
    codes: Mapping[str, str] | None = None
    value: Mapping[str, Any] | None = None
    confidence: float = 1.0

    @property
    def key(self) -> str:
        """The id of the candidate's span in the group."""
        return f"{self.label}:{self.start}:{self.end}"


def register() -> None:
    """Declares the extension attributes, all plain data, so that ``doc.to_bytes()`` works.

    ``found``: candidates by key; ``assertions``: the fields of an ``Assertion`` by key, where not the default;
    ``sentences``: (start, end) offsets; ``words``: (folded word, start, end); ``abbreviations``: (start, end of the
    short form, start, end of the long form it stands for); ``sections``: (start, end, kind) of every paragraph;
    ``text``: that of the Doc, which spaCy joins anew from its tokens each time.
    """
    for name, default in (
        ("found", {}), ("assertions", {}), ("sentences", []), ("words", []), ("abbreviations", []),
        ("sections", []), ("text", ""),
    ):  # fmt: skip
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)


def add(doc: Doc, found: Iterable[Found]) -> Doc:
    """Adds candidates to the span group and their details to ``doc._.found``."""
    details = doc._.found
    group = doc.spans.setdefault(GROUP, [])  # type: ignore[no-untyped-call]
    for one in found:
        if one.key in details:
            continue
        span = doc.char_span(one.start, one.end, label=one.label, span_id=one.key, alignment_mode="expand")
        if span is not None:
            details[one.key] = one._asdict()
            group.append(span)
    return doc


def candidates(doc: Doc, *labels: str) -> list[Found]:
    """The candidates in the Doc, all or those of ``labels``, in the order of the text."""
    found = (Found(**one) for one in doc._.found.values())
    return sorted((one for one in found if not labels or one.label in labels), key=lambda one: one[:3])


def keep(doc: Doc, kept: Iterable[Found]) -> Doc:
    """Replaces all candidates by ``kept``."""
    doc._.found = {}
    doc.spans[GROUP] = []
    return add(doc, kept)


def covered(span: Span) -> tuple[int, int]:
    """The characters of a span of the group, which may be narrower than its tokens."""
    _, start, end = span.id_.split(":")
    return int(start), int(end)
