"""Learning confidences from reviews: the split, the comparison, the refusal, the card, and its use."""

import csv
import json

import pytest
from typer.testing import CliRunner

from annotations.learning import card, retrain
from annotations.learning.retrain import ALL, TooFewError, brier, compared, held_back, relearned
from annotations.scoring.learn import learned
from annotations.scoring.records import Span
from flows.cli import app
from flows.commands.run import absolute
from flows.runs import checked
from flows.worker import Setup, Task, Worker
from pipeline.build import build_nlp
from pipeline.fingerprint import components
from pipeline.mentions.confidence import load
from pipeline.store import reading
from pipeline.store.reviews import Decision
from tests.annotations.reviewing import extraction, keep, mention, review


def judged(label, rule, confidence, right, of):
    return [(Span(i, i + 1, label, confidence, rule), False, i < right) for i in range(of)]


def run(*arguments, code=0):
    result = CliRunner().invoke(app, [str(one) for one in arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_a_document_stays_on_its_side():
    texts = [f"{number:064x}" for number in range(400)]
    sides = {sha: held_back(sha, 1, 0.3) for sha in texts}
    assert 0.2 < sum(sides.values()) / len(texts) < 0.4
    assert all(held_back(sha, 1, 0.5) for sha, held in sides.items() if held)
    assert {sha: held_back(sha, 2, 0.3) for sha in texts} != sides


def test_the_brier_score_by_hand():
    assert brier(judged("DOSE", "x", 0.9, 1, 2)) == pytest.approx((0.1**2 + 0.9**2) / 2)


def test_few_reports_move_a_table_only_a_little():
    old = {"label:DOSE": 2.0, "slope:DOSE": 0.5, "rule:dose.mass": 1.0}
    few, many = (learned(judged("DOSE", "dose.mass", 0.9, 0, n), old)["rule:dose.mass"] for n in (1, 200))
    assert many < few < 1.0
    assert (
        learned(judged("DOSE", "dose.mass", 0.9, 1, 2))["rule:dose.mass"] < 0.2
    )  # without a prior: from zero


def test_a_label_with_few_mentions_keeps_its_weights():
    old = {"label:DOSE": 2.0, "slope:DOSE": 0.5}
    seen = judged("DOSE", "dose.mass", 0.9, 1, 20) + judged("DRUG", "drug.lexicon", 0.9, 20, 40)
    weights, labels = relearned(seen, old, corpus=False)
    assert labels == ("DRUG",)
    assert {name: weights[name] for name in old} == old
    assert "label:DRUG" in weights


def test_a_table_that_fits_the_reviews_is_better_on_those_held_back():
    old = {"label:DOSE": 0.0, "slope:DOSE": 1.0}
    new, _ = relearned(judged("DOSE", "dose.mass", 0.9, 50, 100), old, corpus=False)
    figures, worse = compared(judged("DOSE", "dose.mass", 0.9, 25, 50), old, new)
    assert worse is None
    assert figures[ALL].brier_after < figures[ALL].brier_before == pytest.approx((0.1**2 + 0.9**2) / 2)
    assert figures["DOSE"].gap_after < 0.1 < figures["DOSE"].gap_before == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ({"label:DOSE": 0.0, "slope:DOSE": 1.0}, "not lower"),  # the same is not better
        ({"label:DOSE": -2.0, "slope:DOSE": 0.0}, "not lower"),
    ],
)
def test_a_better_table_is_not_replaced(new, reason):
    kept = judged("DOSE", "dose.mass", 0.9, 45, 50)
    _, worse = compared(kept, {"label:DOSE": 0.0, "slope:DOSE": 1.0}, new)
    assert reason in worse


def test_a_gain_over_all_does_not_pay_for_a_label_that_is_clearly_worse():
    old = {"label:A": 0.0, "label:B": 2.197}
    new = {"label:A": 2.197, "label:B": 0.0}
    kept = judged("A", "x", 0.5, 180, 200) + judged("B", "y", 0.5, 36, 40)
    figures, worse = compared(kept, old, new)
    assert figures[ALL].brier_after < figures[ALL].brier_before
    assert worse.startswith("B is clearly worse")


def test_too_few_to_judge_by():
    with pytest.raises(TooFewError, match="5 mentions are held back"):
        compared(judged("DOSE", "x", 0.9, 1, 5), {}, {})


COUNT = 14


