"""From a story to its cases: anchor, events, days and order."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from pipeline.schema import Anchor, Candidate, Case, Event, Notice, When
from pipeline.timeline import anchor, cases, exposure, knowledge, merge, network, order, retold, spans
from pipeline.timeline.draft import Draft
from pipeline.timeline.events import drafts as draft_events
from pipeline.timeline.moments import Moment
from pipeline.timeline.narrative import Teller
from pipeline.timeline.placed import Placed
from pipeline.timeline.shared import patients_own, with_shared
from pipeline.timeline.story import Story, Told
from pipeline.timeline.strengths import BIRTH, KNOWN, LOOSE, ZERO

CONFIDENCE = {"explicit": 1.0, "relative": 0.9, "narrative": 0.6, "none": 0.5}
# Years from which on an age is no more told in months.
GROWN = 4


def resolve(story: Story) -> tuple[tuple[Case, ...], tuple[Notice, ...]]:
    """The cases of a story, and what a reader should know about them."""
    found: list[Case] = []
    notices: list[Notice] = []
    courses = cases.courses(story)
    for course in courses:
        used = sum(len(c.events) for c in found)
        case, warned = _case(story, course, used, alone=len(courses) == 1)
        if course.shared:
            case = with_shared(story, case, course.shared, used + len(case.events))
        if case.events:
            found.append(case)
        notices.extend(warned)
    return tuple(found), tuple(notices)


def _case(story: Story, course: cases.Course, used: int, *, alone: bool) -> tuple[Case, list[Notice]]:
    """One patient's case; ``used`` events were numbered before. ``alone``: all that is told is of this patient."""
    told = story.of(course.sentences)
    if course.kin:
        told = [patients_own(one) for one in told]
    events = draft_events(story, told)
    zero = anchor.find(story, course.sentences, events)
    patient = cases.patient(story, told, course.sentences, course.kin)
    elsewhere = retold.sentences(story, course.sentences) if alone else ()
    new, more, differing = _retold(story, elsewhere, events)
    teller = Teller(story, course.sentences, [*events, *new], zero, elsewhere)
    clock = teller.clock
    clock.grown = patient.age_years is not None and patient.age_years >= GROWN
    placed = teller.tell()
    if zero is not None and zero.event == "birth":
        clock.add(ZERO, BIRTH, 0.0, 0.0, KNOWN, "known.birth")
    elif patient.age_years is not None:
        years = patient.age_years
        clock.add(
            BIRTH, ZERO, years * 365.25, (years + (1 if years >= 2 else 0.1)) * 365.25, KNOWN, "known.age"
        )
    if zero is not None:
        there = [p for p in placed if p.draft.head.start < zero.end and zero.start < p.draft.head.end]
        # "presented with pain for 10 days": the pain has a time of its own.
        for one in [p for p in there if p.draft.kind == "encounter"] or there:
            clock.add(ZERO, one.node, 0.0, 0.0, KNOWN, "anchor.event")
    placed = knowledge.constrain(placed, clock, zero)
    solution = network.solve(clock.constraints, ZERO, firmer=LOOSE)
    bounds = {name: (low, high) for name, (low, high) in solution.bounds.items()}
    for one in placed:
        if one.basis == "none" and one.moment is None and one.node in bounds:
            bounds[one.node] = solution.firm.get(one.node, (-inf, inf))
    ranks = order.ranks(placed, bounds, clock.estimates)
    groups = merge.groups(placed, bounds)
    ids = {}
    for k, group in enumerate(groups, used + 1):
        for i in group:
            ids[f"e{placed[i].number}"] = f"e{k}"
    made = tuple(
        _event(
            ids[f"e{placed[group[0]].number}"],
            [placed[i] for i in group],
            bounds,
            ranks[group[0]],
            ids,
            [m for i in group for m in more.get(placed[i].number, ())],
        )
        for group in groups
    )
    made = exposure.with_totals(spans.with_ends(made), story.mentions, patient.age_years)
    place = _anchor(story, zero)
    notices = differing + [
        Notice(
            code="contradiction",
            message=f"{c.rule} contradicts what is surer and was left out",
            start=c.place[0] if c.place else None,
            end=c.place[1] if c.place else None,
        )
        for c in solution.dropped
        if c.strength > 1.0
    ]
    return Case(id=course.id, patient=patient, anchor=place, events=made), notices


