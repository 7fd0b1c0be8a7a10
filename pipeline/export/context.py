"""The sentence around an event, for people to read."""

from __future__ import annotations

import re

BEFORE = re.compile(r"(?:(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[*]*[A-Z0-9])|\n\s*\n)")
TAG = re.compile(r"</?(?:su[bp]|i|b|em|strong)>|\*\*")


def bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """First and last character of the sentence that holds the span, at most 1500 beyond it on each side."""
    first, last = 0, len(text)
    window = max(0, start - 1500)
    for match in BEFORE.finditer(text, window, start + 1):  # one more: a sentence may begin with the span
        if match.end() <= start:
            first = match.end()
    first = max(first, window)
    after = BEFORE.search(text, end, min(len(text), end + 1500))
    if after:
        last = after.start()
    return first, min(last, end + 1500)


def sentence(text: str, start: int, end: int) -> str:
    """The sentence that holds the span, on one line, without inline tags."""
    first, last = bounds(text, start, end)
    return plain(text[first:last])


def plain(text: str) -> str:
    """Text on one line, without inline tags."""
    return " ".join(TAG.sub("", text).split())


def shorten(text: str, around: str, width: int) -> str:
    """At most ``width`` characters of the text, with ``around`` among them."""
    if len(text) <= width:
        return text
    place = max(text.find(around), 0)
    first = max(0, min(place - (width - len(around)) // 2, len(text) - width))
    cut = text[first : first + width]
    return ("…" + cut[1:] if first else cut)[: width - 1] + ("…" if first + width < len(text) else cut[-1])
