"""One unit an analyte: worked pairs of textbooks, and what is refused."""

from __future__ import annotations

import pytest

from pipeline import lexicon
from pipeline.units import analyte, comparable, of_analyte
from pipeline.units.conversion import reduced
from pipeline.units.molar import molar_mass


@pytest.mark.parametrize(
    ("formula", "mass"),
    [
        ("C6H12O6", 180.156),  # glucose
        ("C4H7N3O", 113.12),  # creatinine
        ("C33H36N4O6", 584.67),  # bilirubin
        ("C27H46O", 386.66),  # cholesterol
        ("C63H88CoN14O14P", 1355.37),  # cyanocobalamin
        ("C257H383N65O77S6", 5807.6),  # human insulin
        ("Ca", 40.078),
    ],
)
def test_molar_mass(formula: str, mass: float) -> None:
    assert molar_mass(formula) == pytest.approx(mass, rel=5e-5)


@pytest.mark.parametrize("formula", ["", "glucose", "Ca(OH)2", "Xx2"])
def test_what_is_no_formula(formula: str) -> None:
    with pytest.raises(ValueError, match=r"formula|weight"):
        molar_mass(formula)


@pytest.mark.parametrize(
    ("name", "value", "unit", "si", "si_unit"),
    [
        ("glucose", 90, "mg/dL", 5.0, "mmol/L"),
        ("fasting blood glucose", 126, "mg/dL", 7.0, "mmol/L"),
        ("creatinine", 1.0, "mg/dL", 88.4, "umol/L"),
        ("Creatinine", 1.2, "mg/dL", 106, "umol/L"),
        ("serum creatinine", 10, "mg/L", 88.4, "umol/L"),
        ("urine albumin/creatinine ratio", 30, "mg/g", 3.39, "mg/mmol"),
        ("total bilirubin", 1.0, "mg/dL", 17.1, "umol/L"),
        ("direct bilirubin", 0.3, "mg/dL", 5.13, "umol/L"),
        ("calcium", 10, "mg/dL", 2.50, "mmol/L"),
        ("calcium", 5.0, "meq/L", 2.50, "mmol/L"),
        ("magnesium", 2.0, "mg/dL", 0.823, "mmol/L"),
        ("magnesium", 1.6, "meq/L", 0.80, "mmol/L"),
        ("sodium", 140, "meq/L", 140, "mmol/L"),
        ("phosphate", 3.1, "mg/dL", 1.00, "mmol/L"),
        ("total cholesterol", 200, "mg/dL", 5.17, "mmol/L"),
        ("triglycerides", 150, "mg/dL", 1.69, "mmol/L"),
        ("uric acid", 6.0, "mg/dL", 357, "umol/L"),
        ("blood urea nitrogen", 14, "mg/dL", 5.0, "mmol/L"),
        ("urea", 30, "mg/dL", 5.0, "mmol/L"),
        ("lactate", 18, "mg/dL", 2.0, "mmol/L"),
        ("ammonia", 100, "ug/dL", 58.7, "umol/L"),
        ("iron", 100, "ug/dL", 17.9, "umol/L"),
        ("ferritin", 300, "ng/mL", 300, "ug/L"),
        ("hemoglobin", 15, "g/dL", 150, "g/L"),
        ("hemoglobin", 9.3, "mmol/L", 150, "g/L"),
        ("hemoglobin A1c", 7.0, "%", 53, "mmol/mol"),
        ("cortisol", 10, "ug/dL", 276, "nmol/L"),
        ("testosterone", 300, "ng/dL", 10.4, "nmol/L"),
        ("free thyroxine", 1.0, "ng/dL", 12.9, "pmol/L"),
        ("total triiodothyronine", 100, "ng/dL", 1.54, "nmol/L"),
        ("thyroid-stimulating hormone", 2.5, "uU/mL", 2.5, "m[IU]/L"),
        ("insulin", 10, "u[IU]/mL", 60, "pmol/L"),
        ("insulin", 0.3484, "ng/mL", 60, "pmol/L"),
        ("plasma insulin", 10, "uU/mL", 60, "pmol/L"),
        ("25-hydroxyvitamin D", 20, "ng/mL", 50, "nmol/L"),
        ("1,25-dihydroxyvitamin D", 50, "pg/mL", 120, "pmol/L"),
        ("vitamin B12", 200, "pg/mL", 148, "pmol/L"),
        ("alanine aminotransferase", 60, "U/L", 1.0, "ukat/L"),
        ("alanine aminotransferase", 60, "[IU]/L", 1.0, "ukat/L"),
        ("C-reactive protein", 1.2, "mg/dL", 12, "mg/L"),
        ("albumin", 4.0, "g/dL", 40, "g/L"),
        ("troponin T", 0.014, "ng/mL", 14, "ng/L"),
        ("arterial oxygen partial pressure", 75, "mm[Hg]", 10.0, "kPa"),
        ("white blood cell count", 12000, "/mm3", 12, "10*9/L"),
        ("platelet count", 250, "10*3/uL", 250, "10*9/L"),
        ("tacrolimus trough level", 10, "ng/mL", 12.4, "nmol/L"),
        ("lithium level", 0.8, "meq/L", 0.8, "mmol/L"),
        ("body temperature", 98.6, "[degF]", 37.0, "Cel"),
    ],
)  # fmt: skip
def test_worked_pairs(name: str, value: float, unit: str, si: float, si_unit: str) -> None:
    """The pairs of the AMA Manual of Style and of Tietz, computed by hand where those round."""
    found = comparable(name, value, unit, "si")
    assert found is not None
    assert (found.unit, found.value) == (si_unit, pytest.approx(si, rel=0.005))
    back = comparable(name, found.value, found.unit, "conventional")
    there = comparable(name, value, unit, "conventional")
    assert back is not None
    assert there is not None
    assert (back.unit, back.value) == (there.unit, pytest.approx(there.value, rel=1e-5))


