"""Further steps of one treatment in one sentence, told without its name: a new dose, a stop, a restart.

Example: "Vigabatrin was started at 50 mg/kg and increased to 100 mg/kg after 4 days" is a start and a change;
"methotrexate was started but was discontinued in April" is a start and a stop.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.schema import Quantity
from pipeline.timeline.actions import Verb
from pipeline.timeline.draft import Draft
from pipeline.timeline.story import Told

# What may stand before the verb of a further step: its subject is the treatment told before.
ELIDED = re.compile(
    r"(?:\b(?:and|but|then|which|that|before|until it)|,)(?: (?:it|they|this))?"
    r"(?: (?:was|were|had been|has been|being|is|are))?(?: (?:then|later|subsequently|finally|eventually|gradually|"
    r"\w+ly))*(?: being)? $"
)
# "tapered over 8 weeks, starting on day 14" says when the same step began.
SINCE = re.compile(r", (?:starting|beginning|commencing)\b", re.IGNORECASE)
OTHERS = re.compile(r"\b(?:he|she|the patient|we)\b", re.IGNORECASE)
PARTED = re.compile(r"[;.]|, (?!the |her |his )|\b(?:after|on|at|within) ")
STEPS = ("stop", "change", "start")


def steps(
    text: str, draft: Draft, governing: Verb | None, verbs: Sequence[Verb], heads: Sequence[tuple[int, Verb | None]],
    doses: Sequence[Told], told: Sequence[tuple[int, int]] = (),
) -> list[Draft]:  # fmt: skip
    """The drafts of the further steps of ``draft``.

    ``governing`` is the verb of its first step; ``heads`` are the starts of all treatments of the sentence with
    theirs, ``doses`` the amounts linked to this one, ``told`` the places of the steps that are known.
    """
    found: list[Draft] = []
    if governing is None or not draft.actual:
        return found
    for verb in verbs:
        if (
            verb.start <= max(draft.head.end, governing.end)
            or verb.action not in STEPS
            or (verb.start, verb.end) in told
            or any(at == verb.start for at, _ in heads)
            or SINCE.match(text, verb.start - 2)
        ):
            continue
        if any(draft.head.end < at < verb.start and other != governing for at, other in heads):
            break
        gap = text[governing.end : verb.start]
        if (
            verb.action == governing.action
            or OTHERS.search(gap)
            or not ELIDED.search(text[: verb.start][-60:])
        ):
            continue
        amount = next((d for d in doses if verb.end <= d.start and d.start - verb.end < 60), None)
        after = [at for at, _ in heads if verb.end <= at]
        active = amount is None and after and min(after) - verb.end < 30 and not verb.passive
        if active and not PARTED.search(text, verb.end, min(after)):
            continue  # "and stopped warfarin", not "and stopped after 9 weeks; warfarin"
        value = amount.mention.value if amount else None
        dose = None
        if draft.dose and isinstance(value, Quantity):
            dose = draft.dose.model_copy(
                update={
                    "text": value.text, "value": value.value, "value_high": value.value_high, "unit": value.unit,
                    "comparator": value.comparator, "frequency": None, "duration_days": None,
                }
            )  # fmt: skip
        found.append(
            replace(
                draft,
                parts=(amount,) if amount else (),
                action=verb.action,
                dose=dose,
                rules=(draft.head.mention.rule, verb.rule, "action.further_step"),
                at=(verb.start, verb.end),
            )
        )
    return found
