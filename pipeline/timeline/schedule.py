"""The amounts of one treatment told one after the other, as its steps: tapers, titrations, phases with their lengths.

The amounts linked to a drug are split into portions where words say that one follows the other. A step counts from the
one before by that one's length, by the time that the change took, or by the number of reductions. Examples: "60 mg/day
for 2 weeks, then 40 mg/day" changes 14 days later; "from 60 mg to 10 mg over 4 weeks" reaches 10 mg after 28.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.schema import Action, Dose, Quantity, TimeValue
from pipeline.timeline.actions import Verb
from pipeline.timeline.dosed import PARTS, counts, dosed, informs, total
from pipeline.timeline.draft import Counted, Draft
from pipeline.timeline.story import Told
from pipeline.units import amounts

Part = tuple[str, Told]
FOLLOWS = re.compile(
    r"\b(?:then|thereafter|followed by|subsequent\w*|later|after which|afterwards?|increas\w*|decreas\w*|reduc\w*|taper\w*|"
    r"titrat\w*|escalat\w*|lower\w*|rais\w*|doubled|halved|uptitrat\w*|downtitrat\w*|chang\w*|adjust\w*|"
    r"re-?start\w*|resum\w*|maint\w*|wean\w*|before|until|and (?:finally |eventually )?(?:down |up )?to)\b",
    re.IGNORECASE,
)
# A list goes on from phase to phase where each has a length: "20 mg for 1 week, 10 mg for 1 week".
LISTED = re.compile(r"[\w\s-]*(?:, (?:and )?|; | and )(?:(?:then )?(?:at|with|by) )?$")
# ... or a date: "40 mg on June 1, 30 mg on June 15".
DATED = re.compile(
    r" (?:on|from|by|since|in|after|at|until) (?!the |noon|night|bed|\d+(?::\d\d)? ?(?:[ap]\.?m|h))[^,;.()]{3,30}(?:,|;| and|, and)(?: then)?"
    r"(?: to| at| by)? $",
    re.IGNORECASE,
)
FROM = re.compile(r"\bfrom(?: a dose of| an? \w+ dose of)? $", re.IGNORECASE)
TO = re.compile(r"(?: \w+)? (?:to|down to|up to) (?:a dose of )?$", re.IGNORECASE)
BY = re.compile(r"(?<!followed )(?<!replaced )(?<!given )\bby $", re.IGNORECASE)
CHANGED = re.compile(
    r"\b(?:increas|decreas|reduc|taper|titrat|escalat|lower|rais|doubl|halv|uptitrat|downtitrat|wean|adjust)",
    re.IGNORECASE,
)
OVER = re.compile(r"(?:over|within|in|during|throughout)\b", re.IGNORECASE)
STEPS = ("start", "change", "continue")
PER = ("/d", "/wk", "/h", "/min", "/mo")
UP_TO = re.compile(r"\bup to\b", re.IGNORECASE)  # the aim of a titration, no bound
PARTED = re.compile(r"\b(?:and|but|then|before|followed)\b|;", re.IGNORECASE)
BESIDE = re.compile(r"[\s(]*(?:dose of |at )?$")


@dataclass(slots=True)
class Portion:
    """One amount with what belongs to it; ``by`` marks an amount that something was changed by."""

    parts: list[Part]
    amount: Told | None = None
    by: bool = False
    draft: Draft | None = None
    length: Told | None = None
    verb: Verb | None = None


def portions(text: str, parts: Sequence[Part]) -> list[Portion]:
    """The tails of a treatment by the amount that they belong to, in the order of the text; the first is its own."""
    ordered = sorted((p for p in parts if p[0] in PARTS), key=lambda p: p[1].start)
    found = [Portion([])]
    waiting: list[Part] = []
    for relation, told in ordered:
        current = found[-1]
        by = relation == "dose_of" and BY.search(text, max(0, told.start - 14), told.start) is not None
        opens = relation == "dose_of" and (by or (informs(told) == 2 and counts(told) is None))
        if opens and current.amount is None:
            current.amount, current.by = told, by
            current.parts += [*waiting, (relation, told)]
        elif opens and _raised(text, current, told, ordered):
            current.amount = told
            current.parts = [*(p for p in current.parts if p[0] != "dose_of"), (relation, told), *waiting]
        elif opens and not total(text, told) and _follows(text, current, told, chained=len(found) > 1):
            near = [
                w for w in waiting if BESIDE.fullmatch(text, w[1].end, told.start) and w[0] != "duration_of"
            ]
            current.parts += [w for w in waiting if w not in near]
            found.append(Portion([*near, (relation, told)], told, by))
        else:
            waiting.append((relation, told))
            continue
        waiting = []
    found[-1].parts += waiting
    for one in found:
        one.length = next((told for relation, told in one.parts if relation == "duration_of"), None)
    return found


def _raised(text: str, last: Portion, told: Told, parts: Sequence[Part]) -> bool:
    """Whether an amount takes the place of the last one at once: "increased from 3 to 5 mg", with no time that it took."""
    assert last.amount is not None
    taken = any(
        relation == "duration_of" and t.start >= told.end and OVER.match(t.mention.text)
        for relation, t in parts
    )
    return not taken and last.amount.sentence == told.sentence and _from_to(text, last.amount, told)


def _from_to(text: str, first: Told, second: Told) -> bool:
    before = FROM.search(text, max(0, first.start - 24), first.start)
    return before is not None and TO.fullmatch(text, first.end, second.start) is not None


def _follows(text: str, last: Portion, told: Told, *, chained: bool) -> bool:
    """Whether an amount is a step after the last one, not another way to say it or a part of the same day's."""
    assert last.amount is not None
    gap = text[last.amount.end : told.start]
    if last.amount.sentence != told.sentence:
        return True
    if _from_to(text, last.amount, told):
        return True
    if last.by and TO.search(gap):
        return True
    long = chained or any(relation == "duration_of" for relation, _ in last.parts) or "for " in gap
    if len(gap) < 45 and DATED.match(gap):
        return True
    return FOLLOWS.search(gap) is not None or (long and LISTED.search(gap) is not None and len(gap) < 40)


