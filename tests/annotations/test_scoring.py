import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from typer.testing import CliRunner

from annotations.scoring import evaluate, load_mapping, page
from annotations.scoring.calibration import gaps, reliability
from annotations.scoring.gold import read_gold
from annotations.scoring.mapping import DEFAULT, IDENTITY
from annotations.scoring.predictions import read_predictions
from annotations.scoring.records import Event, Report, ScoringError, Span
from annotations.scoring.spans import Counts, compare, pairs
from annotations.scoring.timeline import compare_events, right_day, same_number, shares
from flows.cli import app
from tests.conftest import ROOT, SAMPLES

SHARED = ROOT.parent / "shared"
BRAT = load_mapping(DEFAULT)


def span(start, end, label, confidence=1.0):
    return Span(start, end, label, confidence, "rule")


def event(kind="drug", name="RTX", start=0, low=0.0, high=0.0, order=1, **more):
    place = ((start, start + len(name)),)
    return Event(kind=kind, names=(name,), spans=place, low=low, high=high, order=order, **more)


def run(*arguments):
    return CliRunner().invoke(app, ["evaluate", *(str(a) for a in arguments)])


# spans ---------------------------------------------------------------------------------------------------------


def test_a_worked_example_of_strict_and_relaxed():
    gold = [span(0, 4, "DRUG"), span(10, 20, "DRUG")]
    found = [span(0, 4, "DRUG"), span(12, 30, "DRUG"), span(40, 44, "DRUG")]
    counts = compare(gold, found, " " * 50, BRAT).counts["DRUG"]
    assert counts == Counts(strict=1, relaxed=2, predicted=3, gold=2)
    assert counts.scores(strict=True) == pytest.approx((1 / 3, 1 / 2, 0.4))
    assert counts.scores(strict=False) == pytest.approx((2 / 3, 1.0, 0.8))


def test_nothing_found_of_nothing_scores_zero():
    assert Counts().scores(strict=True) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ([(0, 10)], [(0, 3), (4, 10)], [(0, 1)]),  # one gold span is answered once, by the longer overlap
        ([(0, 3), (4, 10)], [(0, 10)], [(1, 0)]),  # and so is one predicted span
        ([(0, 5)], [(5, 9)], []),  # touching is no overlap
        ([(0, 5), (6, 9)], [(0, 7), (8, 9)], [(0, 0), (1, 1)]),
    ],
)
def test_pairs_are_one_to_one_longest_overlap_first(gold, predicted, expected):
    assert pairs(gold, predicted) == expected


def test_errors_are_missed_spurious_or_of_the_boundary():
    gold = [span(0, 4, "DRUG"), span(10, 20, "DRUG"), span(60, 65, "TIME")]
    found = [span(0, 4, "DRUG"), span(12, 30, "DRUG"), span(40, 44, "DRUG")]
    errors = compare(gold, found, " " * 70, BRAT).errors
    assert [(e.kind, e.label, e.start) for e in errors] == [
        ("boundary", "DRUG", 10),
        ("spurious", "DRUG", 40),
        ("missed", "TIME", 60),
    ]


def test_labels_go_to_the_label_they_are_scored_under_and_others_are_left_out():
    found = [span(0, 4, "VITAL"), span(5, 9, "IMAGING"), span(10, 14, "FINDING")]
    counts = compare([span(0, 4, "LAB_TEST")], found, " " * 20, BRAT).counts
    assert counts["LAB_TEST"] == Counts(1, 1, 2, 1)
    assert sum(c.predicted for c in counts.values()) == 2


def test_the_part_of_the_values_that_holds_a_digit_is_an_extra_row():
    text = "CRP 12 mg/L, negative"
    gold = [span(4, 11, "LAB_VALUE"), span(13, 21, "LAB_VALUE")]
    compared = compare(gold, [span(4, 11, "LAB_VALUE")], text, BRAT)
    assert compared.counts["LAB_NUMBER"] == Counts(1, 1, 1, 1)
    assert compared.counts["LAB_VALUE"] == Counts(1, 1, 1, 2)
    assert compared.total == Counts(1, 1, 1, 2)  # the extra row does not count twice


