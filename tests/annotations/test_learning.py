"""What finished reviews teach: gold, regression cases, names, error rates."""

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from annotations.learning import error, gold, proposals, regressions
from annotations.learning.corrections import corrections
from annotations.learning.fields import RIGHT, Tally, tallies
from annotations.learning.finished import finished, unsettled
from annotations.learning.interval import share
from annotations.scoring.gold import read_gold
from flows.cli import app
from pipeline.build import build_nlp
from pipeline.schema import Extraction
from pipeline.store.reviews import Decision
from tests.annotations.reviewing import added, event, extraction, keep, mention, review


def run(*arguments, code=0):
    result = CliRunner().invoke(app, [str(one) for one in arguments])
    assert result.exit_code == code, result.output
    return result.output


def corrected(store, value=500, layer="ann", **more):
    """The dose of the report corrected; the target."""
    target = event(extraction(store, "report"), "rituximab")
    review(
        store,
        "report",
        Decision("edit_event", target.id, after={"dose": {"value": value}}),
        layer=layer,
        **more,
    )
    return target


# which documents count


def test_only_finished_documents_count_adjudicated_before_single(store):
    corrected(store, done=False)
    assert list(finished(store)) == []
    review(store, "report")
    [one] = finished(store)
    assert (one.id, one.layer, event(one.record, "rituximab").dose.value) == ("report", "ann", 500)
    assert event(one.machine, "rituximab").dose.value == 375
    corrected(store, 400, layer="bob")
    assert (list(finished(store)), unsettled(store)) == ([], ["report"])
    corrected(store, 450, layer="adjudicated", author="eve")
    [one] = finished(store)
    assert (one.layer, event(one.record, "rituximab").dose.value, unsettled(store)) == (
        "adjudicated",
        450,
        [],
    )


# gold


def test_gold_has_the_form_of_the_samples_gold_and_says_who(store, tmp_path):
    corrected(store)
    run("annotations", "gold", "--store", store.location, "--out", tmp_path)
    [path] = tmp_path.glob("*.json")
    made = json.loads(path.read_text())
    model = json.loads(next(iter(sorted((gold.Path("annotations/gold")).glob("*.json")))).read_text())
    assert {*model} < {*made}
    assert {*model["cases"][0]} == {*made["cases"][0]}
    assert {*model["cases"][0]["events"][0]} <= {*made["cases"][0]["events"][0]}
    assert made["review"]["authors"] == ["ann"]
    assert made["review"]["finished"]
    assert made["review"]["events_decided_on"] == 1
    assert [e["dose"]["value"] for e in made["cases"][0]["events"] if e["dose"]] == [500.0]
    report = read_gold(tmp_path, {})["report"]
    assert report.spans is None
    assert len(report.events) == len(made["cases"][0]["events"])


def test_gold_is_not_written_over(store, tmp_path):
    corrected(store)
    (tmp_path / "report.json").write_text("mine")
    said = run("annotations", "gold", "--store", store.location, "--out", tmp_path, code=1)
    assert "--force" in said
    assert (tmp_path / "report.json").read_text() == "mine"
    run("annotations", "gold", "--store", store.location, "--out", tmp_path, "--force")
    assert (tmp_path / "report.json").read_text() != "mine"


def test_gold_without_text_quotes_nothing_and_with_mentions_has_spans(store, tmp_path):
    corrected(store)
    run("annotations", "gold", "--store", store.location, "--out", tmp_path, "--no-text", "--mentions")
    text = (tmp_path / "report.json").read_text()
    made = json.loads(text)
    assert {m["text"] for m in made["mentions"]} == {""}
    assert "admitted" not in text
    assert len(made["text_sha256"]) == 64


# regression cases


@pytest.fixture(scope="module")
def nlp():
    return build_nlp()


def before(store, id, change):
    """Puts an extraction into the store as an earlier, worse pipeline had made it."""
    from pipeline.reader import read_bytes
    from pipeline.store import writing

    now = extraction(store, id)
    data = json.loads(now.model_dump_json())
    change(data)
    data["produced_by"]["config"] = "0" * 64
    document = read_bytes(now.text.encode(), id, f"/texts/{id}.txt")
    writing.use(store, "0" * 64, "0.0.1", {})
    item = writing.Item(f"/texts/{id}.txt", "0" * 64)
    writing.save(store, document, Extraction.model_validate(data), item, run=None)


