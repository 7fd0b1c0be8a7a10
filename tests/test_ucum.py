"""Our units against UCUM itself: its grammar and definitions as the package ucumvert (MIT) carries them.

A development dependency only: it takes two seconds to start, ours a few milliseconds, and reads codes, not texts.
"""

from __future__ import annotations

import pytest
import ucumvert

from pipeline import lexicon
from pipeline.units import SYSTEMS, amounts, analyte, convert
from pipeline.units.conversion import reduced

# The record keeps these words as written.
WORDS = {"index", "titer"}
ATOMS = sorted({entry.name for entry in lexicon.load("unit")} - WORDS)
USUAL = sorted(
    {unit for file in ("lab", "vital") for e in lexicon.load(file) if (unit := e.columns.get("unit"))}
    | {
        getattr(known, system)
        for e in lexicon.load("analyte")
        if (known := analyte(e.term))
        for system in SYSTEMS
    }
)
READ = (
    "5 mg/kg/day", "2 mg kg-1 h-1", "4 mg/kg/12h", "15.8 x 109/L", "93 x 10^3 cells/uL", "21,000/mm3", "5/hpf", "4.5 mEq/L",
    "40 mAU/mL", "8 MIU", "24 h urine 3 L per 24 hours", "100 mL/min/1.73 m2", "900 dyn s cm-5", "20 mm/1st hour",
    "66 Gy in 33 fractions", "3 million IU/m2", "80 bpm", "300 mOsm/kg", "5 Wood units", "30 kcal/kg", "0.5%", "18 vol%",
)  # fmt: skip


@pytest.fixture(scope="module")
def parser():
    return ucumvert.get_ucum_parser()


@pytest.fixture(scope="module")
def registry():
    return ucumvert.PintUcumRegistry()


@pytest.mark.parametrize("code", sorted({*ATOMS, *USUAL}))
def test_every_unit_of_the_lexicons_is_ucum(parser, code):
    parser.parse(code)


@pytest.mark.parametrize("text", READ)
def test_every_unit_that_is_put_together_is_ucum(parser, text):
    codes = [one.unit.code for one in amounts(text) if one.unit]
    assert codes
    for code in codes:
        parser.parse(code)


@pytest.mark.parametrize("code", ["index", "mcg", "[Wood'U]", "m[AU]/mL", "[vol%]"])
def test_the_grammar_refuses_what_is_no_ucum(parser, code):
    with pytest.raises(Exception, match=r"(?i)unexpected|invalid|no terminal"):
        parser.parse(code)


def bases():
    """Each unit with a factor, beside another of its dimension."""
    first: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}
    for code in sorted({*ATOMS, *USUAL}):
        try:
            over, under, _ = reduced(code)
        except ValueError:  # counted, never converted: drops, index
            continue
        other = first.setdefault((over, under), code)
        if other != code:
            yield code, other


@pytest.mark.parametrize(("code", "to"), list(bases()))
def test_units_convert_as_in_ucum(registry, code, to):
    theirs = (1.0 * registry.from_ucum(code) / registry.from_ucum(to)).to("").magnitude
    assert convert(1.0, code, to) == pytest.approx(theirs, rel=1e-6)


@pytest.mark.parametrize(("value", "celsius"), [(98.6, 37.0), (32.0, 0.0)])
def test_temperatures(value, celsius):
    assert convert(value, "[degF]", "Cel") == pytest.approx(celsius)
