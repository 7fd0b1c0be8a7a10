"""Doing again only what a change reaches: by terms, formats, tables; the rest is carried over."""

import pytest

from flows.plan import of_paths
from flows.report import Outcome, markdown
from flows.reprocess import plan
from flows.reprocess.changes import LEXICONS, Change, changes
from flows.reprocess.touched import Reached, Words
from flows.worker import Setup, Worker
from pipeline import fingerprint as marks
from pipeline.build import build_nlp
from pipeline.fingerprint import ROOM, components, fingerprint, lexicon_files
from pipeline.reader import read_bytes
from pipeline.store import backup, open_store, reading, reprocessing, reviews, writing

TEXT = "A 40-year-old woman was admitted with fever. On day 3, {} 20 mg was given.\n"


def lexicon(folder, *terms):
    path = folder / "own.csv"
    path.write_text("term,label,name\n" + "".join(f"{term},DRUG,{term}\n" for term in terms), "utf-8")
    return (str(path),)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "reports"
    made.mkdir()
    for name, drug in (("one", "zorbitol"), ("two", "quarvexil"), ("three", "prednisolone")):
        (made / f"{name}.txt").write_text(TEXT.format(drug), "utf-8")
    return made


@pytest.fixture(autouse=True)
def fresh():
    marks.fingerprint.cache_clear()
    yield
    marks.fingerprint.cache_clear()


def use(store, lexicons):
    marks.fingerprint.cache_clear()
    mark = fingerprint(lexicons)
    writing.use(store, mark, "0.1.0", components(lexicons))
    reprocessing.keep_lexicons(store, lexicon_files(lexicons))
    return mark


def do(store, planned, lexicons):
    outcome = Outcome.of(planned)
    setup = Setup(store.location, None, lexicons, 5_000_000, 60.0)
    for reply in Worker(setup, build_nlp(lexicons), store).do(planned.tasks):
        outcome.add(reply)
    return outcome


def first(store, folder, lexicons):
    return do(store, of_paths(store, [str(folder)], use(store, lexicons), run=None), lexicons)


def again(store, lexicons):
    mark = use(store, lexicons)
    planned, reasons = plan(store, components(lexicons), mark)
    reprocessing.carry(store, reasons.carried, mark)
    return reasons, do(store, planned, lexicons)


def test_a_new_term_reaches_the_documents_that_hold_it(store, folder, tmp_path):
    first(store, folder, lexicon(tmp_path, "zorbitol"))
    reasons, outcome = again(store, lexicon(tmp_path, "zorbitol", "quarvexil"))
    assert reasons.by_document == {"two": "user/1"}
    assert outcome.line == "found 3, new 0, unchanged 2, failed 0, extracted 1"
    assert [one.line for one in outcome.events["two"]] == ["added: drug quarvexil (c1), day 3"]
    assert "### two\n\n- added: drug quarvexil (c1), day 3" in markdown(outcome)


def test_what_is_carried_over_needs_nothing_more(store, folder, tmp_path):
    first(store, folder, lexicon(tmp_path, "zorbitol"))
    lexicons = lexicon(tmp_path, "zorbitol", "quarvexil")
    again(store, lexicons)
    assert of_paths(store, [str(folder)], fingerprint(lexicons), run=None).tasks == ()
    assert plan(store, components(lexicons), fingerprint(lexicons))[0].tasks == ()
    assert list(backup.check(store)) == []


def test_a_lost_term_takes_its_events(store, folder, tmp_path):
    first(store, folder, lexicon(tmp_path, "zorbitol", "quarvexil"))
    _, outcome = again(store, lexicon(tmp_path, "zorbitol"))
    assert [one.line for one in outcome.events["two"]] == ["removed: drug quarvexil (c1), day 3"]


def test_the_store_is_as_if_all_had_been_done_again(store, folder, tmp_path):
    first(store, folder, lexicon(tmp_path, "zorbitol"))
    lexicons = lexicon(tmp_path, "zorbitol", "quarvexil")
    again(store, lexicons)
    whole = open_store(tmp_path / "whole.sqlite")
    first(whole, folder, lexicons)

    def told(one):
        return [record.model_copy(update={"produced_by": None}) for record in reading.extractions(one)]

    assert told(store) == told(whole)
    whole.close()


def test_decisions_stay(store, folder, tmp_path):
    first(store, folder, lexicon(tmp_path, "zorbitol"))
    old = reading.document(store, "two").extraction_id
    reviews.decide(
        store, "two", "ann", "ann", [reviews.Decision("comment", note="seen")], seen=0, extraction_id=old
    )
    _, outcome = again(store, lexicon(tmp_path, "zorbitol", "quarvexil"))
    assert outcome.reviewed == ["two"]
    assert [one.decision.note for one in reviews.decided(store, "two")] == ["seen"]
    assert reading.by_id(store, old), "what was decided on is still there"


