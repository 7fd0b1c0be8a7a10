"""The finders: each adds candidate mentions to the Doc and knows no sibling."""

from pipeline.mentions import drug

__all__ = ["drug"]
