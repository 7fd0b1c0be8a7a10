"""Treatments as spans: supports from start to stop, also where another word tells the end."""

import pytest

from tests.timeline.sentences import events


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (
            "Mechanical ventilation was started on day 2. He was extubated on day 9.",
            "mechanical ventilation",
            (2, 9),
        ),
        (
            "ECMO was started on day 3. He was weaned off ECMO on day 10.",
            "extracorporeal membrane oxygenation",
            (3, 10),
        ),
        (
            "He was placed on ECMO on day 3 and decannulated on day 12.",
            "extracorporeal membrane oxygenation",
            (3, 12),
        ),
        (
            "Continuous hemodiafiltration was begun on day 6. Hemodiafiltration was discontinued on day 17.",
            "continuous hemodiafiltration",
            (6, 17),
        ),
        ("Warfarin was started on day 1. Warfarin was stopped on day 5.", "warfarin", (1, 5)),
        ("Mechanical ventilation was required from day 2 to day 9.", "mechanical ventilation", (2, 9)),
        ("Anakinra was started on day 3. Anakinra was continued until day 11.", "anakinra", (3, 11)),
        ("Plasma exchange was performed between days 13 and 26.", "plasma exchange", (13, 26)),
    ],
)
def test_spans(text, name, expected):
    first = events(text, name)[0]
    assert (first.time.day_low, first.end_time.day_low) == expected


def test_what_is_not_stopped_has_no_end():
    assert (
        events("Warfarin was started on day 1. Heparin was stopped on day 5.", "warfarin")[0].end_time is None
    )
