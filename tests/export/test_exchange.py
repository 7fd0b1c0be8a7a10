"""Every exchange format gives back what it was given, and says where a file is wrong."""

import json
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.export import bioc, brat, docbin, doccano, label_studio, web_annotation
from pipeline.export.exchange import ExchangeError, Original, file_name, id_of
from pipeline.export.exchange.originals import align, sha256
from pipeline.schema import (
    Assertion,
    Extraction,
    Mention,
    ProducedBy,
    Quantity,
    Relation,
    Section,
    Source,
    TimeValue,
)

# format -> (writer, reader, what the reader is given of the folder)
FORMATS = {
    "brat": (brat.write, brat.read, ""),
    "bioc-json": (bioc.write_json, bioc.read_file, ""),
    "bioc-xml": (bioc.write_xml, bioc.read_file, ""),
    "label-studio": (label_studio.write, label_studio.read, "tasks.json"),
    "doccano": (doccano.write, doccano.read, "annotations.jsonl"),
    "docbin": (docbin.write, docbin.read_file, "annotations.spacy"),
    "web-annotation": (web_annotation.write, web_annotation.read, ""),
}
WITHOUT_ORIGINAL = [name for name in FORMATS if name != "web-annotation"]


def record(text, mentions=(), relations=(), id="r1", sections=()):
    """A record of (label, start, end, fields) with ids m1, m2, ..."""
    return Extraction(
        id=id,
        source=Source(uri="r1.txt", format="text", sha256=sha256(text), license="CC BY 4.0", pmid="1"),
        produced_by=ProducedBy(caseline="0", config="0"),
        text=text,
        sections=sections,
        mentions=tuple(
            Mention(
                id=f"m{number}", label=label, start=start, end=end, text=text[start:end],
                **({"section": "case", "rule": "drug.lexicon"} | fields),
            )
            for number, (label, start, end, fields) in enumerate(mentions, 1)
        ),
        relations=tuple(
            Relation(kind=kind, head=head, tail=tail, confidence=0.5, rule="dose.adjacent")
            for kind, head, tail in relations
        ),
        cases=(),
    )  # fmt: skip


def marked(text, *labels, relations=()):
    """A record from a text in which [ and ] enclose the mentions, one after the other."""
    spans, plain = [], ""
    for part in text.split("["):
        inside, bracket, rest = part.partition("]")
        if bracket:
            spans.append((labels[len(spans)], len(plain), len(plain) + len(inside), {}))
        plain += inside + rest
    return record(plain, spans, relations)


def saved(folder, format, *records):
    write, _, name = FORMATS[format]
    for file, data in write(records):
        (folder / file).write_bytes(data)
    return folder / name


def back(folder, format, *records, originals=()):
    _, read, _ = FORMATS[format]
    path = saved(folder, format, *records)
    return list(read(path, {one.id: Original.of(one) for one in originals}))


def layer(one):
    """What every format carries; the order of mentions is that of the text."""
    return one.id, one.text, sorted(one.mentions, key=lambda m: m.id), one.relations


FULL = record(
    "Case\nNo RTX 375 mg/m2 on day 28 in her brother.",
    [
        (
            "DRUG", 8, 11,
            {
                "name": "rituximab", "codes": {"mesh": "D000069283"}, "confidence": 0.97, "case": "c1",
                "assertion": Assertion(negated=True, family=True, patient=False),
            },
        ),
        ("DOSE", 12, 21, {"value": Quantity(text="375 mg/m2", value=375, unit="mg/m2")}),
        ("TIME", 22, 31, {"value": TimeValue(kind="day_number", low=28, high=28, points=((1.0, 2.5),))}),
    ],
    [("dose_of", "m1", "m2"), ("time_of", "m1", "m3")],
    sections=(Section(title="Case", kind="case", start=0, end=47),),
)  # fmt: skip

