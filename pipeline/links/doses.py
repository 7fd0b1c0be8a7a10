"""Which drug or procedure a dose, route, frequency or duration belongs to.

What is said together ("40 mg daily for 3 days") goes to one head: the cheapest by what stands between, by
order and by brackets. Lists are read in parallel where the text says "respectively".

Example: "dexamethasone (DEX; 6 mg/day) and 900 mg/m2 of ifosfamide weekly".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.links.gap import Link, Sentence, between, distance, listed, sure
from pipeline.structure.found import Found

KINDS = {"DOSE": "dose_of", "ROUTE": "route_of", "FREQUENCY": "frequency_of", "DURATION": "duration_of"}
TOGETHER = re.compile(
    r"[\s,(/\[]*(?:(?:for|at|over|via|by|in|as|given|of|a total of|on|every|up to|to be|"
    r"administered)\s){0,2}[\s(\[]*"
)
OF = re.compile(
    r"\s(?:of|dose of|doses of|course of|courses of|cycles of|infusion of|infusions of)\s(?:[\w-]+\s){0,3}"
)
BESIDE = re.compile(
    r"[\s-]?(?:(?!(?:and|or|plus|with|followed|then|to|before|after|by|from|in|was|were|for|at|on|"
    r"until)\s)[\w-]+\s){0,2}"
)
AT = re.compile(
    r"[\s,]*(?:\w+\s){0,4}?(?:at|to|with|in|of|by|from)?\s?(?:an?\s|the\s)?(?:[\w-]+\s){0,3}?(?:dos(?:e|"
    r"es|age|ing)\s?(?:of|was|at|to|:)?"
    r"|at|of|to)\s(?:about\s|approximately\s|up\sto\s)?"
)
EACH = re.compile(r"[\s,)]*(?:each|both|for both|of each)\b")
GENERIC = frozenset(
    ("drug", "medication", "chemotherapy", "treatment", "therapy", "antibiotic", "immunosuppression", "agent")
)
FARTHEST = {"DOSE": 45.0, "ROUTE": 14.0, "FREQUENCY": 22.0, "DURATION": 14.0}
# A length that tells a test or a stay, not a treatment: "adjusted to a 2-hour level", "a 3-week history".
NO_COURSE = re.compile(
    r"\s(?:post\w*\s|plasma\s|serum\s|hospital\s)?(?:levels?|concentrations?|troughs?|peaks?|history|follow-?up|"
    r"urine|glucose|interval|delay|window|visit|stay|hospitalization|admission|test|E[CEM]G|monitoring|recording)\b"
)
MASS = ("mg", "g", "ug", "ng")
RIVALS = ("FINDING", "DIAGNOSIS", "OUTCOME", "ENCOUNTER")
EARLIER_SHARE = 0.45


class Choice(NamedTuple):
    """A head with its cost and the rule that names the pattern."""

    cost: float
    head: int
    rule: str


def link_doses(sentence: Sentence, earlier: int | None) -> Iterator[Link]:
    """The links of a sentence; ``earlier`` is the last drug before it: "the dose was raised to 20 mg"."""
    heads = sentence.of("DRUG", "PROCEDURE")
    found, text = sentence.found, sentence.text
    tails = [
        i
        for i in sentence.of(*KINDS)
        if found[i].label != "DURATION" or not NO_COURSE.match(text, found[i].end)
    ]
    if not tails:
        return
    paired = dict(_respectively(sentence, heads, tails))
    for bundle in _bundles(sentence, tails):
        lead = next((i for i in bundle if i in paired), None)
        if lead is not None:
            for tail in bundle:
                yield _link(sentence, paired[lead], tail, 0.9, "respectively")
            continue
        choices = sorted(_choices(sentence, heads, bundle))
        dosed = any(sentence.found[i].label == "DOSE" for i in bundle)
        farthest = max(FARTHEST[sentence.found[i].label] for i in bundle)
        if (
            choices
            and choices[0].cost <= farthest
            and (dosed or not _rivalled(sentence, bundle, choices[0].cost))
        ):
            best = choices[0]
            second = next((c.cost for c in choices[1:] if not _same(sentence, c.head, best.head)), 99.0)
            confidence = sure(best.cost, second - best.cost)
            for tail in bundle:
                yield _link(sentence, best.head, tail, confidence, best.rule)
                for other, share, rule in _sharing(sentence, heads, best, tail, bundle):
                    yield _link(sentence, other, tail, round(confidence * share, 3), rule)
        elif not heads and earlier is not None and dosed:
            for tail in bundle:
                yield _link(sentence, earlier, tail, EARLIER_SHARE, "earlier")


def _link(sentence: Sentence, head: int, tail: int, confidence: float, rule: str) -> Link:
    kind = KINDS[sentence.found[tail].label]
    return Link(kind, head, tail, confidence, f"{kind.removesuffix('_of')}.{rule}")


def _bundles(sentence: Sentence, tails: Sequence[int]) -> list[list[int]]:
    """What is said together, split where a second dose begins or something else stands between."""
    found, text = sentence.found, sentence.text
    heads = [found[i].start for i in sentence.of("DRUG", "PROCEDURE")]
    bundles: list[list[int]] = []
    for i in tails:
        one = found[i]
        if bundles:
            last = found[bundles[-1][-1]]
            parted = any(last.end <= start < one.start for start in heads)
            again = any(found[j].label == one.label for j in bundles[-1])
            if not parted and not again and TOGETHER.fullmatch(text, last.end, max(last.end, one.start)):
                bundles[-1].append(i)
                continue
        bundles.append([i])
    return bundles


def _choices(sentence: Sentence, heads: Sequence[int], bundle: Sequence[int]) -> Iterator[Choice]:
    found, text = sentence.found, sentence.text
    start, end = found[bundle[0]].start, max(found[i].end for i in bundle)
    units = [str((found[i].value or {}).get("unit") or "") for i in bundle]
    radiation = any("Gy" in unit for unit in units)
    weighed = any(unit.startswith(MASS) for unit in units)
    route_first = found[bundle[0]].label in ("ROUTE", "FREQUENCY") or found[bundle[0]].value is None
    for head in heads:
        one = found[head]
        if one.start < end and start < one.end:
            inside = min(found[i].start for i in bundle) >= one.start
            yield Choice(0.0 if inside else 1.0, head, "inside")
            continue
        if one.end <= start:
            gap = between(text, one.end, start)
            cost, rule = _behind(gap)
            passed = [i for i in heads if one.end <= found[i].start < start and found[i].end <= start]
        else:
            gap = between(text, end, one.start)
            cost, rule = _ahead(gap, route_first)
            passed = [i for i in heads if end <= found[i].start and found[i].end <= one.start]
        if weighed:  # no rival: "12 mg via nasogastric tube, followed by 2 mg"
            passed = [i for i in passed if found[i].label == "DRUG"]
            cost += 9.0 * (one.label == "PROCEDURE")
        cost += sum(0.5 if _same(sentence, i, head) else 9.0 for i in passed)
        cost += 2.0 if (one.name or "").lower() in GENERIC else 0.0
        cost += 6.0 if radiation != (one.label == "PROCEDURE") else 0.0
        yield Choice(round(cost, 3), head, rule)


def _behind(gap: str) -> tuple[float, str]:
    """The cost and the pattern of a head that stands before the dose."""
    bare = gap.strip(" -")
    if not bare:
        return 0.5, "adjacent"
    if bare in ("(", "[") or (bare[0] in "([" and len(bare) < 40 and bare[-1] in ";,:"):
        return 0.6, "bracket"
    if bare in (",", ":", "=", ";"):
        return 2.0, "apposition"
    if AT.fullmatch(gap):
        return 2.0 + 0.05 * len(gap), "at"
    return 3.0 + distance(gap), "behind"


def _ahead(gap: str, modifier: bool) -> tuple[float, str]:
    """The cost and the pattern of a head behind the dose; a modifier ("high-dose", "oral") leans ahead."""
    if OF.fullmatch(gap):
        return 0.3 + 0.02 * len(gap), "of"
    if not gap.strip(" -"):
        return (0.2 if modifier else 1.0), "before"
    if BESIDE.fullmatch(gap):
        return 1.0 + PER_WORD * len(gap.split()), "before"
    return 4.0 + distance(gap), "ahead"


PER_WORD = 0.8


def _same(sentence: Sentence, one: int, other: int) -> bool:
    """Whether two mentions name the same drug: "prednisolone (PSL)"."""
    name = sentence.found[one].name
    return name is not None and name == sentence.found[other].name


def _rivalled(sentence: Sentence, bundle: Sequence[int], cost: float) -> bool:
    """Whether a finding or the like stands nearer to a lone duration or frequency than the head."""
    found, text = sentence.found, sentence.text
    start, end = found[bundle[0]].start, found[bundle[-1]].end
    if all(found[i].label == "ROUTE" for i in bundle):
        return False
    for i in sentence.of(*RIVALS):
        one = found[i]
        gap = between(text, one.end, start) if one.end <= start else between(text, end, one.start)
        if 1.0 + distance(gap) < cost:
            return True
    return False


def _sharing(
    sentence: Sentence, heads: Sequence[int], best: Choice, tail: int, bundle: Sequence[int]
) -> Iterator[tuple[int, float, str]]:
    """Other heads of the same dose: the long form of an abbreviation, and the members of a list.

    "high-dose A and B", "oral A, B and C", "A and B, 20 mg each".
    """
    found, text = sentence.found, sentence.text
    at = heads.index(best.head)
    for first, second in zip(
        heads[max(0, at - 1) : at + 1], heads[max(0, at - 1) + 1 : at + 2], strict=False
    ):
        if _same(sentence, first, second) and text[found[first].end : found[second].start].strip() in (
            "(",
            "[",
        ):
            yield first if second == best.head else second, 0.95, "alias"
    one = found[tail]
    worded = one.label == "ROUTE" or (one.label == "DOSE" and not (one.value or {}).get("unit"))
    if worded and best.rule in ("before", "of") and len(bundle) == 1:
        for last, other in zip(heads[at:], heads[at + 1 :], strict=False):
            if not listed(text[found[last].end : found[other].start]) or _own(sentence, last, other):
                break
            yield other, 0.75, "shared"
    elif EACH.match(text, found[bundle[-1]].end):
        for last, other in zip(heads[at:0:-1], heads[at - 1 :: -1] if at else [], strict=False):
            if not listed(text[found[other].end : found[last].start]):
                break
            yield other, 0.85, "each"


def _own(sentence: Sentence, last: int, other: int) -> bool:
    """Whether a dose or the like stands between two heads: the second has its own."""
    found = sentence.found
    return any(found[last].end <= found[i].start < found[other].start for i in sentence.of(*KINDS))


def _respectively(
    sentence: Sentence, heads: Sequence[int], tails: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """(tail, head) of two lists that are read in parallel."""
    place = sentence.text.find("respectively", sentence.start, sentence.end)
    if place < 0:
        return
    found, text = sentence.found, sentence.text
    doses = [i for i in tails if found[i].label == "DOSE" and found[i].end <= place]
    run = doses[-1:]
    for i in reversed(doses[:-1]):
        if not listed(text[found[i].end : found[run[0]].start]):
            break
        run.insert(0, i)
    before = [i for i in heads if run and found[i].end <= found[run[0]].start][-len(run) :]
    if len(run) > 1 and len(before) == len(run):
        yield from zip(run, before, strict=True)


def last_drug(found: Sequence[Found], members: Sequence[int]) -> int | None:
    """The last drug of a sentence, which the next one may go on about."""
    return next((i for i in reversed(members) if found[i].label == "DRUG"), None)