@pytest.mark.parametrize(
    ("gold", "strict"),
    [
        ("60 mg daily", 1),  # the gold takes in the frequency
        ("60 mg daily for 3 days", 1),
        ("60 mg", 1),
        ("of 60 mg daily", 0),  # no combination of the parts
    ],
)
def test_a_dose_counts_with_the_parts_that_the_gold_takes_in(gold, strict):
    text = "a dose of 60 mg daily for 3 days was given"
    start = text.index(gold)
    found = [span(10, 15, "DOSE"), span(16, 21, "FREQUENCY"), span(22, 32, "DURATION")]
    counts = compare([span(start, start + len(gold), "DOSE")], found, text, BRAT).counts
    assert counts["DOSE"] == Counts(strict, 1, 1, 1)


def test_a_part_counts_as_time_only_outside_a_wider_dose():
    text = "60 mg daily, daily"
    found = [span(0, 5, "DOSE"), span(6, 11, "FREQUENCY"), span(13, 18, "FREQUENCY")]
    assert compare([span(0, 11, "DOSE")], found, text, BRAT).counts["TIME"].predicted == 1
    assert compare([span(0, 5, "DOSE")], found, text, BRAT).counts["TIME"].predicted == 2


# confidence ----------------------------------------------------------------------------------------------------


def test_a_worked_example_of_reliability():
    judged = [(span(i, i + 1, "DRUG", 0.9), i < 6, i < 8) for i in range(10)]
    judged += [(span(i, i + 1, "DRUG", 0.5), False, i < 25) for i in range(20, 30)]
    low, high = reliability(judged)
    assert (low.low, low.high, low.mentions, low.confidence, low.strict, low.relaxed) == (
        0.5,
        0.6,
        10,
        0.5,
        0.0,
        0.5,
    )
    assert (high.low, high.high, high.strict, high.relaxed) == (0.9, 0.95, 0.6, 0.8)
    assert gaps([low, high]) == {"DRUG": pytest.approx(0.05)}


def test_full_confidence_lies_in_the_last_bin():
    [one] = reliability([(span(0, 1, "DRUG", 1.0), True, True)])
    assert (one.low, one.high) == (0.95, 1.0)


# timelines -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gold", "said", "right"),
    [
        ((-21, -21), (-20, -19), True),  # a tenth of 21 days
        ((-21, -21), (-18, -18), False),
        ((5, 5), (6, 6), True),  # within one day
        ((5, 5), (7, 7), False),
        ((5, 5), (0, 10), False),  # meets, but far wider
        ((5, 8), (4, 10), True),
        ((5, 5), (5, None), False),  # open on one side
    ],
)
def test_a_right_day_is_near_and_about_as_narrow(gold, said, right):
    assert right_day(event(low=gold[0], high=gold[1]), event(low=said[0], high=said[1])) is right


@pytest.mark.parametrize(
    ("said", "same"),
    [
        ({"value": 1.2, "unit": "mg/dL", "comparator": None}, True),
        ({"value": 1.2, "unit": "mg / dl", "comparator": ""}, True),
        ({"value": 1.3, "unit": "mg/dL"}, False),
        ({"value": 1.2, "unit": "mg/L"}, False),
        ({"value": 1.2, "unit": "mg/dL", "comparator": "<"}, False),
        (None, False),
    ],
)
def test_values_agree_with_unit_and_comparator(said, same):
    assert same_number({"value": 1.2, "unit": "mg/dL", "comparator": None}, said) is same


def test_a_worked_example_of_a_timeline():
    gold = [
        event("drug", "rituximab", 10, 28, 28, 3),
        event("procedure", "ECMO", 30, 24, 24, 2),
        event("finding", "fever", 50, None, None, 1),
        event("outcome", "death", 70, 60, 60, 4),
    ]
    said = [
        event("drug", "rituximab", 10, 28, 28, 2),
        event("procedure", "ECMO", 30, 40, 40, 3),
        event("finding", "fever", 50, 0, 0, 1),
        event("drug", "oxygen", 90, 0, 0, 4),
    ]
    result = compare_events(gold, said)
    figures = shares(result.counts)
    assert figures["recall"] == (0.75, 4)
    assert figures["precision"] == (pytest.approx(2 / 3), 3)  # the finding does not count
    assert figures["right end to end"] == (pytest.approx(1 / 3), 3)
    assert figures["right among answered"] == (0.5, 2)
    assert figures["dated though gold only orders"] == (1.0, 1)
    assert figures["order"] == (pytest.approx(2 / 3), 3)
    assert figures["order where the text tells it the other way round"] == (pytest.approx(2 / 3), 3)
    assert [(e.kind, (e.gold or e.predicted).names[0]) for e in result.errors] == [
        ("day", "ECMO"),
        ("missed", "death"),
        ("spurious", "oxygen"),
    ]


