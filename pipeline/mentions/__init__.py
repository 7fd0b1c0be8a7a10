"""The finders: each adds candidate mentions to the Doc and knows no sibling."""

from pipeline.mentions import (
    choose,
    condition,
    confidence,
    course,
    dose,
    drug,
    entities,
    examination,
    patient,
    procedure,
    route,
    time,
    value,
)

__all__ = [
    "choose",
    "condition",
    "confidence",
    "course",
    "dose",
    "drug",
    "entities",
    "examination",
    "patient",
    "procedure",
    "route",
    "time",
    "value",
]
