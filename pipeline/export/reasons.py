"""What the rules say, for a reader: why an event stands where it does, with a time of its own (time_rule.csv) or without.

Example: "narrative.had_before" -> told with "had", so before the moment that the story had reached.
"""

from __future__ import annotations

from functools import cache

from pipeline import lexicon

REASONS = {
    "narrative.presentation": "told with the presentation, which is day 0",
    "narrative.before_presentation": "told before the presentation, with no time of its own",
    "narrative.same_time": "told right after a time before the presentation, which still holds",
    "narrative.history": "told as history, so before day 0",
    "narrative.chronic_disease": "a lasting disease that the patient had when the story began, so before day 0",
    "narrative.forward": "goes on from the time told last",
    "narrative.soon": "and soon after it, since few sentences lie between",
    "narrative.aside": "goes on from a look back",
    "narrative.had_before": "told with “had”, so before the moment that the story had reached",
    "narrative.examination": "a vital sign among the first findings, so of day 0",
    "narrative.on_arrival": "the sentence goes back to the arrival",
    "narrative.reported_later": "the result of a test that takes days, so after what is told beside it",
    "narrative.result_of": "describes what a procedure took, so as old as that",
    "narrative.emergency": "an operation done at once, so within two days",
    "narrative.discharge": "leaves soon after what was told last",
    "narrative.retold": "told outside the case section, with no time of its own",
    "reference.anchor": "counts from day 0",
    "reference.previous": "counts from the time told last",
    "reference.parallel": "times of one kind count from the same event: “at 3 months ... at 6 months”",
    "reference.day_zero": "numbers with a sign count from the infusion or transplantation called day 0",
    "reference.ingestion": "counts from what was swallowed first",
    "reference.later_cycle": "counts from a later cycle or dose, whose own day is not told; it lies behind the first",
    "reference.further_operation": "counts from a later operation: it is called so, or the days begin anew behind it",
    "reference.backwards": "“earlier” counts back from where the story stands",
    "reference.named": "counts from the event that it names",
    "reference.named_end": "counts from the end of the treatment that it names",
    "reference.numbered": "a bare number of a day counts as the one before it did, else from day 0",
    "reference.birth": "an age counts from birth",
    "reference.pregnancy": "weeks of gestation count from the start of the pregnancy",
    "reference.stay_elsewhere": "“admission” means the one to the other hospital told last",
    "reference.examination": "an examination happens where the story stands",
    "reference.unknown": "what it counts from is not told as an event",
}


@cache
def time_rules() -> dict[str, str]:
    """What each rule of time expressions reads, in words."""
    return {line.term: line.columns["reads"] for line in lexicon.load("time_rule") if "reads" in line.columns}


def reason(rule: str) -> str | None:
    """What a rule says, None where only its id tells."""
    return REASONS.get(rule) or time_rules().get(rule)
