"""Complaints and signs that carry a number: the number is theirs, and makes a measurement of them.

Vocabulary: lexicon/measured.csv. Example: "fever (38.4 °C)" is a body temperature of 38.4 Cel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.lexicon.measured import measured
from pipeline.links.gap import Link, Sentence

CLAIMS = ("FINDING", "DIAGNOSIS")
REACHES = re.compile(
    r"[\s:=,(\[-]*(?:(?:of|at|to|up|with|as|high|low|a|an|the|was|is|around|about|approximately|reaching|body|temperature|rate|"
    r"heart|pulse|respiratory|level|peak|maximum|max|measuring|measured|and)[\s:=(]+){0,6}",
    re.IGNORECASE,
)
FARTHEST = 40


def link_measured(sentence: Sentence) -> Iterator[Link]:
    """``value_of`` from a sign to the number right behind it that has one of its units."""
    values = sentence.of("LAB_VALUE")
    if not values:
        return
    found, text = sentence.found, sentence.text
    for sign in sentence.of(*CLAIMS):
        one = found[sign]
        value = next((v for v in values if found[v].start >= one.end), None)
        if value is None or found[value].start - one.end > FARTHEST:
            continue
        quantity = found[value].value or {}
        what = measured(text[one.start : one.end])
        if what is None or quantity.get("value") is None or quantity.get("unit") not in what.units:
            continue
        if REACHES.fullmatch(text, one.end, found[value].start):
            yield Link("value_of", sign, value, 0.9, "value.of_sign")