@pytest.fixture
def reviewed(store):
    """Reports in which half of the procedures are rejected."""
    acts = ("dialysis", "intubation", "laparotomy", "craniotomy", "splenectomy")
    for number in range(COUNT):
        told = " ".join(f"On day {number + 2 * n + 1}, {act} was performed." for n, act in enumerate(acts))
        keep(store, **{f"p{number:02}": f"A {30 + number}-year-old man was admitted. {told}"})
        record = extraction(store, f"p{number:02}")
        wrong = [mention(record, act, "PROCEDURE").id for act in acts[:3]]
        review(store, f"p{number:02}", *(Decision("reject", id) for id in wrong))
    return store


def test_it_is_learned_tried_written_with_its_card_and_used(reviewed, tmp_path):
    said = run("retrain", "--store", reviewed.location, "--out", tmp_path, "--seed", 1, "--share", 0.5)
    assert "confidence.table=" in said
    weights = load(tmp_path / card.TABLE)
    assert weights["label:PROCEDURE"] != load()["label:PROCEDURE"]
    facts = json.loads((tmp_path / "confidence.json").read_text())
    assert facts["seed"] == 1
    assert facts["command"].startswith("caseline")
    assert len(facts["learned_from"]) + len(facts["held_back"]) == COUNT
    assert not {*facts["learned_from"]} & {*facts["held_back"]}
    assert facts["figures"][ALL]["brier_after"] < facts["figures"][ALL]["brier_before"]
    assert "| PROCEDURE |" in (tmp_path / "confidence.md").read_text()
    setting = f"confidence.table={tmp_path / card.TABLE}"
    assert build_nlp((), (setting,)).meta["fingerprint"] != build_nlp().meta["fingerprint"]
    one = components((), (setting,))
    (tmp_path / card.TABLE).write_text("feature,weight\n")
    assert components((), (setting,)) != one  # what the file holds counts, not its name


def test_a_better_table_stays_and_the_figures_are_shown(reviewed, tmp_path, monkeypatch):
    monkeypatch.setattr(
        retrain, "relearned", lambda seen, old, corpus: ({"label:PROCEDURE": -9.0}, ("PROCEDURE",))
    )
    out = tmp_path / "out"
    said = run("retrain", "--store", reviewed.location, "--out", out, "--share", 0.5, code=1)
    assert "not written: its Brier score is not lower" in said
    assert "| all |" in said
    assert not out.exists()


def test_too_little_is_said(store, tmp_path):
    assert "finished documents" in run("retrain", "--store", store.location, "--out", tmp_path, code=2)
    assert "no table" in run("retrain", "--store", store.location, "--old", __file__, code=2)
    assert not (tmp_path / card.TABLE).exists()


def test_the_same_reviews_give_the_same_table(reviewed):
    nlp = build_nlp()
    nlp.remove_pipe("confidence")
    from annotations.learning.finished import finished

    one, two = (retrain.retrain(finished(reviewed), nlp, load(), share=0.5) for _ in range(2))
    assert one == two
    rows = list(csv.reader(card.table(one.weights).splitlines()))
    assert rows[0] == ["feature", "weight"]
    assert rows[1:] == sorted(rows[1:])


def test_a_run_uses_the_table_under_a_fingerprint_of_its_own(store, tmp_path):
    report, table = tmp_path / "a.txt", tmp_path / "own.csv"
    report.write_text("A 50-year-old man was admitted. On day 3, dialysis was performed.")
    table.write_text("feature,weight\nlabel:PROCEDURE,0.0\n")
    settings = absolute([f"confidence.table={table}"])
    nlp = build_nlp((), settings)
    assert checked(store, (), settings) == nlp.meta["fingerprint"] != checked(store, ())
    worker = Worker(Setup(store.location, None, (), 5_000_000, 60.0, settings), nlp, store)
    [reply] = worker.do([Task(str(report), "a", "file", "")])
    assert reply.status == "extracted"
    found = reading.extraction(store, "a")
    assert {m.text: m.confidence for m in found.mentions}["dialysis"] == 0.5
    assert found.produced_by.config == nlp.meta["fingerprint"]


def test_a_path_among_the_settings_is_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own = ["confidence.table=own.csv", "confidence.enabled=false", "confidence.table=null"]
    assert absolute(own) == (f"confidence.table={tmp_path / 'own.csv'}", *own[1:])


def test_what_is_no_table_ends_the_run(store):
    said = run("run", __file__, "--store", store.location, "--set", f"confidence.table={__file__}", code=2)
    assert "no table of confidences" in said
