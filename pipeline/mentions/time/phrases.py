"""Whole expressions of time.csv: "the <next day>", "<at that time>", "<shortly after>", "<lifelong>"."""

from __future__ import annotations

import re

from pipeline.mentions.time import references
from pipeline.mentions.time.values import found, value
from pipeline.mentions.time.vocabulary import number
from pipeline.structure.found import Found
from pipeline.structure.terms import Hit

ARTICLE = re.compile(r"^(?:the) ", re.IGNORECASE)
CONTINUES = re.compile(r" (?:after|before|of|following|as)(?= )", re.IGNORECASE)


def read(text: str, hit: Hit) -> Found | None:
    """The phrase or the duration in words at a hit."""
    entry = hit.entry
    rule = entry.columns["rule"]
    low, high = number(entry, "low"), number(entry, "high")
    if entry.columns["kind"] == "span":
        made = (
            value("unresolved", reason="no_length") if low is None else value("duration", low=low, high=high)
        )
        return found(hit.start, hit.end, "DURATION", rule, made, 0.7)
    surface = text[hit.start : hit.end]
    article = ARTICLE.match(surface)
    start, end = hit.start + (article.end() if article else 0), hit.end
    direction = entry.columns["direction"]
    reference = None
    if surface.lower().endswith((" after", " before")):
        reference = references.read(text, hit.end)
    elif direction == "at" and entry.name == "same":
        more = CONTINUES.match(text, hit.end)
        if more and more[0].strip() != "as":
            reference = references.read(text, more.end())
            if reference is None and more[0] == " of":
                return None
    if reference is not None:
        end = reference.end
    elif "followed" in entry.flags:
        return None
    made = value(
        "offset",
        reference or entry.name,
        direction=direction,
        low=low,
        high=high,
        approximate="shortly" in rule,
    )
    return found(start, end, "TIME", rule, made, 0.7)
