"""Numbers and units in the typographies of articles."""

from __future__ import annotations

import pytest

from pipeline import lexicon
from pipeline.units import amount_at, amounts, convert, number, unit_at


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("375 mg/m2", 375, "mg/m2"),
        ("375 mg/m 2 once", 375, "mg/m2"),
        ("375 mg/m^2", 375, "mg/m2"),
        ("85 mg per square meter of body surface", 85, "mg/m2"),
        ("550 mg/sq m", 550, "mg/m2"),
        ("5 mg / kg / day", 5, "mg/kg/d"),
        ("3 mg/kg per day", 3, "mg/kg/d"),
        ("3 mg kg-1 day-1", 3, "mg/kg/d"),
        ("2 mg.kg-1.h-1", 2, "mg/kg/h"),
        ("0.4ug/kg/min", 0.4, "ug/kg/min"),
        ("4 mg/kg/12h", 4, "mg/kg/(12.h)"),
        ("1 milligram/kilogram of weight", 1, "mg/kg"),
        ("500 mg/m2/dose", 500, "mg/m2"),
        ("500 mcg", 500, "ug"),
        ("75 microg/h", 75, "ug/h"),
        ("3 mug/kg", 3, "ug/kg"),
        ("20 mgs", 20, "mg"),
        ("50 mg./day", 50, "mg/d"),
        ("2.5-mg-per-day", 2.5, "mg/d"),
        ("2 mg x kg(-1)", 2, "mg/kg"),
        ("50 mg x m(-2)", 50, "mg/m2"),
        ("10,000 I.U. daily", 10000, "[IU]"),
        ("3 M.U. twice", 3, "MU"),
        ("8 MIU", 8, "M[IU]"),
        ("10(6) U/m2", 1e6, "U/m2"),
        ("13.1 gm/dl", 13.1, "g/dL"),
        ("6.5 mg dL-1", 6.5, "mg/dL"),
        ("20 mm Hg", 20, "mm[Hg]"),
        ("20mmHg", 20, "mm[Hg]"),
        ("20 cmH2O", 20, "cm[H2O]"),
        ("20 cm H 2 O", 20, "cm[H2O]"),
        ("15.8 x 109/L", 15.8, "10*9/L"),
        ("15.8 x 10^9/L", 15.8, "10*9/L"),
        ("4x10e9/L", 4, "10*9/L"),
        ("93 x 10^3 cells/uL", 93, "10*3/uL"),
        ("281x103", 281, "10*3"),
        ("21,000/mm3", 21000, "/mm3"),
        ("12 000 cells/mm 3", 12000, "/mm3"),
        ("5/hpf", 5, "/[HPF]"),
        ("45 IU/L", 45, "[IU]/L"),
        ("45 U/I", 45, "U/L"),
        ("4.5 mEq/L", 4.5, "meq/L"),
        ("38.9°C", 38.9, "Cel"),
        ("38.4 ° C", 38.4, "Cel"),
        ("4 L/min", 4, "L/min"),
        ("80 bpm", 80, "/min"),
        ("125 beats/min", 125, "/min"),
        ("30 breaths per minute", 30, "/min"),
        ("69 mm/hr", 69, "mm/h"),
        ("20 mm/1st hour", 20, "mm/h"),
        ("3 liters per 24 hours", 3, "L/d"),
        ("100 mL/min/1.73 m2", 100, "mL/min/{1.73_m2}"),
        ("5,900 cGy", 5900, "cGy"),
        ("2 tablets", 2, "{tablet}"),
        ("24 million units", 24e6, "U"),
        ("5.0 ppm", 5, "[ppm]"),
        ("2.1% w/v", 2.1, "%"),
        ("300 mg I/mL", 300, "mg/mL"),
        ("10-mg", 10, "mg"),
        ("-5.1 mmol/l", -5.1, "mmol/L"),
        ("0,6 ml/day", 0.6, "mL/d"),
    ],
)
def test_an_amount_has_its_value_and_ucum_unit(text: str, value: float, code: str) -> None:
    (amount,) = amounts(text)[:1]
    assert (amount.value, amount.unit and amount.unit.code) == (value, code)


