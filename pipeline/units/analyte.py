"""One unit an analyte: conventional and SI values of what laboratories measure, whatever unit a report uses.

lexicon/analyte.csv says of each analyte which its two units are, and what ties them: a formula (its molar mass is
computed), a molar mass where there is no formula (a haemoglobin monomer), a valence for equivalents, the amount in an
international unit where one is agreed (insulin), the substance below the line (creatinine). ``name`` points to the line
whose formula and, where a line has none, units hold. The flag ``enzyme``: 1 U = 1 IU = 1 umol/min; ``iu``: a unit is the
international one. Without a line the usual unit of
lab.csv or vital.csv is both.

Where units do not convert the answer is a reason, never a guess: an international unit of prolactin depends on the
standard of the assay, a value without unit on everything.
Source: IUPAC and IFCC recommendations (Ferard, Guide for properties and units); the keys in SOURCES.md.
Example: creatinine 1.2 "mg/dL" is 106.1 "umol/L", a factor of 88.40 from C4H7N3O.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Literal, NamedTuple

from pipeline import lexicon
from pipeline.units.conversion import convert, reduced
from pipeline.units.molar import molar_mass

System = Literal["si", "conventional"]
SYSTEMS: tuple[System, ...] = ("si", "conventional")

# IFCC-NGSP master equation (Hoelzel 2004): NGSP % = 0.0915 x IFCC mmol/mol + 2.15.
SLOPE, INTERCEPT = 0.0915, 2.15
CATALYTIC = 1e-6 / 60  # katal a unit: 1 U is 1 umol/min
ARBITRARY = frozenset(("U", "[IU]", "[arb'U]"))
# Words of a test's name that say where, when or how it was taken, not what was measured.
TAKEN = frozenset(
    ("serum", "plasma", "blood", "level", "concentration", "trough", "peak", "drug", "random", "arterial", "venous")
)  # fmt: skip
LITRES = {
    "ng/mL": "ug/L", "pg/mL": "ng/L", "ug/mL": "mg/L", "mg/dL": "mg/L", "ug/dL": "ug/L", "ng/dL": "ng/L",
    "g/dL": "g/L", "[IU]/mL": "k[IU]/L", "m[IU]/mL": "[IU]/L", "u[IU]/mL": "m[IU]/L", "U/mL": "kU/L", "/uL": "10*9/L",
}  # fmt: skip


class Analyte(NamedTuple):
    """What ties the units of one analyte; ``mass`` in g/mol, ``iu`` in mol, ``per`` what is below the line."""

    name: str
    conventional: str
    si: str
    formula: str | None = None
    mass: float | None = None
    valence: int | None = None
    iu: float | None = None
    per: tuple[str, float] | None = None
    enzyme: bool = False
    affine: bool = False
    international: bool = False


class Converted(NamedTuple):
    """A value in another unit, and why it is that; ``factor`` is None where it is no factor (HbA1c)."""

    value: float
    unit: str
    factor: float | None
    because: str


@cache
def _lines() -> dict[str, lexicon.Entry]:
    return {entry.term.casefold(): entry for entry in lexicon.load("analyte")}


@cache
def _usual() -> dict[str, str]:
    """The usual unit of each test and vital sign by its name; its own line goes before those of its synonyms."""
    units: dict[str, str] = {}
    for entry in (*lexicon.load("lab"), *lexicon.load("vital")):
        if unit := entry.columns.get("unit"):
            name = entry.name.casefold()
            if entry.term == entry.name or name not in units:
                units[name] = unit
    return units


@lru_cache(maxsize=4096)
def analyte(name: str) -> Analyte | None:
    """The analyte of a test's name, as events have it; None where neither its units nor its substance are known."""
    wanted = name.casefold()
    line = _lines().get(wanted)
    if line is None:
        bare = " ".join(word for word in wanted.split() if word not in TAKEN)
        line = _lines().get(bare)
    if line is None:
        unit = _usual().get(wanted)
        return None if unit is None else Analyte(name, unit, LITRES.get(unit, unit))
    substance = _lines()[line.name.casefold()]
    facts, own = substance.columns, line.columns
    formula = facts.get("formula")
    mass = molar_mass(formula) if formula else float(facts["molar_mass"]) if "molar_mass" in facts else None
    return Analyte(
        name=substance.term,
        conventional=own.get("conventional") or facts["conventional"],
        si=own.get("si") or facts["si"],
        formula=formula,
        mass=mass,
        valence=int(facts["valence"]) if "valence" in facts else None,
        iu=float(facts["iu_nmol"]) * 1e-9 if "iu_nmol" in facts else None,
        per=(own["per"], molar_mass(_lines()[own["per"]].columns["formula"])) if "per" in own else None,
        enzyme="enzyme" in line.flags | substance.flags,
        affine="affine" in line.flags | substance.flags,
        international="iu" in line.flags | substance.flags,
    )


