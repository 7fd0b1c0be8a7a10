import pytest

import caseline
from annotations.review.apply import DecisionError, reviewed
from annotations.review.decisions import effective, redoable, undoable
from pipeline.store.reviews import Decided, Decision

TEXT = (
    "A 30-year-old woman was admitted with fever. On hospital day 24, rituximab 375 mg/m2 was given. "
    "On hospital day 40, mycophenolate was added. She was discharged on hospital day 60."
)


@pytest.fixture(scope="module")
def extraction():
    return caseline.read_text(TEXT, "report")


def layer(*decisions, author="ann"):
    return [
        Decided("report", "ann", number, 1, "x", author, f"2024-01-01T00:00:{number:02}Z", one)
        for number, one in enumerate(decisions, 1)
    ]


def event(record, name):
    [found] = [e for case in record.cases for e in case.events if e.name == name]
    return found


def test_nothing_decided_is_the_extraction(extraction):
    assert reviewed(extraction, [], "ann") is extraction


def test_a_corrected_dose_counts_and_says_so(extraction):
    target = event(extraction, "rituximab").id
    after = reviewed(extraction, layer(Decision("edit_event", target, after={"dose": {"value": 500}})), "ann")
    changed = event(after, "rituximab")
    assert (changed.dose.value, changed.dose.unit, changed.review) == (500, "mg/m2", "edited")
    assert (after.review.layer, after.review.revision, after.review.authors) == ("ann", 1, ("ann",))


def test_an_event_that_is_moved_takes_its_rank(extraction):
    target = event(extraction, "rituximab").id
    moved = reviewed(
        extraction,
        layer(Decision("edit_event", target, after={"time": {"day_low": 45, "day_high": 45}})),
        "ann",
    )
    order = sorted((e.order, e.name) for e in moved.cases[0].events)
    names = [name for _, name in order]
    assert names.index(
        "mycophenolate mofetil" if "mycophenolate mofetil" in names else "mycophenolate"
    ) < names.index("rituximab")
    assert event(moved, "rituximab").time.why == ("review",)


def test_days_are_computed_from_the_event_that_is_counted_from(extraction):
    rituximab = event(extraction, "rituximab").id
    start = TEXT.index("fever")
    added = Decision(
        "add_event",
        after={
            "kind": "finding", "name": "rash", "start": start, "end": start + 5,
            "time": {"relative_to": rituximab, "offset_low": 14, "offset_high": 14},
        },
    )  # fmt: skip
    after = reviewed(extraction, layer(added), "ann")
    assert (event(after, "rash").time.day_low, event(after, "rash").review) == (38, "added")
    assert event(after, "rash").text == "fever"


def test_a_rejected_mention_goes_with_what_hangs_on_it(extraction):
    drug = next(m for m in extraction.mentions if m.label == "DRUG")
    after = reviewed(extraction, layer(Decision("reject", drug.id)), "ann")
    assert drug.id not in {m.id for m in after.mentions}
    assert not [r for r in after.relations if drug.id in (r.head, r.tail)]


def test_accepting_makes_sure_and_doubting_marks(extraction):
    a, b = event(extraction, "rituximab").id, event(extraction, "discharge").id
    after = reviewed(extraction, layer(Decision("accept", a), Decision("unsure", b)), "ann")
    assert (event(after, "rituximab").review, event(after, "rituximab").confidence) == ("accepted", 1.0)
    assert event(after, "discharge").review == "unsure"


def test_merging_keeps_all_mentions(extraction):
    a, b = event(extraction, "rituximab"), event(extraction, "discharge")
    after = reviewed(extraction, layer(Decision("merge_events", a.id, after={"merged": [b.id]})), "ann")
    assert set(event(after, "rituximab").mentions) == {*a.mentions, *b.mentions}
    assert "discharge" not in {e.name for e in after.cases[0].events}