RECORDS = {
    "all fields": FULL,
    "leading blanks": marked("  \n\t[RTX] was given", "DRUG"),
    "carriage returns": marked("First line.\r\nThen [RTX] was\r\ngiven at [375 mg]\r\n", "DRUG", "DOSE"),
    "a span over a line end": marked("given [intravenous\r\nimmune globulin]\nthen [a\n\nb].", "DRUG", "FINDING"),
    "Greek letters": marked("μ [TNF-α] and [5 μg] β", "LAB_TEST", "DOSE"),
    "emoji": marked("\U0001f489 [RTX] \U0001f600\U0001f468\u200d\U0001f469 [5 \U0001f48a] x", "DRUG", "DOSE"),
    "combining and unusual blanks": marked("e\u0301\u00a0[e\u0301 5\u2009mg]\u2028[RTX]\x85 \x0b", "DOSE", "DRUG"),
    "markup and quotes": marked('<b>[RTX]</b> & "[5 < 6 mg\\t]" {\'x\'}', "DRUG", "DOSE"),
    "tabs in a span": marked("x [a\tb] y", "FINDING"),
    "overlapping spans": record("steroid pulse x", [("DRUG", 0, 7, {}), ("DOSE", 0, 13, {}), ("DRUG", 3, 13, {})]),
    "equal spans": record("IVCY", [("DRUG", 0, 4, {}), ("ROUTE", 0, 4, {})]),
    "the same label twice": record("IVCY", [("DRUG", 0, 4, {"name": "a"}), ("DRUG", 0, 4, {"name": "b"})]),
    "nothing marked": record("Nothing here."),
    "an empty document": record(""),
    "an id with a slash": record("RTX", [("DRUG", 0, 3, {})], id="set/r 1"),
    "ids of another form": record("RTX").model_copy(
        update={"mentions": (Mention(id="x #1", label="DRUG", start=0, end=3, text="RTX", section="case", rule="r"),)}
    ),
    "relations between all": marked(
        "[RTX] [5 mg] [daily]", "DRUG", "DOSE", "FREQUENCY",
        relations=[("dose_of", "m1", "m2"), ("frequency_of", "m1", "m3"), ("same_as", "m2", "m1")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("one", RECORDS.values(), ids=RECORDS.keys())
def test_a_record_comes_back_with_its_original(tmp_path, format, one):
    [again] = back(tmp_path, format, one, originals=[one])
    assert layer(again) == layer(one)
    assert (again.source, again.sections) == (one.source, one.sections)


# XML cannot hold every character; see the test after the next.
@pytest.mark.parametrize("format", WITHOUT_ORIGINAL)
@pytest.mark.parametrize("name", [n for n in RECORDS if n != "combining and unusual blanks"])
def test_a_record_comes_back_by_itself(tmp_path, format, name):
    [again] = back(tmp_path, format, RECORDS[name])
    assert layer(again) == layer(RECORDS[name])
    if format != "brat":
        assert (again.source, again.sections) == (RECORDS[name].source, RECORDS[name].sections)


def test_xml_replaces_what_it_cannot_hold(tmp_path):
    one = marked("a\x0c[R\x00TX]", "DRUG")
    [again] = back(tmp_path, "bioc-xml", one)
    assert again.text == "a\ufffdR\ufffdTX"
    assert [(m.start, m.end) for m in again.mentions] == [(2, 6)]
    [whole] = back(tmp_path, "bioc-xml", one, originals=[one])
    assert layer(whole) == layer(one)


@pytest.mark.parametrize("format", FORMATS)
def test_several_documents_come_back_in_order(tmp_path, format):
    records = [marked("[RTX]", "DRUG").model_copy(update={"id": id}) for id in ("a", "b", "c")]
    assert [one.id for one in back(tmp_path, format, *records, originals=records)] == ["a", "b", "c"]


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_written_is_always_the_same(format):
    write, _, _ = FORMATS[format]
    assert list(write([FULL])) == list(write([FULL]))


TEXT = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from(' \n\r\tαμ\U0001f600\u2028é<&[{"'), max_size=40
)


@st.composite
def documents(draw):
    text = draw(TEXT)
    labels = st.sampled_from(["DRUG", "DOSE", "TIME", "LAB_VALUE"])
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    spans = [(draw(labels), min(p), max(p), {}) for p in draw(st.lists(places, max_size=5))]
    spans = [span for span in spans if text[span[1] : span[2]].strip()]
    ids = [f"m{n}" for n in range(1, len(spans) + 1)]
    pairs = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=3)) if ids else []
    return record(text, spans, [("dose_of", *pair) for pair in dict.fromkeys(pairs)])