def test_a_wrong_zero_costs_the_days_but_not_those_with_a_zero_of_ones_own():
    gold = [
        event(name=name, start=20 * n, low=n + 3, high=n + 3)
        for n, name in enumerate(("abciximab", "oxygen"))
    ]
    said = [
        event(name=name, start=20 * n, low=n + 13, high=n + 13)
        for n, name in enumerate(("abciximab", "oxygen"))
    ]
    figures = shares(compare_events(gold, said).counts)
    assert (figures["right end to end"], figures["with each report's best zero"]) == ((0, 2), (1, 2))


def test_a_tie_counts_half_and_cases_are_not_compared():
    gold = [event(name="abciximab", order=1), event(name="oxygen", start=20, order=2)]
    tied = [event(name="abciximab", order=1), event(name="oxygen", start=20, order=1)]
    apart = [event(name="abciximab", order=1), event(name="oxygen", start=20, order=2, case=1)]
    assert shares(compare_events(gold, tied).counts)["order"] == (0.5, 1)
    assert shares(compare_events(gold, apart).counts)["order"] == (0, 0)


@pytest.mark.parametrize(
    ("gold", "said", "found"),
    [
        (("drug", "RTX", 0), ("drug", "RTX", 0), True),
        (("drug", "RTX", 0), ("procedure", "RTX", 0), False),  # the kinds do not go together
        (("lab", "platelets", 0), ("vital", "platelets", 0), True),
        (("drug", "rituximab", 0), ("drug", "rituximab", 400), True),  # told elsewhere, same name
        (("drug", "rituximab", 0), ("drug", "cyclophosphamide", 400), False),
        (("drug", "rituximab", 0), ("drug", "tuximab th", 2), True),  # half of the characters
    ],
)
def test_what_answers_a_gold_event(gold, said, found):
    result = compare_events([event(*gold)], [event(*said)])
    assert result.counts["found"] == found


# forms ---------------------------------------------------------------------------------------------------------

TEXT = "She was given RTX <weekly> & saline. Her CRP was 12 mg/L.\n"


@pytest.fixture
def brat(tmp_path):
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / "one.txt").write_text(TEXT, encoding="utf-8")
    lines = [
        "T1\tMedication 14 17\tRTX",
        "E1\tMedication:T1 ",
        "T2\tLab_value 49 51;52 56\t12 mg/L",
        "T3\tMood 0 3\tShe",
    ]
    (folder / "one.ann").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def found(tmp_path):
    mentions = [
        {"label": "DRUG", "start": 29, "end": 35, "confidence": 0.7, "rule": "drug.lexicon"},
        {"label": "LAB_VALUE", "start": 49, "end": 56, "confidence": 0.9, "rule": "value.unit"},
    ]
    path = tmp_path / "found.jsonl"
    path.write_text(json.dumps({"id": "one", "text": TEXT, "mentions": mentions}) + "\n", encoding="utf-8")
    return path


def test_brat_spans_are_mapped_and_broken_ones_joined(brat):
    [report] = read_gold(brat, BRAT.types).values()
    assert report.text == TEXT
    assert [tuple(s)[:3] for s in report.spans] == [(14, 17, "DRUG"), (49, 56, "LAB_VALUE")]


def test_gold_records_are_scored_label_by_label(tmp_path):
    record = {
        "id": "one",
        "text": TEXT,
        "mentions": [{"label": "FINDING", "start": 0, "end": 3}],
        "cases": [{"id": "c1", "reported": "here", "events": []}],
    }
    (tmp_path / "one.json").write_text(json.dumps(record), encoding="utf-8")
    gold = read_gold(tmp_path, BRAT.types)
    result = evaluate(gold, gold, IDENTITY)
    assert result.counts["FINDING"] == Counts(1, 1, 1, 1)
    assert list(result.timelines) == ["one"]


