"""From mentions to draft events: one for each fact, with its dose or result.

A test makes one event a result ("fell from 8 to 5" are two); a test without a result makes one only where the text
says that it was done. Example: "prednisolone 30 mg daily was started" -> drug, start, 30 mg, daily.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import replace
from functools import cache

from pipeline.schema import Action, Assertion, EventKind, Status
from pipeline.timeline.actions import SWITCHES, Verb, switched
from pipeline.timeline.again import named_once
from pipeline.timeline.dosed import dosed
from pipeline.timeline.draft import Draft
from pipeline.timeline.followed import begun_after
from pipeline.timeline.hints import Watched
from pipeline.timeline.measured import results, signs
from pipeline.timeline.story import Story, Told
from pipeline.timeline.treated import Treatments

KINDS: dict[str, EventKind] = {
    "DRUG": "drug", "PROCEDURE": "procedure", "LAB_TEST": "lab", "VITAL": "vital", "IMAGING": "imaging",
    "DIAGNOSIS": "diagnosis", "FINDING": "finding", "ENCOUNTER": "encounter", "OUTCOME": "outcome",
}  # fmt: skip
MEASURED = ("lab", "vital", "imaging")
CHANGED_TO = frozenset(f"action.{word}_to" for word in ("changed", "switched", "converted", "transitioned"))
# A treatment that was going on stops when it is withheld; one that was not begun is not given.
WITHHELD = frozenset(("action.withheld", "action.omitted"))
BESIDE = 30
AND = re.compile(r" and |[,;]")
STOMA = re.compile(
    r"(?:ile|col|jejun|gastr|trache|cec|ur)ostomy\b(?! (?:clos|revers|remov))|\bstoma\b", re.IGNORECASE
)
CLOSED = re.compile(
    r" (?:(?:was|were|had been|has been|is|be) )?(?:\w+ly )?(?:closed|reversed|taken down)\b| (?:closure|reversal|takedown)\b",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"\b(?:clos(?:ure|ing)|revers(?:al|ing)|takedown) of (?:the |his |her |a )?(?:[\w-]+ )?$", re.IGNORECASE
)
TREATED = ("drug", "procedure")
# Visits that are events of their own where a time expression names them ("at the six-month follow-up").
VISIT = re.compile(r"follow|outpatient|clinic|re-?admi|control|check", re.IGNORECASE)
COUNTS = re.compile(r"\b(?:before|after|since|prior|until|from|following|preceding)\b", re.IGNORECASE)


def drafts(story: Story, told: Sequence[Told]) -> list[Draft]:
    """The draft events of the mentions ``told``, in the order of the view."""
    tails, short = story.tails, story.short_forms
    spans = [(t.start, t.end) for t in told if t.mention.label in ("TIME", "DURATION")]

    @cache
    def by_name() -> dict[tuple[str, str], list[Told]]:
        """The mentions by what they name, made where it is asked for."""
        found = defaultdict(list)
        for t in told:
            found[_key(t)].append(t)
        return found

    def elsewhere(one: Told) -> bool:
        """Whether the same is named outside time expressions."""
        return not all(_inside(t, spans) for t in by_name()[_key(one)])

    starts = [start for start, _, _ in story.paragraphs]
    found: list[Draft] = []
    met = False
    given: set[tuple[str, str]] = set()
    treatments = Treatments(story)
    for one in told:
        kind = KINDS.get(one.mention.label)
        if kind is None or not one.mention.assertion.patient or one.mention.id in short:
            continue
        span = _inside(one, spans)
        dosed_there = span and any(relation == "dose_of" for relation, _ in tails.get(one.mention.id, ()))
        if (
            span
            and not dosed_there
            and (elsewhere(one) or (kind == "encounter" and met and not _visit(story.text, span, one)))
        ):
            continue
        met = met or kind == "encounter"
        at = bisect_right(starts, one.start) - 1
        section = story.paragraphs[at][2] if at >= 0 else "case"
        parts = tails.get(one.mention.id, [])
        start, end = story.sentences[one.sentence] if story.sentences else (0, len(story.text))
        verb = treatments.governing(one) if kind in TREATED else None
        status = _status(one.mention.assertion, measured=kind in MEASURED)
        if status == "negated" and verb is not None and verb.rule in WITHHELD and _key(one) in given:
            status, verb = "affirmed", replace(verb, action="stop")
        action, rules = _action(story.text, one, kind, verb, status, (start, end), story.hints[one.sentence])
        if action == "start" and verb is not None and _moved(one, verb):
            another = _replaced(one, verb, told)
            action, rules = ("stop", ("action.switch",)) if another else ("change", rules)
        name = one.mention.name or one.mention.text
        if kind == "procedure" and STOMA.search(name) and _closed(story.text, one):
            name, action, rules = f"{name} closure", "given", ("action.stoma_closed",)
        base = Draft(
            kind, name, one, (), section, action, status, None, None,
            (one.mention.rule, *rules), one.mention.confidence,
        )  # fmt: skip
        if kind in MEASURED:
            found.extend(results(base, parts, tails, story.text, (start, end)))
        elif any(relation == "value_of" for relation, _ in parts):
            found.extend(signs(base, parts, tails, story.text, (start, end)))
        elif kind in TREATED:
            found.append(treatments.first(base, verb, parts))
            if status == "affirmed" and action != "planned":
                given.add(_key(one))
        else:
            found.append(dosed(story.text, base, parts))
    found = [d for d in found if d.key != "weaning" or not _weaned(story.text, found, d)]
    sentences = tuple(dict.fromkeys(one.sentence for one in told))
    found += treatments.further(sentences, found)
    return named_once(story.text, begun_after(story.text, found, treatments.times))


def _closed(text: str, one: Told) -> bool:
    """Whether a stoma is named as what was closed: "the ileostomy was closed", "reversal of the colostomy"."""
    return bool(CLOSED.match(text, one.end) or CLOSING.search(text, max(0, one.start - BESIDE), one.start))


def _weaned(text: str, found: Sequence[Draft], weaning: Draft) -> bool:
    """Whether the words of a weaning say what a treatment of the sentence has as its stop: "epinephrine was weaned off"."""
    return any(
        d.action == "stop"
        and d.head.sentence == weaning.head.sentence
        and 0 <= weaning.head.start - d.head.end < BESIDE
        and not AND.search(text, d.head.end, weaning.head.start)  # "was extubated and weaned off oxygen"
        for d in found
    )


def _moved(one: Told, verb: Verb) -> bool:
    """Whether a drug is what was changed: "ceftriaxone was switched to ...", not "switched to ceftriaxone"."""
    return verb.passive and verb.rule in CHANGED_TO and verb.start >= one.end and one.mention.label == "DRUG"


def _replaced(one: Told, verb: Verb, told: Sequence[Told]) -> bool:
    """Whether what a drug was changed to is another drug: "ceftriaxone was switched to meropenem"."""
    at = bisect_left(told, verb.end, key=lambda t: t.start)
    return any(
        t.mention.label == "DRUG" and t.start - verb.end < BESIDE and t.mention.name != one.mention.name
        for t in told[at : at + 3]
    )


def _key(one: Told) -> tuple[str, str]:
    """What a mention names, compared without case."""
    return one.mention.label, (one.mention.name or one.mention.text).casefold()


def _inside(one: Told, spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The time expression that only counts from the mention ("2 weeks after rituximab"), if one does."""
    if not spans:
        return None
    at = bisect_right(spans, (one.start, one.end))
    for start, end in spans[max(at - 2, 0) : at + 1]:
        if start <= one.start and one.end <= end:
            return start, end
    return None