@pytest.mark.parametrize("format", FORMATS)
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(one=documents())
def test_any_record_comes_back(tmp_path_factory, format, one):
    [again] = back(tmp_path_factory.mktemp("x"), format, one, originals=[one])
    assert layer(again) == layer(one)


def test_a_file_name_gives_the_id_back():
    for id in ("a/b", "..", ".hidden", "é", "a%2Fb", "10.1/x(2)"):
        assert id_of(file_name(id)) == id
        assert "/" not in file_name(id)
        assert not file_name(id).startswith(".")


@pytest.mark.parametrize(
    ("own", "original", "span", "expected"),
    [
        pytest.param("a\nRTX", "a\r\nRTX", (2, 5), (3, 6), id="line ends"),
        pytest.param("a\r\nRTX", "a\nRTX", (3, 6), (2, 5), id="line ends, the other way"),
        pytest.param("RTX", "  RTX\n", (0, 3), (2, 5), id="outer blanks"),
        pytest.param("a\nb", "a\r\nb", (0, 3), (0, 4), id="a span over the line end"),
        pytest.param(" \r\n RTX", "RTX", (0, 7), (0, 3), id="a span with the blanks"),
    ],
)
def test_offsets_move_where_line_ends_or_outer_blanks_differ(own, original, span, expected):
    assert align(own, original).span(*span) == expected


def test_another_text_is_refused():
    assert align("RTX was given", "RTX is given") is None


# --- brat


def brat_files(folder, ann, text="RTX 5 mg\nx"):
    (folder / "r1.txt").write_text(text, encoding="utf-8", newline="")
    (folder / "r1.ann").write_text(ann, encoding="utf-8", newline="")
    return folder


def read_brat(folder, ann, text="RTX 5 mg\nx"):
    [one] = brat.read(brat_files(folder, ann, text), {})
    return one


def test_brat_counts_code_points(tmp_path):
    saved(tmp_path, "brat", marked("\U0001f600 [RTX]", "DRUG"))
    assert (tmp_path / "r1.ann").read_text(encoding="utf-8").startswith("T1\tDRUG 2 5\tRTX\n")


def test_brat_writes_a_span_over_a_line_end_in_parts(tmp_path):
    saved(tmp_path, "brat", marked("[a\r\nb]", "FINDING"))
    assert (tmp_path / "r1.ann").read_text(encoding="utf-8").startswith("T1\tFINDING 0 1;3 4\ta b\n")


def test_brat_keeps_the_stretch_of_a_span_in_parts(tmp_path):
    one = read_brat(tmp_path, "T1\tFINDING 0 4;9 13\tleft pain\n", "left arm pain and")
    assert [(m.start, m.end, m.text) for m in one.mentions] == [(0, 13, "left arm pain")]
    assert [(w.code, w.start, w.end) for w in one.warnings] == [("discontinuous_span", 0, 13)]


def test_brat_reads_what_other_projects_write(tmp_path):
    one = read_brat(
        tmp_path,
        "T1\tDRUG 0 3\tRTX\r\nT2\tDOSE 4 8\t5 mg\n\nE1\tDRUG:T1 dose_of:T2\nA1\tNegated E1\nA2\tSure T1 high\n"
        "N1\tReference T1 MeSH:D1\trituximab\n#1\tAnnotatorNotes T1\tplease check\n*\tsame_as T1 T2\n",
    )
    drug = one.mentions[0]
    assert drug.assertion.negated
    assert drug.codes == {"mesh": "D1"}
    assert [(r.kind, r.head, r.tail) for r in one.relations] == [
        ("dose_of", "m1", "m2"),
        ("same_as", "m1", "m2"),
    ]
    assert [w.message for w in one.warnings] == ["Sure high", "please check"]


