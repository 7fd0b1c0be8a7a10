"""Blocks, sections and tables of plain text and Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.schema import Block, Document, Source
from pipeline.structure.furniture import is_back_matter, is_page_furniture
from pipeline.structure.headings import classify
from pipeline.structure.layout import lay_out
from pipeline.structure.tables import caption

PROSE = (
    "A woman of forty came with fever and a dry cough that had begun some days before she was seen by us here"
)


def laid(text: str) -> Document:
    return lay_out(Document(id="d", source=Source(uri="d", format="text", sha256=""), text=text))


def shown(text: str) -> list[tuple[str, str, str]]:
    document = laid(text)
    return [(b.kind, b.section, document.text[b.start : b.end]) for b in document.blocks]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(kind, section) for kind, section, _ in shown(text)]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Case presentation", "case"), ("CASE REPORT", "case"), ("Case-Report", "case"), ("2.1. Case 1", "case"),
        ("Case 2: A boy with rash", "case"), ("Background", "introduction"), ("pmcIntroduction", "introduction"),
        ("Discussion & Conclusions", "discussion"), ("Competing interests", "back_matter"),
        ("References", "references"), ("Learning points", "conclusion"), ("List of abbreviations", "abbreviations"),
        ("Authors’ contributions", "back_matter"),
    ],
)  # fmt: skip
def test_titles_name_their_kind(title: str, kind: str) -> None:
    found = classify(title)
    assert found is not None
    assert found[0] == kind


@pytest.mark.parametrize("line", ["Skin biopsy", "The patient improved", "Fever", "Rituximab"])
def test_other_lines_are_no_titles(line: str) -> None:
    assert classify(line) is None


def test_without_headings_all_is_case() -> None:
    assert kinds("She had fever.\nShe got better.\n") == [("paragraph", "case")]


def test_a_title_that_stands_alone_is_no_case() -> None:
    title = "Recovery From Severe Hepatitis After Plasma Exchange"
    assert kinds(f"{title}\n\n{PROSE}.") == [("paragraph", "title"), ("paragraph", "case")]


@pytest.mark.parametrize(
    "heading",
    ["## Case presentation", "**Case presentation**", "CASE PRESENTATION", "Case presentation", "<h2>Case report</h2>",
     "Case report\n-----------"],
)  # fmt: skip
def test_headings_in_all_their_forms(heading: str) -> None:
    text = f"## Introduction\n\nFever is common.\n\n{heading}\nShe had fever.\n\n## Discussion\n\nFever ends."
    sections = [(b.kind, b.section) for b in laid(text).blocks]
    assert sections == [
        ("heading", "introduction"), ("paragraph", "introduction"), ("heading", "case"), ("paragraph", "case"),
        ("heading", "discussion"), ("paragraph", "discussion"),
    ]  # fmt: skip


def test_a_run_in_heading_is_a_block_of_its_own_and_the_abstract_keeps_its_parts() -> None:
    text = "# T\n\nA. Author\n\n## Abstract\n\n**Case presentation:** A girl had fever.\n\n## Background\n\nIt is rare."
    assert shown(text) == [
        ("heading", "title", "# T"),
        ("paragraph", "title", "A. Author"),
        ("heading", "abstract", "## Abstract"),
        ("heading", "abstract", "**Case presentation:**"),
        ("paragraph", "abstract", "A girl had fever."),
        ("heading", "introduction", "## Background"),
        ("paragraph", "introduction", "It is rare."),
    ]


@pytest.mark.parametrize("inner", ["Treatment", "Investigations", "### Outcome"])
def test_a_part_of_the_case_or_the_discussion_stays_in_it(inner: str) -> None:
    assert kinds(f"## Case\n\nShe came.\n\n{inner}\n\nShe was treated.")[-1] == ("paragraph", "case")
    assert kinds(f"## Case\n\nShe came.\n\n## Discussion\n\nIt is rare.\n\n{inner}\n\nTrials failed.")[-1] == (
        "paragraph", "discussion",
    )  # fmt: skip


def test_the_type_of_article_above_the_title_is_no_case() -> None:
    text = "CASE REPORT\n\nOpen Access\n\n# Fever in a girl\n\nA. Author\n\n## Abstract\n\nA girl had fever."
    assert "case" not in [section for _, section in kinds(text)]


@pytest.mark.parametrize(
    ("half", "rest", "goes_on"),
    [
        ("On the tenth day we gave 500 mg/m2 of the drug", "was given without delay.", True),
        ("She was sent home from the ward. After", "6 days she came back.", True),
        ("The scan showed new consolidation of the parenchy-", "ma in both lungs.", True),
        ("She was sent home from the ward.", "later events are told below.", False),
        ("She was sent home from the ward.", "Her fever came back.", False),
        ("Skin biopsy", "urine analysis", False),
    ],
)
@pytest.mark.parametrize("between", ["", "**Fig. 1** Scan of the chest\n\n", "12\n\n", "a\tb\n1\t2\n\n"])
def test_a_cut_paragraph_goes_on(half: str, rest: str, goes_on: bool, between: str) -> None:
    document = laid(f"## Case\n\n{half}\n\n{between}{rest}\n")
    paragraphs = [b for b in document.blocks if b.kind == "paragraph" and b.section == "case"]
    assert [b.continues for b in paragraphs] == [False, goes_on]


def test_a_table_takes_in_caption_and_notes() -> None:
    text = "## Case\n\nShe came.\n\nTable 1. Tests\n\nTest\tDay 1\tDay 5\nCRP\t12\t<3\n\n<sup>a</sup> In mg/L.\n\nShe left."
    document = laid(text)
    assert [(b.kind, b.section) for b in document.blocks][2:] == [("table", "table"), ("paragraph", "case")]
    (table,) = document.tables
    assert text[table.start : table.end].startswith("Table 1.")
    assert text[table.start : table.end].endswith("In mg/L.")
    assert [(c.row, c.column, text[c.start : c.end], c.header) for c in table.cells] == [
        (0, 0, "Test", True), (0, 1, "Day 1", True), (0, 2, "Day 5", True),
        (1, 0, "CRP", False), (1, 1, "12", False), (1, 2, "<3", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rows", ["| Test | Day 1 |\n|---|---|\n| CRP | 12 |", "<table><tr><th>Test</th><th>Day 1</th></tr>\n"
             "<tr><td>CRP</td><td>12</td></tr></table>"],
)  # fmt: skip
def test_tables_of_markdown_and_html(rows: str) -> None:
    text = f"She came.\n\n{rows}\n\nShe left."
    (table,) = laid(text).tables
    assert [(c.row, text[c.start : c.end], c.header) for c in table.cells] == [
        (0, "Test", True), (0, "Day 1", True), (1, "CRP", False), (1, "12", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("**Fig. 1** Scan", "figure"), ("Figure 2. Scan", "figure"), ("Table I. Cases", "table"),
        ("**Table 1** (continued)", "table"), ("Figure 2 shows the scan.", None), ("Table 1 lists them.", None),
        ("Tables and figures", None),
    ],
)  # fmt: skip
def test_captions(text: str, kind: str | None) -> None:
    assert caption(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "*Correspondence: a@b.org", "**Keywords:** fever", "Received: 3 May 2021", "© 2020 The Author(s)",
        "<sup>4</sup> Department of Pediatrics, City Hospital", "**Submitted:** 29/04/2021",
        "“fever” [MeSH Terms] OR “fever” [All Fields] OR (“cough” [All Fields])",
        "Written informed consent was obtained from the patient for publication of this report.",
    ],
)  # fmt: skip
def test_what_tells_of_the_article_is_back_matter(text: str) -> None:
    assert is_back_matter(text)


@pytest.mark.parametrize(
    "text",
    ["She received prednisolone.", "Department visits were weekly.", "Informed of the risk, she declined."],
)
def test_what_tells_of_the_patient_is_not(text: str) -> None:
    assert not is_back_matter(text)


@pytest.mark.parametrize(
    "line", ["12", "Page 3 of 9", "Ito et al. BMC Pediatrics (2022) 20:60", "www.journal.org"]
)
def test_page_furniture(line: str) -> None:
    assert is_page_furniture(line)
    assert not is_page_furniture("She was 12 years old and well.")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\f"])
def test_any_newline(newline: str) -> None:
    text = newline.join(["Introduction", "Fever is common.", "Case report", "She had fever.", ""])
    assert kinds(text) == [
        ("heading", "introduction"), ("paragraph", "introduction"), ("heading", "case"), ("paragraph", "case"),
    ]  # fmt: skip


def test_what_a_reader_knows_is_kept() -> None:
    blocks = (
        Block(kind="heading", section="discussion", start=0, end=10),
        Block(kind="paragraph", section="discussion", start=11, end=16),
    )
    source = Source(uri="d", format="text", sha256="")
    document = lay_out(Document(id="d", source=source, text="Discussion Fever", blocks=blocks))
    assert [(b.start, b.end) for b in document.blocks] == [(0, 10), (11, 16)]


LINES = st.sampled_from(
    ["", "Case report", "# Title", "## Discussion", "She had fever.", "was given", "Table 1. X", "a\tb", "|a|b|",
     "**Fig. 1** X", "12", "\f", "- item one", "References", "<table><tr><td>a</td></tr></table>", "ABSTRACT", "---"]
)  # fmt: skip


@given(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_blocks_are_ordered_and_sections_cover_the_text(lines: list[str], newline: str) -> None:
    text = newline.join(lines)
    document = laid(text)
    ends = [0]
    for block in document.blocks:
        assert ends[-1] <= block.start < block.end <= len(text)
        assert text[block.start : block.end].strip() == text[block.start : block.end]
        ends.append(block.end)
    at = 0
    for section in document.sections:
        assert section.start == at
        at = section.end
    assert at == len(text)
    for table in document.tables:
        assert all(table.start <= c.start < c.end <= table.end for c in table.cells)


def test_a_structured_abstract_in_one_paragraph_has_its_parts() -> None:
    parts = kinds(
        "BACKGROUND: Rare. CASE REPORT: She was admitted. DIAGNOSES: Sepsis. CONCLUSIONS: Think of it."
    )
    assert parts == [
        ("heading", "introduction"), ("paragraph", "introduction"), ("heading", "case"), ("paragraph", "case"),
        ("heading", "case"), ("paragraph", "case"), ("heading", "conclusion"), ("paragraph", "conclusion"),
    ]  # fmt: skip


def test_a_structured_abstract_before_the_full_text_tells_no_case() -> None:
    text = "BACKGROUND: Rare. CASE REPORT: She was seen.\n\nCase report\n\nShe was admitted.\n\nDiscussion\n\nRare."
    assert [s for k, s in kinds(text) if k == "paragraph"] == [
        "introduction",
        "abstract",
        "case",
        "discussion",
    ]
