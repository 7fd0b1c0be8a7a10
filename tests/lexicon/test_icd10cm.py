"""Names and codes of diagnoses against ICD-10-CM's tables."""

from pathlib import Path

import pytest

from pipeline.lexicon import Entry
from pipeline.lexicon.icd10cm import codes, spellings, wrong

TABLES = """<ICD10CM.tabular><chapter><section><diag><name>N30</name><desc>Cystitis</desc>
<diag><name>N30.0</name><desc>Acute cystitis, unspecified</desc><inclusionTerm><note>Honeymoon cystitis (acute)</note></inclusionTerm></diag>
</diag></section></chapter></ICD10CM.tabular>"""


def entry(term: str, code: str, source: str = "icd10cm") -> Entry:
    return Entry(term, term, frozenset(), source, {"icd10cm": code})


@pytest.fixture
def known(tmp_path: Path) -> dict[str, set[str]]:
    path = tmp_path / "tables.xml"
    path.write_text(TABLES, encoding="utf-8")
    return codes(path)


def test_titles_and_inclusion_terms_are_names_of_their_code(known: dict[str, set[str]]) -> None:
    right = [entry("cystitis", "N30"), entry("acute cystitis", "N30.0"), entry("honeymoon cystitis", "N30.0")]
    assert wrong(right, known) == []


def test_a_wrong_code_or_name_is_shown_and_own_lines_are_not_asked(known: dict[str, set[str]]) -> None:
    others = [entry("cystitis", "N31"), entry("gout", "N30"), entry("gout", "M10", source="caseline")]
    assert wrong(others, known) == others[:2]


def test_a_wider_code_may_stand_for_the_names_below_it(known: dict[str, set[str]]) -> None:
    assert wrong([entry("acute cystitis", "N30")], known) == []


def test_spellings() -> None:
    assert "gout" in set(spellings("Other gout, unspecified"))


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tables.xml"
    path.write_text("<article/>", encoding="utf-8")
    with pytest.raises(ValueError, match="no tabular list"):
        codes(path)