def worse_dose(data):
    for case in data["cases"]:
        for one in case["events"]:
            if one["dose"]:
                one["dose"]["value"] = 37.5


def test_a_correction_that_is_right_now_becomes_a_case(store, nlp, tmp_path):
    before(store, "report", worse_dose)
    target = corrected(store, 375)
    found = regressions.collect(finished(store), nlp)
    assert found.wrong == ()
    [case] = found.right
    assert case.name == f"report.{target.id}.dose-value"
    assert case.scope == "sentence"
    assert (
        case.text == "A 50-year-old patient was admitted. On hospital day 24, rituximab 375 mg/m2 was given."
    )
    assert regressions.write(found.right, tmp_path) == [case.name]
    assert regressions.write(found.right, tmp_path) == []
    [again] = regressions.read(tmp_path)
    assert again == case
    assert again.holds(nlp)


def test_a_correction_that_is_still_wrong_makes_no_case(store, nlp):
    target = corrected(store, 500)
    found = regressions.collect(finished(store), nlp)
    assert (found.right, found.wrong) == ((), (f"report.{target.id}.dose-value",))


def test_a_case_that_breaks_is_named_without_words_of_the_report(store, tmp_path):
    before(store, "report", worse_dose)
    target = corrected(store, 375)
    said = run("annotations", "regressions", "--store", store.location, "--out", tmp_path)
    assert said.strip() == "corrections 1, right now 1, still wrong 0, new 1"
    assert "hold 1, broken 0" in run("evaluate", "--regressions", tmp_path)
    [path] = tmp_path.glob("*.json")
    path.write_text(path.read_text().replace("375", "475", 1))
    said = run("evaluate", "--regressions", tmp_path, code=1)
    assert f"report.{target.id}.dose-value: broken (dose value)" in said
    assert "rituximab" not in said


def test_a_folder_without_cases_is_wrong_usage(tmp_path):
    assert "no regression case" in run("evaluate", "--regressions", tmp_path, code=2)
    (tmp_path / "x.json").write_text("{}")
    assert "no regression case" in run("evaluate", "--regressions", tmp_path, code=2)
    assert "name gold and predictions" in run("evaluate", code=2)


@pytest.mark.parametrize(
    ("decide", "expected"),
    [
        (lambda r: Decision("reject", event(r, "fever").id), [("event", "finding", None, False)]),
        (
            lambda r: Decision("edit_event", event(r, "rituximab").id, after={"status": "negated"}),
            [("event", "drug", "status", "negated")],
        ),
        (
            lambda r: Decision("edit_event", event(r, "rituximab").id, after={"time": {"day_low": 28, "day_high": 28}}),
            [("event", "drug", "day", {"day_low": 28.0, "day_high": 28.0})],
        ),
        (lambda r: added(r, "woman", "FINDING"), [("mention", "FINDING", None, True)]),
        (
            lambda r: Decision("edit_mention", mention(r, "fever").id, after={"assertion": {"negated": True}}),
            [("mention", "FINDING", "negated", True)],
        ),
        (lambda r: Decision("accept", event(r, "fever").id), []),
    ],
)  # fmt: skip
def test_what_was_corrected_is_what_is_expected(store, decide, expected):
    review(store, "report", decide(extraction(store, "report")))
    [one] = finished(store)
    assert [(e.what, e.kind, e.field, e.is_) for e in corrections(one)] == expected


def test_an_added_event_and_a_relation_are_expected(store):
    record = extraction(store, "report")
    [dose] = [r for r in record.relations if r.kind == "dose_of"]
    start = record.text.index("woman")
    review(
        store,
        "report",
        Decision("remove_relation", before={"kind": dose.kind, "head": dose.head, "tail": dose.tail}),
        Decision("add_event", after={"kind": "finding", "name": "woe", "start": start, "end": start + 5}),
    )
    [one] = finished(store)
    expected = {(e.what, e.kind, e.field): e for e in corrections(one)}
    assert expected["relation", "dose_of", None].is_["there"] is False
    assert expected["event", "finding", "name"].is_ == "woe"
    assert expected["event", "finding", None].is_ is True


