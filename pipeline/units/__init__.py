"""Numbers and units: reading them in a text, UCUM codes, conversion, one unit an analyte.

Example: ``amounts("given 1,250 mg/m 2")`` holds one amount, 1250 "mg/m2".
"""

from pipeline.units.amount import NUMBER, NUMBER_WORDS, Amount, amount_at, amounts, number
from pipeline.units.analyte import SYSTEMS, Converted, System, analyte, comparable, of_analyte
from pipeline.units.conversion import convert
from pipeline.units.reading import Unit, unit_at

__all__ = [
    "NUMBER", "NUMBER_WORDS", "SYSTEMS", "Amount", "Converted", "System", "Unit", "amount_at", "amounts", "analyte",
    "comparable", "convert", "number", "of_analyte", "unit_at",
]  # fmt: skip