def _retold(
    story: Story, elsewhere: Sequence[int], events: Sequence[Draft]
) -> tuple[list[Draft], dict[int, list[str]], list[Notice]]:
    """What other sections tell of the patient, see ``retold.additions``."""
    if not elsewhere:
        return [], {}, []
    told = story.of(elsewhere)
    dated = {t.sentence for t in told if t.mention.label == "TIME"}
    return retold.additions(events, draft_events(story, told), dated)


def _anchor(story: Story, zero: anchor.Zero | None) -> Anchor | None:
    """The anchor as a record, at the mention that lies on it where one does."""
    if zero is None:
        return None
    for one in story.told:
        if one.start < zero.end and zero.start < one.end:
            m = one.mention
            return Anchor(event=zero.event, text=m.text, start=m.start, end=m.end)
    return Anchor(event=zero.event)


def _event(
    name: str,
    tellings: Sequence[Placed],
    bounds: dict[str, tuple[float, float]],
    rank: int,
    ids: dict[str, str],
    more: Sequence[str] = (),
) -> Event:
    lead = tellings[0]
    draft = lead.draft
    parts: list[Told] = [t for p in tellings for t in (p.draft.head, *p.draft.parts)]
    mentions = tuple(dict.fromkeys([*(t.mention.id for t in parts), *more]))
    m = draft.head.mention
    return Event.trusted(
        id=name,
        kind=draft.kind,
        name=draft.name,
        text=m.text,
        start=m.start,
        end=m.end,
        mentions=mentions,
        action=draft.action or ("given" if draft.kind == "procedure" and draft.actual else None),
        status=draft.status,
        dose=draft.dose,
        measurement=draft.measurement,
        time=_when(lead, lead.node, bounds, ids),
        end_time=_end(lead, bounds),
        order=rank,
        confidence=round(draft.confidence * CONFIDENCE[lead.basis], 3),
    )


def _when(one: Placed, node: str, bounds: dict[str, tuple[float, float]], ids: dict[str, str]) -> When:
    low, high = bounds.get(node, (-inf, inf))
    day_low, day_high = (None if low == -inf else low), (None if high == inf else high)
    basis = one.basis
    if one.moment is None and one.length is None and (day_low is None or day_high is None):
        basis = "none"
        if one.background:
            day_low = day_high = None
    source = one.moment.told if one.moment else one.length
    if source is None:
        return When.trusted(day_low=day_low, day_high=day_high, basis=basis, why=one.rules)
    m = source.mention
    relative = one.moment.relative_to if one.moment else None
    offset = one.moment.offset if one.moment else (None, None)
    return When.trusted(
        text=m.text,
        start=m.start,
        end=m.end,
        day_low=day_low,
        day_high=day_high,
        relative_to=ids.get(relative, relative) if relative else None,
        offset_low=None if offset[0] is None else float(offset[0]),
        offset_high=None if offset[1] is None else float(offset[1]),
        basis=basis,
        why=one.rules,
        candidates=_candidates(one.moment, ids) if one.moment else (),
    )


def _candidates(moment: Moment, ids: dict[str, str]) -> tuple[Candidate, ...]:
    """The events that an expression may count from, best first; none where it can only be one."""
    scores: dict[str, float] = {}
    for node, score in moment.candidates:
        if node in ids:
            scores[ids[node]] = max(score, scores.get(ids[node], 0.0))
    if len(scores) < 2:
        return ()
    return tuple(Candidate(event=event, score=round(score, 3)) for event, score in scores.items())


def _end(one: Placed, bounds: dict[str, tuple[float, float]]) -> When | None:
    if one.end is None or one.end not in bounds:
        return None
    low, high = bounds[one.end]
    return When(
        day_low=None if low == -inf else low,
        day_high=None if high == inf else high,
        basis=one.basis if one.basis != "none" else "narrative",
        why=(*one.rules, "event.end"),
    )
