import json

import pytest
from typer.testing import CliRunner

from flows.annotations import Exchange
from flows.cli import app
from pipeline.schema import Extraction

REPORT = "  A 40-year-old woman was given prednisolone 20 mg/day.\r\n\r\nα-fetoprotein was 5 ng/mL \U0001f600 on day 3.\n"


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.txt"
    path.write_bytes(REPORT.encode())
    return path


@pytest.fixture(scope="module")
def records(report):
    path = report.with_suffix(".jsonl")
    path.write_text(run("extract", report, "--format", "jsonl").stdout, encoding="utf-8")
    return path


FILES = {
    Exchange.label_studio: "tasks.json",
    Exchange.docbin: "annotations.spacy",
    Exchange.doccano: "annotations.jsonl",
}


@pytest.mark.parametrize("format", Exchange)
def test_a_report_goes_out_and_comes_back(tmp_path, records, format):
    out = tmp_path / "out"
    assert run("annotations", "export", format, records, "--out", out).exit_code == 0
    result = run("annotations", "import", format, out / FILES.get(format, ""), "--text", records)
    assert result.exit_code == 0, result.stderr
    before = Extraction.model_validate_json(records.read_text(encoding="utf-8"))
    after = Extraction.model_validate_json(result.stdout)
    after.check()
    assert after.cases == ()
    assert after.model_copy(update={"cases": before.cases, "produced_by": before.produced_by}).model_dump(
        exclude={"mentions", "warnings"}
    ) == before.model_dump(exclude={"mentions", "warnings"})
    assert {m.id: m for m in after.mentions} == {m.id: m for m in before.mentions}


def test_reports_are_extracted_on_the_way(tmp_path, report):
    out = tmp_path / "out"
    assert run("annotations", "export", "brat", report, "--out", out).exit_code == 0
    start = REPORT.index("prednisolone")
    assert f"\tDRUG {start} {start + 12}\tprednisolone\n" in (out / "report.ann").read_text(encoding="utf-8")
    result = run("annotations", "import", "brat", out, "--text", report)
    assert json.loads(result.stdout)["text"] == REPORT


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("import", "brat", "nowhere"), 1, "nowhere: no such file or folder"),
        (("import", "docbin", "nowhere"), 1, "nowhere: no such file or directory"),
        (("import", "brat", ".", "--annotator", "x"), 2, "--annotator is for label-studio"),
        (("import", "brat", ".", "--text", "nowhere"), 1, "nowhere: no such file or directory"),
        (("export", "brat", "nowhere.jsonl", "--out", "x"), 1, "nowhere.jsonl: no such file or directory"),
        (("export", "brat", "nowhere.txt", "--out", "x"), 1, "nowhere.txt: no such file or directory"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path, monkeypatch, arguments, code, reason):
    monkeypatch.chdir(tmp_path)
    result = run("annotations", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr == f"caseline: {reason}\n"


def test_records_that_are_none_are_named_by_line(tmp_path):
    (tmp_path / "r.jsonl").write_text('\n{"id": "x"}\n')
    result = run("annotations", "export", "brat", tmp_path / "r.jsonl", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "r.jsonl: line 2: source: Field required" in result.stderr


@pytest.mark.parametrize(("model", "name"), [("fhir", "report.fhir.json"), ("omop", "person.csv")])
def test_cases_go_to_clinical_models_with_the_epoch_asked_for(tmp_path, records, model, name):
    out = tmp_path / "out"
    result = run("clinical", model, records, "--out", out, "--epoch", "1990-05-01")
    assert result.exit_code == 0, result.stderr
    assert "1990-05-01" in (out / name).read_text(encoding="utf-8")
