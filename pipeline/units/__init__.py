"""Numbers and units: reading them in a text, UCUM codes, conversion.

Example: ``amounts("given 1,250 mg/m 2")`` holds one amount, 1250 "mg/m2".
"""

from pipeline.units.amount import NUMBER, NUMBER_WORDS, Amount, amount_at, amounts, number
from pipeline.units.conversion import convert
from pipeline.units.reading import Unit, unit_at

__all__ = ["NUMBER", "NUMBER_WORDS", "Amount", "Unit", "amount_at", "amounts", "convert", "number", "unit_at"]