def test_a_lexicon_whose_words_are_lost_reaches_all(store, folder, tmp_path):
    first(store, folder, lexicon(tmp_path, "zorbitol"))
    with store.write() as connection:
        connection.exec_driver_sql("DELETE FROM lexicons")
    lexicons = lexicon(tmp_path, "zorbitol", "quarvexil")
    planned, _ = plan(store, components(lexicons), use(store, lexicons))
    assert len(planned.tasks) == 3


@pytest.mark.parametrize(
    ("component", "reach"),
    [
        ("mentions/dose.py", "all"), ("tables/axis.py", "tables"), ("reader/jats.py", "format"),
        ("timeline/rezero.py", "none"), ("structure/view.py", "all"), ("reader/read.py", "all"),
        ("models/confidence.csv", "all"), ("lexicon/time.csv", "all"),
    ],
)  # fmt: skip
def test_how_far_a_module_reaches(component, reach):
    [change] = changes({component: "a"}, {component: "b"}, lambda key: b"term,source\n")
    assert change.reach == reach


def test_every_lexicon_that_is_named_exists():
    assert set(LEXICONS) <= {path.stem for path in (ROOM / "lexicon").glob("*.csv")}


HEAD = "term,name,flags,source\n"


@pytest.mark.parametrize(
    ("component", "line", "text", "touched"),
    [
        ("lexicon/drug.csv", "quarvexil,,,x", "quarvexil was given", True),
        ("lexicon/drug.csv", "quarvexil,,,x", "Quarvexils were given", True),
        ("lexicon/drug.csv", "quarvexil,,,x", "zorbitol was given", False),
        ("lexicon/drug.csv", "zinc quarvexil,,,x", "quarvexil was given", False),
        ("lexicon/drug.csv", "zinc quarvexil,,,x", "zinc<i>-quarvexil</i> was given", True),
        ("lexicon/drug_names.csv", "quarvexil,,,x", "quarvexl was given", True),
        ("lexicon/drug_names.csv", "quarvexil,,,x", "quarvl was given", False),
        ("lexicon/drug_stem.csv", "vexil,,,x", "a dose of quarvexil", True),
        ("lexicon/drug_stem.csv", "vexil,,,x", "a dose of zorbitol", False),
        ("lexicon/lab.csv", "haemoquarvin,,,x", "hemoquarvin was 3", True),
        ("lexicon/modifier.csv", "quarv left,,,x", "the left arm", True),
        ("lexicon/action.csv", "re-started,,,x", "it was restarted", True),
        ("lexicon/action.csv", "restarted,,,x", "it was stopped", False),
        ("lexicon/lab.csv", "%,,,x", "it was 5 %", True),
        ("lexicon/action.csv", "%,,,x", "it was stopped", True),
        ("lexicon/time.csv", "quarv,,,x", "it was stopped", True),
    ],
)
def test_which_texts_a_line_reaches(component, line, text, touched):
    files = {"a": HEAD.encode(), "b": f"{HEAD}{line}\n".encode()}
    changed = changes({component: "a"}, {component: "b"}, files.get)
    document = read_bytes(f"A woman was admitted; {text}.\n".encode(), "r", "r")
    made = reprocessing.Made("r", "x", "f", "text", False, "r", "0")
    why = Reached(changed, lambda names: set()).why(made, lambda: Words(document))
    assert (why is not None) is touched


def test_a_line_with_another_source_alone_changes_nothing():
    files = {"a": f"{HEAD}quarvexil,,,x\n".encode(), "b": f"{HEAD}quarvexil,,,y\n".encode()}
    name = "lexicon/drug.csv"
    assert changes({name: "a"}, {name: "b"}, files.get) == (Change(name, "none"),)


def test_a_document_that_has_the_name_is_reached():
    """The codes of a name stand on the line of another term."""
    files = {"a": HEAD.encode(), "b": f"{HEAD}zorb,quarvexil,,x\n".encode()}
    changed = changes({"lexicon/drug.csv": "a"}, {"lexicon/drug.csv": "b"}, files.get)
    made = reprocessing.Made("r", "x", "f", "text", False, "r", "0")
    reached = Reached(changed, lambda names: {"r"} if "quarvexil" in set(names) else set())
    assert reached.why(made, lambda: Words(read_bytes(b"nothing of it", "r", "r"))) == "lexicon/drug.csv"