def steps(
    text: str, base: Draft, told: Sequence[Portion], verbs: Callable[[int], Sequence[Verb]], times: Sequence[Told],
    last: Dose | None, governing: Verb | None = None,
) -> list[Draft]:  # fmt: skip
    """The drafts of the portions after the first, whose draft is ``base`` and whose verb ``governing``.

    ``verbs`` gives the action words of a sentence, ``times`` are the expressions that place events, ``last`` is the dose
    told of the treatment before.
    """
    found: list[Draft] = []
    told[0].draft = base
    known = [last] if last is not None else []
    for number, (before, here) in enumerate(pairwise(told), 1):
        amount = here.amount
        if amount is None or before.draft is None:
            break
        same = before.amount is not None and before.amount.sentence == amount.sentence
        since = before.amount.end if before.amount is not None and same else 0
        between = [
            v
            for v in verbs(amount.sentence)
            if since <= v.start and v.end <= amount.start and v.action in STEPS and v != governing
        ]
        here.verb = between[-1] if between else None
        if not same and here.verb is None:
            told[0].parts += here.parts
            break
        ends = [v.start for v in verbs(amount.sentence) if v.start >= amount.end]
        ends += [after.amount.start for after in told[number + 1 :] if after.amount is not None]
        own_time = any(
            t.sentence == amount.sentence and _places(text, t, since, here, min(ends, default=None))
            for t in times
        )
        place = (here.verb.start, here.verb.end) if here.verb else (amount.start, amount.end)
        counted, used = (None, None) if own_time else _counted(text, told[: number + 1], same, known)
        head = replace(base.head, sentence=amount.sentence)
        draft = replace(
            base, head=head, parts=(), dose=None, counted=counted, at=place, action=_action(base, here)
        )
        own = [(relation, t) for relation, t in here.parts if t is not used]
        draft = dosed(text, draft, own)
        if (
            draft.dose is not None
            and base.dose is not None
            and draft.dose.route is None
            and base.dose.route != "bolus"
        ):
            draft = replace(draft, dose=draft.dose.model_copy(update={"route": base.dose.route}))
        if draft.dose is not None and UP_TO.search(text, max(0, amount.start - 8), amount.start + 6):
            draft = replace(draft, dose=draft.dose.model_copy(update={"comparator": None}))
        rules = (base.head.mention.rule, *([here.verb.rule] if here.verb else []), "action.further_step")
        here.draft = replace(draft, rules=rules)
        found.append(here.draft)
        if before.draft.dose is not None and before.draft.dose.value is not None:
            known.append(before.draft.dose)
    return found