def test_events_that_did_not_happen_or_elsewhere_are_left_out(tmp_path):
    def told(name, **more):
        time = {"day_low": 0, "day_high": 0}
        return {"kind": "drug", "name": name, "text": name, "start": 0, "end": 3, "time": time, "order": 1,
                "status": "affirmed", **more}  # fmt: skip

    cases = [
        {"reported": "here", "events": [told("a"), told("b", status="negated"), told("c", from_table=True)]},
        {"reported": "elsewhere", "events": [told("d")]},
    ]
    path = tmp_path / "one.json"
    path.write_text(json.dumps({"id": "one", "mentions": [], "cases": cases}), encoding="utf-8")
    for report in (read_gold(path, BRAT.types)["one"], read_predictions(path)["one"]):
        assert [e.names[0] for e in report.events] == ["a"]


def test_our_gold_scores_itself_in_full():
    gold = read_gold(ROOT / "annotations" / "gold", BRAT.types)
    figures = shares(evaluate(gold, gold, IDENTITY).events)
    assert len(gold) == len(SAMPLES)
    for name in ("recall", "precision", "kind right", "values and units right", "right end to end", "order"):
        assert figures[name][0] == 1.0, name
    assert figures["dated though gold only orders"][0] == 0.0


def test_a_missing_document_counts_as_empty(brat, found):
    (brat / "two.ann").write_text("T1\tMedication 0 3\tShe\n", encoding="utf-8")
    result = evaluate(read_gold(brat, BRAT.types), read_predictions(found), BRAT)
    assert result.missing == ("two",)
    assert result.counts["DRUG"] == Counts(0, 0, 1, 2)
    assert [id for id, _ in result.worst(2)] == ["two", "one"]


def test_offsets_into_two_texts_are_refused():
    gold = {"one": Report("one", "a text", (), None)}
    with pytest.raises(ScoringError, match="one: gold and prediction have different texts"):
        evaluate(gold, {"one": Report("one", "another text", (), ())}, BRAT)
    with pytest.raises(ScoringError, match="different texts"):
        evaluate({"one": Report("one", None, None, (), "0" * 64)}, {"one": Report("one", "a", (), ())}, BRAT)


# the command ---------------------------------------------------------------------------------------------------


def test_the_command_prints_figures_and_writes_the_page(brat, found, tmp_path):
    result = run(brat, found, "--html", tmp_path / "errors.html")
    assert result.exit_code == 0
    [row] = [line.split() for line in result.stdout.splitlines() if line.split()[:1] == ["LAB_VALUE"]][:1]
    assert row == ["LAB_VALUE", "1", "1", *["1.000"] * 6]
    assert "She was given" in (tmp_path / "errors.html").read_text(encoding="utf-8")


def test_the_figures_come_as_json_too(brat, found):
    figures = json.loads(run(brat, found, "--json").stdout)
    assert figures["labels"]["DRUG"]["relaxed"] == {"P": 0.0, "R": 0.0, "F": 0.0}
    assert figures["labels"]["LAB_NUMBER"]["strict"]["F"] == 1.0
    assert [b["mentions"] for b in figures["calibration"] if b["label"] == "DRUG"] == [1]


def test_a_mapping_of_ones_own(brat, found, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[types]\nMood = "FEELING"\n[labels]\nDRUG = "FEELING"\n', encoding="utf-8")
    figures = json.loads(run(brat, found, "--json", "--mapping", own).stdout)
    assert {label: (row["gold"], row["found"]) for label, row in figures["labels"].items()} == {
        "FEELING": (1, 1)
    }


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("own.toml", '[types]\nMood = "X"\n[labels]\nMOOD = "X"\n', "no such label: MOOD"),
        ("own.toml", "[labels]\n", "the table 'types' is missing"),
        ("own.toml", "types =", "not TOML"),
        ("bad.jsonl", '{"id": "one"}\n{"id": \n', "line 2: not JSON"),
        ("bad.jsonl", "[1]\n", "line 1: not a record with an id"),
        ("bad.jsonl", '{"id": "one", "mentions": [{"label": "DRUG"}]}\n', "one: a field is missing"),
        ("bad.jsonl", "", "holds no record"),
        ("other.jsonl", '{"id": "two"}\n', "no document in common"),
    ],
)
def test_what_cannot_be_compared_is_named(brat, found, tmp_path, name, content, reason):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    result = run(brat, found, "--mapping", path) if name == "own.toml" else run(brat, path)
    assert result.exit_code == 2
    assert reason in result.stderr


def test_a_folder_without_gold_is_named(tmp_path, found):
    (tmp_path / "empty").mkdir()
    assert "holds neither .ann nor .json gold" in run(tmp_path / "empty", found).stderr
    assert "no such file or folder" in run(tmp_path / "nowhere", found).stderr


