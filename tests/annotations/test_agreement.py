"""Agreement, with the figures worked out by hand."""

import json

import pytest
from typer.testing import CliRunner

from annotations.agreement import agreement, figures, read_annotator
from annotations.agreement.attributes import same_quantity
from annotations.agreement.kappa import kappa, token_table
from annotations.scoring.records import ScoringError
from flows.cli import app

TEXT = "RTX 375 mg/m2 was given on day 28, then MMF 1 g daily; CRP 5 mg/dL on day 30."


def event(kind, name, low, high, order, **more):
    start = TEXT.index(name)
    base = {"kind": kind, "name": name, "text": name, "start": start, "end": start + len(name)}
    time = {"day_low": low, "day_high": high}
    fields = {"action": None, "status": "affirmed", "dose": None, "measurement": None}
    return base | fields | {"time": time, "order": order} | more


def document(mentions=(), events=(), id="d", text=TEXT):
    places = [(label, text.index(quoted), quoted) for label, quoted in mentions]
    return {
        "id": id,
        "text": text,
        "mentions": [{"label": label, "start": s, "end": s + len(q)} for label, s, q in places],
        "cases": [{"events": list(events)}] if events else [],
    }


def compared(tmp_path, first, second):
    for name, documents in (("a", first), ("b", second)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in documents))
    a, b = (read_annotator(tmp_path / f"{name}.jsonl") for name in "ab")
    there, back = figures(agreement("a", "b", a, b)), figures(agreement("b", "a", b, a))
    for part in ("attributes", "days", "order"):
        assert there[part] == back[part], "neither side is gold"
    return there