BRAT_ERRORS = {
    "T1\tDRUG 0 3\tRTX\nT1\tDOSE 4 8\t5 mg\n": "line 2: not a span with a number of its own",
    "T1\tDRUG 0 99\tRTX\n": "line 1: offsets are empty or outside of the text of 10 characters",
    "T1\tDRUG 3 3\t\n": "line 1: offsets are empty",
    "T1\tDRUG 0 3\tABC\n": "line 1: the text that it quotes is not",
    "T1\tMedication 0 3\tRTX\n": "line 1: label 'Medication' is none of",
    "T1\tDRUG 0\n": "line 1: not a line of brat standoff",
    "T1\tDRUG a b\tRTX\n": "line 1: not a span",
    "R1\tdose_of Arg1:T1 Arg2:T2\n": "line 1: names a mention 'T1' that is not there",
    "T1\tDRUG 0 3\tRTX\nR1\tlikes Arg1:T1 Arg2:T1\n": "line 2: kind: Input should be",
    "T1\tDRUG 0 3\tRTX\nR1\tdose_of T1\n": "line 2: not a line",
    'T1\tDRUG 0 3\tRTX\n#1\tAnnotatorNotes T1\t{"confidence": "very"}\n': "line 1: confidence: Input should be",
    'T1\tDRUG 0 3\tRTX\n#1\tAnnotatorNotes T1\t{"name": \n': "line 2: JSON is broken",
    'T1\tDRUG 0 3\tRTX\n#1\tAnnotatorNotes T1\t{"nmae": "x"}\n': "line 1: nmae: Extra inputs",
    "?\n": "line 1: not a line of brat standoff",
}


@pytest.mark.parametrize(("ann", "reason"), BRAT_ERRORS.items(), ids=range(len(BRAT_ERRORS)))
def test_brat_names_file_and_line(tmp_path, ann, reason):
    with pytest.raises(ExchangeError) as error:
        list(brat.read(brat_files(tmp_path, ann), {}))
    assert str(error.value).startswith(f"{tmp_path / 'r1.ann'}: {reason}")


def test_brat_moves_offsets_to_an_original_with_other_line_ends(tmp_path):
    original = record("one\r\nRTX 5 mg")
    brat_files(tmp_path, "T1\tDRUG 4 7\tRTX\n", "one\nRTX 5 mg")
    [one] = brat.read(tmp_path, {"r1": Original.of(original)})
    assert [(m.start, m.text) for m in one.mentions] == [(5, "RTX")]


# --- BioC


def bioc_xml(passages, more=""):
    return f"<collection><document><id>d</id>{passages}{more}</document></collection>"


PASSAGE = (
    '<passage><offset>0</offset><text>RTX 5 mg</text><annotation id="1"><infon key="type">{label}</infon>'
    '<location offset="{at}" length="3"/><text>RTX</text></annotation></passage>'
)


