"""Which words "had" governs, and which headings tell treatment beside the work-up."""

from __future__ import annotations

import pytest

from pipeline.timeline.looking_back import HAD, follows_work_up, past


@pytest.mark.parametrize(
    ("text", "stretches"),
    [
        ("A chest tube had been placed.", ["A chest tube had been placed."]),
        ("She had undergone gastrectomy, and she was pale.", ["She had undergone gastrectomy"]),
        ("He was pale, but had received heparin.", ["had received heparin."]),
        ("Fever fell, while aspirin had been given before he came.", ["aspirin had been given"]),
        ("Two weeks before admission she had noticed a lump.", ["Two weeks before admission she had noticed a lump."]),
        ("The fever had improved.", []),
        ("She had swollen joints.", []),
        ("He was given aspirin.", []),
    ],
)  # fmt: skip
def test_what_had_governs(text, stretches):
    assert [text[a - 7 : b - 7].strip() for a, b in past(text, 7)] == stretches


@pytest.mark.parametrize("text", ["had been well", "had been stable", "had a chest tube"])
def test_states_are_not_looked_back_at(text):
    assert HAD.search(text) is None


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (("Investigations", "Treatment"), True),
        (("Diagnostic assessment", "Therapeutic intervention"), True),
        (("Case presentation", "Investigations"), False),
        (("Treatment", "Outcome"), False),
        (("Treatment",), False),
    ],
)
def test_treatment_runs_beside_the_work_up(titles, expected):
    assert follows_work_up(titles) is expected