def test_a_patient_is_corrected(extraction):
    after = reviewed(
        extraction, layer(Decision("edit_case", "c1", after={"patient": {"age_years": 31}})), "ann"
    )
    assert (after.cases[0].patient.age_years, after.cases[0].patient.sex) == (31, "female")


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        (Decision("edit_event", "e999", after={"name": "x"}), "no event e999"),
        (Decision("edit_event", "e1", after={"id": "x"}), "'id' cannot be changed"),
        (Decision("edit_event", "e1", after={"status": "perhaps"}), "status"),
        (Decision("add_mention", after={"label": "DRUG", "start": 0, "end": 10_000}), "not inside the text"),
        (Decision("add_mention", after={"label": "NONE", "start": 0, "end": 1}), "label"),
        (Decision("add_mention", after={"label": "DRUG"}), "not of the right form"),
        (
            Decision("add_relation", after={"kind": "dose_of", "head": "m1", "tail": "m999"}),
            "no mention m999",
        ),
        (Decision("edit_event", "e1", after=None), "not given"),
    ],
)
def test_a_decision_that_does_not_fit_says_why(extraction, decision, reason):
    with pytest.raises(DecisionError, match=reason):
        reviewed(extraction, layer(decision), "ann")


def undo(revision):
    return Decision("undo", undoes=revision)


def kinds(decided):
    return [one.decision.kind for one in effective(decided)]


def test_undo_redo_and_undo_again():
    first = (Decision("accept", "e1"), Decision("reject", "e2"))
    assert kinds(layer(*first, undo(2))) == ["accept"]
    assert kinds(layer(*first, undo(2), undo(1))) == []
    assert kinds(layer(*first, undo(2), undo(3))) == ["accept", "reject"]
    assert undoable(layer(*first, undo(2)), "ann") == 1
    assert redoable(layer(*first, undo(2)), "ann") == 3
    assert redoable(layer(*first, undo(2), undo(1)), "ann") == 4
    assert redoable(layer(*first, undo(2), undo(1), undo(4)), "ann") == 3
    assert redoable(layer(*first), "ann") is None


def test_a_batch_is_undone_together():
    both = (Decision("accept", "e1", batch="b"), Decision("accept", "e2", batch="b"))
    assert kinds(layer(*both, undo(2))) == []


def test_the_words_of_a_corrected_dose_follow_its_number(extraction):
    target = event(extraction, "rituximab").id
    after = reviewed(extraction, layer(Decision("edit_event", target, after={"dose": {"value": 500}})), "ann")
    assert event(after, "rituximab").dose.text == "500 mg/m2"
    kept = reviewed(
        extraction, layer(Decision("edit_event", target, after={"dose": {"route": "oral"}})), "ann"
    )
    assert event(kept, "rituximab").dose.text == "375 mg/m2"


def test_a_dose_that_is_no_number_is_refused(extraction):
    target = event(extraction, "rituximab").id
    with pytest.raises(DecisionError, match="value"):
        reviewed(extraction, layer(Decision("edit_event", target, after={"dose": {"value": "x"}})), "ann")


def test_each_decision_on_an_event_says_by_whom_and_when(extraction):
    target = event(extraction, "rituximab").id
    decided = layer(Decision("accept", target))
    after = event(reviewed(extraction, decided, "ann"), "rituximab")
    assert (after.review, after.reviewed_by, after.reviewed_at) == ("accepted", "ann", decided[0].at)
    untouched = event(reviewed(extraction, decided, "ann"), "fever")
    assert (untouched.review, untouched.reviewed_by, untouched.reviewed_at) == (None, None, None)


def test_what_was_computed_from_a_dose_goes_when_it_is_corrected():
    text = "A 60-year-old man was admitted. On day 2, prednisolone 20 mg twice daily for 5 days was given."
    record = caseline.read_text(text, "report")
    drug = event(record, "prednisolone")
    assert {one.basis for one in drug.dose.exposure} == {"computed"}
    after = reviewed(record, layer(Decision("edit_event", drug.id, after={"dose": {"value": 30}})), "ann")
    assert event(after, "prednisolone").dose.exposure == ()
    routed = reviewed(
        record, layer(Decision("edit_event", drug.id, after={"dose": {"route": "oral"}})), "ann"
    )
    assert event(routed, "prednisolone").dose.exposure == drug.dose.exposure