def test_bioc_of_other_tools_is_read(tmp_path):
    second = "<passage><offset>10</offset><sentence><offset>10</offset><text>more</text></sentence></passage>"
    path = tmp_path / "d.xml"
    path.write_text(bioc_xml(PASSAGE.format(label="DRUG", at=0) + second), encoding="utf-8")
    [one] = bioc.read_file(path, {})
    assert (one.id, one.text) == ("d", "RTX 5 mg\n\nmore")
    assert [(m.id, m.text, m.rule) for m in one.mentions] == [("1", "RTX", "imported")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (bioc_xml(PASSAGE.format(label="DRUG", at=1)), "line 1: annotation 1: the text that it quotes"),
        (bioc_xml(PASSAGE.format(label="Gene", at=0)), "line 1: annotation 1: label 'Gene' is none of"),
        (bioc_xml(PASSAGE.format(label="DRUG", at=999)), "line 1: annotation 1: offsets are empty or outside"),
        (bioc_xml(PASSAGE.format(label="DRUG", at="x")), "line 1: location: an offset or length is no number"),
        (bioc_xml("\n\n<passage><text>x</text></passage>"), "line 1: passages.0.offset: Field required"),
        (bioc_xml("<passage>"), "XML is broken at line 1"),
        ('<!DOCTYPE c [<!ENTITY a "x">]><c>&a;</c>', "XML defines entities of its own"),
        (
            bioc_xml(PASSAGE.format(label="DRUG", at=0), '<relation id="R"><node refid="1" role="x"/></relation>'),
            "line 1: relation R: has not one head and one tail",
        ),
    ],
)  # fmt: skip
def test_bioc_xml_names_file_and_line(tmp_path, content, reason):
    path = tmp_path / "d.xml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ExchangeError) as error:
        list(bioc.read_file(path, {}))
    assert str(error.value).startswith(f"{path}: {reason}")


def test_deeply_nested_files_are_refused(tmp_path):
    (tmp_path / "d.xml").write_text("<a>" * 100_000 + "</a>" * 100_000)
    (tmp_path / "d.json").write_text("[" * 100_000)
    for name in ("d.xml", "d.json"):
        with pytest.raises(ExchangeError, match="nested too deeply"):
            list(bioc.read_file(tmp_path / name, {}))


# --- Label Studio


def task(text, *regions, annotations=None, **data):
    result = [
        {"id": f"r{n}", "type": "labels", "value": {"start": s, "end": e, "text": t, "labels": [label]}}
        for n, (label, s, e, t) in enumerate(regions, 1)
    ]
    return {"id": 7, "data": {"text": text, **data}, "annotations": annotations or [{"result": result}]}


def read_label_studio(folder, *tasks, **options):
    path = folder / "tasks.json"
    path.write_text(json.dumps(tasks, indent=1), encoding="utf-8")
    return list(label_studio.read(path, {}, **options))


@pytest.mark.parametrize(("start", "end"), [(2, 5), (3, 6)], ids=["code points", "UTF-16 units"])
def test_label_studio_of_any_version(tmp_path, start, end):
    [one] = read_label_studio(tmp_path, task("\U0001f600 RTX xx", ("DRUG", start, end, "RTX")))
    assert [(m.start, m.text) for m in one.mentions] == [(2, "RTX")]
    assert one.id == "task-7"


def test_label_studio_annotations_win_over_predictions(tmp_path):
    one = task("RTX 5 mg", ("DRUG", 0, 3, "RTX"))
    predicted = one["annotations"][0]["result"]
    work = [
        {"result": [], "completed_by": 3},
        {"result": predicted, "completed_by": 4, "was_cancelled": True},
    ]
    [read] = read_label_studio(tmp_path, one | {"annotations": work, "predictions": [{"result": predicted}]})
    assert read.mentions == ()


