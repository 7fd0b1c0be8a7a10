"""Runs from the command line: by ids and queries, failures with their lexicons, what is told and what is not."""

import os
import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from flows import runs
from flows.cli import app
from flows.report import Outcome
from pipeline.store import fetching, harvests, open_store, reading, running, writing
from tests.flows.library import serving

SECRET = "Quarvexilomania"
TEXT = f"A 40-year-old woman with {SECRET} was admitted. On day 3, {{}} 20 mg was given.\n"


@pytest.fixture
def library(monkeypatch):
    with serving() as library:
        for name in ("EUROPEPMC", "PMC", "EUTILS"):
            monkeypatch.setenv(f"CASELINE_{name}_URL", library.url)
        yield library


@pytest.fixture
def place(tmp_path):
    return str(tmp_path / "store.sqlite")


@pytest.fixture
def planned(monkeypatch):
    """Runs go no further than their plan; gives what they would have done."""
    seen = []

    def do(self, plan, outcome, last=lambda outcome: None):
        seen.append((self, plan))
        return outcome

    monkeypatch.setattr(runs.Run, "do", do)
    return seen


def invoke(*arguments):
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["PMC1001", "PMC1002"], ["pmc:PMC1001", "pmc:PMC1002"]),
        (["--query", "PMCID:PMC1001"], ["europepmc:PMC1001"]),
        (["--query", "PMCID:PMC1001", "--source", "eutils"], ["eutils:PMC1001", "eutils:PMC1002"]),
    ],
    ids=["ids", "query", "source"],
)
def test_articles_are_fetched_once(library, place, planned, arguments, ids):
    library.articles = {"PMC1001": library.articles["PMC1"], "PMC1002": library.articles["PMC2"]}
    result = invoke("run", *arguments, "--store", place)
    assert result.exit_code == 0, result.output
    assert [task.uri for task in planned[0][1].tasks] == ids
    assert result.output.endswith(f"found {len(ids)}, new 0, unchanged 0, failed 0, extracted 0\n")


def test_a_list_of_ids_and_files_in_one_run(library, place, planned, tmp_path):
    library.articles = {"PMC1001": library.articles["PMC1"]}
    (tmp_path / "ids.txt").write_text("PMC1001,\n")
    (tmp_path / "r.txt").write_text(TEXT.format("aspirin"))
    result = invoke("run", str(tmp_path / "r.txt"), "--ids", str(tmp_path / "ids.txt"), "--store", place)
    assert result.exit_code == 0, result.output
    assert [task.origin for task in planned[0][1].tasks] == ["fetched", "file"]
    assert "found 2, new 0" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name files or articles"), (["x.txt", "--query", "y"], "name files or articles"),
        (["--query", "y", "--source", "z"], "is none of"),
    ],
)  # fmt: skip
def test_what_cannot_be_run(place, arguments, said):
    result = invoke("run", *arguments, "--store", place)
    assert result.exit_code == 2
    assert said in re.sub(r"\W+", " ", result.output).replace("  ", " ")


def test_a_source_that_refuses_is_one_line_and_a_failed_run(library, place):
    library.misbehave = {"search": [(400, b"", {})]}
    result = invoke("run", "--query", "x", "--store", place)
    assert (result.exit_code, len(result.output.splitlines())) == (2, 1)
    store = open_store(place)
    assert [row.state for row in reading.runs(store)] == ["failed"]
    store.close()


def test_failures_are_tried_again_with_their_lexicons(place, planned, tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("term,label,name\nquarvexil,DRUG,quarvexil\n")
    store = open_store(place)
    for name, lexicons in (("a", (str(own),)), ("b", ())):
        mark = runs.checked(store, lexicons)
        number = running.begin(store, "process", mark, lexicons=lexicons)
        (tmp_path / f"{name}.txt").write_text(TEXT.format("aspirin"))
        item = writing.Item(str(tmp_path / f"{name}.txt"), "0")
        writing.fail(store, item, mark, "crash", "died", run=number)
    store.close()
    result = invoke("failures", "--retry", "--store", place)
    assert result.exit_code == 0, result.output
    done = {run.options.lexicons: [task.id for task in plan.tasks] for run, plan in planned}
    assert done == {(): ["b"], (str(own),): ["a"]}


def test_a_fetched_article_is_tried_again_from_its_bytes(place, planned):
    store = open_store(place)
    mark = runs.checked(store, ())
    fetching.keep(store, "pmc:PMC1001", b"<article/>", {})
    writing.fail(store, writing.Item("pmc:PMC1001", "0"), mark, "read", "broken", run=None)
    writing.fail(store, writing.Item("pmc:PMC1002", "0"), mark, "fetch", "status 500", run=None)
    store.close()
    result = invoke("failures", "--retry", "--store", place)
    assert [task.uri for task in planned[0][1].tasks] == ["pmc:PMC1001"]
    assert "run its query again" in result.output


def test_a_saved_query_keeps_its_lexicons(place, planned, library, tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("term,label,name\nquarvexil,DRUG,quarvexil\n")
    invoke("harvest", "add", "q", "--query", "x", "--lexicon", str(own), "--store", place)
    invoke("harvest", "run", "q", "--store", place)
    assert planned[0][0].options.lexicons == (str(own),)


def test_reprocess_says_how_many_and_why(place, tmp_path, monkeypatch):
    store = open_store(place)
    store.close()
    result = invoke("reprocess", "--dry-run", "--store", place)
    assert (result.exit_code, result.output) == (0, "0 of 0 documents would be done again\n")


def test_what_people_read_of_a_run():
    outcome = Outcome(found=3, new=1, unchanged=1, failures=[("x", "empty")], extracted=1)
    assert outcome.line == "found 3, new 1, unchanged 1, failed 1, extracted 1"
    assert list(outcome.counts)[:7] == [
        "found", "new", "changed", "unchanged", "not open", "not a case report", "withdrawn",
    ]  # fmt: skip


def test_a_run_is_quiet(place, tmp_path):
    """Nothing but the counts and the failures: no traceback at the end, no word of a document, nobody told."""
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "good.txt").write_text(TEXT.format("aspirin"))
    (reports / "bad.xml").write_text(f"<article><body>{SECRET}")
    home = tmp_path / "home"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "CASELINE"))}
    done = subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", "run", str(reports), "--store", place],
        capture_output=True,
        text=True,
        env={**kept, "XDG_DATA_HOME": str(home), "HOME": str(home)},
        check=False,
    )
    assert done.stdout == "found 2, new 1, unchanged 0, failed 1, extracted 1\n"
    assert len(done.stderr.splitlines()) == 1
    assert "XML is broken" in done.stderr
    written = [path for path in home.rglob("*") if path.is_file()]
    assert written, "Prefect keeps its database beside the store"
    assert not [path for path in written if SECRET.encode() in path.read_bytes()]


def test_prefect_tells_nobody():
    program = (
        "from flows.engine import quiet; quiet()\n"
        "from prefect.settings import get_current_settings as now\n"
        "s = now(); print(s.server.analytics_enabled, s.client.metrics.enabled, s.logging.level)"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=kept, check=True
    )
    assert done.stdout.split() == ["False", "False", "WARNING"]


def test_harvests_are_listed_with_what_they_were_saved_with(place):
    store = open_store(place)
    harvests.add(store, "q", "europepmc", "x", "0 6 * * 1", ["/own.csv"])
    assert harvests.named(store, "q").lexicons == ("/own.csv",)
    store.close()
