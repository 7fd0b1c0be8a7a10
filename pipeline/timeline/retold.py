"""What the abstract, the captions and the discussion tell of the patient: further tellings, further facts, contradictions.

A telling of a known event adds its mentions to it; a fact that the case section lacks becomes an event of its own, without a
day unless an expression gives one; a dose or result that no telling of the case has is a notice. In a discussion only
sentences that speak of this patient count, in a caption a fact is new only where it is dated. Example: "In our patient, neuropathy improved four months after cessation".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Sequence

from pipeline.schema import Notice
from pipeline.timeline.cases import CITED
from pipeline.timeline.draft import Draft
from pipeline.timeline.hints import cue
from pipeline.timeline.references import UNNAMED, words
from pipeline.timeline.story import Story

OURS = cue(
    r"\b(?:our|this|the present|the presented|the described|the reported) (?:patient|case|report)\b|\bin our\b|\bthe patient\b|\bwe "
    r"(?:administered|gave|treated|started|used|initiated|performed|report|describe|present|diagnosed|decided|observed|chose)\b",
)
GENERAL = re.compile(
    r"\b(?:patients|cases|studies|study|trials?|guidelines?|should|can|may|might|could|recommended|usually|often|commonly|rarely|is a|are)\b",
    re.IGNORECASE,
)
ABSTRACT_CASE = cue(
    r"\b(?:year|month|week|day)s?[- ]old\b|\b(?:he|she|his|her|patient|presented|admitted|underwent|was (?:treated|started|diagnosed|performed)|"
    r"developed|discharged|died|follow-up)\b"
)
# What says in each section that a sentence speaks of the patient; a caption always does.
SPEAKS = {"abstract": ABSTRACT_CASE, "discussion": OURS, "conclusion": OURS, "introduction": OURS}
STATES = {"diagnosis": "state", "finding": "state", "outcome": "outcome"}
FACTS = ("drug", "procedure", "diagnosis", "finding", "outcome", "lab", "vital")
SURE = 0.9
SURE_STATE = 0.85  # a name of a state found by its word alone


def sentences(story: Story, own: Sequence[int]) -> tuple[int, ...]:
    """The numbers of the sentences outside the case section that tell of its patient."""
    starts = [start for start, _, _ in story.paragraphs]
    told = set(own)
    found = []
    for number, (start, end) in enumerate(story.sentences):
        if number in told:
            continue
        at = bisect_right(starts, start) - 1
        kind = story.paragraphs[at][2] if at >= 0 else "case"
        speaks = SPEAKS.get(kind)
        if kind != "caption" and (
            speaks is None or speaks not in story.hints[number] or not speaks.search(story.text, start, end)
        ):
            continue
        if not CITED.search(story.text, start, end) and not GENERAL.search(story.text, start, end):
            found.append(number)
    return tuple(found)


def additions(
    known: Sequence[Draft], retold: Sequence[Draft], dated: Collection[int] = ()
) -> tuple[list[Draft], dict[int, list[str]], list[Notice]]:
    """(facts that the case lacks, mentions to add by the number of the known draft, contradictions).

    A caption adds a fact only in a sentence with an expression that dates it; ``dated`` are the numbers of these.
    """
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    spoken = []
    for i, draft in enumerate(known):
        by_name[_group(draft)].append(i)
        spoken.append((STATES.get(draft.kind, draft.kind), words(draft.name)))
    new: list[Draft] = []
    more: dict[int, list[str]] = defaultdict(list)
    notices: list[Notice] = []
    for draft in retold:
        same = by_name.get(_group(draft), [])
        if same:
            at = next((i for i in same if i >= 0 and _agree(known[i], draft)), None)
            if at is not None:
                more[at] += [t.mention.id for t in (draft.head, *draft.parts)]
            elif all(i >= 0 and _contradict(known[i], draft) for i in same):
                m = draft.head.mention
                notices.append(
                    Notice(
                        code="told_differently",
                        message=f"the {draft.section} gives {draft.kind} another amount than the case does",
                        start=m.start,
                        end=m.end,
                    )
                )
            continue
        own = words(draft.name)
        kind = STATES.get(draft.kind, draft.kind)
        within = any(k == kind and (own <= w or w <= own) for k, w in spoken if w)
        if draft.kind not in FACTS or not draft.actual or within or not own or own <= UNNAMED:
            continue
        if draft.section == "caption" and draft.head.sentence not in dated:
            continue
        enough = SURE_STATE if draft.kind in ("finding", "diagnosis") else SURE
        if draft.confidence >= enough and (
            draft.kind not in ("lab", "vital") or draft.measurement is not None
        ):
            new.append(draft)
            by_name[_group(draft)].append(-1)
            spoken.append((kind, own))
    return new, more, notices


def _group(draft: Draft) -> tuple[str, str]:
    return STATES.get(draft.kind, draft.kind), draft.key


def _amount(draft: Draft) -> tuple[float | None, str | None]:
    amount = draft.measurement if draft.measurement is not None else draft.dose
    return (amount.value, amount.unit) if amount is not None else (None, None)


def _agree(known: Draft, retold: Draft) -> bool:
    """Whether a telling says nothing else than the known one."""
    value = _amount(retold)[0]
    a, b = known.measurement, retold.measurement
    if b is not None and b.value is None and (a is None or a.interpretation != b.interpretation):
        return False  # "reduced" is no further telling of "8,120 U/L"
    action = retold.action is None or known.action is None or retold.action == known.action
    return action and (value is None or _amount(known) == _amount(retold))


def _contradict(known: Draft, retold: Draft) -> bool:
    """Whether the amounts of two tellings, of one unit, are different numbers."""
    (a, unit), (b, other) = _amount(known), _amount(retold)
    return a is not None and b is not None and unit == other and a != b
