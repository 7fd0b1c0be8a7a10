"""The finders: each adds candidate mentions to the Doc and knows no sibling."""

from pipeline.mentions import drug, procedure

__all__ = ["drug", "procedure"]
