import pytest

from annotations.review import project, queue
from annotations.review.service import decide
from pipeline.store import reading, reviews
from pipeline.store.reviews import Decision


def ids(found):
    return [one["id"] for one in found.json()["documents"]]


def dosed(store):
    record = reading.extraction(store, "report")
    return next(e for case in record.cases for e in case.events if e.name == "rituximab").id


def test_an_admin_gives_documents_to_annotators_and_takes_them_away(people):
    root, ann = people["root"], people["ann"]
    given = {"documents": ["report", "other"], "annotators": ["ann", "bob"]}
    assert root.post("/api/assignments", json=given).json() == {"changed": 4}
    assert root.post("/api/assignments", json=given).json() == {"changed": 0}
    assert ids(ann.get("/api/queue?show=mine")) == ids(ann.get("/api/queue"))
    taken = {"documents": ["other"], "annotators": ["ann"], "withdraw": True}
    assert root.post("/api/assignments", json=taken).json() == {"changed": 1}
    assert ids(ann.get("/api/queue?show=mine")) == ["report"]


def test_what_is_done_leaves_the_open_part_of_the_queue(people):
    people["root"].post("/api/assignments", json={"documents": ["report"], "annotators": ["ann"]})
    ann = people["ann"]
    assert ids(ann.get("/api/queue?show=open")) == ["report"]
    ann.post("/api/documents/report/decisions", json={"seen": 0, "decisions": [{"kind": "document_done"}]})
    assert ids(ann.get("/api/queue?show=open")) == []
    assert ids(ann.get("/api/queue?show=done")) == ["report"]


@pytest.mark.parametrize(
    "body",
    [
        {"documents": ["report"], "annotators": ["nobody-knows"]},
        {"documents": ["none"], "annotators": ["ann"]},
        {"documents": [], "annotators": ["ann"]},
    ],
)
def test_nothing_is_given_to_nobody(people, body):
    assert people["root"].post("/api/assignments", json=body).status_code in (404, 422)
    assert people["ann"].get("/api/queue?show=mine").json()["documents"] == []


def test_progress_for_all_and_for_each(people):
    people["root"].post(
        "/api/assignments", json={"documents": ["report", "other"], "annotators": ["ann", "bob"]}
    )
    done = {"seen": 0, "decisions": [{"kind": "accept", "target": "e1"}, {"kind": "document_done"}]}
    people["ann"].post("/api/documents/report/decisions", json=done)
    told = people["eve"].get("/api/project").json()
    assert told["progress"] == {"documents": 2, "assigned": 2, "begun": 1, "done": 1, "adjudicated": 0}
    ann = next(one for one in told["people"] if one["name"] == "ann")
    assert ann == {"name": "ann", "role": "annotator", "assigned": 2, "begun": 1, "done": 1}
    assert people["ann"].get("/api/project").json()["people"] == []


def test_an_event_that_two_settle_differently_raises_the_doubt_for_the_adjudicator_alone(store, people):
    event = dosed(store)
    before = queue.waiting(store, "eve", disagreement=True)
    for name, value in (("ann", 400), ("bob", 500)):
        decide(
            store, "report", name, name, [Decision("edit_event", event, None, {"dose": {"value": value}})], 0
        )
    after = {one.id: one for one in queue.waiting(store, "eve", disagreement=True)}
    assert after["report"].differences == 1
    assert after["report"].doubt == next(one for one in before if one.id == "report").doubt + queue.DIFFERENCE
    assert ids(people["eve"].get("/api/queue?show=differing")) == ["report"]
    [row] = [one for one in people["ann"].get("/api/queue").json()["documents"] if one["id"] == "report"]
    assert (row["differences"], row["layers"]) == (0, ["ann"])
    decide(store, "report", reviews.ADJUDICATED, "eve", [Decision("accept", event)], 0)
    assert ids(people["eve"].get("/api/queue?show=differing")) == []


def test_the_same_change_by_both_is_no_difference_and_one_left_alone_is(store):
    event = dosed(store)
    decide(store, "report", "ann", "ann", [Decision("edit_event", event, None, {"dose": {"value": 400}})], 0)
    decide(store, "report", "bob", "bob", [Decision("comment", note="looked")], 0)
    assert [one.id for one in queue.waiting(store, "eve", show="differing", disagreement=True)] == ["report"]
    decide(store, "report", "bob", "bob", [Decision("edit_event", event, None, {"dose": {"value": 400}})], 1)
    assert queue.waiting(store, "eve", show="differing", disagreement=True) == []


def test_everybody_with_an_account_or_work_is_a_person(store):
    project.assign(store, ["report"], ["zoe"], "root")
    decide(store, "other", "yan", "yan", [Decision("comment", note="looked")], 0)
    assert [(p.name, p.role, p.assigned, p.begun) for p in project.people(store)] == [
        ("yan", None, 0, 1),
        ("zoe", None, 1, 0),
    ]
