"""Tapers, titrations and phases as steps with their days, end to end."""

import pytest

from tests.timeline.sentences import events, steps

TOLD = [
    (
        "On day 10, prednisolone was tapered from 60 mg/day to 10 mg/day over 4 weeks and stopped on day 60.",
        "prednisolone",
        [("change", 60, 10), ("change", 10, 38), ("stop", None, 60)],
    ),
    (
        "Prednisone was begun on day 5 at 60 mg daily for 1 week, followed by 40 mg daily for 1 week and 20 mg daily thereafter.",
        "prednisone",
        [("start", 60, 5), ("change", 40, 12), ("change", 20, 19)],
    ),
    (
        "Prednisolone 60 mg/day was started on day 3 and reduced by 10 mg every two weeks to 10 mg/day.",
        "prednisolone",
        [("start", 60, 3), ("change", None, (3, 17)), ("change", 10, (59, 73))],
    ),
    (
        "Prednisolone 40 mg/day was started on day 2. The dose was reduced to 20 mg/day on day 16 and to 10 mg/day on day 30.",
        "prednisolone",
        [("start", 40, 2), ("change", 20, 16), ("change", 10, 30)],
    ),
    (
        "Levetiracetam was started at 500 mg twice daily on day 3 and titrated up to 1500 mg twice daily over 2 weeks.",
        "levetiracetam",
        [("start", 500, 3), ("change", 1500, 17)],
    ),
    (
        "On day 4, the dose of tacrolimus was decreased from 6 mg/day to 4 mg/day.",
        "tacrolimus",
        [("change", 4, 4)],
    ),
    (
        "Ibuprofen 10 mg/kg was given on day 4, followed by 5 mg/kg on days 5 and 6.",
        "ibuprofen",
        [("given", 10, 4), ("given", 5, 5), ("given", 5, 6)],
    ),
    (
        "Ibuprofen was given on days 3, 4, and 5 (10, 5, and 5 mg/kg).",
        "ibuprofen",
        [("given", 10, 3), ("given", 5, 4), ("given", 5, 5)],
    ),
    (
        "Prednisone was tapered to 40 mg on day 20, 30 mg on day 30, and was stopped on day 50.",
        "prednisone",
        [("change", 40, 20), ("change", 30, 30), ("stop", None, 50)],
    ),
    (
        "Dexamethasone was halved every two weeks: 5 mg/m2/day from day 15, and 2.5 mg/m2/day from day 29.",
        "dexamethasone",
        [("change", 5, 15), ("change", 2.5, 29)],
    ),
    (
        "Eculizumab 900 mg weekly for 4 weeks was begun on day 17, followed by 1,200 mg every 2 weeks.",
        "eculizumab",
        [("start", 900, 17), ("change", 1200, 45)],
    ),
    (
        "Methylprednisolone 1 g daily for 3 days was started on day 2, followed by oral prednisone 60 mg daily.",
        "prednisone",
        [("start", 60, 5)],
    ),
    ("He was given methylprednisolone 1 g (15 mg/kg) on day 2.", "methylprednisolone", [("given", 1, 2)]),
    ("Furosemide 40 mg was given on day 2. The dose was 80 mg.", "furosemide", [("given", 40, 2)]),
]


@pytest.mark.parametrize(("text", "name", "expected"), TOLD)
def test_steps(text, name, expected):
    assert steps(text, name) == expected


def test_a_stop_counts_from_the_last_phase():
    told = events(
        "Prednisone 60 mg daily for 7 days, then 40 mg daily for 7 days, and then stopped.", "prednisone"
    )
    assert [(e.action, e.time.offset_low) for e in told][1:] == [("change", 7), ("stop", 7)]
    assert told[2].time.relative_to == told[1].id


def test_amounts_of_one_day_are_no_steps():
    assert (
        len(
            events("Ceftriaxone 1 g in the morning and 2 g in the evening was given on day 2.", "ceftriaxone")
        )
        == 1
    )


def test_a_step_ends_where_the_next_begins():
    first, second, stop = events(
        "Dopamine was increased to 10 ug/kg/min on day 4, decreased to 5 ug/kg/min on day 6 and stopped on day 7.",
        "dopamine",
    )
    assert (first.end_time.day_low, second.end_time.day_low, stop.end_time) == (6, 7, None)
    assert first.end_time.relative_to == second.id
