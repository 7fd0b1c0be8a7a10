"""Decisions outlive a reprocessing: carried over where what they are about is still there, said where it is not."""

import json

import pytest

from annotations.review import service
from annotations.review.carry import GONE
from annotations.review.final import final
from caseline import extract
from pipeline.reader import read_bytes
from pipeline.schema import Extraction
from pipeline.store import reading, reviews, writing
from pipeline.store.reviews import Decision
from tests.annotations.conftest import REPORT


def named(record, name):
    return next(e for case in record.cases for e in case.events if e.name == name)


def decide(store, *decisions, layer="local"):
    seen = service.shown(store, "report", layer).revision
    return service.decide(store, "report", layer, layer, decisions, seen=seen)


def reprocess(store, *, text=REPORT, without=()):
    """Stores what a later pipeline finds: other ids everywhere, and without the events of these names."""
    document = read_bytes(text.encode(), "report", "/texts/report.txt")
    found = json.loads(extract(document).model_dump_json())
    found["produced_by"]["config"] = "f" * 64
    ids = {m["id"]: f"m{number}" for number, m in enumerate(found["mentions"], 501)}
    for mention in found["mentions"]:
        mention["id"] = ids[mention["id"]]
    for relation in found["relations"]:
        relation["head"], relation["tail"] = ids[relation["head"]], ids[relation["tail"]]
    for case in found["cases"]:
        case["patient"]["mentions"] = [ids[m] for m in case["patient"]["mentions"]]
        case["events"] = [e for e in case["events"] if e["name"] not in without]
        for number, event in enumerate(case["events"], 901):
            event["id"] = f"e{number}"
            event["mentions"] = [ids[m] for m in event["mentions"]]
    record = Extraction.model_validate(found)
    writing.use(store, "f" * 64, "0.2.0", {})
    item = writing.Item("/texts/report.txt", "1" * 64)
    writing.save_all(store, [writing.Finished(document, record, item, 0.0)], run=None)
    return record


def gone(record):
    return [w.message for w in record.warnings if w.code == GONE]


@pytest.fixture
def reviewed(store):
    extraction = service.shown(store, "report", "local").extraction
    drug, leaving = named(extraction, "rituximab"), named(extraction, "discharge")
    fever = next(m for m in extraction.mentions if m.label == "FINDING")
    start = REPORT.index("woman")
    decide(
        store,
        Decision("edit_event", drug.id, after={"dose": {"value": 500}}),
        Decision("accept", leaving.id),
        Decision("edit_mention", fever.id, after={"name": "pyrexia"}),
        Decision("add_mention", after={"label": "FINDING", "start": start, "end": start + 5}),
        Decision(
            "add_event",
            after={
                "kind": "finding", "name": "woe", "start": start, "end": start + 5, "mentions": ["r4"],
                "time": {"relative_to": drug.id, "offset_low": 2, "offset_high": 2},
            },
        ),
        Decision("document_done"),
    )  # fmt: skip
    reviews.assign(store, "report", "local", "annotator", "local", "done")
    return store


def test_all_of_them_count_after_a_reprocessing(reviewed):
    before = final(reviewed, "report")
    again = reprocess(reviewed)
    assert reading.extraction(reviewed, "report") == again
    after = final(reviewed, "report")
    assert gone(after) == []
    drug = named(after, "rituximab")
    assert (drug.id, drug.dose.value, drug.review) == (named(again, "rituximab").id, 500, "edited")
    assert named(after, "discharge").review == "accepted"
    assert "pyrexia" in {m.name for m in after.mentions}
    woe = named(after, "woe")
    assert (woe.mentions, woe.time.day_low) == (("r4",), named(before, "woe").time.day_low)
    assert after.review == before.review


def test_what_is_gone_is_said_and_not_lost(reviewed):
    reprocess(reviewed, without=("discharge",))
    after = final(reviewed, "report")
    [message] = gone(after)
    assert message.startswith("decision 2 of local (accept on e")
    assert named(after, "rituximab").dose.value == 500
    assert len(list(reviews.decided(reviewed, "report"))) == 6


def test_what_was_rejected_and_is_gone_is_settled(store):
    leaving = named(service.shown(store, "report", "local").extraction, "discharge")
    decide(store, Decision("reject", leaving.id))
    reprocess(store, without=("discharge",))
    assert gone(final(store, "report")) == []


def test_what_was_added_and_is_now_found_is_there_once(store):
    extraction = service.shown(store, "report", "local").extraction
    fever = named(extraction, "fever")
    mention = next(m for m in extraction.mentions if m.id == fever.mentions[0])
    decide(store, Decision("reject", fever.id), Decision("reject", mention.id))
    decide(
        store,
        Decision("add_mention", after={"label": mention.label, "start": mention.start, "end": mention.end}),
        Decision(
            "add_event",
            after={
                "kind": "finding", "name": "fever", "start": fever.start, "end": fever.end, "mentions": ["r3"],
            },
        ),
    )  # fmt: skip
    service.undo(store, "report", "local", "local", 4)  # the event
    decide(
        store,
        Decision("undo", undoes=2),
        Decision("undo", undoes=1),
        Decision(
            "add_event",
            after={"kind": "finding", "name": "chill", "start": 0, "end": 1, "mentions": ["r3"]},
        ),
    )
    again = reprocess(store)
    after = final(store, "report")
    spans = [(m.start, m.end) for m in after.mentions if m.label == mention.label]
    assert spans.count((mention.start, mention.end)) == 1
    [there] = [m.id for m in again.mentions if (m.start, m.end) == (mention.start, mention.end)]
    assert named(after, "chill").mentions == (there,)
    assert gone(after) == []


def test_a_new_version_of_the_text_moves_them(reviewed):
    reprocess(reviewed, text="An erratum was added. " + REPORT)
    after = final(reviewed, "report")
    assert named(after, "rituximab").dose.value == 500
    woe = named(after, "woe")
    assert after.text[woe.start : woe.end] == "woman"
    assert gone(after) == []


def test_a_sentence_that_is_gone_from_the_text_is_said(reviewed):
    reprocess(reviewed, text=REPORT.replace(" She was discharged on hospital day 60.", ""))
    assert [m.split(" (")[0] for m in gone(final(reviewed, "report"))] == ["decision 2 of local"]


def test_deciding_goes_on_after_a_reprocessing(reviewed):
    reprocess(reviewed, without=("discharge",))
    target = named(service.shown(reviewed, "report", "local").record, "rituximab").id
    decide(reviewed, Decision("edit_event", target, after={"dose": {"unit": "mg"}}))
    drug = named(final(reviewed, "report"), "rituximab")
    assert (drug.dose.value, drug.dose.unit) == (500, "mg")
    service.undo(reviewed, "report", "local", "local", 7)
    assert named(final(reviewed, "report"), "rituximab").dose.unit == "mg/m2"