# names for the lexicon

NAME = "Examplumab"


@pytest.fixture
def named(store):
    """Three reports in which a reviewer marks a drug that no lexicon has, and one in which nobody does."""
    for number in (1, 2, 3, 4):
        keep(
            store,
            **{
                f"r{number}": f"A man was admitted. On day {number}, {NAME} was given. {NAME.lower()} helped."
            },
        )
    for number in (1, 2, 3):
        record = extraction(store, f"r{number}")
        review(store, f"r{number}", added(record, NAME, "DRUG", name="examplumab"), done=False)
    return store


def test_a_name_that_was_added_three_times_is_proposed_with_all_its_occurrences(named):
    [one] = proposals.proposals(named)
    assert (one.label, one.term, one.name, one.added, one.documents) == ("DRUG", NAME, "examplumab", 3, 3)
    assert len(one.occurrences) == 8
    assert sorted({o.document for o in one.occurrences}) == ["r1", "r2", "r3", "r4"]
    states = [o.state for o in one.occurrences if o.document in ("r1", "r4")]
    assert states[0] == "added"
    assert all(o.text.lower() == NAME.lower() for o in one.occurrences)
    assert proposals.proposals(named, least=4) == []


def test_what_a_lexicon_has_or_was_taken_back_is_not_proposed(named, tmp_path):
    own = tmp_path / "own.csv"
    own.write_text(f"label,term,name\nDRUG,{NAME},examplumab\n")
    assert proposals.proposals(named, [str(own)]) == []
    review(named, "r1", Decision("undo", undoes=1), done=False)
    assert proposals.proposals(named) == []


def test_a_proposal_becomes_a_lexicon_only_when_it_is_confirmed(named, tmp_path):
    file, places, own = tmp_path / "proposals.csv", tmp_path / "places.csv", tmp_path / "own.csv"
    lexicon = ("annotations", "lexicon")
    said = run(*lexicon, "--store", named.location, "--out", file, "--occurrences", places)
    assert said.strip() == "1 names proposed, with 8 occurrences in the store"
    assert len(list(csv.DictReader(places.open()))) == 8
    with pytest.raises(ValueError, match="'term' is missing"):
        build_nlp([str(file)])
    assert "0 names added" in run(*lexicon, "--confirmed", file, "--out", own)
    rows = list(csv.reader(file.open()))
    rows[1][0] = "yes"
    with file.open("w", newline="") as out:
        csv.writer(out).writerows(rows)
    assert "1 names added" in run(*lexicon, "--confirmed", file, "--out", own)
    assert "0 names added" in run(*lexicon, "--confirmed", file, "--out", own)
    assert own.read_text() == f"label,term,name,source\nDRUG,{NAME},examplumab,review\n"
    report = tmp_path / "new.txt"
    report.write_text(f"A man was admitted. On day 2, {NAME.upper()} was given.")
    found = json.loads(run("extract", report, "--format", "jsonl", "--lexicon", own))
    assert "examplumab" in {m["name"] for m in found["mentions"] if m["label"] == "DRUG"}


# the error of each field


def test_each_field_is_counted_by_hand(store):
    record = extraction(store, "report")
    drug, fever = event(record, "rituximab"), event(record, "fever")
    start = record.text.index("woman")
    review(
        store,
        "report",
        Decision("edit_event", drug.id, after={"dose": {"value": 500}}),
        Decision(
            "edit_event", event(record, "discharge").id, after={"time": {"day_low": 90, "day_high": 90}}
        ),
        Decision("reject", fever.id),
        Decision("add_event", after={"kind": "finding", "name": "woe", "start": start, "end": start + 5}),
    )
    [one] = finished(store)
    counts = tallies(one)
    assert counts["finding"] == Tally(wrong=1, missed=1)
    assert counts["dose value"] == Tally(wrong=1, missed=1)
    assert counts["dose unit"] == RIGHT
    assert counts["drug"].wrong == counts["drug"].missed == 0
    assert counts["drug"].right == sum(e.kind == "drug" for e in record.cases[0].events)
    dated = sum(e.time.day_low is not None for e in record.cases[0].events)
    fever_dated = fever.time.day_low is not None
    assert counts["day"] == Tally(right=dated - 1 - fever_dated, wrong=1 + fever_dated, missed=1)
    assert (counts["age"], counts["sex"]) == (RIGHT, RIGHT)
    assert counts["status"] == Tally(right=len(record.cases[0].events) - 1, wrong=1, missed=1)
    assert counts["span FINDING"].right


