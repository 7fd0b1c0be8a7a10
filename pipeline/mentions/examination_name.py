"""The name of an imaging with the part of the body that it shows, from the words around it.

Reads body_part.csv. Example: "<CT> of the chest" is "chest computed tomography", "abdominal <CT>" "abdominal
computed tomography".
"""

from __future__ import annotations

import re

from pipeline.mentions.phrase import SITES

ADJECTIVE = {
    "abdomen": "abdominal", "pelvis": "pelvic", "thorax": "chest", "skull": "skull", "heart": "cardiac",
    "liver": "liver", "kidneys": "renal", "kidney": "renal", "cranium": "cranial",
}  # fmt: skip
WORDS_BEFORE = re.compile(r"((?:[A-Za-z]+(?: and |[ -])){1,4})$")
OF = re.compile(
    r"(?:\s(?:scan|scans|imaging|images?|examination|study))?(?:\s?\([^()\n]{1,12}\))?(?:\s(?:scan|scans))?"
    r"\s(?:of|from)\s(?:the\s|his\s|her\s|both\s|a\s)?((?:[a-z]+(?:, | and the | and | )?){1,5})"
)
FREE = frozenset(("and", "with", "left", "right"))


def imaging_name(text: str, start: int, end: int, name: str) -> str:
    """``name`` with the part of the body in front, where the text says it beside the span."""
    before = WORDS_BEFORE.search(text, max(0, start - 40), start)
    if before:
        parts: list[str] = []
        for word in reversed(before.group(1).lower().replace("-", " ").split()):
            if word not in SITES and not (parts and word in FREE and word != "with"):
                break
            parts.insert(0, word)
        while parts and parts[0] == "and":
            parts.pop(0)
        if parts and any(part in SITES for part in parts):
            return f"{' '.join(parts)} {name}"
    after = OF.match(text, end)
    if after:
        parts = []
        for word in after.group(1).replace(",", " and").split():
            if word in SITES or (word in FREE and word != "with"):
                parts.append(ADJECTIVE.get(word, word))
            elif word != "the":
                break
        while parts and parts[-1] == "and":
            parts.pop()
        if any(part in SITES for part in parts):
            return f"{' '.join(parts)} {name}"
    return name