@pytest.mark.parametrize(
    ("name", "unit", "to", "reason"),
    [
        ("prolactin", "m[IU]/L", "ug/L", "standard of the assay"),
        ("thyroid-stimulating hormone", "m[IU]/L", "ng/mL", "standard of the assay"),
        ("growth hormone", "m[IU]/L", "ug/L", "standard of the assay"),
        ("ferritin", "ug/L", "pmol/L", "no molar mass"),
        ("glucose", "mg/dL", "mm[Hg]", "different things"),
        ("a test of nobody", "mg/dL", "mmol/L", "does not convert"),
    ],
)
def test_what_has_no_fixed_factor_is_refused(name: str, unit: str, to: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        of_analyte(name, 1.0, unit, to)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("creatinine", None),
        ("prolactin", "m[IU]/L"),
        ("neutrophil count", "%"),
        ("computed tomography", "mm"),
    ],
)
def test_what_is_not_comparable_is_left_out(name: str, unit: str | None) -> None:
    assert comparable(name, 5.0, unit, "si") is None


def test_the_factor_says_where_it_comes_from() -> None:
    found = of_analyte("calcium", 5.0, "meq/L", "mg/dL")
    assert found.factor == pytest.approx(2.004, rel=1e-3)
    assert found.because == "valence 2, 40.078 g/mol (Ca)"


def test_no_float_dust() -> None:
    found = comparable("ferritin", 300.0, "ng/mL", "si")
    assert found is not None
    assert str(found.value) == "300.0"


@pytest.mark.parametrize("entry", lexicon.load("analyte"), ids=lambda entry: entry.term)
def test_both_units_of_an_analyte_convert_into_each_other(entry: lexicon.Entry) -> None:
    known = analyte(entry.term)
    assert known is not None
    if "affine" not in entry.flags:
        reduced(known.si)
        reduced(known.conventional)
    assert of_analyte(entry.term, 1.0, known.conventional, known.si).value > 0 or known.affine
