"""Which patients a document reports: the sentences of each case, and the patient's age and sex.

Example: paragraphs headed or begun with "Case 2" start a second case with its own day 0.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.patterns import cue
from pipeline.schema import Patient, TimeValue
from pipeline.timeline.story import Story, Told

CASE_START = re.compile(r"^(?:Case|Patient)\s+(?:No\.?\s*|#\s*)?(\d{1,2}|[IVX]{1,4}|[A-H])\b", re.IGNORECASE)
SEXES = {
    "female": re.compile(
        r"\b(?:woman|female|girl|lady|mother|she|her|primigravida|multigravida)\b", re.IGNORECASE
    ),
    "male": re.compile(r"\b(?:man|male|boy|gentleman|father|he|his|him)\b", re.IGNORECASE),
}
COHORT = cue(
    r"\b(?:patients were (?:enrolled|recruited|randomi[sz]ed|included)|inclusion criteria|exclusion criteria|statistical analys[ei]s|"
    r"systematic review|meta-analysis|literature search|randomi[sz]ed controlled)\b",
)


@dataclass(frozen=True, slots=True)
class Course:
    """One patient's part of the story: the numbers of its sentences in order."""

    id: str
    sentences: tuple[int, ...]


def courses(story: Story) -> list[Course]:
    """The cases of a story, in order; none where it reports no patient."""
    starts = [start for start, _, _ in story.paragraphs]
    kinds = {kind for _, _, kind in story.paragraphs}
    wanted = "case" if "case" in kinds else None
    own = []
    for number, (start, _) in enumerate(story.sentences):
        at = bisect_right(starts, start) - 1
        kind = story.paragraphs[at][2] if at >= 0 else "case"
        if kind == wanted or (wanted is None and kind in ("abstract", "introduction", "discussion")):
            own.append(number)
    if not own or len(COHORT.findall(story.text)) >= 4:
        return []
    parts: list[list[int]] = [[]]
    labels: list[str] = []
    paragraph_starts = set(starts)
    for number in own:
        start, end = story.sentences[number]
        match = CASE_START.match(story.text[start:end]) if start in paragraph_starts else None
        if match and match[1].upper() not in labels:
            labels.append(match[1].upper())
            if parts[-1] and len(labels) > 1:
                parts.append([])
            elif len(labels) == 1:
                parts[-1].clear()
        parts[-1].append(number)
    return [Course(f"c{i}", tuple(part)) for i, part in enumerate(parts, 1) if part]


def patient(story: Story, told: Sequence[Told], sentences: Sequence[int]) -> Patient:
    """Age and sex from the first mentions of either, sex else from the pronouns."""
    ages = [
        t
        for t in told
        if t.mention.label == "AGE" and t.mention.assertion.patient and not t.mention.assertion.family
    ]
    sexes = [t for t in told if t.mention.label == "SEX" and not t.mention.assertion.family]
    age = None
    if ages and isinstance(ages[0].mention.value, TimeValue) and ages[0].mention.value.low is not None:
        age = round(ages[0].mention.value.low / 365.25, 2)
    sex = _sex(sexes[0].mention.name or sexes[0].mention.text) if sexes else None
    if sex is None and sentences:
        text = story.text[
            story.sentences[sentences[0]][0] : story.sentences[sentences[min(5, len(sentences) - 1)]][1]
        ]
        counts = {name: len(pattern.findall(text)) for name, pattern in SEXES.items()}
        if counts["female"] != counts["male"]:
            sex = max(counts, key=lambda name: counts[name])
    used = tuple(t.mention.id for t in (*ages[:1], *sexes[:1]))
    return Patient(age_years=age, sex=sex, mentions=used)


def _sex(word: str) -> str | None:
    return next((name for name, pattern in SEXES.items() if pattern.search(word)), None)
