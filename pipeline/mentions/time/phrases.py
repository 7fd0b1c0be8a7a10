"""Whole expressions of time.csv: "the <next day>", "<at that time>", "<shortly after>", "<lifelong>".

And the named events with no amount: "<on admission>", "<before discharge>", "<during ECMO>".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from pipeline.mentions.time import references
from pipeline.mentions.time.values import found, value
from pipeline.mentions.time.vocabulary import number, of_kind
from pipeline.structure.found import Found
from pipeline.structure.terms import Terms

ARTICLE = re.compile(r"^(?:the) ", re.IGNORECASE)
CONTINUES = re.compile(r" (?:after|before|of|following|as)(?= )", re.IGNORECASE)


class Phrases:
    """The phrases and the durations in words."""

    def __init__(self) -> None:
        self.terms = Terms((*of_kind("phrase"), *of_kind("span")))

    def read(self, doc: Doc) -> Iterator[Found]:
        """The phrases of a Doc."""
        text: str = doc.text
        for hit in self.terms.find(doc):
            entry = hit.entry
            low, high = number(entry, "low"), number(entry, "high")
            if entry.columns["kind"] == "span":
                made = (
                    value("duration", low=low, high=high)
                    if low is not None
                    else value("unresolved", reason="no_length")
                )
                yield found(hit.start, hit.end, "DURATION", entry.columns["rule"], made, 0.7)
                continue
            article = ARTICLE.match(text[hit.start : hit.end])
            start = hit.start + (article.end() if article else 0)
            end, reference = hit.end, None
            direction = entry.columns["direction"]
            if text[hit.start : hit.end].lower().endswith((" after", " before")):
                reference = references.read(text, hit.end)
            elif direction == "at" and entry.name == "same":
                more = CONTINUES.match(text, hit.end)
                if more and more[0] in (" of", " after", " before"):
                    reference = references.read(text, more.end())
                    if reference is None and more[0] == " of":
                        continue
            if reference is not None:
                end = reference.end
            elif entry.term in ("at the time", "shortly before", "just before", "immediately before"):
                continue
            made = value(
                "offset",
                reference or entry.name,
                direction=direction,
                low=low,
                high=high,
                approximate="vague" in entry.columns["rule"],
            )
            yield found(start, end, "TIME", entry.columns["rule"], made, 0.7)
