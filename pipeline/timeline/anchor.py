"""Day 0 of a case: the admission to the reporting hospital, else the first presentation there, else the index
operation, delivery or birth, else the first treatment (CONTRACT.md, Time).

Each place of the case section that tells a contact is scored; the best one wins, the earliest among equals.
Example: "admitted to a local hospital ... was transferred to our hospital" -> the transfer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.schema import TimeValue
from pipeline.timeline.draft import Draft
from pipeline.timeline.hints import Watched, cue
from pipeline.timeline.story import Story

# (event, what the text says, weight): how directly it tells the start of the reported stay.
CONTACTS: tuple[tuple[str, Watched, float], ...] = tuple(
    (event, cue(pattern), weight)
    for event, pattern, weight in (
        ("admission", r"\b(?:was|were|been|being|is|and|,) (?:\w+ly )?(?:re-?)?(?:admitted|hospitali[sz]ed)\b(?: to| in| at)?[^.;,]{0,60}", 4.2),
        ("admission", r"(?<=man |boy |irl |ale |ent |ant |ild )(?:admitted|hospitali[sz]ed)\b(?: to| in| at| on| with| for)[^.;,]{0,60}", 4.2),
        ("admission", r"\b(?:on|upon|at|after|since|following|before|to|of|for|required|requiring) (?:(?:the|his|her|this|hospital) )?(?:admission|hospitali[sz]ation)\b[^.;,]{0,40}", 2.7),
        ("admission", r"\btransferred (?:to|from)\b[^.;,]{0,60}", 2.3),
        ("presentation", r"\breferred (?:to|for|from|because)\b[^.;,]{0,60}", 2.2),
        ("presentation", r"\b(?:was|were) (?:\w+ly )?(?:brought|taken) (?:in|to|into)\b[^.;,]{0,60}", 2.3),
        ("presentation", r"\b(?:presented|presenting|presents|presentation|came|arrived|arrival)\b[^.;,]{0,60}", 2.3),
        ("presentation", r"\b(?:visited|attended|consulted|was seen|was evaluated|was examined|sought)\b[^.;,]{0,60}", 1.6),
    )
)  # fmt: skip
OWN = re.compile(
    r"\b(?:our|this|the authors'?|the present) (?:\w+[ -]){0,5}?(?:hospital|institution|institute|department|cent(?:er|re)|clinic|unit|"
    r"emergency|service|icu|ed|ward|facility|outpatient)\b",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    r"\b(?:local|another|outside|other|peripheral|regional|district|rural|nearby|primary|previous|different|private|community|general practi\w+|"
    r"family doctor|referring)\b",
    re.IGNORECASE,
)
PAST = re.compile(
    r"\b(?:ago|earlier|previous(?:ly)? (?!healthy|well)|prior (?!to)|past|had been|had (?:undergone|presented)|years? before|months? before|"
    r"in (?:19|20)\d\d|last (?:year|month))\b",
    re.IGNORECASE,
)
WARD = re.compile(
    r"\b(?:icu|intensive care|rehabilitation|psychiatric|hospice|nursing|ward|floor|again|follow)\b",
    re.IGNORECASE,
)
READMITTED = re.compile(r"\bre-?(?:admi|hospitali)", re.IGNORECASE)
BROUGHT = re.compile(r"(?:was|were|presented|came|arrived)\b.* (?:emergency|ED|ER|A&E)\b", re.IGNORECASE)
RELATIVE = re.compile(r"\b(?:mother|father|wife|husband|sister|brother)\b[^.;]{0,30}$", re.IGNORECASE)
NOT_YET = re.compile(r"\b(?:before|prior to|until)\b[^.;]{0,30}$", re.IGNORECASE)
OPERATION = cue(
    r"surg|operat|\w+ectomy|plasty|stomy|otomy|transplant|resection|replacement|bypass|graft|excision|cesarean|"
    r"caesarean|arthrodesis|fixation|implantation|craniotomy|repair|implant",
)
BIRTH = re.compile(
    r"\b(?:was born|were born|newborn|neonate|was delivered|gave birth|delivered (?:by|via|a|at)|delivery|ca?esarean(?: section)?)\b",
    re.IGNORECASE,
)
# The age of the one who gave birth: "born to a 29-year-old gravida 2 woman".
MOTHER = re.compile(r"\b(?:born|delivered|birth|delivery)\b[^.;]*$", re.IGNORECASE)
NEWBORN = re.compile(r"\b(?:newborn|neonate|was born (?:at|by|via|to)|preterm infant)\b", re.IGNORECASE)
TAIL = re.compile(
    r"\s+(?:with|because|due|for|after|on|in|by|and|where|when|complaining|following|at|of|to|from|a|the|our)?\s*$"
)
SELF_EVIDENT = 1.0
A_MONTH = 28.0
EARLY = 8  # sentences; an emergency visit told later may be a complication


@dataclass(frozen=True, slots=True)
class Zero:
    """The anchor at its place in the view; ``draft`` is the event that it is, where one is there."""

    event: str
    start: int
    end: int
    sentence: int
    rule: str


def find(story: Story, sentences: Sequence[int], drafts: Sequence[Draft]) -> Zero | None:
    """Day 0 of the case told in ``sentences`` (numbers, in order), or None where nothing could be it."""
    if not sentences:
        return None
    best: tuple[float, Zero] | None = None
    older = _past_the_newborn(story, sentences)
    for place, number in enumerate(sentences):
        start, end = story.sentences[number]
        if place < 2 and not older and (birth := NEWBORN.search(story.text, start, end)):
            candidate = Zero("birth", birth.start(), birth.end(), number, "anchor.birth")
            best = _better(best, 4.9, candidate)
        here = story.hints[number]
        for event, pattern, weight in CONTACTS:
            for match in pattern.finditer(story.text, start, end) if pattern in here else ():
                score = (
                    weight
                    + _weight(story.text, match, start, end, early=place <= EARLY)
                    - min(place, 40) * 0.03
                )
                if score >= SELF_EVIDENT:
                    trimmed = TAIL.sub("", match[0])
                    candidate = Zero(
                        event, match.start(), match.start() + len(trimmed), number, f"anchor.{event}"
                    )
                    best = _better(best, score, candidate)
    if best:
        return best[1]
    for test, event in (
        (
            lambda d: d.kind in ("procedure", "outcome", "encounter") and BIRTH.search(d.head.mention.text),
            "delivery",
        ),
        (lambda d: d.kind == "procedure" and OPERATION.search(d.head.mention.text), "surgery"),
        (lambda d: d.kind in ("drug", "procedure") and d.action in ("start", "given"), "treatment"),
        (lambda d: d.kind in ("diagnosis", "finding", "imaging"), "presentation"),
    ):
        for draft in drafts:
            if draft.status == "affirmed" and draft.action not in ("planned", "not_given") and test(draft):
                return Zero(event, draft.head.start, draft.head.end, draft.head.sentence, f"anchor.{event}")
    return None


def _past_the_newborn(story: Story, sentences: Sequence[int]) -> bool:
    """Whether the first sentences give the patient an age of a month or more; then the birth is history."""
    return any(
        isinstance(value := one.mention.value, TimeValue) and (value.low or 0.0) >= A_MONTH
        for one in story.of(sentences[:3])
        if one.mention.label == "AGE"
        and not one.mention.assertion.family
        and not MOTHER.search(story.text, story.sentences[one.sentence][0], one.start)
    )


def _weight(text: str, match: re.Match[str], start: int, end: int, *, early: bool) -> float:
    """What the words around a contact add to its weight or take from it; ``early`` is whether the story has just begun."""
    words = match[0]
    before = text[max(start, match.start() - 60) : match.start()]
    weight = 0.0
    if OWN.search(text, match.start(), min(end, match.end() + 20)):
        weight += 1.5
    elif ELSEWHERE.search(words):
        weight -= 1.4
    if PAST.search(words[:40]) or PAST.search(before):
        weight -= 1.5
    if WARD.search(words) and not OWN.search(words):
        weight -= 1.4
    if READMITTED.search(words):
        weight -= 2.4
    if NOT_YET.search(before):
        weight -= 0.6
    if RELATIVE.search(before):
        weight -= 3.0
    if early and BROUGHT.match(words) and not ELSEWHERE.search(words):
        weight += 0.5
    return weight


def _better(best: tuple[float, Zero] | None, score: float, candidate: Zero) -> tuple[float, Zero]:
    return (score, candidate) if best is None or score > best[0] + 1e-9 else best
