"""Building the plain values (the fields of ``schema.TimeValue``) and the candidates that carry them."""

from __future__ import annotations

from typing import Any

from pipeline.mentions.time.references import Reference
from pipeline.structure.found import Found

Value = dict[str, Any]


def value(kind: str, reference: Reference | str | None = None, **fields: Any) -> Value:
    """The fields of a TimeValue, those without a value left out; days are rounded to a hundred-thousandth."""
    made: Value = {"kind": kind}
    if isinstance(reference, Reference):
        made.update(reference=reference.name, reference_start=reference.start, reference_end=reference.end)
    elif reference is not None:
        made["reference"] = reference
    for name, content in fields.items():
        if content is None or content is False or content == ():
            continue
        made[name] = round(content, 5) + 0.0 if isinstance(content, float) else content
    return made


def found(start: int, end: int, label: str, rule: str, made: Value, confidence: float = 0.9) -> Found:
    """A candidate of this room."""
    return Found(start, end, label, rule, value=made, confidence=confidence)