def comparable(name: str, value: float, unit: str | None, system: System) -> Converted | None:
    """The value in the one unit that the analyte has in a system; None where there is no such value.

    That is so without a unit, for an analyte without units of its own, and for units that do not convert.
    A converted value has six significant digits.
    """
    known = analyte(name)
    if known is None or unit is None:
        return None
    try:
        found = of_analyte(name, value, unit, known.si if system == "si" else known.conventional)
        return found._replace(value=float(f"{found.value:.6g}")) if found.unit != unit else found
    except ValueError:  # another quantity under the same name: a share of cells, a score
        return None


def of_analyte(name: str, value: float, unit: str, to: str) -> Converted:
    """A value of a test in another unit, by what is known of its analyte; both units are UCUM codes.

    Raises:
        ValueError: says why the units do not convert for this analyte.
    """
    if unit == to:
        return Converted(value, to, 1.0, "as reported")
    known = analyte(name)
    if known and known.affine and {unit, to} == {"%", "mmol/mol"}:
        said = f"NGSP % = {SLOPE:g} x IFCC mmol/mol + {INTERCEPT:g}"
        new = (value - INTERCEPT) / SLOPE if unit == "%" else value * SLOPE + INTERCEPT
        return Converted(new, to, None, said)
    try:
        return _scaled(value, unit, to)
    except ValueError:
        if known is None:
            raise
    return _of_substance(known, value, unit, to)


def _scaled(value: float, unit: str, to: str) -> Converted:
    """Within one dimension; temperatures have no factor."""
    new = convert(value, unit, to)
    if "[degF]" in (unit, to):
        return Converted(new, to, None, "Cel = ([degF] - 32) / 1.8")
    return Converted(new, to, convert(1.0, unit, to), "the same dimension")


def _of_substance(known: Analyte, value: float, unit: str, to: str) -> Converted:
    over, under, factor, used = _as_amounts(known, unit)
    other_over, other_under, other, other_used = _as_amounts(known, to)
    if (over, under) != (other_over, other_under):
        raise ValueError(
            f"{known.name}: unit {unit!r} does not convert to unit {to!r}: {_reason(known, unit, to)}"
        )
    because = ", ".join(dict.fromkeys((*used, *other_used)))
    return Converted(value * factor / other, to, factor / other, because)


def _as_amounts(known: Analyte, code: str) -> tuple[list[str], list[str], float, list[str]]:
    """The base units above and below the line, mass and equivalents as amount of substance, and the factor to them."""
    over, under, factor = reduced(code)
    used: list[str] = []
    above = []
    for base in over:
        if base == "g" and known.mass:
            base, factor = "mol", factor / known.mass
            used.append(f"{known.mass:.6g} g/mol" + (f" ({known.formula})" if known.formula else ""))
        elif base == "eq" and known.valence:
            base, factor = "mol", factor / known.valence
            used.append(f"valence {known.valence}")
        elif base in ("U", "[IU]") and known.enzyme:
            base, factor = "kat", factor * CATALYTIC
            used.append("1 U = 1 IU = 1 umol/min")
        elif base == "U" and known.international:
            base = "[IU]"
        elif base in ("U", "[IU]") and known.iu:
            base, factor = "mol", factor * known.iu
            used.append(f"1 IU = {known.iu * 1e9:.2f} nmol")
        above.append(base)
    below = []
    for base in under:
        if base == "g" and known.per:
            base, factor = "mol", factor * known.per[1]
            used.append(f"{known.per[1]:.6g} g/mol of {known.per[0]}")
        below.append(base)
    return sorted(above), sorted(below), factor, used


def _reason(known: Analyte, unit: str, to: str) -> str:
    bases = [set(reduced(code)[0]) for code in (unit, to)]
    if bool(bases[0] & ARBITRARY) != bool(bases[1] & ARBITRARY):
        return "units of activity have no fixed factor to mass or amount, it depends on the standard of the assay"
    if {"g", "mol"} <= bases[0] | bases[1] and known.mass is None:
        return "no molar mass is known"
    return "they measure different things"
