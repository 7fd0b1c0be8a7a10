import pytest

import caseline
from pipeline.reader import ReadError, read_bytes, read_path
from pipeline.structure.layout import lay_out
from tests.conftest import SAMPLES
from tests.reader import forms


def facts(extraction):
    """What must not depend on the form: the events without their places."""
    return [
        (case.id, e.kind, e.name, e.action, e.status, e.time.day_low, e.time.day_high,
         e.dose and (e.dose.value, e.dose.unit), e.measurement and (e.measurement.value, e.measurement.unit))
        for case in extraction.cases for e in case.events
    ]  # fmt: skip


@pytest.fixture(params=SAMPLES, ids=lambda p: p.stem)
def document(request):
    return read_path(request.param, request.param.stem)


@pytest.mark.parametrize(
    "form", ["jats", "bioc xml", "bioc json", "pdf, one column", "pdf, two columns", "word"]
)
def test_the_same_case_gives_the_same_events(document, form):
    data = {
        "jats": forms.jats,
        "bioc xml": lambda d: forms.bioc(d)[0],
        "bioc json": lambda d: forms.bioc(d)[1],
        "pdf, one column": lambda d: forms.pdf(d, 1),
        "pdf, two columns": lambda d: forms.pdf(d, 2),
        "word": forms.word,
    }[form](document)
    other = caseline.extract(read_bytes(data, document.id, form))
    other.check()
    assert facts(other) == facts(caseline.extract(document))


def test_jats_carries_its_metadata():
    document = read_bytes(forms.jats(read_path(SAMPLES[0], "x")), "x", "x")
    assert document.id == "PMC0000001"
    source = document.source
    assert (source.pmcid, source.doi, source.published) == ("PMC0000001", "10.0/x", "2022-08-04")
    assert (source.license, source.article_type) == (
        "https://creativecommons.org/licenses/by/4.0/",
        "case-report",
    )


JATS = "<article xmlns:xlink='http://www.w3.org/1999/xlink'><front><article-meta>{meta}</article-meta></front>{body}</article>"


def jats(body, meta=""):
    return lay_out(read_bytes(JATS.format(body=body, meta=meta).encode(), "a", "a"))


def test_sections_nest_and_floats_follow_their_paragraph():
    document = jats(
        "<body><sec><title>Introduction</title><p>Rare.</p></sec><sec><title>Case report</title><p>She had "
        "<fig><label>Fig. 1</label><caption><p>A scan.</p></caption></fig>fever<xref ref-type='bibr'><sup>3</sup></xref> "
        "and <italic>E. coli</italic> at 10<sup>9</sup>/L (<xref ref-type='fig'>Fig. 1</xref>).</p>"
        "<sec><title>Treatment</title><p>RTX 375 mg/m<sup>2</sup>.</p></sec></sec></body>"
    )
    shown = [(b.kind, b.section, document.text[b.start : b.end]) for b in document.blocks]
    assert shown == [
        ("heading", "introduction", "Introduction"),
        ("paragraph", "introduction", "Rare."),
        ("heading", "case", "Case report"),
        ("paragraph", "case", "She had fever and E. coli at 10<sup>9</sup>/L (Fig. 1)."),
        ("caption", "caption", "Fig. 1 A scan."),
        ("heading", "case", "Treatment"),
        ("paragraph", "case", "RTX 375 mg/m<sup>2</sup>."),
    ]


def test_formulae_and_sub_articles_are_left_out():
    document = jats(
        "<body><p>Clearance <inline-formula><alternatives><tex-math>x^2</tex-math></alternatives></inline-formula>fell.</p>"
        "</body><sub-article><body><p>A review.</p></body></sub-article>"
    )
    assert document.text.strip() == "Clearance fell."


