"""The reviewed record overrides the extracted one, in every export that is made from a store."""

import csv
import io
import json

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from annotations.review import service
from annotations.review.final import counting, final, records
from flows.cli import app
from pipeline.store import StoreError, reviews
from pipeline.store.reviews import Decision


def rituximab(record):
    return next(e for case in record.cases for e in case.events if e.name == "rituximab" and e.dose)


def correct(store, layer, value, *, author=None, done=False, id="report"):
    target = rituximab(service.shown(store, id, layer).extraction).id
    seen = service.shown(store, id, layer).revision
    decisions = [Decision("edit_event", target, after={"dose": {"value": value}})]
    service.decide(
        store, id, layer, author or layer, decisions + [Decision("document_done")] * done, seen=seen
    )
    if done:
        reviews.assign(store, id, layer, "annotator", layer, "done")


def run(*arguments):
    result = CliRunner().invoke(app, [str(one) for one in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize(
    ("layers", "done", "whose"),
    [
        ((), (), None),
        (("ann",), (), None),  # not finished: not yet
        (("ann",), ("ann",), "ann"),
        (("ann", "bob"), ("ann",), "ann"),
        (("ann", "bob"), ("ann", "bob"), None),  # nobody has settled it
        (("ann", "bob", "adjudicated"), ("ann", "bob"), "adjudicated"),
        (("local",), (), "local"),
        (("local", "ann"), ("ann",), "ann"),
    ],
)
def test_whose_decisions_count(layers, done, whose):
    assert counting(layers, done) == whose


def test_an_unfinished_review_does_not_count(store):
    correct(store, "ann", 500)
    assert rituximab(final(store, "report")).dose.value == 375


def test_two_who_are_done_wait_for_the_adjudicator(store):
    correct(store, "ann", 500, done=True)
    correct(store, "bob", 400, done=True)
    waiting = final(store, "report")
    assert rituximab(waiting).dose.value == 375
    assert [w.code for w in waiting.warnings if w.code.startswith("review")] == ["review_not_adjudicated"]
    correct(store, "adjudicated", 400, author="eve")
    settled = final(store, "report")
    assert (rituximab(settled).dose.value, rituximab(settled).reviewed_by) == (400, "eve")
    assert settled.review.layer == "adjudicated"


def test_all_records_of_the_store_and_the_machine_only_switch(store):
    correct(store, "local", 500)
    assert [r.id for r in records(store)] == ["other", "report"]
    assert {r.id: r.review is not None for r in records(store)} == {"other": False, "report": True}
    assert [rituximab(r).dose.value for r in records(store, ["report"], machine=True)] == [375]
    with pytest.raises(StoreError, match="no such document"):
        list(records(store, ["nowhere"]))


def test_csv_has_the_decision_with_who_and_when(store):
    correct(store, "ann", 500, done=True)
    rows = list(csv.DictReader(io.StringIO(run("export", "--store", store.location, "--format", "csv"))))
    [row] = [r for r in rows if r["document"] == "report" and r["name"] == "rituximab" and r["dose"]]
    assert (row["dose_value"], row["review"], row["reviewed_by"], row["review_layer"]) == (
        "500.0",
        "edited",
        "ann",
        "ann",
    )
    assert row["reviewed_at"].endswith("Z")
    assert row["review_finished"].endswith("Z")
    assert {r["review"] for r in rows if r["document"] == "other"} == {""}


def test_as_extracted_gives_the_machine_only_record(store):
    correct(store, "ann", 500, done=True)
    text = run("export", "report", "--store", store.location, "--format", "jsonl", "--as-extracted")
    record = json.loads(text)
    assert record["review"] is None
    assert "500" not in json.dumps(record["cases"])


def test_the_table_and_show_say_who_reviewed(store):
    correct(store, "ann", 500, done=True)
    for command in ("export", "show"):
        shown = run(command, "report", "--store", store.location)
        assert "reviewed by ann (ann, finished" in shown
        assert "500" in shown
    assert "reviewed by" not in run("show", "report", "--store", store.location, "--as-extracted")


def test_parquet_json_and_html_have_it(store, tmp_path):
    correct(store, "ann", 500, done=True)
    for format in ("parquet", "json", "html"):
        run("export", "--store", store.location, "--format", format, "--out", tmp_path)
    table = pq.read_table(tmp_path / "events.parquet").to_pylist()
    assert [r["dose_value"] for r in table if r["reviewed_by"] == "ann"] == [500.0]
    assert json.loads((tmp_path / "report.json").read_text())["review"]["authors"] == ["ann"]
    assert '"review":"edited","reviewer":"ann"' in (tmp_path / "report.html").read_text()


def test_no_text_keeps_who_and_when_and_no_words(store):
    correct(store, "ann", 500, done=True)
    text = run("export", "report", "--store", store.location, "--format", "jsonl", "--no-text")
    assert "admitted" not in text
    assert '"reviewed_by":"ann"' in text


def test_compare_clinical_and_exchange_take_the_reviewed_record(store, tmp_path):
    correct(store, "ann", 500, done=True)
    mention = next(m for m in service.shown(store, "report", "ann").extraction.mentions if m.label == "DOSE")
    service.decide(
        store, "report", "ann", "ann", [Decision("reject", mention.id)],
        seen=service.shown(store, "report", "ann").revision,
    )  # fmt: skip
    [row] = [
        r for r in csv.DictReader(io.StringIO(run("compare", "--store", store.location)))
        if r["document"] == "report"
    ]  # fmt: skip
    assert row["reviewed by"] == "ann"
    assert "500" in row["rituximab dose"]
    run("clinical", "fhir", "report", "--store", store.location, "--out", tmp_path)
    bundle = json.loads((tmp_path / "report.fhir.json").read_text())
    [said] = [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Provenance"]
    assert said["agent"] == [{"who": {"display": "ann"}}]
    [target] = said["target"]
    kind, id = target["reference"].split("/")
    assert any(e["resource"]["id"] == id and e["resource"]["resourceType"] == kind for e in bundle["entry"])
    run("clinical", "omop", "report", "--store", store.location, "--out", tmp_path)
    rows = list(csv.DictReader((tmp_path / "drug_exposure.csv").open()))
    assert [r["quantity"] for r in rows if r["review"] == "edited"] == ["500.0"]
    run("annotations", "export", "brat", "report", "--store", store.location, "--out", tmp_path / "brat")
    assert "DOSE" not in (tmp_path / "brat/report.ann").read_text()
    again = ["annotations", "export", "brat", "report", "--store", store.location, "--as-extracted"]
    run(*again, "--out", tmp_path / "brat")
    assert "DOSE" in (tmp_path / "brat/report.ann").read_text()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("compare",), "name records"),
        (("annotations", "export", "brat", "--out", "x"), "name records"),
        (("compare", "a.jsonl", "--as-extracted"), "is for --store"),
        (("export", "--format", "parquet"), "--out"),
    ],
)
def test_what_is_not_possible_is_said(arguments, reason):
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert reason in result.output
