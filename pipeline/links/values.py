"""Which test a value belongs to, and which value a reference range.

Example: "CRP and ferritin were 3.2 mg/dL and 900 ng/mL, respectively; elevated KL-6 (normal < 500)".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.links.gap import Link, Sentence, between, distance, listed, sure
from pipeline.links.measured import link_measured
from pipeline.structure.found import Found

TESTS = ("LAB_TEST", "VITAL", "IMAGING")
IS = re.compile(
    r"[\s:=,(\[-]*(?:(?:of|was|were|is|are|at|to|from|had|has|been|levels?|values?|counts?|showed|"
    r"revealed|the|a|an|also|"
    r"concentrations?|increased|decreased|rose|fell|elevated|reduced|only|about|approximately|remained|"
    r"found|be|results?|"
    r"measured|titers?|for|positive|negative|high|low|peaked|initially|then|up|down|by|normal|still|"
    r"and)[\s:(]+){0,6}"
)
AHEAD = re.compile(
    r"[\s-](?:(?!(?:and|or|but|was|were|is|are|by|with|while|after|before|during|then|from|at|who|which|had|has)\s)"
    r"[\w-]+\s){0,4}"
)
COORDINATED = re.compile(r"\s?(?:,|;|/|\band\b|\bor\b)[\s,]*(?:and\s)?(?:[a-z]+\s){0,1}")
TURNS = re.compile(r",? (?:and|but|while) (?:\w+ ){0,2}|, (?:\w+ )?")
OPENS = re.compile(r" (?:staining )?(?:for|to)\b")
FARTHEST_VALUE, FARTHEST_RANGE = 26.0, 12.0


def link_values(sentence: Sentence) -> Iterator[Link]:
    """``value_of`` and ``range_of`` of a sentence."""
    if not sentence.of("LAB_VALUE"):
        return
    signs = list(link_measured(sentence))
    yield from signs
    taken = {link.tail for link in signs}
    tests, values = _long_forms(sentence), [v for v in sentence.of("LAB_VALUE") if v not in taken]
    paired = dict(_parallel(sentence, tests, values))
    heads: dict[int, int] = {}
    measured = {link.tail: link.head for link in signs if link.kind == "value_of"}
    for before, value in zip([None, *values], values, strict=False):
        last = next((i for i in (value - 1, value - 2) if i in measured), None) if measured else None
        if last is not None and COORDINATED.fullmatch(
            between(sentence.text, sentence.found[last].end, sentence.found[value].start)
        ):
            measured[value] = measured[last]
            links = [Link("value_of", measured[last], value, 0.85, "value.series")]
        elif value in paired:
            links = [Link("value_of", paired[value], value, 0.92, "value.parallel")]
        elif before in heads and _bracketed(sentence, value, sentence.found[before].end):
            links = [Link("value_of", heads[before], value, 0.85, "value.bracket")]
        else:
            links = list(_value(sentence, tests, values, value))
        if links:
            heads[value] = links[0].head
        yield from links
    for span in sentence.of("REFERENCE_RANGE"):
        yield from _range(sentence, values, span)


def _long_forms(sentence: Sentence) -> list[int]:
    """The tests, without an abbreviation in brackets behind its long form."""
    found, text = sentence.found, sentence.text
    tests = sentence.of(*TESTS)
    return [
        test
        for before, test in zip([None, *tests], tests, strict=False)
        if before is None
        or text[found[before].end : found[test].start].strip() not in ("(", "[")
        or text[found[test].end : found[test].end + 1] not in (")", "]", ",", ";")
    ]


def _bracketed(sentence: Sentence, value: int, start: int | None = None) -> bool:
    """Whether a value stands at the head of a bracket, which opens at ``start`` where that is given."""
    at = sentence.found[value].start
    if start is not None:
        return sentence.text[start:at].strip() in ("(", "[")
    return sentence.text[max(0, at - 2) : at].strip()[-1:] in ("(", "[")


def _worded(sentence: Sentence, value: int) -> bool:
    one = sentence.found[value]
    return not any(c.isdigit() for c in sentence.text[one.start : one.end])


def _value(sentence: Sentence, tests: Sequence[int], values: Sequence[int], value: int) -> Iterator[Link]:
    choices = sorted(_choices(sentence, tests, values, value))
    if not choices or choices[0][0] > FARTHEST_VALUE:
        return
    cost, test, rule = choices[0]
    confidence = sure(cost, choices[1][0] - cost if len(choices) > 1 else 99.0)
    yield Link("value_of", test, value, confidence, f"value.{rule}")
    for other in _sharing(sentence, tests, values, test, value):
        yield Link("value_of", other, value, round(confidence * 0.85, 3), "value.shared")


def _choices(
    sentence: Sentence, tests: Sequence[int], values: Sequence[int], value: int
) -> Iterator[tuple[float, int, str]]:
    """(cost, test, rule): a number rather follows its test, a word may as well stand before it."""
    found, text = sentence.found, sentence.text
    one, worded = found[value], _worded(sentence, value)
    for test in tests:
        head = found[test]
        if head.end <= one.start:
            gap = between(text, head.end, one.start)
            told = any(head.end <= found[i].start and found[i].end <= one.start for i in values)
            if IS.fullmatch(gap):
                cost, rule = 0.6 + 0.05 * len(gap) + (2.5 if "," in gap and worded else 0.0), "after"
            else:
                cost, rule = 2.0 + distance(gap) - (2.0 if told else 0.0), "behind"
            cost += 9.0 * sum(head.end <= found[i].start and found[i].end <= one.start for i in tests)
        elif head.start >= one.end:
            gap = between(text, one.end, head.start)
            if AHEAD.fullmatch(gap):
                cost, rule = (0.3 if worded else 1.0) + 0.04 * len(gap), "before"
                cost += 0.0 if worded or len(gap) < 5 else 3.0
            else:
                cost, rule = 5.0 + distance(gap), "ahead"
            cost += 9.0 * sum(one.end <= found[i].start and found[i].end <= head.start for i in tests)
        else:
            cost, rule = 0.0, "inside"
        yield round(cost, 3), test, rule


def _sharing(
    sentence: Sentence, tests: Sequence[int], values: Sequence[int], test: int, value: int
) -> Iterator[int]:
    """The rest of a list that one result is said of: "A, B and C were negative", "elevated A and B"."""
    found, text = sentence.found, sentence.text
    if not _worded(sentence, value):
        return
    at = tests.index(test)
    ahead = found[test].start >= found[value].end
    others = tests[at + 1 :] if ahead else list(reversed(tests[:at]))
    alike = _bracketed(sentence, value)  # "HBsAg (+), anti-HBs (-)": each has its own
    free = [i for i in values if i != value and (alike or not _bracketed(sentence, i))]
    last = test
    for other in others:
        left, right = (last, other) if ahead else (other, last)
        if not listed(between(text, found[left].end, found[right].start)):
            break
        if any(found[left].end <= found[i].start < found[right].start for i in free):
            break
        if ahead and any(
            0 <= found[i].start - found[other].end <= 16 and not _of_another(text, found[other].end, found[i])
            for i in free
        ):
            break
        if not ahead and any(0 <= found[other].start - found[i].end <= 2 for i in free):
            break
        yield other
        last = other


def _of_another(text: str, end: int, value: Found) -> bool:
    """Whether a result behind ``end`` begins a list of its own: "positive for CD34 and CD117, and <negative> for S100"."""
    return OPENS.match(text, value.end) is not None and TURNS.fullmatch(text, end, value.start) is not None


def _parallel(sentence: Sentence, tests: Sequence[int], values: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(value, test) of two lists in parallel: coordinated values behind as many coordinated tests.

    "A and B were 3 and 40"; words ("normal or negative") are only so read where the text says "respectively".
    """
    found, text = sentence.found, sentence.text
    said = "respectively" in text[sentence.start : sentence.end]
    free = [i for i in values if not _bracketed(sentence, i)]
    runs: list[list[int]] = []
    for i in free:
        last = found[runs[-1][-1]].end if runs else 0
        parted = any(last <= found[t].start < found[i].start for t in tests)
        alike = bool(runs) and _worded(sentence, i) == _worded(sentence, runs[-1][-1])
        if alike and not parted and COORDINATED.fullmatch(between(text, last, found[i].start)):
            runs[-1].append(i)
        else:
            runs.append([i])
    for run in runs:
        before = [i for i in tests if found[i].end <= found[run[0]].start][-len(run) :]
        if len(run) < 2 or len(before) != len(run):
            continue
        if not said and any(_worded(sentence, i) for i in run):
            continue
        between_tests = [i for i in free if found[before[0]].end <= found[i].start < found[before[-1]].start]
        joined = all(listed(between(text, found[a].end, found[b].start)) for a, b in pairwise(before))
        near = len(between(text, found[before[-1]].end, found[run[0]].start)) < 50
        if near and not between_tests and (joined or said):
            yield from zip(run, before, strict=True)


def _range(sentence: Sentence, values: Sequence[int], span: int) -> Iterator[Link]:
    found, text = sentence.found, sentence.text
    one = found[span]
    choices: list[tuple[float, int]] = []
    for value in values:
        head = found[value]
        if head.end <= one.start:
            cost = distance(between(text, head.end, one.start))
        elif head.start >= one.end:
            cost = 4.0 + distance(between(text, one.end, head.start))
        else:
            continue
        choices.append((round(cost, 3), value))
    choices.sort()
    if choices and choices[0][0] <= FARTHEST_RANGE:
        margin = choices[1][0] - choices[0][0] if len(choices) > 1 else 99.0
        yield Link("range_of", choices[0][1], span, sure(choices[0][0], margin), "range.nearest")
