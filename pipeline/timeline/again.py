"""A treatment named again in fewer words, which is no further event: "after the ablation", "during the operation".

Its mention goes to the treatment that it means: the last one before it of which it is the general word. Only a mention
that says nothing new is so taken, without dose, number or verb of its own. Example: "radiofrequency ablation was done
... no recurrence 6 months after the ablation" is one event.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.timeline.anchor import OPERATION
from pipeline.timeline.draft import Draft
from pipeline.timeline.hints import in_name

GENERAL = frozenset(
    (
        "surgery",
        "operation",
        "procedure",
        "surgical procedure",
        "surgical treatment",
        "intervention",
        "surgical intervention",
    )
)
# The verb of "amphotericin was given at the end of surgery" is not the operation's.
REFERRED = re.compile(
    r"\b(?:after|before|during|following|since|until|to|end of|time of|day of) (?:(?:the|this|that|her|his|initial|first|index) ){0,2}$",
    re.IGNORECASE,
)


def named_once(text: str, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts without those that only name again a treatment told before, which take part in its event."""
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: d.place):
        at = _meant(kept, draft) if _bare(text, draft) else None
        if at is None:
            kept.append(draft)
        else:
            kept[at] = replace(kept[at], parts=(*kept[at].parts, draft.head, *draft.parts))
    return kept


def _bare(text: str, draft: Draft) -> bool:
    if (
        draft.kind != "procedure"
        or draft.dose is not None
        or draft.status != "affirmed"
        or draft.at is not None
    ):
        return False
    start = draft.head.start
    return draft.action is None or (
        draft.key in GENERAL and REFERRED.search(text, max(0, start - 40), start) is not None
    )


def _meant(kept: Sequence[Draft], draft: Draft) -> int | None:
    """The number of the treatment that a bare name means."""
    for i in range(len(kept) - 1, -1, -1):
        other = kept[i]
        if (
            other.kind != draft.kind
            or other.status not in ("affirmed", "historical")
            or other.key == draft.key
        ):
            continue
        if draft.key in GENERAL:
            if in_name(OPERATION, f"{other.name} {other.head.mention.text}"):
                return i
        elif " " not in draft.key and other.key.endswith(draft.key):
            return i
    return None