def test_label_studio_with_two_annotators_asks_which(tmp_path):
    result = task("RTX", ("DRUG", 0, 3, "RTX"))["annotations"][0]["result"]
    both = task(
        "RTX", annotations=[{"result": result, "completed_by": 3}, {"result": [], "completed_by": {"id": 4}}]
    )
    with pytest.raises(ExchangeError, match="line 2: task 1: has several annotations"):
        read_label_studio(tmp_path, both)
    assert [
        len(r.mentions) for by in ("3", "4") for r in read_label_studio(tmp_path, both, annotator=by)
    ] == [1, 0]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (
            task("RTX", ("DRUG", 0, 9, "RTX")),
            "task 1, region r1: offsets are empty or outside of the text of 3",
        ),
        (task("RTX", ("DRUG", 1, 3, "RTX")), "task 1, region r1: the text that it quotes"),
        (task("RTX", ("Thing", 0, 3, "RTX")), "task 1, region r1: label 'Thing'"),
        ({"data": {}}, "task 1: data.text: Field required"),
        (task("R\ud800"), "JSON holds half of a surrogate pair"),
        (
            task("RTX", annotations=[{"result": [{"type": "relation", "labels": ["dose_of"]}]}]),
            "task 1, relation of",
        ),
    ],
)
def test_label_studio_names_file_line_and_region(tmp_path, broken, reason):
    with pytest.raises(ExchangeError) as error:
        read_label_studio(tmp_path, broken)
    assert str(error.value).startswith(f"{tmp_path / 'tasks.json'}: line 2: {reason}")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[{}\n,\n]", "line 1: task 1"),
        ('[\n{"data": {"text": "x"}}\n', "line 3: JSON is broken"),
        ('[\n{"data": {"text": NaN}}]', "line 2: JSON holds a number that is none"),
        ('[\n{"id": ' + "1" * 5000 + "}]", "line 2: JSON holds a number that is none"),
        ('[\n\n{"data" 1}]', "line 3: JSON is broken"),
        ("[] x", "line 1: JSON goes on after its end"),
    ],
)
def test_broken_json_names_its_line(tmp_path, content, reason):
    path = tmp_path / "tasks.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ExchangeError) as error:
        list(label_studio.read(path, {}))
    assert str(error.value).startswith(f"{path}: {reason}")


# --- doccano


def read_doccano(folder, *lines):
    path = folder / "a.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return list(doccano.read(path, {}))


def test_doccano_keeps_the_fields_of_spans_that_stay(tmp_path):
    line = json.loads(next(doccano.write([FULL]))[1])
    line["entities"][1]["end_offset"] -= 3
    [one] = read_doccano(tmp_path, line)
    fields = {m.label: (m.name, m.value, m.rule) for m in one.mentions}
    assert fields["DRUG"] == ("rituximab", None, "drug.lexicon")
    assert fields["DOSE"] == (None, None, "imported")
    assert [(r.head, r.rule) for r in one.relations] == [("m1", "imported"), ("m1", "dose.adjacent")]


def test_doccano_without_relations_is_read(tmp_path):
    [one] = read_doccano(tmp_path, {"id": 4, "text": "RTX 5 mg", "label": [[0, 3, "DRUG"]]})
    assert [(one.id, m.id, m.text) for m in one.mentions] == [("a-4", "m1", "RTX")]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"text": "RTX", "label": [[0, 9, "DRUG"]]}, "entity -1: offsets are empty or outside"),
        ({"text": "RTX", "label": [[0, 3, "X"]]}, "entity -1: label 'X'"),
        ({"label": []}, "text: Field required"),
        (
            {"text": "RTX", "relations": [{"from_id": 1, "to_id": 2, "type": "dose_of"}]},
            "relation 1: names a mention",
        ),
        ({"text": "RTX", "caseline": {}}, "caseline: document: Field required"),
    ],
)
def test_doccano_names_file_and_line(tmp_path, broken, reason):
    with pytest.raises(ExchangeError) as error:
        read_doccano(tmp_path, {"text": "fine"}, broken)
    assert str(error.value).startswith(f"{tmp_path / 'a.jsonl'}: line 2: {reason}")


# --- DocBin


def test_docbin_is_of_use_in_spacy(tmp_path):
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    path = saved(tmp_path, "docbin", FULL)
    [doc] = DocBin().from_disk(path).get_docs(Vocab())
    assert next((s.text, s.label_, s.id_) for s in doc.spans["mentions"]) == ("RTX", "DRUG", "m1")


@pytest.mark.parametrize("data", [b"", b"nothing", zlib.compress(b"nothing"), zlib.compress(b"\x80")])
def test_what_is_no_docbin_is_refused(tmp_path, data):
    path = tmp_path / "x.spacy"
    path.write_bytes(data)
    with pytest.raises(ExchangeError, match="is no DocBin"):
        list(docbin.read_file(path, {}))


