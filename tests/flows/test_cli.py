import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from pipeline.schema import Extraction
from tests.conftest import SAMPLES

COMMAND = Path(sys.executable).with_name("caseline")
REPORT = (
    "A 40-year-old woman was admitted with fever. On hospital day 3, prednisolone 20 mg/day was started.\n"
)


def run(*arguments, stdin=None):
    return CliRunner().invoke(app, [str(a) for a in arguments], input=stdin)


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def test_json_lines_are_records_with_exact_offsets(report):
    result = run("extract", report, "--format", "jsonl")
    assert result.exit_code == 0
    [line] = result.stdout.splitlines()
    extraction = Extraction.model_validate_json(line)
    extraction.check()
    assert extraction.id == "report"
    assert [m.text for m in extraction.mentions if m.label == "DRUG"] == ["prednisolone"]


def test_the_rules_of_time_are_listed_with_their_examples():
    shown = run("rules", "ago").stdout
    assert "time.offset.ago  An amount back" in shown
    assert "It was done <more than 10 years ago>." in shown
    assert "time.clock" not in shown


def test_json_of_several_documents_is_one_array(report):
    result = run("extract", report, SAMPLES[0], "--format", "json")
    assert [one["id"] for one in json.loads(result.stdout)] == ["report", SAMPLES[0].stem]


def test_csv_has_a_row_an_event_with_hash_and_version(report):
    rows = list(csv.DictReader(io.StringIO(run("extract", report, "--format", "csv").stdout)))
    [row] = [row for row in rows if row["kind"] == "drug"]
    assert (row["name"], row["dose_value"], row["dose_unit"], row["day_low"]) == (
        "prednisolone",
        "20.0",
        "mg/d",
        "3.0",
    )
    assert len(row["text_sha256"]) == 64


def test_the_table_shows_day_dose_and_sentence(report):
    shown = run("extract", report).stdout
    assert "40 years, female" in shown
    line = next(line for line in shown.splitlines() if "prednisolone (start)" in line)
    assert line.split()[1] == "3"
    assert "20 mg/day" in line


def test_days_count_from_another_event(report, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("A 5-year-old boy was admitted with fever.\n", encoding="utf-8")
    lines = run(
        "extract", report, other, "--format", "jsonl", "--zero", "drug:prednisolone"
    ).stdout.splitlines()
    first, second = (Extraction.model_validate_json(line) for line in lines)
    assert first.cases[0].anchor.event == "prednisolone"
    assert [e.time.day_low for e in first.cases[0].events if e.name == "admission"] == [-3]
    assert (second.cases, second.warnings[-1].code) == ((), "no_zero_event")
    shown = run("extract", report, "--zero", "prednisolone").stdout
    assert "day 0: prednisolone" in shown
    [row] = [r for r in csv.DictReader(io.StringIO(run("extract", report, "--format", "csv", "--zero", "prednisolone").stdout))
             if r["kind"] == "drug"]  # fmt: skip
    assert (row["day_low"], row["anchor"]) == ("0.0", "prednisolone")


def test_standard_input_is_a_document(report):
    result = run("extract", "-", "--format", "jsonl", stdin=REPORT)
    assert json.loads(result.stdout)["id"] == "stdin"


def test_a_failed_document_is_named_and_the_others_are_complete(report, tmp_path):
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "latin.txt").write_bytes("Fièvre".encode("latin-1"))
    result = run("extract", tmp_path, tmp_path / "gone.txt", "--format", "jsonl")
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["report"]
    complaints = {line.split(": ")[1].rsplit("/", 1)[-1]: line for line in result.stderr.splitlines()}
    assert complaints["empty.txt"].endswith(": empty")
    assert "not UTF-8" in complaints["latin.txt"]
    assert "no such file" in complaints["gone.txt"]


def test_an_unreadable_file_is_named(report):
    report.chmod(0)
    if os.access(report, os.R_OK):
        pytest.skip("this user may read everything")
    assert "permission denied" in run("extract", report).stderr


@pytest.mark.parametrize("arguments", [["extract"], ["extract", "x", "--format", "xml"], ["nothing"]])
def test_wrong_usage_exits_with_2(arguments):
    assert run(*arguments).exit_code == 2


def test_a_folder_of_results(report, tmp_path):
    out = tmp_path / "out"
    assert run("extract", report, "--format", "json", "--out", out).exit_code == 0
    assert json.loads((out / "report.json").read_text(encoding="utf-8"))["id"] == "report"
    run("extract", report, "--format", "csv", "--out", out)
    assert (out / "events.csv").read_text(encoding="utf-8").startswith("document,")


def test_the_html_report_is_one_page_for_all(report, tmp_path):
    out = tmp_path / "out"
    assert run("extract", report, SAMPLES[0], "--format", "html", "--out", out).exit_code == 0
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>\n")
    assert page.count('<script type="application/json" id="document-') == 2


def test_parquet_needs_a_folder(report, tmp_path):
    assert run("extract", report, "--format", "parquet").exit_code == 2
    out = tmp_path / "out"
    assert run("extract", report, "--format", "parquet", "--out", out).exit_code == 0
    assert (out / "events.parquet").read_bytes().startswith(b"PAR1")


