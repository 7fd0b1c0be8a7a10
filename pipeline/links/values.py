"""Which test a value belongs to, and which value a reference range.

Example: "CRP and ferritin were 3.2 mg/dL and 900 ng/mL, respectively; elevated KL-6 (normal < 500)".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.links.gap import Link, Sentence, between, distance, listed, sure

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
    r"[\s-](?:(?:of|for|in|on|serum|plasma|urinary|the|his|her|blood|total|level of|levels of|"
    r"values of)\s){0,3}(?:[\w-]+\s)?"
)
SERIES = re.compile(r"[\s,(-]*(?:to|then|and|from|followed by|->|at|on)?\s?[\s\w(),-]{0,40}?")
FARTHEST_VALUE, FARTHEST_RANGE = 26.0, 12.0


def link_values(sentence: Sentence) -> Iterator[Link]:
    """``value_of`` and ``range_of`` of a sentence."""
    tests, values = sentence.of(*TESTS), sentence.of("LAB_VALUE")
    paired = dict(_respectively(sentence, tests, values))
    for value in values:
        if value in paired:
            yield Link("value_of", paired[value], value, 0.92, "value.respectively")
            continue
        yield from _value(sentence, tests, values, value)
    for span in sentence.of("REFERENCE_RANGE"):
        yield from _range(sentence, values, span)


def _value(sentence: Sentence, tests: Sequence[int], values: Sequence[int], value: int) -> Iterator[Link]:
    found, text = sentence.found, sentence.text
    one = found[value]
    choices: list[tuple[float, int, str]] = []
    for test in tests:
        head = found[test]
        if head.end <= one.start:
            gap = between(text, head.end, one.start)
            cost, rule = (
                (0.6 + 0.05 * len(gap), "after") if IS.fullmatch(gap) else (2.0 + distance(gap), "behind")
            )
            cost += 9.0 * sum(head.end <= found[i].start and found[i].end <= one.start for i in tests)
            cost -= (
                2.0 * any(head.end <= found[i].start and found[i].end <= one.start for i in values)
                if rule == "behind"
                else 0
            )
        elif head.start >= one.end:
            gap = between(text, one.end, head.start)
            cost, rule = (
                (0.5 + 0.06 * len(gap), "before") if AHEAD.fullmatch(gap) else (5.0 + distance(gap), "ahead")
            )
            cost += 9.0 * sum(one.end <= found[i].start and found[i].end <= head.start for i in tests)
        else:
            cost, rule = 0.0, "inside"
        choices.append((round(cost, 3), test, rule))
    choices.sort()
    if not choices or choices[0][0] > FARTHEST_VALUE:
        return
    cost, test, rule = choices[0]
    confidence = sure(cost, choices[1][0] - cost if len(choices) > 1 else 99.0)
    yield Link("value_of", test, value, confidence, f"value.{rule}")
    for other in _sharing(sentence, tests, values, test, value):
        yield Link("value_of", other, value, round(confidence * 0.85, 3), "value.shared")


def _sharing(
    sentence: Sentence, tests: Sequence[int], values: Sequence[int], test: int, value: int
) -> Iterator[int]:
    """The rest of a list that one result is said of: "A, B and C were negative", "elevated A and B"."""
    found, text = sentence.found, sentence.text
    if any(c.isdigit() for c in text[found[value].start : found[value].end]):
        return
    at = tests.index(test)
    ahead = found[test].start >= found[value].end
    others = tests[at + 1 :] if ahead else list(reversed(tests[:at]))
    last = test
    for other in others:
        left, right = (last, other) if ahead else (other, last)
        if not listed(text[found[left].end : found[right].start]) or any(
            found[left].end <= found[i].start < found[right].start for i in values
        ):
            break
        own = (found[other].end, found[other].end + 16) if ahead else (found[left].end, found[right].start)
        if any(own[0] <= found[i].start <= own[1] for i in values if i != value):
            break
        if not ahead and any(0 <= found[other].start - found[i].end <= 2 for i in values):
            break
        yield other
        last = other


def _respectively(
    sentence: Sentence, tests: Sequence[int], values: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """(value, test) of two lists in parallel: as many coordinated values as tests before them."""
    found, text = sentence.found, sentence.text
    said = "respectively" in text[sentence.start : sentence.end]
    runs: list[list[int]] = []
    for i in values:
        if runs and listed(text[found[runs[-1][-1]].end : found[i].start]):
            runs[-1].append(i)
        else:
            runs.append([i])
    for run in runs:
        if len(run) < 2:
            continue
        before = [i for i in tests if found[i].end <= found[run[0]].start][-len(run) :]
        if len(before) != len(run):
            continue
        joined = all(listed(between(text, found[a].end, found[b].start)) for a, b in pairwise(before))
        near = len(text[found[before[-1]].end : found[run[0]].start]) < 50
        if near and (joined or said):
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