@pytest.mark.parametrize(
    ("documents", "value", "low", "high", "effect"),
    [
        ([(9, 10)] * 5, 0.9, 0.786, 0.957, 1.0),  # Wilson of 45 of 50
        ([(10, 10)] * 5, 1.0, 0.929, 1.0, 1.0),
        ([(45, 50)], 0.9, 0.786, 0.957, 1.0),
        ([(10, 10)] * 4 + [(5, 10)], 0.9, 0.577, 0.983, 5.56),  # all errors in one report
        ([(0, 0)], None, None, None, 1.0),
    ],
)
def test_the_interval_of_a_share(documents, value, low, high, effect):
    found = share(documents)
    assert found.value == value
    assert found.low == (low if low is None else pytest.approx(low, abs=0.002))
    assert found.high == (high if high is None else pytest.approx(high, abs=0.002))
    assert found.design_effect == pytest.approx(effect, abs=0.01)


def test_the_error_has_a_sentence_intervals_and_caveats_in_each_form(store):
    corrected(store)
    for form in ("markdown", "json", "csv"):
        text = run("annotations", "error", "--store", store.location, "--format", form)
        if form == "csv":
            [row] = [r for r in csv.DictReader(io.StringIO(text)) if r["field"] == "dose value"]
            assert (row["right"], row["wrong"], row["missed"], row["precision"]) == ("0", "1", "1", "0.0")
            assert 0 < float(row["precision_high"]) < 1
            continue
        assert "1 reports with" in text
        assert "precision and recall (95% Wilson intervals" in text
        assert "doubtful documents first" in text
    assert (
        json.loads(run("annotations", "error", "--store", store.location, "--format", "json"))["documents"]
        == 1
    )


def test_without_a_finished_review_there_is_no_error(store):
    assert "no document is finished" in run("annotations", "error", "--store", store.location, code=2)


def test_the_same_reviews_give_the_same_bytes(store):
    corrected(store)
    one, two = (error.as_json(error.errors(finished(store))) for _ in range(2))
    assert one == two


# agreement of a store's annotators


def test_agreement_of_the_store_by_pair_label_and_kind(store):
    corrected(store, 375, layer="ann")
    corrected(store, 500, layer="bob")
    [pair] = json.loads(run("agreement", "--store", store.location, "--json"))
    assert pair["annotators"] == ["ann", "bob"]
    assert pair["spans"]["DRUG"]["strict_f1"] == 1.0
    drug = pair["kinds"]["drug"]["attributes"]
    assert drug["dose"]["agree"] == 0.0
    assert drug["all of these"]["agree"] == (drug["all of these"]["of"] - 1) / drug["all of these"]["of"]
    assert pair["kinds"]["finding"]["attributes"]["all of these"]["agree"] == 1.0
    assert pair["kinds"]["drug"]["days"]["mean_distance"] == 0.0
    assert "by kind" in run("agreement", "--store", store.location)


def test_agreement_needs_two(store):
    corrected(store, 375, layer="ann")
    assert "no two annotators" in run("agreement", "--store", store.location, code=2)
    assert "two files" in run("agreement", code=2)


def test_what_is_not_there_is_asked_of_the_whole_document(store, nlp):
    # a sentence alone tells of no patient, so that no event in it would prove nothing
    record = extraction(store, "report")
    review(store, "report", Decision("reject", event(record, "discharge").id))
    found = regressions.collect(finished(store), nlp)
    assert (found.right, len(found.wrong)) == ((), 1)
