"""The plain rendering and the way back to the source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.schema import Block, Document, Source
from pipeline.structure.layout import lay_out
from pipeline.structure.view import View, view


def viewed(text: str) -> View:
    block = Block(kind="paragraph", section="case", start=0, end=len(text))
    source = Source(uri="d", format="text", sha256="")
    return view(Document(id="d", source=source, text=text, blocks=(block,) if text else ()))


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("500 mg/m<sup>2</sup>/dose", "500 mg/m2/dose"), ("10<sup>9</sup>/L", "10^9/L"), ("10<sup>-3</sup>", "10^-3"),
        ("FiO<sub>2</sub>", "FiO2"), ("Ca<sup>2+</sup>", "Ca2+"), ("Ito<sup>1</sup>, Abe<sup>1,4\\*</sup>", "Ito, Abe"),
        ("group<sup>1, 2</sup> was", "group was"), ("93%<sup>4-9</sup>, as", "93%, as"), ("cm<sup>3</sup>", "cm3"),
        ("2.5 mg/kg<sup>12</sup> daily", "2.5 mg/kg daily"), ("mL<sup>-1</sup>", "mL-1"), ("kg/m²", "kg/m2"),
        ("10⁹/L", "10^9/L"), ("disease.¹² Then", "disease. Then"), ("<sup>18</sup>F-FDG", "18F-FDG"),
        ("37<sup>o</sup>C", "37°C"), ("CD4<sup>+</sup>", "CD4+"), ("HCO<sub>3</sub><sup>−</sup>", "HCO3-"),
        ("ﬁbrosis", "fibrosis"), ("treat\u00adment", "treatment"), ("treat-\nment", "treatment"),
        ("treat-\r\nment", "treatment"), ("anti-\nMDA5", "anti-MDA5"), ("2-\nyear-old", "2-year-old"),
        ("long-\nterm", "long-term"), ("[3, 8-10]", "[3, 8-10]"), ("&lt;5 &plusmn; 2 &#956;g", "<5 ± 2 ug"),
        ("ＣＲＰ　１２", "CRP 12"), ("37º", "37°"), ("Sjögren", "Sjogren"), ("n\u0303o", "no"), ("**a** *b* _c_", "a b c"),
        ("2*3 snake_case", "2*3 snake_case"), ("p\\*q", "p*q"), ("p<0.05, q>3", "p<0.05, q>3"), ("2½ years", "2.5 years"),
        ("½ tablet", "0.5 tablet"), ("a\u2009b\u200b", "a b"), ("[text](https://a.b/c)", "text"), ("a<br/>b", "a b"),
        ("x <sup>3</sup> y", "x y"), ("IgG–κ ≥ 3", "IgG-kappa >= 3"), ("a\r\nb\fc", "a b c"),
    ],
)  # fmt: skip
def test_plain(source: str, plain: str) -> None:
    assert viewed(source).text == plain + "\n"


@pytest.mark.parametrize(
    ("source", "plain", "slice_"),
    [
        ("gave 5 mg/m<sup>2</sup> of", "5 mg/m2", "5 mg/m<sup>2</sup>"),
        ("at 3 × 10<sup>9</sup>/L", "3 x 10^9", "3 × 10<sup>9</sup>"),
        ("the treat-\nment went", "treatment", "treat-\nment"),
        ("had ﬁbrosis.", "fibrosis", "ﬁbrosis"),
        ("&lt;5 mg", "<5", "&lt;5"),
        ("α-blocker", "alpha", "α"),
    ],
)
def test_the_way_back(source: str, plain: str, slice_: str) -> None:
    shown = viewed(source)
    start = shown.text.index(plain)
    place = shown.to_source(start, start + len(plain))
    assert place is not None
    assert source[place[0] : place[1]] == slice_


def test_headings_tables_references_and_back_matter_are_left_out() -> None:
    text = (
        "# Title\n\n## Case\n\nShe took 5 mg\n\nTable 1. X\n\na\tb\n1\t2\n\nKeywords: x\n\ntwice daily.\n\n"
        "**Fig. 1** A scan.\n\n## References\n\n1. Ito A. 2001."
    )
    document = lay_out(Document(id="d", source=Source(uri="d", format="text", sha256=""), text=text))
    shown = view(document)
    # The half before the table has too few words to be taken for a cut paragraph.
    assert shown.text == "She took 5 mg\ntwice daily.\nFig. 1 A scan.\n"
    assert [kind for _, _, kind in shown.sections] == ["case", "case", "caption"]


def test_a_cut_paragraph_reads_through_and_a_torn_span_has_no_source() -> None:
    legend = "**Fig. 1** " + "A scan of the chest. " * 9
    text = f"## Case\n\nOn that day she was given intra-\n\n{legend}\n\nvenous rituximab at last."
    shown = view(lay_out(Document(id="d", source=Source(uri="d", format="text", sha256=""), text=text)))
    first = shown.text.split("\n")[0]
    assert first == "On that day she was given intravenous rituximab at last."
    at = first.index("intravenous")
    assert shown.to_source(at, at + len("intravenous")) is None


PIECES = st.sampled_from(
    ["a", "word", " ", "  ", "\n", "<sup>2</sup>", "m", "10", "<i>x</i>", "é", "ﬁ", "−", "α", "&lt;", "&amp;", "-\n", "**",
     "*", "_", "\\*", "[1](#r)", "½", "¹", "\u00ad", "\u200b", "5", ".", "(", ")", "<", "&", "!"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25).map("".join))
def test_offsets_are_monotone_and_within_the_source(source: str) -> None:
    shown = viewed(source)
    assert len(shown.text) == len(shown.starts) == len(shown.ends)
    for i in range(len(shown.text) - 1):
        assert 0 <= shown.starts[i] <= shown.starts[i + 1] <= len(source)
        assert shown.starts[i] <= shown.ends[i] <= len(source)
    assert "  " not in shown.text


@given(
    st.lists(
        st.sampled_from(["word", "α", "m<sup>2</sup>", "10<sup>9</sup>", "ﬁx", "&lt;5", "<b>x</b>", "5 – 6"]),
        max_size=9,
    )
)
def test_words_come_back_as_slices_that_render_alike(words: list[str]) -> None:
    source = " ".join(words)
    shown = viewed(source)
    at = 0
    for word in shown.text.split():
        start = shown.text.index(word, at)
        at = start + len(word)
        place = shown.to_source(start, at)
        assert place is not None
        assert viewed(source[slice(*place)]).text.strip() == word
