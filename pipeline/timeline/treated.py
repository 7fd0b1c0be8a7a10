"""Treatments with all their steps: the first by the mention that names it, the further ones where they are told.

Example: "Prednisolone 40 mg/day was started on day 2. The dose was reduced to 20 mg/day on day 16." is a start and a
change, "warfarin was stopped on day 3 and restarted on day 10" a stop and a start.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from pipeline.schema import Dose, TimeValue
from pipeline.timeline import cycles, schedule
from pipeline.timeline.actions import Verb, action_of, verbs
from pipeline.timeline.dosed import dosed
from pipeline.timeline.draft import Draft
from pipeline.timeline.steps import steps
from pipeline.timeline.story import Story, Told

# What had been given so far when something else was done.
CUMULATIVE = re.compile(r"\bcumulative (?:dose of |\w+ of )?$", re.IGNORECASE)
STATES = ("FINDING", "DIAGNOSIS", "LAB_TEST", "VITAL", "OUTCOME")
PLACING = ("date", "day_number", "offset", "age", "event")


@dataclass(slots=True)
class _Treatment:
    """The first step of a treatment, its verb and the portions of its tails."""

    draft: Draft
    verb: Verb | None
    told: list[schedule.Portion]
    doses: list[Told]
    last: Dose | None


@dataclass
class Treatments:
    """The drugs and procedures of a telling, collected in reading order."""

    story: Story
    _verbs: dict[int, list[Verb]] = field(default_factory=dict)
    _heads: dict[int, list[tuple[int, Verb | None]]] = field(default_factory=lambda: defaultdict(list))
    _known: list[_Treatment] = field(default_factory=list)
    _last: dict[str, Dose] = field(default_factory=dict)

    def verbs(self, sentence: int) -> list[Verb]:
        """The action words of a sentence."""
        if sentence not in self._verbs:
            bounds = self.story.sentences[sentence] if self.story.sentences else (0, len(self.story.text))
            self._verbs[sentence] = [
                v for v in verbs(self.story.text, *bounds) if not self._of_a_state(v, sentence)
            ]
        return self._verbs[sentence]

    def _of_a_state(self, verb: Verb, sentence: int) -> bool:
        """Whether a verb says what a sign or a result did, not what was done: "the bleeding stopped"."""
        if verb.passive or verb.action not in ("start", "stop", "change"):
            return False
        here = self.story.by_sentence.get(sentence, ())
        return any(t.end == verb.start - 1 and t.mention.label in STATES for t in here)

    def governing(self, one: Told) -> Verb | None:
        """The action word that says what was done with a treatment."""
        return action_of(self.story.text, one.start, one.end, self.verbs(one.sentence))

    def first(self, base: Draft, verb: Verb | None, parts: Sequence[schedule.Part]) -> Draft:
        """The draft of a treatment where it is named, with the dose of its first step."""
        amounts = [told for relation, told in parts if relation == "dose_of"]
        told = schedule.portions(self.story.text, parts) if len(amounts) > 1 else []
        draft = dosed(self.story.text, base, told[0].parts if told else parts)
        bounds = (
            self.story.sentences[base.head.sentence] if self.story.sentences else (0, len(self.story.text))
        )
        if CUMULATIVE.search(self.story.text, max(0, base.head.start - 24), base.head.start):
            draft = replace(draft, action=None)
        here = self.story.hints[base.head.sentence]
        one = cycles.nth(self.story.text, base.head, bounds) if cycles.NTH in here else None
        if one is not None:
            draft = cycles.with_number(self.story.text, draft, one)
        if verb is not None:
            self._heads[base.head.sentence].append((base.head.start, verb))
        if verb is not None or len(told) > 1:
            self._known.append(_Treatment(draft, verb, told, amounts, self._last.get(base.key)))
        if draft.dose is not None and draft.dose.value is not None:
            self._last[base.key] = draft.dose
        return draft

    @cached_property
    def times(self) -> list[Told]:
        """The expressions that place events."""
        return [
            t
            for t in self.story.expressions
            if t.mention.label == "TIME"
            and isinstance(t.mention.value, TimeValue)
            and t.mention.value.kind in PLACING
        ]

    def further(self, sentences: Sequence[int], known: Sequence[Draft]) -> list[Draft]:
        """The further steps of all treatments, and in ``sentences`` the numbered cycles of the ``known`` ones."""
        found = list(cycles.unnamed(self.story, sentences, known, self.verbs))
        for one in self._known:
            draft, scheduled = one.draft, list[Draft]()
            if len(one.told) > 1 and draft.actual:
                scheduled = schedule.steps(
                    self.story.text, draft, one.told, self.verbs, self.times, one.last, one.verb
                )
            found += scheduled
            sentence = draft.head.sentence
            used = [d.at for d in scheduled if d.at is not None]
            verb = one.verb
            if verb is None and scheduled:
                verb = Verb(draft.head.start, draft.head.end, "given", False, "action.schedule")
            for step in steps(
                self.story.text, draft, verb, self.verbs(sentence), self._heads[sentence], one.doses, used
            ):
                found.append(schedule.ended(one.told, step, self.times) if step.action == "stop" else step)
        return found
