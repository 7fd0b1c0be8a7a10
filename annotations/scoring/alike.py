"""Whether a predicted event answers a gold one, and which answers which.

What: the kinds must go together; then the characters overlap by half of the longer span, or the names agree, more so where the
places do not. Pairs are one to one, surest first, among equals the nearer in time.
Example: gold "aspiration" (procedure) is answered by "needle aspiration" (procedure) on overlapping characters.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from annotations.scoring.records import Event

# Examinations, and states of health, are named in more than one way.
TOGETHER = {
    "drug": {"drug"}, "procedure": {"procedure", "imaging", "lab"}, "imaging": {"imaging", "procedure", "lab"},
    "lab": {"lab", "vital", "imaging", "finding"}, "vital": {"vital", "lab", "finding"},
    "encounter": {"encounter", "outcome"}, "outcome": {"outcome", "encounter", "finding"},
    "diagnosis": {"diagnosis", "finding"}, "finding": {"finding", "diagnosis", "outcome", "lab", "vital"},
}  # fmt: skip
FILLERS = frozenset(
    ("the", "of", "a", "an", "to", "and", "was", "with", "in", "on", "at", "for", "is", "were", "her", "his")
)


def similarity(a: str, b: str) -> float:
    """1.0 where the content words agree; a long name that merely contains a short one scores low."""
    words_a, words_b = ({w for w in re.findall(r"[a-z0-9]+", s.lower()) if w not in FILLERS} for s in (a, b))
    if not words_a or not words_b:
        return 0.0
    common = len(words_a & words_b)
    shared = 0.3 * common / min(len(words_a), len(words_b)) + 0.7 * common / len(words_a | words_b)
    return max(shared, difflib.SequenceMatcher(None, a.lower(), b.lower()).ratio())


def alike(gold: Event, event: Event) -> float:
    """How surely ``event`` is the gold event, 0 for no."""
    if event.kind and event.kind not in TOGETHER[gold.kind or ""]:
        return 0.0
    start, end = gold.spans[0]
    common = [(min(e, end) - max(s, start), max(e - s, end - start, 1)) for s, e in event.spans]
    share = max((max(0, overlap) / longer for overlap, longer in common), default=0.0)
    name = max((similarity(a, b) for a in gold.names for b in event.names), default=0.0)
    if share >= 0.5:
        return 2.0 + share + name
    if any(overlap > 0 for overlap, _ in common) and name >= 0.5:
        return 1.0 + share + name
    return name if name >= (0.75 if event.spans else 0.6) else 0.0


def day_gap(gold: Event, event: Event) -> float | None:
    """Days between the intervals, 0 where they meet; None where either is open."""
    if gold.low is None or gold.high is None or event.low is None or event.high is None:
        return None
    return max(0.0, event.low - gold.high, gold.low - event.high)


def match(gold: Sequence[Event], predicted: Sequence[Event]) -> list[tuple[int, int]]:
    """One-to-one pairs (gold index, predicted index)."""
    scored = []
    for i, wanted in enumerate(gold):
        for j, event in enumerate(predicted):
            score = alike(wanted, event)
            if score:
                gap = day_gap(wanted, event)
                scored.append((-round(score, 2), 1e9 if gap is None else gap, i, j))
    used_gold: set[int] = set()
    used_predicted: set[int] = set()
    chosen = []
    for _, _, i, j in sorted(scored):
        if i not in used_gold and j not in used_predicted:
            used_gold.add(i)
            used_predicted.add(j)
            chosen.append((i, j))
    return chosen
