import pytest

from annotations.review.service import decide, shown
from annotations.review.unmarked import mark, unmarked
from pipeline.store import StoreError, reading
from pipeline.store.reviews import Decision


@pytest.fixture
def added(store):
    """A drug that ann has added on the word "admitted", which both reports have; its id."""
    text = reading.extraction(store, "report").text
    start = text.index("admitted")
    decide(store, "report", "ann", "ann", [
        Decision("add_mention", after={"label": "DRUG", "start": start, "end": start + 8, "name": "admittine"}),
    ], 0)  # fmt: skip
    return "r1"


def test_the_other_occurrences_are_found_and_the_marked_one_is_not(store, added):
    assert unmarked(store, "report", "ann", added, everywhere=False) == []
    [found] = unmarked(store, "report", "ann", added, everywhere=True)
    assert (found.document_id, found.text, found.before) == ("other", "admitted", "A boy was ")


def test_they_become_mentions_with_events_and_one_undo(store, added):
    [found] = unmarked(store, "report", "ann", added, everywhere=True)
    assert mark(store, "report", "ann", "ann", added, [("other", found.start, found.end)]) == {"other": 1}
    known = shown(store, "other", "ann")
    event = next(e for case in known.record.cases for e in case.events if e.name == "admittine")
    assert (event.kind, event.text, event.mentions) == ("drug", "admitted", ("r1",))
    assert len({one.decision.batch for one in known.decided}) == 1
    assert unmarked(store, "report", "ann", added, everywhere=True) == []


def test_part_of_a_word_is_no_occurrence_and_case_does_not_matter(store):
    text = reading.extraction(store, "report").text
    start = text.index("was")
    decide(
        store,
        "report",
        "ann",
        "ann",
        [Decision("add_mention", after={"label": "DRUG", "start": start, "end": start + 2})],
        0,
    )
    assert [one.text for one in unmarked(store, "report", "ann", "r1", everywhere=False)] == []


def test_a_mention_that_is_not_there(store):
    with pytest.raises(StoreError, match="no such mention"):
        unmarked(store, "report", "ann", "m999", everywhere=False)


def test_the_interface_marks_in_the_layer_of_the_asker_alone(people):
    ann, bob = people["ann"], people["bob"]
    record = ann.get("/api/documents/report").json()["record"]
    start = record["text"].index("admitted")
    add = {"kind": "add_mention", "after": {"label": "DRUG", "start": start, "end": start + 8}}
    assert (
        ann.post("/api/documents/report/decisions", json={"seen": 0, "decisions": [add]}).status_code == 200
    )
    [place] = ann.get("/api/documents/report/unmarked/r1?everywhere=true").json()
    places = [{"document": "other", "start": place["start"], "end": place["end"]}]
    body = {"mention": "r1", "places": places}
    assert ann.post("/api/documents/report/unmarked", json=body).json() == {"other": 1}
    assert bob.get("/api/documents/other").json()["revision"] == 0
    assert ann.post("/api/documents/report/unmarked?layer=bob", json=body).status_code == 403
    outside = {"mention": "r1", "places": [{"document": "other", "start": 5, "end": 99_999}]}
    assert ann.post("/api/documents/report/unmarked", json=outside).status_code == 422
