"""What was done with a treatment, from the verb beside it: "prednisolone was started", "switched to meropenem".

Reads lexicon/action.csv: ``name`` is the action; the flag ``dose`` marks verbs that also say how a value moved
("increased") and count only where a dose or a treatment word stands by. Example: "started on vancomycin" -> start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.lexicon import load
from pipeline.schema import Action
from pipeline.timeline.hints import cue

WORD = re.compile(r"[A-Za-z]+")
BOUNDARY = re.compile(
    r"[;:]|,? (?:but|while|whereas|although|because|followed by|after which|until|when)\b|, (?:and|then) "
)
# A further clause about something else: "on tofacitinib; prednisolone was stopped".
ANOTHER = re.compile(
    r"; (?!(?:it|this|these|they|both|all|treatment|therapy|the (?:drug|dose|treatment|therapy|infusion))\b)",
    re.IGNORECASE,
)
SWITCH = cue(r"\b(?:switched|changed|converted|transitioned) from (.{2,80}?) to ")
# What a treatment ended is no treatment: "the seizure stopped after lorazepam".
RESPONDS = re.compile(r" (?:after|with|following|upon|under|on|in response to|by) ", re.IGNORECASE)
PARTICIPLES = re.compile(
    r"\b(?:re-?)?(?:intubated|extubated|ventilated|cannulated|decannulated|transfused|drained)$",
    re.IGNORECASE,
)
REPLACED = cue(r"\b(?:replaced|substituted) (?:by|with) ")
SWITCHES = frozenset((SWITCH, REPLACED))
PASSIVE = re.compile(r"\b(?:was|were|is|are|been|being)\b(?: \w+ly)? $", re.IGNORECASE)
# What a dose was fitted to, not a step: "cyclosporine, adjusted to a trough level of 150 ng/mL".
FITTED = re.compile(r"(?:adjusted|titrated)(?: to (?!\d)| for | according )", re.IGNORECASE)
# What a result or a sign did, not a treatment: "troponin continued to rise".
GOES_ON = re.compile(r"continu(?:ed|es|ing) to (?!receiv|tak|be (?:given|treated)|us)", re.IGNORECASE)
DOSE_WORD = re.compile(r"\b(?:dos(?:e|es|age)|mg|to|therapy|treatment|from)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verb:
    """An action word in a sentence; ``rule`` names it."""

    start: int
    end: int
    action: Action
    passive: bool
    rule: str


@cache
def _actions() -> tuple[dict[str, re.Pattern[str]], dict[str, tuple[Action, bool]]]:
    """The pattern of the terms that begin with a word, the longest first, by that word; what each term means."""
    terms = {e.term.lower(): (e.name, "dose" in e.flags) for e in load("action")}
    begun: dict[str, list[str]] = {}
    for term in sorted(terms, key=len, reverse=True):
        begun.setdefault(WORD.findall(term)[0], []).append(re.escape(term))
    patterns = {
        word: re.compile(rf"\b(?:{'|'.join(alike)})\b", re.IGNORECASE) for word, alike in begun.items()
    }
    return patterns, terms  # type: ignore[return-value]


def verbs(text: str, start: int, end: int) -> list[Verb]:
    """The action words of a sentence, left to right."""
    patterns, terms = _actions()
    found = []
    free = start
    for word in WORD.finditer(text, start, end):
        pattern = patterns.get(word[0].lower())
        match = pattern.match(text, word.start(), end) if pattern and word.start() >= free else None
        if match is None:
            continue
        free = match.end()
        action, about_dose = terms[match[0].lower()]
        if about_dose and not DOSE_WORD.search(
            text, max(start, match.start() - 25), min(end, match.end() + 25)
        ):
            continue
        passive = bool(PASSIVE.search(text, max(start, match.start() - 25), match.start()))
        if not passive and (FITTED if action == "change" else GOES_ON).match(text, match.start()):
            continue
        found.append(
            Verb(match.start(), match.end(), action, passive, f"action.{match[0].lower().replace(' ', '_')}")
        )
    return found


def action_of(text: str, start: int, end: int, found: list[Verb]) -> Verb | None:
    """The verb that governs the treatment at ``start``..``end``: the nearest in its clause.

    A passive verb governs what stands before it, an active one what stands after; a clause boundary between the two
    cuts them apart.
    """
    best: tuple[float, Verb] | None = None
    for verb in found:
        before = verb.end <= start
        gap = text[verb.end : start] if before else text[end : verb.start]
        cost = float(max(len(gap), 0))
        if before and not verb.passive and verb.action == "stop" and RESPONDS.match(gap):
            continue
        if verb.start >= start and verb.end <= end:
            cost = 0.0
        elif verb.action == "stop" and PARTICIPLES.search(text, start, end):
            continue  # "transferred intubated and was extubated": each participle tells what was done itself
        elif not before and ANOTHER.search(gap):
            continue
        elif BOUNDARY.search(gap):
            cost += 60
        elif "." in gap and re.search(r"\. [A-Z]", gap):
            continue
        if (
            before
            and verb.passive
            and not re.search(r"(?:with|on|to|by|from|of|given|received)\b.{0,60}$", text[verb.start : start])
        ):
            cost += 40
        if not before and not verb.passive:
            cost += 15
        if cost < 130 and (best is None or cost < best[0]):
            best = (cost, verb)
    return best[1] if best else None


def switched(text: str, start: int, end: int) -> list[tuple[int, int, Action]]:
    """Stretches of a sentence whose treatments are stopped or started by a switch."""
    stretches: list[tuple[int, int, Action]] = []
    for match in SWITCH.finditer(text, start, end):
        stretches.append((match.start(1), match.end(1), "stop"))
        stretches.append((match.end(), min(end, match.end() + 80), "start"))
    for match in REPLACED.finditer(text, start, end):
        stretches.append((max(start, match.start() - 80), match.start(), "stop"))
        stretches.append((match.end(), min(end, match.end() + 80), "start"))
    return stretches
