"""The finders: each adds candidate mentions to the Doc and knows no sibling."""

from pipeline.mentions import dose, drug, procedure, route

__all__ = ["dose", "drug", "procedure", "route"]