def test_a_table_has_cells_with_offsets_and_spans():
    document = jats(
        "<body><table-wrap><label>Table 1</label><caption><p>Labs</p></caption><table><thead><tr><th rowspan='2'>Day</th>"
        "<th colspan='2'>Values</th></tr><tr><th>CRP</th><th>LDH</th></tr></thead><tbody><tr><td>1</td><td>5</td><td>300"
        "</td></tr></tbody></table></table-wrap></body>"
    )
    [table] = document.tables
    cells = [(c.row, c.column, document.text[c.start : c.end], c.header) for c in table.cells]
    assert cells == [
        (0, 0, "Day", True), (0, 1, "Values", True), (0, 2, "Values", True), (1, 0, "Day", True), (1, 1, "CRP", True),
        (1, 2, "LDH", True), (2, 0, "1", False), (2, 1, "5", False), (2, 2, "300", False),
    ]  # fmt: skip


def test_a_retraction_names_what_it_retracts():
    document = jats(
        "<body><p>Retracted.</p></body>",
        "<related-article related-article-type='retracted-article' xlink:href='10.1/y'/>",
    )
    assert [(r.kind, r.id) for r in document.source.related] == [("retracted-article", "10.1/y")]


BOMB = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY a{i} '{'&a%s;' % (i - 1 if i else '') * 10}'>" for i in range(9)
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (BOMB.encode() + b"]><article><body><p>&a8;</p></body></article>", "entities"),
        (b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><article><body><p>&x;</p></body></article>", "entities"),
        (b"<article><body><p>cut", "XML is broken at line 1"),
        (b"<article>" + b"<sec>" * 10_000 + b"</sec>" * 10_000 + b"</article>", "nested too deeply"),
        (b"<?xml version='1.0'?><html><p>x</p></html>", "neither JATS nor BioC"),
        (b"<article><body/></article>", "no text"),
        (b'{"passages": [', "JSON is broken"),
        (b'{"a": "passages", "passages": 3}', "not in BioC form"),
        (b"[" * 100_000 + b'"passages"', "nested too deeply"),
        (b"%PDF-1.7 nothing of the kind", "PDF is damaged"),
    ],
)  # fmt: skip
def test_hostile_and_broken_files_give_one_line(data, reason):
    with pytest.raises(ReadError) as error:
        read_bytes(data, "x", "x")
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


def test_a_locked_and_a_scanned_pdf_say_what_to_do():
    import io

    from reportlab.pdfgen.canvas import Canvas

    locked = io.BytesIO()
    canvas = Canvas(locked, encrypt="secret")
    canvas.drawString(100, 100, "text")
    canvas.save()
    with pytest.raises(ReadError, match="encrypted"):
        read_bytes(locked.getvalue(), "x", "x")
    empty = io.BytesIO()
    canvas = Canvas(empty)
    canvas.rect(10, 10, 50, 50)
    canvas.save()
    with pytest.raises(ReadError, match="ocrmypdf"):
        read_bytes(empty.getvalue(), "x", "x")


def test_a_table_row_in_a_pdf_keeps_its_cells_apart():
    import io

    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for x, text in ((100, "Day"), (200, "CRP"), (300, "Ferritin")):
        canvas.drawString(x, 500, text)
    canvas.save()
    assert read_bytes(buffer.getvalue(), "x", "x").text.strip() == "Day\tCRP\tFerritin"


def paragraphs(document):
    return [document.text[b.start : b.end] for b in document.blocks if b.kind == "paragraph"]


@pytest.mark.parametrize(
    ("inline", "text"),
    [
        # what a citation, a footnote or a formula leaves of its sentence
        ("CT (<xref ref-type='fig' rid='f'>Figure 1</xref>) showed fibrosis [<xref ref-type='bibr'>1</xref>].",
         "CT (Figure 1) showed fibrosis [1]."),
        ("FK<fn><p>tacrolimus</p></fn> 2<xref ref-type='fn'>a</xref> mg", "FK 2 mg"),
        ("Ratio <inline-formula><alternatives><tex-math>\\x</tex-math><mml:math xmlns:mml='m'><mml:mn>150</mml:mn></mml:math>"
         "</alternatives></inline-formula> mmHg", "Ratio 150 mmHg"),
        ("<inline-formula><msup><mn>10</mn><mn>9</mn></msup></inline-formula>/L", "10<sup>9</sup>/L"),
        ("<inline-formula><mfrac><mn>1</mn><mn>2</mn></mfrac></inline-formula> dose", "1/2 dose"),
        ("A <!-- x -->girl<?y z?> &lt;5 caf&#233; <![CDATA[a < b]]>", "A girl <5 café a < b"),
        ("a <bold>b</bold> <named-content>c</named-content> <ext-link>d</ext-link>", "a b c d"),
    ],
)  # fmt: skip
def test_inline_markup_keeps_the_sentence_whole(inline, text):
    assert paragraphs(jats(f"<body><p>{inline}</p></body>")) == [text]