def test_a_docbin_that_unpacks_without_end_is_refused(tmp_path):
    path = tmp_path / "x.spacy"
    path.write_bytes(zlib.compress(b"\0" * 110_000_000))
    with pytest.raises(ExchangeError, match="unpacks to more than"):
        list(docbin.read_file(path, {}))


# --- Web Annotation


def page(selector, **more):
    item = {
        "id": "urn:x#m1", "type": "Annotation", "body": {"type": "TextualBody", "value": "DRUG"},
        "target": {"source": "urn:x", "selector": selector},
    }  # fmt: skip
    return {"items": [item | more], "partOf": {"label": "r1"}}


def read_page(folder, content, text="First RTX, then RTX again."):
    path = folder / "r1.jsonld"
    path.write_text(json.dumps(content), encoding="utf-8")
    return list(web_annotation.read(path, {"r1": Original.of(record(text))}))


QUOTE = {"type": "TextQuoteSelector", "exact": "RTX"}


@pytest.mark.parametrize(
    ("selector", "start"),
    [
        ({"type": "TextPositionSelector", "start": 6, "end": 9}, 6),
        (QUOTE | {"prefix": "then "}, 16),
        ([{"type": "TextPositionSelector", "start": 0, "end": 3}, QUOTE | {"suffix": ","}], 6),
    ],
    ids=["position", "quotation", "a position that has moved"],
)
def test_web_annotation_finds_its_place(tmp_path, selector, start):
    [one] = read_page(tmp_path, page(selector))
    assert [(m.start, m.text) for m in one.mentions] == [(start, "RTX")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (page(QUOTE), "item 1: its quotation is not in the text, or more than once"),
        (page([]), "item 1: has neither a position nor a quotation"),
        (
            page({"type": "TextPositionSelector", "start": 3, "end": 99}),
            "item 1: offsets are empty or outside",
        ),
        (page(QUOTE | {"suffix": ","}, type="Note"), "item 1: type: Input should be 'Annotation'"),
        ({}, "items: Field required"),
        ({"items": [{"id": "#R1", "type": "Annotation", "target": "#m9"}]}, "item 1: kind: Input should be"),
    ],
)
def test_web_annotation_names_file_and_item(tmp_path, content, reason):
    with pytest.raises(ExchangeError) as error:
        read_page(tmp_path, content)
    assert str(error.value).startswith(f"{tmp_path / 'r1.jsonld'}: line 1: {reason}")


def test_web_annotation_needs_the_original(tmp_path):
    saved(tmp_path, "web-annotation", FULL)
    with pytest.raises(ExchangeError, match="give the original"):
        list(web_annotation.read(tmp_path, {}))


# --- all of them: no text of a document in a message


@pytest.mark.parametrize("format", WITHOUT_ORIGINAL)
def test_no_message_holds_text_of_a_document(tmp_path, format):
    one = marked("Secret [RTX] name", "DRUG")
    saved(tmp_path, format, one)
    _, read, name = FORMATS[format]
    other = {one.id: Original.of(record("Another text"))}
    with pytest.raises(ExchangeError, match="differs from the original") as error:
        list(read(tmp_path / name, other))
    assert "Secret" not in str(error.value)


@pytest.mark.parametrize("format", FORMATS)
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(tmp_path_factory, format, data):
    folder = tmp_path_factory.mktemp("x")
    path = saved(folder, format, FULL)
    target = (
        path
        if path.is_file()
        else next(p for p in sorted(folder.iterdir()) if p.suffix not in (".txt", ".conf"))
    )
    whole = target.read_bytes()
    whole = zlib.decompress(whole) if format == "docbin" else whole
    at = data.draw(st.integers(0, len(whole)))
    damaged = whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + data.draw(st.integers(0, 9)) :]
    target.write_bytes(zlib.compress(damaged) if format == "docbin" else damaged)
    _, read, _ = FORMATS[format]
    reason = ""
    try:
        for one in read(path, {FULL.id: Original.of(FULL)}):
            one.check()
    except ExchangeError as error:
        reason = str(error)
    assert not reason or reason.startswith(str(folder))