@pytest.mark.parametrize("format", ["table", "jsonl", "json", "csv", "html"])
def test_no_text_writes_none_of_the_words(report, format):
    shown = run("extract", report, "--format", format, "--no-text").stdout
    assert "prednisolone" in shown
    assert "40-year-old" not in shown
    assert "hospital day" not in shown
    assert "was started" not in shown


def test_results_are_the_same_bytes_with_two_processes():
    one, two = (
        subprocess.run(
            [COMMAND, "extract", *SAMPLES[:3], "--format", "jsonl", "--workers", n], capture_output=True
        )
        for n in ("1", "2")
    )
    assert one.returncode == two.returncode == 0
    assert one.stdout == two.stdout


def test_explain_shows_sentence_rules_and_day_0(report):
    shown = run("explain", report, "prednisolone").stdout
    assert "On hospital day 3, prednisolone 20 mg/day was started." in shown
    assert "drug." in shown
    assert "day 3" in shown
    assert "day 0 is admission" in shown


def test_explain_lists_the_events_when_there_is_no_such_one(report):
    result = run("explain", report, "e999")
    assert result.exit_code == 2
    assert "prednisolone" in result.stderr


def test_the_schema_describes_the_record(report):
    schema = json.loads(run("schema").stdout)
    assert schema["title"] == "Extraction"
    assert set(schema["required"]) >= {"id", "text", "mentions", "cases"}


def test_cases_are_compared_from_an_event_on(report, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("A 5-year-old boy was admitted with fever.\n", encoding="utf-8")
    result = run("compare", report, other, tmp_path / "gone.txt", "--zero", "prednisolone")
    assert result.exit_code == 1
    [row] = csv.DictReader(io.StringIO(result.stdout))
    assert (row["document"], row["prednisolone start"], row["prednisolone dose"]) == (
        "report",
        "0",
        "20 mg/day",
    )
    assert "no such file" in result.stderr
    assert "no event 'prednisolone'" in result.stderr
    page = tmp_path / "comparison.html"
    assert run("compare", report, "--format", "html", "--out", page).exit_code == 0
    assert "<svg" in page.read_text(encoding="utf-8")


def test_a_comparison_that_cannot_be_written_is_one_line(report, tmp_path):
    result = run("compare", report, "--out", tmp_path / "gone" / "cases.csv")
    assert result.exit_code == 1
    assert result.stderr.endswith("cases.csv: no such file or directory\n")


@pytest.mark.parametrize("command", [["accounts", "list"], ["review"], ["status"]])
def test_a_store_that_is_not_there_is_wrong_usage(command, tmp_path):
    result = run(*command, "--store", tmp_path / "gone.sqlite")
    assert result.exit_code == 2
    assert "there is no store yet" in result.stderr


@pytest.mark.parametrize("command", ["extract", "explain", "schema", "compare"])
def test_every_help_has_an_example(command):
    assert f"Example: caseline {command}" in run(command, "--help").stdout


def test_the_command_imports_no_prefect(report):
    program = f"import sys; sys.argv = ['caseline', 'extract', {str(report)!r}, '--format', 'jsonl']\n"
    program += "from flows.cli import app\ntry:\n  app()\nexcept SystemExit:\n  pass\nassert 'prefect' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True).returncode == 0


def test_names_of_ones_own_are_found(tmp_path):
    report = tmp_path / "report.txt"
    report.write_text("A woman was admitted. On day 3, quixolate 20 mg was given.\n", encoding="utf-8")
    own = tmp_path / "own.csv"
    own.write_text("label,term,name,source\nDRUG,quixolate,quixolate sodium,mine\n", encoding="utf-8")

    def drugs(*more):
        record = json.loads(run("extract", report, "--format", "jsonl", *more).stdout)
        return [m["name"] for m in record["mentions"] if m["label"] == "DRUG"], record["produced_by"][
            "config"
        ]

    assert drugs()[0] == []
    found, fingerprint = drugs("--lexicon", own)
    assert found == ["quixolate sodium"]
    assert fingerprint != drugs()[1]


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "No such file"), ("name\nx\n", "column 'term' is missing")]
)
def test_a_lexicon_that_cannot_be_used_ends_the_command(report, tmp_path, content, reason):
    own = tmp_path / "own.csv"
    if content:
        own.write_text(content, encoding="utf-8")
    result = run("extract", report, "--lexicon", own)
    assert result.exit_code == 2
    assert reason in result.stderr


def test_a_setting_is_part_of_the_fingerprint_and_a_wrong_one_ends_the_command(report):
    def config(*more):
        return json.loads(run("extract", report, "--format", "jsonl", *more).stdout)["produced_by"]["config"]

    assert config("--set", "confidence.enabled=false") != config()
    wrong = run("extract", report, "--set", "confidence.on=1")
    assert wrong.exit_code == 2
    assert "they are confidence.enabled=" in wrong.stderr