@pytest.mark.parametrize(
    ("text", "value", "high", "comparator"),
    [
        ("10-20 mg", 10, 20, None),
        ("10 to 20 mg", 10, 20, None),
        ("10 mg to 20 mg", 10, 20, None),
        ("86%-96%", 86, 96, None),
        ("5 or 10 mg", 5, 10, None),
        ("between 70 and 85 breaths per min", 70, 85, None),
        ("120/80 mmHg", 120, 80, None),
        ("<0.5 ng/ml", 0.5, None, "<"),
        (">= 4,901 pg/mL", 4901, None, ">="),
        ("more than 4 ng/ml", 4, None, ">"),
        ("up to 20 mg", 20, None, "<="),
        ("at least 3 g", 3, None, ">="),
        ("moreover 20 mg", 20, None, None),
    ],
)
def test_ranges_and_comparators(text: str, value: float, high: float | None, comparator: str | None) -> None:
    (amount,) = amounts(text)
    assert (amount.value, amount.high, amount.comparator) == (value, high, comparator)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("IL-6 and T4 were high", []),
        ("5 mg, 10 mg", [5, 10]),
        ("5 mm 3 months later", [5, 3]),
        ("20 mg and 30 mg", [20, 30]),
        ("ratio 1:640", [1, 640]),
    ],
)
def test_numbers_in_words_and_lists(text: str, values: list[float]) -> None:
    assert [amount.value for amount in amounts(text)] == values


def test_amounts_stand_at_their_characters() -> None:
    text = "CRP was < 3.2 mg/dL and PaO2 68.7 mm Hg."
    spans = [text[one.full_start : one.end] for one in amounts(text)]
    assert spans == ["< 3.2 mg/dL", "68.7 mm Hg"]


@pytest.mark.parametrize("text", ["20 years old mg", "12 apples", "3 months", "20.", "20 557 u in"])
def test_what_is_no_dose_unit_is_not_read_as_mass(text: str) -> None:
    amount = amount_at(text, 0)
    assert amount is not None
    assert amount.unit is None or amount.unit.kind == "time"


def test_a_time_in_words_can_be_left_out() -> None:
    unit = unit_at("mg per day", 0)
    assert unit is not None
    assert (unit.code, unit.worded) == ("mg/d", (2, "mg"))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,250", 1250),
        ("12 000", 12000),
        ("0,6", 0.6),
        ("1,24", 1.24),
        ("0,625", 0.625),
        ("two", 2),
        ("half", 0.5),
    ],
)
def test_number(written: str, value: float) -> None:
    assert number(written) == value


def test_number_refuses_words() -> None:
    with pytest.raises(ValueError, match="many"):
        number("many")


@pytest.mark.parametrize(
    ("value", "code", "to", "expected"),
    [
        (1.5, "g", "mg", 1500),
        (30, "mg/kg/d", "g/kg/d", 0.03),
        (12, "mg/d", "mg/h", 0.5),
        (2.4, "mg/dL", "ug/mL", 24),
        (250, "10*3/uL", "10*9/L", 250),
        (21000, "/mm3", "10*9/L", 21),
        (1, "kPa", "mm[Hg]", 7.50062),
        (37, "Cel", "[degF]", 98.6),
        (104, "[degF]", "Cel", 40),
        (4, "mg/kg/(12.h)", "mg/kg/d", 8),
        (1, "Gy", "cGy", 100),
        (5, "U", "U", 5),
    ],
)
def test_conversion(value: float, code: str, to: str, expected: float) -> None:
    assert convert(value, code, to) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("code", "to"), [("mg", "mL"), ("mg/dL", "mmol/L"), ("U", "[IU]"), ("bogus", "mg")])
def test_units_of_different_things_do_not_convert(code: str, to: str) -> None:
    with pytest.raises(ValueError, match="unit"):
        convert(1, code, to)


def test_every_unit_of_the_lexicon_has_a_kind() -> None:
    assert all(entry.columns.get("kind") for entry in lexicon.load("unit"))
