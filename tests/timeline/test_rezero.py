"""Another event as day 0: interval arithmetic, and offsets where the text counts from that event."""

import pytest

from pipeline.schema import Anchor, Case, Event, Extraction, Patient, ProducedBy, Source, When
from pipeline.timeline.rezero import chosen, rezero, rezeroed


def event(id, name, low=None, high=None, *, kind="drug", order=1, end=None, **time):
    fields = {k: time.pop(k) for k in ("action", "status", "text") if k in time}
    return Event(
        id=id, kind=kind, name=name, text=fields.pop("text", name), start=int(id[1:]), end=int(id[1:]) + 1, mentions=(),
        time=When(day_low=low, day_high=high, basis="explicit", **time), end_time=end, order=order, confidence=1.0, **fields,
    )  # fmt: skip


def case(*events, id="c1", reported="here"):
    return Case(id=id, reported=reported, patient=Patient(), anchor=Anchor(event="admission"), events=events)


def days(moved):
    return {e.id: (e.time.day_low, e.time.day_high) for e in moved.events}


def test_days_are_differences():
    moved = rezero(
        case(event("e1", "fever", 0, 0, kind="finding"), event("e2", "rituximab", 28, 28)), "rituximab"
    )
    assert days(moved) == {"e1": (-28, -28), "e2": (0, 0)}
    assert (moved.anchor.event, moved.anchor.start) == ("rituximab", 2)


def test_uncertainty_of_both_adds_up():
    moved = rezero(
        case(event("e1", "rituximab", 10, 14), event("e2", "relapse", 40, 41, kind="outcome")), "rituximab"
    )
    assert days(moved) == {"e1": (0, 0), "e2": (26, 31)}


def test_an_offset_from_the_event_is_exact_though_its_day_is_unknown():
    later = event("e2", "relapse", kind="outcome", relative_to="e1", offset_low=456, offset_high=457)
    moved = rezero(
        case(event("e1", "rituximab"), later, event("e3", "fever", 0, 0, kind="finding")), "rituximab"
    )
    assert days(moved) == {"e1": (0, 0), "e2": (456, 457), "e3": (None, None)}


def test_offsets_chain():
    second = event("e2", "neutropenia", relative_to="e1", offset_low=30, offset_high=30, kind="finding")
    third = event("e3", "filgrastim", relative_to="e2", offset_low=2, offset_high=3)
    assert days(rezero(case(event("e1", "rituximab"), second, third), "rituximab"))["e3"] == (32, 33)
    assert days(rezero(case(event("e1", "rituximab"), second, third), "filgrastim"))["e1"] == (-33, -32)


def test_two_events_counted_from_a_third_without_a_day():
    first = event("e1", "fever", relative_to="onset", offset_low=2, offset_high=2, kind="finding")
    second = event("e2", "meropenem", relative_to="onset", offset_low=5, offset_high=5)
    assert days(rezero(case(first, second), "meropenem"))["e1"] == (-3, -3)


def test_the_operation_that_surgery_means():
    operation = event("e1", "splenectomy", kind="procedure")
    fever = event("e2", "fever", relative_to="surgery", offset_low=5, offset_high=5, kind="finding")
    assert days(rezero(case(operation, fever), "procedure:splenectomy"))["e2"] == (5, 5)
    other = event("e3", "nephrectomy", kind="procedure")
    assert days(rezero(case(operation, fever, other), "procedure:splenectomy"))["e2"] == (None, None)


def test_previous_is_no_node():
    before = event("e2", "fever", relative_to="previous", offset_low=1, offset_high=1, kind="finding")
    after = event("e3", "rash", relative_to="previous", offset_low=2, offset_high=2, kind="finding")
    assert days(rezero(case(event("e1", "rituximab"), before, after), "fever"))["e3"] == (None, None)


def test_one_sided_intervals_stay_one_sided():
    moved = rezero(
        case(event("e1", "rituximab", 10, 12), event("e2", "death", 40, None, kind="outcome")), "rituximab"
    )
    assert days(moved)["e2"] == (28, None)


def test_an_end_moves_too():
    given = event("e1", "meropenem", 3, 3, end=When(day_low=10, day_high=12, basis="explicit"))
    moved = rezero(case(given, event("e2", "rituximab", 5, 5)), "rituximab")
    assert (moved.events[0].end_time.day_low, moved.events[0].end_time.day_high) == (5, 7)


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("rituximab", "e3"),
        ("drug:rituximab", "e3"),
        ("lab:rituximab", "e5"),
        ("RTX", "e3"),
        ("ECMO", "e4"),
        ("procedure:ecmo", "e4"),
        ("oxygenation", "e4"),
        ("aspirin", None),
        ("tuxi", None),
    ],
)
def test_which_event_a_name_means(name, id):
    found = chosen(
        case(
            event("e1", "rituximab", action="planned", order=1),
            event("e2", "rituximab", status="negated", order=2),
            event("e3", "rituximab", text="RTX", action="start", order=3),
            event("e4", "extracorporeal membrane oxygenation", text="VV-ECMO", kind="procedure", order=4),
            event("e5", "rituximab", kind="lab", order=5),
        ),
        name,
    )
    assert (found.id if found else None) == id


def test_cases_without_the_event_are_left_out_with_a_notice():
    own, other = case(event("e1", "rituximab", 5, 5)), case(event("e2", "aspirin", 1, 1), id="c2")
    cited = case(event("e3", "aspirin"), id="c3", reported="elsewhere")
    whole = Extraction(
        id="d", source=Source(uri="", format="text", sha256=""), produced_by=ProducedBy(caseline="0", config=""), text="",
        sections=(), mentions=(), relations=(), cases=(own, other, cited),
    )  # fmt: skip
    moved = rezeroed(whole, "rituximab")
    assert [c.id for c in moved.cases] == ["c1"]
    assert [(w.code, w.message) for w in moved.warnings] == [
        ("no_zero_event", "c2 has no event 'rituximab' and was left out")
    ]