def _places(text: str, time: Told, since: int, here: Portion, until: int | None) -> bool:
    """Whether a time stands in the clause of a step, which goes from ``since`` to ``until``."""
    assert here.amount is not None
    if time.start < since or (until is not None and time.start >= until):
        return False
    begins = here.verb.start if here.verb else here.amount.start
    return time.start >= begins or PARTED.search(text, time.end, begins) is None


def ended(told: Sequence[Portion], stop: Draft, times: Sequence[Told]) -> Draft:
    """A stop after the last phase counts from that by its length: "40 mg for 7 days, and then stopped"."""
    last = next((p for p in reversed(told) if p.draft is not None), None)
    value = last.length.mention.value if last and last.length else None
    if last is None or last.draft is None or last.length is None or not isinstance(value, TimeValue):
        return stop
    near = last.length.sentence == stop.head.sentence and stop.place[0] >= last.length.end
    if (
        value.low is None
        or not near
        or any(t.sentence == stop.head.sentence and t.start > stop.place[0] for t in times)
    ):
        return stop
    return replace(
        stop, counted=Counted(last.draft.place, value.low, value.high, last.length, "schedule.after_length")
    )


def _action(base: Draft, here: Portion) -> Action:
    """What its verb says was done; without one a single dose is given, a dose of a course changed."""
    if here.verb is not None:
        return here.verb.action
    single = base.action in ("given", None) and base.dose is not None and base.dose.duration_days is None
    value = here.amount.mention.value if here.amount else None
    a_day = isinstance(value, Quantity) and (value.unit or "").endswith(PER)
    repeated = any(relation in ("frequency_of", "duration_of") for relation, _ in here.parts)
    return "given" if single and not a_day and not repeated else "change"


def _counted(
    text: str, told: Sequence[Portion], same: bool, known: Sequence[Dose]
) -> tuple[Counted | None, Told | None]:
    """What a step counts from, and the duration that is thereby used up, if it is its own."""
    before, here = told[-2], told[-1]
    if not same or before.draft is None or before.amount is None or here.amount is None:
        return None, None
    place = before.draft.place
    if before.by:
        every = _interval(before)
        doses = [
            *known,
            *(p.draft.dose for p in told[:-2] if p.draft is not None and p.draft.dose is not None),
        ]
        n = _reductions(before, here, doses[-1] if doses else None)
        if every is None or n is None:
            return None, None
        return Counted(place, (n - 1) * every[1], (n - 1) * every[1], every[0], "schedule.by_steps"), None
    if here.by:
        every = _interval(here)
        return (Counted(place, 0.0, every[1], every[0], "schedule.first_step") if every else None), None
    changes = CHANGED.search(text, before.amount.end, here.amount.start) is not None
    ranged = _from_to(text, before.amount, here.amount)
    over = here.length
    if over is not None and (changes or ranged) and OVER.match(over.mention.text):
        value = over.mention.value
        if isinstance(value, TimeValue) and value.low is not None:
            return Counted(place, value.low, value.high, over, "schedule.over"), over
    value = before.length.mention.value if before.length else None
    if before.length is not None and isinstance(value, TimeValue) and value.low is not None:
        return Counted(place, value.low, value.high, before.length, "schedule.after_length"), None
    return None, None


def _interval(by: Portion) -> tuple[Told, float] | None:
    """The frequency of a change "by 5 mg every two weeks", and its days."""
    for relation, told in by.parts:
        value = told.mention.value
        if relation == "frequency_of" and isinstance(value, TimeValue) and value.low is not None:
            return told, value.low
    return None


def _reductions(by: Portion, to: Portion, last: Dose | None) -> int | None:
    """How many changes by one amount lead from the last dose to the next: from 60 to 10 by 10 are five."""
    assert by.amount is not None
    assert to.amount is not None
    step = next((a.value for a in amounts(by.amount.mention.text) if a.value), None)
    goal = to.amount.mention.value
    if (
        step is None
        or last is None
        or last.value is None
        or not isinstance(goal, Quantity)
        or goal.value is None
    ):
        return None
    n = abs(last.value - goal.value) / step
    return round(n) if n >= 1 and abs(n - round(n)) < 0.01 else None
