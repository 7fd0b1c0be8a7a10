import pytest

from pipeline.tables.values import head, reference, result, silent, unit_of


@pytest.mark.parametrize(
    ("text", "comparator", "value", "high", "unit", "interpretation"),
    [
        ("12.3", None, 12.3, None, "mg/L", None),
        ("<0.1", "<", 0.1, None, "mg/L", None),
        (">1,000", ">", 1000, None, "mg/L", None),
        ("12.3*", None, 12.3, None, "mg/L", None),
        ("12.3†", None, 12.3, None, "mg/L", None),
        ("12.3a", None, 12.3, None, "mg/L", None),
        ("145 H", None, 145, None, "mg/L", "high"),
        ("128 (L)", None, 128, None, "mg/L", "low"),
        ("↑ 12", None, 12, None, "mg/L", "high"),
        ("0,6", None, 0.6, None, "mg/L", None),
        ("8.1 x 10^9/L", None, 8.1, None, "10*9/L", None),
        ("3-5/hpf", None, 3, 5, "/[HPF]", None),
        ("1:320", None, 320, None, "titer", None),
        ("Positive", None, None, None, None, "positive"),
        ("(-)", None, None, None, None, "negative"),
        ("2+", None, None, None, None, "positive"),
    ],
)
def test_results(text, comparator, value, high, unit, interpretation):
    quantity, _ = result(text, "mg/L", "mg/L")
    assert (quantity.comparator, quantity.value, quantity.value_high, quantity.unit, quantity.interpretation) == (
        comparator, value, high, unit, interpretation,
    )  # fmt: skip


def test_a_result_brings_its_range():
    quantity, limits = result("12.3 (5-10)", None, None)
    assert (quantity.value, limits.low, limits.high) == (12.3, 5, 10)


@pytest.mark.parametrize("text", ["", "-", "--", "NA", "N/A", "ND", "n.d.", "NR", "not done", "…", "/"])
def test_cells_that_say_nothing(text):
    assert silent(text)
    assert result(text, None, None) is None


@pytest.mark.parametrize("text", ["Fever", "45 (12%)", "12 patients", "see text", "3 of 5"])
def test_cells_that_are_no_results(text):
    assert result(text, None, None) is None


@pytest.mark.parametrize(
    ("text", "unit", "low", "high"),
    [
        ("CRP (mg/L)", "mg/L", None, None),
        ("WBC, 10^9/L [4-10]", "10*9/L", 4, 10),
        ("Hb (g/dL) (12-16)", "g/dL", 12, 16),
        ("ALT (U/L; normal <40)", "U/L", None, 40),
        ("FVC (% predicted)", "%", None, None),
        ("CD4 (cells/uL)", "/uL", None, None),
        ("PaO2/FiO2", None, None, None),
        ("KL-6", None, None, None),
    ],
)
def test_heads_of_rows(text, unit, low, high):
    read = head(text)
    limits = read.limits or (None, None, None)
    assert (read.unit, *limits[1:]) == (unit, low, high)


@pytest.mark.parametrize(
    ("text", "sex", "low", "high"),
    [
        ("0-5", None, 0, 5),
        ("<5", None, None, 5),
        ("> 60", None, 60, None),
        ("3.5-5.0 mg/dL", None, 3.5, 5.0),
        ("4.0-10.0 x 10^9/L", None, 4, 10),
        ("M: 13-17; F: 12-15", "female", 12, 15),
        ("M: 13-17; F: 12-15", "male", 13, 17),
    ],
)
def test_reference_ranges(text, sex, low, high):
    assert reference(text, sex)[1:] == (low, high)


def test_a_range_for_women_and_men_needs_the_sex():
    assert reference("M: 13-17; F: 12-15", None) is None


def test_units():
    assert unit_of("(10^9/L)") == ("10^9/L", "10*9/L")
    assert unit_of("Test") is None