def test_kappa_of_a_known_table():
    # observed (20 + 15) / 50 = 0.7; expected 25/50 * 30/50 + 25/50 * 20/50 = 0.3 + 0.2 = 0.5; (0.7 - 0.5) / 0.5
    counts = {("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}
    assert kappa(counts) == pytest.approx(0.4)


def test_kappa_where_it_does_not_apply():
    assert kappa({}) is None
    assert kappa({("yes", "yes"): 9}) is None
    # one answer of A, two of B: observed 1/2, expected 1 * 1/2
    assert kappa({("yes", "yes"): 1, ("yes", "no"): 1}) == 0


def test_tokens_are_words_and_signs():
    # tokens RTX | 5 | mg | / | d: A marks all but RTX, B "5 mg"
    table = token_table("RTX 5 mg/d", [(4, 10)], [(4, 8)])
    assert table == {(False, False): 1, (True, True): 2, (True, False): 2}


def test_overlapping_spans_of_one_side_count_once():
    assert token_table("a b c", [(0, 3), (2, 3)], [(0, 1)]) == {
        (True, True): 1, (True, False): 1, (False, False): 1,
    }  # fmt: skip


def test_spans_strict_and_relaxed(tmp_path):
    # DRUG: A 2, B 1, one equal: F1 2 * 1 / 3. DOSE: one each, overlapping: strict 0, relaxed 1.
    # all: A 3, B 2: strict 2 * 1 / 5, relaxed 2 * 2 / 5.
    a = document([("DRUG", "RTX"), ("DRUG", "MMF"), ("DOSE", "375 mg/m2")])
    b = document([("DRUG", "RTX"), ("DOSE", "375 mg")])
    spans = compared(tmp_path, [a], [b])["spans"]
    assert {label: (one["strict_f1"], one["relaxed_f1"]) for label, one in spans.items()} == {
        "DRUG": pytest.approx((2 / 3, 2 / 3)),
        "DOSE": (0.0, 1.0),
        "all": pytest.approx((0.4, 0.8)),
    }


def test_token_kappa_of_a_label(tmp_path):
    # tokens: RTX 375 mg / m2 was given on day 28 , then MMF 1 g daily ; CRP 5 mg / dL on day 30 . = 26
    # A marks RTX and MMF, B marks RTX: observed 25/26; expected (2 * 1 + 24 * 25) / 26^2 = 602/676
    a, b = document([("DRUG", "RTX"), ("DRUG", "MMF")]), document([("DRUG", "RTX")])
    expected = (25 / 26 - 602 / 676) / (1 - 602 / 676)
    assert compared(tmp_path, [a], [b])["spans"]["DRUG"]["token_kappa"] == pytest.approx(expected)


def test_events_and_their_attributes(tmp_path):
    a = document(
        events=[
            event("drug", "RTX", 28, 28, 1, action="start", dose={"value": 375, "unit": "mg/m2"}),
            event(
                "drug", "MMF", 28, 28, 2, action="start", dose={"value": 1, "unit": "g", "frequency": "daily"}
            ),
            event("lab", "CRP", 30, 30, 3, measurement={"value": 5, "unit": "mg/dL"}),
        ]
    )
    b = document(
        events=[
            event("drug", "RTX", 28, 28, 1, action="given", dose={"value": 500, "unit": "mg/m2"}),
            event("drug", "MMF", 30, 31, 2, action="start", dose={"value": 1000, "unit": "mg"}),
            event("lab", "CRP", 30, 30, 2, status="negated", measurement={"value": 50, "unit": "mg/L"}),
        ]
    )
    said = compared(tmp_path, [a], [b])
    assert said["events"]["all"] == {"first": 3, "second": 3, "same_kind_f1": 1.0, "paired_f1": 1.0}
    agree = {name: (one["agree"], one["of"]) for name, one in said["attributes"].items()}
    assert agree == {
        "kind": (1.0, 3),
        "drug name": (1.0, 2),
        "name": (1.0, 1),
        "action": (0.5, 2),  # start and given; start and start; the test has none
        "status": pytest.approx((2 / 3, 3)),
        "dose": (0.5, 2),  # 375 and 500 mg/m2; 1 g and 1000 mg
        "dose frequency": (0.0, 1),  # daily, and none
        "measurement": (1.0, 1),  # 5 mg/dL is 50 mg/L
        "dated by both": (1.0, 3),
        "all of these": (0.0, 3),  # each pair disagrees in something
        "day": (1.0, 3),  # 28 and 30-31: within a tenth of the distance, 2.8
    }
    assert said["days"] == {"dated_by_both": 3, "mean_distance": pytest.approx(2 / 3), "median_distance": 0.0}
    assert {kind: one["days"]["mean_distance"] for kind, one in said["kinds"].items()} == {
        "drug": 1.0,
        "lab": 0.0,
    }
    # A orders three pairs, B two of them (MMF and CRP tie): from A's side 2.5 of 3, from B's 2 of 2.
    assert said["order"] == {"concordance": pytest.approx(4.5 / 5), "of": 2.5}


def test_action_kappa(tmp_path):
    # start start, start given: A says start twice, B each once: observed 1/2, expected 1/2
    a = document(events=[event("drug", n, 1, 1, 1, action="start") for n in ("RTX", "MMF")])
    b = document(
        events=[event("drug", n, 1, 1, 1, action=x) for n, x in (("RTX", "start"), ("MMF", "given"))]
    )
    assert compared(tmp_path, [a], [b])["attributes"]["action"]["kappa"] == pytest.approx(0.0)


def test_an_event_of_one_side_alone(tmp_path):
    a = document(events=[event("drug", "RTX", 1, 1, 1), event("lab", "CRP", 1, 1, 1)])
    b = document(events=[event("drug", "RTX", None, None, 1)])
    said = compared(tmp_path, [a], [b])
    assert said["events"]["all"]["paired_f1"] == pytest.approx(2 / 3)
    assert said["attributes"]["dated by both"] == {"agree": 0.0, "of": 1, "kappa": None}
    assert said["days"]["mean_distance"] is None


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ({"value": 1, "unit": "g"}, {"value": 1000, "unit": "mg"}, True),
        ({"value": 100, "unit": "mg"}, {"value": 100.9, "unit": "mg"}, True),
        ({"value": 100, "unit": "mg"}, {"value": 101.1, "unit": "mg"}, False),
        ({"value": 1, "unit": "mg"}, {"value": 1, "unit": "mL"}, False),
        ({"value": 1, "unit": "index"}, {"value": 1, "unit": "index"}, True),
        ({"value": 1, "unit": None}, {"value": 1, "unit": "mg"}, False),
        ({"value": 1, "comparator": ">"}, {"value": 1}, False),
        ({"value": 1, "value_high": 2}, {"value": 1}, False),
        ({"value": 0}, {"value": 0.0}, True),
        ({"value": 1}, {}, False),
    ],
)
def test_quantities(a, b, same):
    assert same_quantity(a, b) is same
    assert same_quantity(b, a) is same


def test_documents_of_one_annotator_are_named_not_compared(tmp_path):
    said = compared(tmp_path, [document(id="x"), document(id="y")], [document(id="y"), document(id="z")])
    assert (said["documents"], said["alone"]) == (1, ["x", "z"])


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([document(id="x")], [document(id="y")], "no document in common"),
        ([document()], [document(text="other")], "different texts of d"),
        ([document(), document()], [document()], "d: comes twice"),
        ([{"id": "d", "mentions": [{}]}], [document()], "a field is missing"),
    ],
)
def test_what_cannot_be_compared(tmp_path, first, second, reason):
    with pytest.raises(ScoringError, match=reason):
        compared(tmp_path, first, second)


def test_the_command_compares_each_pair(tmp_path):
    for name in "abc":
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(document([("DRUG", "RTX")])) + "\n")
    files = [str(tmp_path / f"{name}.jsonl") for name in "abc"]
    result = CliRunner().invoke(app, ["agreement", *files, "--json"])
    assert [one["annotators"] for one in json.loads(result.stdout)] == [["a", "b"], ["a", "c"], ["b", "c"]]
    assert "token kappa" in CliRunner().invoke(app, ["agreement", *files]).stdout
    alone = CliRunner().invoke(app, ["agreement", files[0]])
    assert (alone.exit_code, alone.stderr) == (
        2,
        "caseline: name at least two files, one an annotator; or a --store\n",
    )
