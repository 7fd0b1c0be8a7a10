"""Numbered cycles and courses, end to end: which one, of what, when."""

import pytest

from pipeline.timeline.cycles import numbered
from tests.timeline.sentences import days, events


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the third cycle of R-CHOP", [(3, None)]),
        ("the 2nd dose", [(2, None)]),
        ("cycles 2 to 6 of FOLFOX", [(2, 6)]),
        ("the first and second courses", [(1, 2)]),
        ("R-CHOP cycle 3", [(3, None)]),
        ("a dose of 5 mg", []),
        ("dose 20 mg twice", []),
        ("the second patient", []),
        ("five sessions", []),
    ],
)
def test_numbered(text, expected):
    assert [(one.low, one.high) for one in numbered(text, 0, len(text))] == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("The third cycle of R-CHOP was given on day 50.", "R-CHOP", [(3, None, 50)]),
        ("Cycles 2 to 6 of FOLFOX were given from day 20.", "FOLFOX", [(2, 6, 20)]),
        (
            "On day 20, the first course of ifosfamide was administered; the second course followed 3 weeks later.",
            "ifosfamide",
            [(1, None, 20), (2, None, 41)],
        ),
        (
            "R-CHOP was started on day 5. The second cycle was given on day 26.",
            "R-CHOP",
            [(None, None, 5), (2, None, 26)],
        ),
        ("R-CHOP was started on day 5. After the second cycle, he vomited.", "R-CHOP", [(None, None, 5)]),
        ("R-CHOP was started on day 5. The second cycle was not given.", "R-CHOP", [(None, None, 5)]),
    ],
)
def test_cycles(text, name, expected):
    told = [(e.dose and e.dose.nth, e.dose and e.dose.nth_high, days(e)) for e in events(text, name)]
    assert told == expected


@pytest.mark.parametrize(
    ("text", "name", "times"),
    [
        ("He received six cycles of R-CHOP.", "R-CHOP", 6),
        ("Rituximab 375 mg/m2 weekly for four doses was given.", "rituximab", 4),
        ("Seven sessions of plasma exchange were performed.", "plasma exchange", 7),
    ],
)
def test_counts(text, name, times):
    assert events(text, name)[0].dose.times == times