# the page ------------------------------------------------------------------------------------------------------


class Seen(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)


def test_the_page_is_escaped_and_needs_nothing_else(brat, found):
    html = page(evaluate(read_gold(brat, BRAT.types), read_predictions(found), BRAT))
    seen = Seen()
    seen.feed(html)
    assert "weekly" not in seen.tags
    assert "<weekly> & " in "".join(seen.words)
    assert not {"script", "link", "img", "iframe"} & {*seen.tags}
    assert not [
        value for name, value in seen.attributes if name in ("src", "href") and not value.startswith("#")
    ]
    assert "url(" not in html


def test_the_page_shows_missed_and_spurious_in_their_sentence(brat, found):
    html = page(evaluate(read_gold(brat, BRAT.types), read_predictions(found), BRAT))
    items = re.findall(r"<li>.*?</li>", html)
    assert len(items) == 2
    assert "She was given <mark class=gold>RTX</mark> &lt;weekly&gt; &amp; saline." in items[0]
    assert "<mark class=found>saline</mark>" in items[1]
    assert "drug.lexicon" in items[1]
    assert not any("CRP" in item for item in items)


def test_the_page_has_all_figures_the_worst_documents_and_the_rules_that_err(brat, found):
    html = page(evaluate(read_gold(brat, BRAT.types), read_predictions(found), BRAT))
    for column in ("strict P", "strict R", "strict F1", "relaxed P", "relaxed R", "relaxed F1"):
        assert f"<th>{column}</th>" in html
    assert "<summary>Worst documents</summary>" in html
    assert "Errors by rule: drug.lexicon 1" in html


# the same figures as the scorer of the development data -----------------------------------------------------------


def scorer(*arguments):
    command = [sys.executable, SHARED / "eval" / "score.py", *arguments]
    return subprocess.run([str(a) for a in command], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    if not (SHARED / "corpora").is_dir():
        pytest.skip("the development data are not here")
    from caseline import read_file

    folder = tmp_path_factory.mktemp("extracted")
    gold, timelines = folder / "brat", folder / "timelines"
    gold.mkdir()
    timelines.mkdir()
    names = sorted(p.stem for p in (SHARED / "corpora" / "timelines_dev").glob("*.json"))
    names = [n for n in names if (SHARED / "corpora" / "maccrobat_dev" / f"{n}.ann").exists()][:5]
    with (folder / "found.jsonl").open("w", encoding="utf-8") as out:
        for name in names:
            for suffix in (".txt", ".ann"):
                source = SHARED / "corpora" / "maccrobat_dev" / f"{name}{suffix}"
                (gold / source.name).write_bytes(source.read_bytes())
            timeline = SHARED / "corpora" / "timelines_dev" / f"{name}.json"
            (timelines / timeline.name).write_bytes(timeline.read_bytes())
            out.write(read_file(gold / f"{name}.txt").model_dump_json() + "\n")
    return gold, timelines, folder / "found.jsonl"


def test_span_figures_agree_with_the_scorer(extracted):
    gold, _, found = extracted
    figures = json.loads(run(gold, found, "--json").stdout)["labels"]
    rows = [line.replace("|", " ").split() for line in scorer("mentions", gold, found).splitlines()[1:]]
    assert {row[0] for row in rows} == {*figures}
    for label, wanted, said, *scores in rows:
        ours = figures[label]
        assert [str(ours["gold"]), str(ours["found"])] == [wanted, said], label
        assert [f"{ours[way][x]:.3f}" for way in ("strict", "relaxed") for x in "PRF"] == scores, label


def test_timeline_figures_agree_with_the_scorer(extracted):
    _, timelines, found = extracted
    ours = {
        name: row["share"]
        for name, row in json.loads(run(timelines, found, "--json").stdout)["timeline"].items()
    }
    ours["wrong among answered"] = 1 - ours.pop("right among answered")
    ours["concordance"] = ours.pop("order")
    names = {
        "where the text tells it the other way round": "order where the text tells it the other way round"
    }
    said = re.findall(r"(?:: |, )([^,:]+?) (\d\.\d{3})", scorer("timeline", timelines, found))
    assert len(said) == 11
    for name, share in said:
        assert f"{ours[names.get(name, name)]:.3f}" == share, name
