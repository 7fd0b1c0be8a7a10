"""The finders: each adds candidate mentions to the Doc and knows no sibling."""

from pipeline.mentions import choose, dose, drug, procedure, route, time, value

__all__ = ["choose", "dose", "drug", "procedure", "route", "time", "value"]
