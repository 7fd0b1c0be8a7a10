"""Which patients a document reports: the sentences of each case, those told of all, and the patient's age and sex.

A case begins with a heading ("Case 2", "Patient B"), with a paragraph that opens so or with "The second patient", or
with one on a relative who fell ill ("Her brother, aged 12, presented ..."). Sentences on "both patients" belong to each.
Example: "Case 1 ... Case 2 ... Both patients received rituximab." gives two cases that both tell rituximab.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.schema import DAYS_PER_YEAR, Patient, TimeValue
from pipeline.timeline.gate import reports
from pipeline.timeline.hints import cue
from pipeline.timeline.story import Story, Told

WORDS = {
    "one": "1", "first": "1", "i": "1", "index": "1", "two": "2", "second": "2", "ii": "2", "three": "3",
    "third": "3", "iii": "3", "four": "4", "fourth": "4", "iv": "4", "five": "5", "fifth": "5", "v": "5",
    "six": "6", "sixth": "6", "vi": "6", "vii": "7", "viii": "8", "seventh": "7", "eighth": "8",
}  # fmt: skip
SERIAL = r"\d{1,2}|[ivx]{1,4}|[a-h]|one|two|three|four|five|six"
ORDINAL = r"first|second|third|fourth|fifth|sixth|seventh|eighth"
WHO = r"patient|case|child|infant|baby|neonate|sibling|brother|sister|twin|woman|man|girl|boy|subject|individual"
LABEL = re.compile(
    rf"(?:case(?: report| presentation| description| history)?|patient|twin|infant|sibling|subject)s?\s*(?:no\.?\s*|number\s+|#\s*)?"
    rf"(?P<serial>{SERIAL})\b(?!\s*(?:and|&|,|-|/|to)\s*(?:{SERIAL})\b)(?! (?:of|years?|months?|weeks?|days?|patients?|cases?)\b)",
    re.IGNORECASE,
)
NTH = re.compile(
    rf"(?:(?:the|our|a|in the|in our) )?(?P<serial>{ORDINAL})(?: (?:reported|described))? (?:{WHO})\b",
    re.IGNORECASE,
)
RELATIVE = re.compile(
    r"(?:(?:\w+ )?(?:months?|years?|weeks?|days?) (?:later|after\w*|earlier|before),? )?(?:the (?:index )?patient's|his|her|their|the proband's) (?:\w+ ){0,2}?"
    r"(?P<who>brother|sister|sibling|twin|son|daughter|mother|father|cousin|nephew|niece|husband|wife|co-?twin|aunt|uncle|grandmother|grandfather)\b"
    r"|the (?:(?:elder|older|younger|affected|other|\d{1,2}-(?:year|month|day)-old) )+(?P<sibling>brother|sister|sibling|twin|cousin)\b",
    re.IGNORECASE,
)
FELL_ILL = cue(
    r"\b(?:was (?:also )?(?:admitted|referred|seen|transferred|hospitali[sz]ed|evaluated|brought|diagnosed)|presented|came to|visited|"
    r"attended|developed|complained)\b",
)
AGED = re.compile(
    r"\b\d{1,3}[- ](?:year|month|week|day)s?[- ]old\b|\baged? \d|\b\d{1,3} (?:years|months|weeks|days) of age\b",
    re.IGNORECASE,
)
# A mother in the report of her newborn is no second patient.
OBSTETRIC = cue(r"\b(?:pregnan|gravida|deliver|labou?r\b|gestation|antenatal|cesarean|caesarean)")
RELATIVES_AGE = re.compile(
    r"\b(?P<n>\d{1,3})[- ](?P<unit>year|month|week|day)s?[- ](?:old\b|of age\b)|\baged? (?:of )?(?P<n2>\d{1,3})(?: (?P<unit2>year|month|week|day)s?)?",
    re.IGNORECASE,
)
YEARS = {"year": 1.0, "month": 1 / 12, "week": 7 / DAYS_PER_YEAR, "day": 1 / DAYS_PER_YEAR}
ALL = cue(
    r"\b(?:both|all (?:two|three|four|five|six|[2-9]|our|the|these|of (?:our|the|these)(?: \w+)?)|each(?: of)?(?: (?:our|the|these))?(?: (?:two|three|four|five))?|"
    r"(?:our|these|the) (?:two|three|four|five|[2-5])|neither of (?:our|the|these))(?: (?:of (?:our|the|these)|reported|described|presented|affected|our))? "
    r"(?:patients?|cases?|siblings?|twins?|brothers|sisters|children|infants?|neonates?|boys|girls|men|women|individuals)\b",
)
CITED = re.compile(
    r"\[\d|\bet al\b|\breported (?:in|by|cases)|\bliterature\b|\bpublished\b|\bprevious", re.IGNORECASE
)
SEXES = {
    "female": re.compile(
        r"\b(?:woman|female|girl|lady|mother|she|her|primigravida|multigravida)\b", re.IGNORECASE
    ),
    "male": re.compile(r"\b(?:man|male|boy|gentleman|father|he|his|him)\b", re.IGNORECASE),
}
KIN = {
    "female": frozenset(("sister", "daughter", "mother", "niece", "wife", "aunt", "grandmother")),
    "male": frozenset(("brother", "son", "father", "nephew", "husband", "uncle", "grandfather")),
}


@dataclass(frozen=True, slots=True)
class Course:
    """One patient's part of the story: the numbers of its sentences in order.

    ``shared`` are sentences elsewhere that tell of all the patients; ``kin`` is what a relative is called.
    """

    id: str
    sentences: tuple[int, ...]
    shared: tuple[int, ...] = ()
    kin: str | None = None


def courses(story: Story) -> list[Course]:
    """The cases of a story, in order; none where it reports no patient of its own."""
    own = _own(story)
    if not own or not reports(story):
        return []
    parts: list[tuple[str | None, list[int]]] = [(None, [])]
    labels: list[str] = []
    for number, label, kin in _beginnings(story, own):
        if label is not None and label not in labels and (kin is None or parts[-1][1]):
            labels.append(label)
            if parts[-1][1] and (len(labels) > 1 or kin):
                parts.append((kin, []))
            elif parts[-1][1]:
                parts[-1][1].clear()
        parts[-1][1].append(number)
    told = [(kin, part) for kin, part in parts if part]
    together = _together(story) if len(told) > 1 else ()
    return [
        Course(f"c{i}", tuple(part), tuple(n for n in together if n not in set(part)), kin)
        for i, (kin, part) in enumerate(told, 1)
    ]


def _own(story: Story) -> list[int]:
    """The sentences of the case sections, or where there are none, of all that is told."""
    starts = [start for start, _, _ in story.paragraphs]
    kinds = {kind for _, _, kind in story.paragraphs}
    wanted = "case" if "case" in kinds else None
    own = []
    for number, (start, _) in enumerate(story.sentences):
        at = bisect_right(starts, start) - 1
        kind = story.paragraphs[at][2] if at >= 0 else "case"
        if kind == wanted or (wanted is None and kind in ("abstract", "introduction", "discussion")):
            own.append(number)
    return own


def _beginnings(story: Story, own: Sequence[int]) -> Iterator[tuple[int, str | None, str | None]]:
    """(sentence, label of the case that begins with it or None, what a relative is called) for each sentence."""
    starts = [start for start, _, _ in story.paragraphs]
    for number in own:
        start, end = story.sentences[number]
        at = bisect_right(starts, start) - 1
        opens = at >= 0 and starts[at] == start
        label = kin = None
        if opens and story.titles:
            label = next(filter(None, map(_label, story.titles[at].split("\n"))), None)
        if opens and label is None:
            label = _label(story.text[start:end])
            relative = RELATIVE.match(story.text, start, end) if label is None else None
            ahead = min(end + 200, story.paragraphs[at][1])
            if relative and OBSTETRIC.search(story.text, start, ahead):
                relative = None
            if relative and AGED.search(story.text, start, end) and FELL_ILL.search(story.text, start, ahead):
                kin = (relative["who"] or relative["sibling"]).lower()
                label = f"kin:{kin}"
        yield number, label, kin


def _label(text: str) -> str | None:
    """The serial of the case that a heading or a paragraph begins, or None."""
    found = LABEL.match(text.lstrip(" .:(")) or NTH.match(text.lstrip(" .:("))
    if not found:
        return None
    serial = found["serial"].lower()
    return WORDS.get(serial, serial.upper())


def _together(story: Story) -> tuple[int, ...]:
    """The sentences, wherever they stand, that tell of all the patients of the report."""
    return tuple(
        number
        for number, (start, end) in enumerate(story.sentences)
        if ALL in story.hints[number]
        and ALL.search(story.text, start, end)
        and not CITED.search(story.text, start, end)
    )


def patient(story: Story, told: Sequence[Told], sentences: Sequence[int], kin: str | None = None) -> Patient:
    """Age and sex from the first mentions of either, sex else from the word for a relative or the pronouns."""
    ages = [
        t
        for t in told
        if t.mention.label == "AGE" and t.mention.assertion.patient and not t.mention.assertion.family
    ]
    sexes = [t for t in told if t.mention.label == "SEX" and not t.mention.assertion.family]
    age = None
    if ages and isinstance(ages[0].mention.value, TimeValue) and ages[0].mention.value.low is not None:
        age = round(ages[0].mention.value.low / DAYS_PER_YEAR, 2)
    if age is None and kin is not None and sentences:
        age = _relatives_age(story.text[slice(*story.sentences[sentences[0]])])
    sex = next((name for name, words in KIN.items() if kin in words), None)
    if sex is None and sexes:
        sex = _sex(sexes[0].mention.name or sexes[0].mention.text)
    if sex is None and sentences:
        text = story.text[
            story.sentences[sentences[0]][0] : story.sentences[sentences[min(5, len(sentences) - 1)]][1]
        ]
        counts = {name: len(pattern.findall(text)) for name, pattern in SEXES.items()}
        if counts["female"] != counts["male"]:
            sex = max(counts, key=lambda name: counts[name])
    used = tuple(t.mention.id for t in (*ages[:1], *sexes[:1]))
    return Patient(age_years=age, sex=sex, mentions=used)


def _relatives_age(sentence: str) -> float | None:
    """The age of a relative in years, which no finder takes for the patient's."""
    found = RELATIVES_AGE.search(sentence)
    if not found:
        return None
    unit = (found["unit"] or found["unit2"] or "year").lower()
    return round(float(found["n"] or found["n2"]) * YEARS[unit], 2)


def _sex(word: str) -> str | None:
    return next((name for name, pattern in SEXES.items() if pattern.search(word)), None)
