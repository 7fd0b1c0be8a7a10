import pytest

from annotations.review.expression import ExpressionError, meant, read
from pipeline.schema import Anchor, Case, Event, Patient, When


def event(id, name, day, start, kind="drug"):
    return Event(id=id, kind=kind, name=name, text=name, start=start, end=start + len(name), mentions=(), order=start,
                 confidence=1.0, time=When(basis="explicit", day_low=day, day_high=day))  # fmt: skip


CASE = Case(
    id="c1",
    patient=Patient(),
    anchor=Anchor(event="admission"),
    events=(
        event("e1", "hospital admission", 0.0, 0, "encounter"),
        event("e2", "rituximab", 24.0, 100),
        event("e3", "splenectomy", 30.0, 200, "procedure"),
        event("e4", "discharge", None, 300, "encounter"),
    ),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("day 28", {"day_low": 28.0, "day_high": 28.0}),
        ("hospital day 3", {"day_low": 3.0, "day_high": 3.0}),
        ("two weeks after rituximab", {"relative_to": "e2", "offset_low": 14.0, "offset_high": 14.0}),
        ("2 days before the splenectomy", {"relative_to": "e3", "offset_low": -2.0, "offset_high": -2.0}),
        ("3 days later", {"relative_to": "e3", "offset_low": 3.0, "offset_high": 3.0}),
        ("on the day of rituximab", {"relative_to": "e2", "offset_low": 0.0, "offset_high": 0.0}),
        ("admission", {"day_low": 0.0, "day_high": 0.0}),
    ],
)
def test_what_an_expression_means(text, expected):
    assert meant(CASE, "e4", text, read(text)) == {"text": text, **expected}


@pytest.mark.parametrize("text", ["for 3 days", "2005-03-04", "three days after imatinib", "nonsense"])
def test_what_says_no_day_is_refused(text):
    with pytest.raises(ExpressionError):
        meant(CASE, "e4", text, read(text))


def test_the_interface_reads_an_expression_and_its_answer_is_a_decision(local):
    document = local.get("/api/documents/report").json()
    [case] = document["record"]["cases"]
    target = next(e for e in case["events"] if e["name"] == "discharge")["id"]
    query = {"text": "30 days after rituximab", "case": case["id"], "event": target}
    time = local.get("/api/documents/report/expression", params=query).json()
    edit = {"kind": "edit_event", "target": target, "after": {"time": time}}
    answer = local.post("/api/documents/report/decisions", json={"seen": 0, "decisions": [edit]}).json()
    changed = next(e for e in answer["record"]["cases"][0]["events"] if e["id"] == target)
    assert (changed["time"]["day_low"], changed["time"]["text"]) == (54, "30 days after rituximab")
    refused = local.get("/api/documents/report/expression", params=query | {"text": "for some time"})
    assert refused.status_code == 422
    assert local.get("/api/documents/report/expression", params=query | {"case": "c9"}).status_code == 404