def _visit(text: str, span: tuple[int, int], one: Told) -> bool:
    """Whether an expression tells a later visit of its own: "at the six-month follow-up"."""
    return bool(VISIT.search(one.mention.text)) and not COUNTS.search(text, span[0], one.start)


def _status(assertion: Assertion, *, measured: bool) -> Status:
    if assertion.family:
        return "family"
    if assertion.hypothetical:
        return "hypothetical"
    if assertion.negated and not measured:
        return "negated"
    return "historical" if assertion.historical else "affirmed"


def _action(
    text: str, one: Told, kind: EventKind, verb: Verb | None, status: Status, sentence: tuple[int, int],
    hints: Set[Watched],
) -> tuple[Action | None, tuple[str, ...]]:  # fmt: skip
    """What was done, and the rules that say so; ``hints`` are the cues that the sentence may hold."""
    if kind == "imaging":
        return "given", ()
    if kind not in ("drug", "procedure"):
        return None, ()
    if status == "negated":
        return "not_given", ("action.negated",)
    if kind == "drug" and not hints.isdisjoint(SWITCHES):
        for first, last, action in switched(text, *sentence):
            if first <= one.start < last:
                return action, ("action.switch",)
    if verb is not None:
        return verb.action, (verb.rule,)
    return None, ()
