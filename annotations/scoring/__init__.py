"""Scoring of extractions against gold: spans, events, days, order, confidence, and the page of errors.

What: ``caseline evaluate GOLD PRED``. Gold is read by ``gold``, predictions by ``predictions``; ``spans`` and
``timeline`` compare them, ``calibration`` asks what a confidence is worth, ``table`` and ``page`` show the
result. All comparisons are pure functions over plain records.
Example: a gold "375 mg/m2" against a found "375 mg/m2 weekly" is a relaxed hit and a strict miss.
"""

from annotations.scoring.evaluate import Evaluation, evaluate
from annotations.scoring.mapping import Mapping, load_mapping
from annotations.scoring.page import page
from annotations.scoring.records import ScoringError
from annotations.scoring.table import figures, tables

__all__ = ["Evaluation", "Mapping", "ScoringError", "evaluate", "figures", "load_mapping", "page", "tables"]
