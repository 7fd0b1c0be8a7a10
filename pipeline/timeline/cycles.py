"""Which of the cycles, courses or sessions of a treatment is told: "the third cycle of R-CHOP", "cycles 2 to 6".

A number with its noun and no treatment beside it means the one told last that is given so. Example: "R-CHOP was started
on day 5. The second cycle was delayed by 2 weeks." tells R-CHOP twice, the second time as number 2.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.schema import Action, Dose
from pipeline.timeline.actions import Verb, action_of
from pipeline.timeline.draft import Draft
from pipeline.timeline.hints import cue
from pipeline.timeline.story import Story, Told

NUMBERS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
NOUN = r"(?:cycle|course|session|dose|infusion|injection|pulse|administration|round)"
ORDINAL = rf"(?:{'|'.join(NUMBERS)}|\d{{1,2}}(?:st|nd|rd|th))"
NTH = cue(
    rf"\b(?P<nth>{ORDINAL})(?: (?:and|to|through|-) (?:the )?(?P<last>{ORDINAL}))?(?: [\w-]+){{0,2}}? (?P<noun>{NOUN})s?\b"
    rf"|\b(?P<noun2>cycle|course|session|dose|infusion)s? (?:no\. ?|number |#)?(?P<n>\d{{1,2}})\b(?! ?(?:mg|g|ml|u?g|%|days?|weeks?|hours?|[./\d]))"
    r"(?:(?: to | through | ?- ?| and )(?P<n2>\d{1,2})\b(?! ?(?:mg|g|ml|days?|weeks?)))?",
)
BESIDE_HEAD = re.compile(
    r"(?: (?:of|with))?(?: (?!and\b|or\b|of\b|with\b|for\b)[\w/-]+){0,3} ?$", re.IGNORECASE
)
# What only counts from a cycle tells none: "after the second cycle".
NOT_TOLD = re.compile(
    r"\b(?:after|before|since|until|following|from|prior to|between|completing|completion of)(?: \w+){0,2} $",
    re.IGNORECASE,
)
NEGATED = cue(r"\b(?:not|never|withheld|omitted|cancell?ed|without)\b")
NEAR = 3
WHOSE = re.compile(
    r"(?: (?:of|with) (?:the )?(?:chemotherapy|treatment|therapy|same|infusion|regimen))?(?: (?:was|were|had|followed|began|started|consisted)\b|[,.)])",
    re.IGNORECASE,
)
LONGEST = 60


class Nth(NamedTuple):
    """A numbered cycle at ``start``..``end`` of the view."""

    start: int
    end: int
    low: int
    high: int | None


def numbered(text: str, start: int, end: int) -> list[Nth]:
    """The numbered cycles, courses and sessions of a stretch of the view."""
    found = []
    for match in NTH.finditer(text, start, end):
        low = _number(match["nth"] or match["n"])
        high = _number(match["last"] or match["n2"])
        found.append(Nth(match.start(), match.end(), low, high if high and high > low else None))
    return found


def _number(word: str | None) -> int:
    if word is None:
        return 0
    return NUMBERS.get(word.lower()) or int(re.sub(r"\D", "", word))


def nth(text: str, head: Told, within: tuple[int, int]) -> Nth | None:
    """The number of the cycle that a treatment's mention stands with: "the third cycle of R-CHOP", "R-CHOP cycle 3"."""
    low, high = max(within[0], head.start - LONGEST), min(within[1], head.end + LONGEST)
    for one in numbered(text, low, high):
        if one.end <= head.start and BESIDE_HEAD.fullmatch(text, one.end, head.start):
            return one
        inside = one.start <= head.start and head.end <= one.end
        if inside or (head.end <= one.start <= head.end + 3 and text[head.end : one.start].strip(" (") == ""):
            return one
    return None


def with_number(text: str, draft: Draft, one: Nth) -> Draft:
    """The draft as that cycle."""
    dose = draft.dose or Dose(text=text[one.start : one.end])
    return replace(draft, dose=dose.model_copy(update={"nth": one.low, "nth_high": one.high}))


def unnamed(
    story: Story, sentences: Sequence[int], drafts: Sequence[Draft], verbs: Callable[[int], list[Verb]]
) -> Iterator[Draft]:
    """The drafts of the numbered cycles that stand without their treatment, which is the one told last before them."""
    given = [d for d in drafts if d.kind in ("drug", "procedure") and d.actual and d.action != "planned"]
    given.sort(key=lambda d: d.head.start)
    starts = [d.head.start for d in given]
    for sentence in sentences if given else ():
        if NTH not in story.hints[sentence]:
            continue
        first, last = story.sentences[sentence] if story.sentences else (0, len(story.text))
        for one in numbered(story.text, first, last):
            before = given[: bisect_right(starts, one.start)]
            if (
                not before
                or before[-1].head.sentence < sentence - NEAR
                or NOT_TOLD.search(story.text, max(first, one.start - 40), one.start)
                or not WHOSE.match(story.text, one.end)
            ):
                continue
            base = next((d for d in reversed(before) if _in_cycles(d)), before[-1])
            verb = action_of(story.text, one.start, one.end, verbs(sentence))
            action: Action = verb.action if verb else "given"
            if action == "not_given" or NEGATED.search(story.text, one.end, last):
                continue
            draft = replace(
                base, head=replace(base.head, sentence=sentence), parts=(), dose=None, counted=None, action=action,
                at=(one.start, one.end), rules=(base.head.mention.rule, "action.numbered_cycle"),
            )  # fmt: skip
            yield with_number(story.text, draft, one)


def _in_cycles(draft: Draft) -> bool:
    """Whether the story counts the courses of a treatment."""
    return draft.dose is not None and (draft.dose.times is not None or draft.dose.nth is not None)
