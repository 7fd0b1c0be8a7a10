"""What a time expression counts from: the event that its words name, or the one that its kind stands for.

Candidates keep their scores; the best one is used. Example: "2 weeks after rituximab initiation" -> the first start
of rituximab told up to there; "three months after surgery" -> the last operation told before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import lru_cache

from pipeline.patterns import Cue
from pipeline.timeline.anchor import OPERATION
from pipeline.timeline.draft import Draft

FILLERS = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "and",
        "with",
        "in",
        "on",
        "at",
        "for",
        "her",
        "his",
        "their",
        "this",
        "that",
        "initial",
        "first",
        "second",
        "last",
        "start",
        "onset",
        "beginning",
        "initiation",
        "commencement",
        "starting",
        "initiating",
        "stopping",
        "discontinuation",
        "cessation",
        "withdrawal",
        "completion",
        "end",
        "completing",
        "treatment",
        "therapy",
        "administration",
        "dose",
        "appearance",
        "occurrence",
        "development",
        "time",
        "day",
        "introduction",
        "use",
        "after",
    ]
)
BEGIN = re.compile(r"\b(?:initiat|start|commenc|begin|introduc|first)", re.IGNORECASE)
WORD = re.compile(r"[a-z0-9]+")
FINISH = re.compile(r"\b(?:discontinu|cessation|withdraw|complet|stop|end\b)", re.IGNORECASE)
LAST = re.compile(r"\blast\b", re.IGNORECASE)
# Words that stand for the treatment told last: "after its initiation", "5 days of antibiotics".
UNNAMED = frozenset(
    [
        "it",
        "its",
        "these",
        "antibiotic",
        "antimicrobial",
        "steroid",
        "corticosteroid",
        "chemotherapy",
        "medication",
        "drug",
        "agent",
        "regimen",
        "infusion",
        "injection",
        "cycle",
        "course",
        "bolu",
        "tablet",
        "capsule",
        "pill",
        "intake",
    ]
)
# Words that stand for the procedure told last: "two days after the first session".
SESSIONS = frozenset(["session", "procedure", "exchange", "intervention"])
OPERATIONS = frozenset(["surgery", "operation"])
ENOUGH = 0.5
# What is suspected and then counted from has happened.
NAMEABLE = ("affirmed", "historical", "hypothetical")
# The score of an event that the text names nowhere but in the expression itself.
INSIDE = 0.6

# The kind of reference -> what the event must look like.
TYPED: dict[str, tuple[tuple[str, ...], Cue | re.Pattern[str]]] = {
    "surgery": (("procedure",), OPERATION),
    "diagnosis": (("diagnosis",), re.compile(r"")),
    "discharge": (("encounter", "outcome"), re.compile(r"discharg", re.IGNORECASE)),
    "transplantation": (("procedure",), re.compile(r"transplant|\bgraft|stem cell|marrow", re.IGNORECASE)),
    "icu": (("encounter",), re.compile(r"icu|intensive", re.IGNORECASE)),
    "transfer": (("encounter",), re.compile(r"transfer|referr", re.IGNORECASE)),
    "delivery": (
        ("procedure", "outcome", "encounter"),
        re.compile(r"birth|deliver|cesarean|caesarean|born", re.IGNORECASE),
    ),
    "death": (("outcome",), re.compile(r"death|died|dead|passed|succumb|decease|expired", re.IGNORECASE)),
    "treatment": (("drug", "procedure"), re.compile(r"")),
    "onset": (("finding", "diagnosis", "vital"), re.compile(r"")),
}


@lru_cache(maxsize=4096)
def words(text: str) -> frozenset[str]:
    """Content words, roughly singular."""
    return frozenset(
        w[:-1] if w.endswith("s") and len(w) > 4 else w
        for w in WORD.findall(text.lower())
        if w not in FILLERS
    )


def vocabulary(drafts: Sequence[Draft]) -> list[frozenset[str]]:
    """The content words of the name and the characters of each draft."""
    return [words(f"{draft.name} {draft.head.mention.text}") for draft in drafts]


def named(
    text: str,
    span: tuple[int, int],
    drafts: Sequence[Draft],
    spoken: Sequence[frozenset[str]],
    before: int,
    names: Set[str] = frozenset(),
) -> list[tuple[int, float]]:
    """The drafts that the characters ``span`` may name, with scores, best first.

    ``spoken`` holds the content words of each draft, ``names`` what the mentions in the characters name ("NAC").

    ``before`` is where the expression stands: an event told earlier is likelier than one told later.
    """
    phrase = text[span[0] : span[1]]
    asked = words(phrase)
    inside = {draft.key for draft in drafts if draft.head.start < span[1] and span[0] < draft.head.end}
    inside |= names
    scored = []
    only: list[int] = []
    finishes = FINISH.search(phrase) is not None
    for i, (draft, own) in enumerate(zip(drafts, spoken, strict=True)):
        if draft.status not in NAMEABLE:
            continue
        if draft.head.start < span[1] and span[0] < draft.head.end:
            only.append(i)
            continue
        if asked.isdisjoint(own) and not (inside and draft.key in inside):
            continue
        if draft.head.start > before and asked <= OPERATIONS:
            continue  # "at the end of surgery" does not mean the cataract surgery of the next year
        if draft.action == "stop" and draft.head.start > before and not finishes:
            continue  # "after pembrolizumab" does not mean that it is stopped later
        common = len(asked & own)
        score = common / max(len(asked), 1) * 0.7 + common / max(len(own), 1) * 0.3 if common else 0.0
        if draft.key in inside:
            score = max(score, 0.95)
        if score < ENOUGH:
            continue
        if BEGIN.search(phrase) and draft.action in ("start", "given"):
            score += 0.2
        if FINISH.search(phrase) and draft.action == "stop":
            score += 0.4
        elif not FINISH.search(phrase) and draft.action == "stop":
            score += 0.2 if LAST.search(phrase) else -0.3  # "ten days after the last dose"
        if draft.head.start > before:
            score -= 0.35
        if not draft.actual:
            score -= 0.2
        scored.append((i, round(score, 4)))
    if not scored and only:
        scored = [(only[-1], INSIDE)]
    if not scored and asked <= UNNAMED:
        scored = [(i, ENOUGH) for i in treatments(drafts, before, finished=finishes)[-1:]]
    if not scored and asked and asked <= SESSIONS:
        scored = [(i, ENOUGH) for i in _procedures(drafts, before)[-1:]]
    turn = -1 if LAST.search(phrase) else 1
    return sorted(scored, key=lambda pair: (-pair[1], turn * drafts[pair[0]].head.start))


def treatments(drafts: Sequence[Draft], before: int, *, finished: bool) -> list[int]:
    """The drugs begun up to ``before``, stopped ones where the end is asked for and there are any."""
    told = [
        i
        for i, d in enumerate(drafts)
        if d.kind == "drug" and d.status == "affirmed" and d.head.end <= before
    ]
    ended = [i for i in told if drafts[i].action == "stop"]
    return (
        ended if finished and ended else [i for i in told if drafts[i].action in ("start", "given", "change")]
    )


def _procedures(drafts: Sequence[Draft], before: int) -> list[int]:
    """The procedures done or begun up to ``before``."""
    return [
        i
        for i, d in enumerate(drafts)
        if d.kind == "procedure"
        and d.status == "affirmed"
        and d.action in (None, "start", "given")
        and d.head.end <= before
    ]


def typed(kind: str, drafts: Sequence[Draft], before: int) -> list[tuple[int, float]]:
    """The drafts that a kind of reference ("surgery", "discharge") may mean, best first.

    The last one told before the expression; for the onset the first complaint of the present illness.
    """
    if kind not in TYPED:
        return []
    kinds, pattern = TYPED[kind]
    fits = [
        i
        for i, draft in enumerate(drafts)
        if draft.kind in kinds
        and draft.status == "affirmed"
        and draft.action not in ("planned", "not_given", "stop")
        and pattern.search(f"{draft.name} {draft.head.mention.text}")
    ]
    earlier = [i for i in fits if drafts[i].head.start < before]
    later = [i for i in fits if drafts[i].head.start >= before]
    if kind == "onset":
        return [(i, 0.6) for i in earlier[:1]]
    return [(i, 0.7) for i in reversed(earlier)] + [(i, 0.5) for i in later]