def test_items_of_a_list_are_paragraphs():
    document = jats(
        "<body><p>Given:<list><list-item><p>RTX 375 mg</p></list-item><list-item><label>2.</label><p>MTX</p>"
        "<list><list-item><p>orally</p></list-item></list></list-item></list>Then she left.</p></body>"
    )
    assert paragraphs(document) == ["Given:", "RTX 375 mg", "2. MTX", "orally", "Then she left."]


def test_characters_of_the_dtd_are_read_without_it():
    data = (
        b"<!DOCTYPE article PUBLIC 'x' 'JATS.dtd'><article><body><p>5 &micro;g &alpha;</p></body></article>"
    )
    assert read_bytes(data, "x", "x").text.strip() == "5 µg α"


def test_cells_of_several_paragraphs_and_notes_of_a_table():
    document = jats(
        "<body><table-wrap><label>Table 2</label><caption><title>Doses</title></caption><table><tr><td><p>RTX</p><p>MTX</p></td>"
        "<td>375<break/>mg<xref ref-type='table-fn'>a</xref></td></tr></table><table-wrap-foot><fn><label>a</label>"
        "<p>Weekly.</p></fn></table-wrap-foot></table-wrap></body>"
    )
    [table] = document.tables
    assert [document.text[c.start : c.end] for c in table.cells] == ["RTX MTX", "375 mg"]
    assert document.text[table.start : table.end] == "Table 2 Doses\nRTX MTX\t375 mg\nWeekly."


BIOC = """<collection><document><id>1</id>{}</document></collection>"""


def test_a_bioc_table_spans_its_cells():
    markup = "&lt;table>&lt;tr>&lt;th colspan='2'>CRP&lt;/th>&lt;/tr>&lt;tr>&lt;td>5&lt;/td>&lt;td>3&lt;/td>&lt;/tr>&lt;/table>"
    passage = (
        "<passage><infon key='section_type'>TABLE</infon><infon key='type'>table</infon>"
        f"<infon key='xml'>{markup}</infon><text>CRP 5 3</text></passage>"
    )
    document = read_bytes(BIOC.format(passage).encode(), "x", "x")
    [table] = document.tables
    cells = [(c.row, c.column, document.text[c.start : c.end], c.header) for c in table.cells]
    assert cells == [(0, 0, "CRP", True), (0, 1, "CRP", True), (1, 0, "5", False), (1, 1, "3", False)]


def test_bioc_sentences_and_figures():
    passages = (
        "<passage><infon key='section_type'>CASE</infon><infon key='type'>paragraph</infon>"
        "<sentence><text>A girl.</text></sentence><sentence><text>She ate.</text></sentence></passage>"
        "<passage><infon key='section_type'>FIG</infon><infon key='type'>fig_caption</infon><text>A scan.</text></passage>"
    )
    document = read_bytes(BIOC.format(passages).encode(), "x", "x")
    shown = [(b.kind, document.text[b.start : b.end]) for b in document.blocks]
    assert shown == [("paragraph", "A girl. She ate."), ("caption", "A scan.")]


@pytest.mark.parametrize(("escape", "reason"), [("d800", "half a character"), ("0000", "a NUL character")])
def test_what_no_store_can_hold_is_named(escape, reason):
    data = b'{"documents":[{"id":"1","passages":[{"infons":{},"text":"a \\u%s"}]}]}' % escape.encode()
    with pytest.raises(ReadError, match=reason):
        read_bytes(data, "x", "x")
