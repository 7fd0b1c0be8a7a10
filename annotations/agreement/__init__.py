"""Agreement between annotators: spans, attributes, days and order, for each pair of them.

What: ``caseline agreement A.jsonl B.jsonl``. Events are paired as in ``annotations.scoring``; neither side is gold, so
every figure is the same when the sides are swapped.
Example: A dates an event at [3, 3], B at [5, 5]: a distance of 2 days, no agreement on the day.
"""

from annotations.agreement.compare import Agreement, Annotated, agreement, annotated, read_annotator
from annotations.agreement.table import figures, tables

__all__ = ["Agreement", "Annotated", "agreement", "annotated", "figures", "read_annotator", "tables"]
