"""The finders: each adds candidate mentions to the Doc and knows no sibling."""

from pipeline.mentions import choose, condition, dose, drug, examination, procedure, route, time, value

__all__ = ["choose", "condition", "dose", "drug", "examination", "procedure", "route", "time", "value"]
