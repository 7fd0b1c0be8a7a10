import json
import re
from contextlib import closing

import pytest
from typer.testing import CliRunner

from caseline import extract
from flows.annotations import Exchange
from flows.cli import app
from pipeline.reader import read_path
from pipeline.schema import Extraction
from pipeline.store import open_store, writing

REPORT = "  A 40-year-old woman was given prednisolone 20 mg/day.\r\n\r\nα-fetoprotein was 5 ng/mL \U0001f600 on day 3.\n"


TARGETS = re.compile(r"\b(T\d+)\b")


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
    Exchange.records: "records.jsonl",
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
    assert after.cases == (before.cases if format is Exchange.records else ())
    assert after.model_copy(update={"cases": before.cases, "produced_by": before.produced_by}).model_dump(
        exclude={"mentions", "warnings"}
    ) == before.model_dump(exclude={"mentions", "warnings"})
    assert {m.id: m for m in after.mentions} == {m.id: m for m in before.mentions}


def test_what_comes_back_is_taken_into_a_layer_of_a_store(tmp_path, report):
    store, out = tmp_path / "store.sqlite", tmp_path / "out"
    with closing(open_store(store)) as opened:
        document = read_path(report, "report")
        found = extract(document)
        writing.use(opened, found.produced_by.config, "0.1.0", {})
        writing.save(opened, document, found, writing.Item(str(report), "0" * 64), run=None)
    assert run("annotations", "export", "brat", "--store", store, "--out", out).exit_code == 0
    [file] = out.glob("*.ann")
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if "\tDRUG " not in line]
    kept = {line.split("\t")[0] for line in lines if line.startswith("T")}
    whole = [line for line in lines if not (names := TARGETS.findall(line)) or {*names} <= kept]
    file.write_text("\n".join(whole), encoding="utf-8")
    into = ("annotations", "import", "brat", out, "--store", store, "--layer", "anna")
    seen, done, again = run(*into, "--preview"), run(*into), run(*into)
    assert done.exit_code == 0, done.stderr
    assert seen.stdout == done.stdout
    assert "1 remove_mention" in done.stdout
    assert again.stdout.endswith("no change\n")
    assert run(*into, "--text", report).exit_code == 2


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
