"""Makes the confidence of a mention mean how often such a mention is right.

What: a logistic model over the label, the finder's own confidence and the rule, learned from annotated reports
(models/confidence.csv; models/README.md says from which and how). It changes no mention, only its confidence, after all
choices are made. Labels that the table does not name keep the finder's own. ``enabled = false`` switches it off; ``table``
is the path of another table, such as ``caseline retrain`` makes.
Example: a procedure that a finder offers with 0.9 is right in three of four cases: its confidence becomes 0.75.
Requires: doc._.found. Assigns: doc._.found.
"""

import csv
from collections.abc import Mapping
from functools import lru_cache
from math import exp, log
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

TABLE = Path(__file__).parents[2] / "models" / "confidence.csv"
LEAST, MOST = 0.02, 0.98


def terms(label: str, rule: str, confidence: float) -> dict[str, float]:
    """The features of a mention by the names that the table has."""
    bounded = min(max(confidence, LEAST), MOST)
    return {f"label:{label}": 1.0, f"slope:{label}": log(bounded / (1 - bounded)), f"rule:{rule}": 1.0}


def load(path: Path = TABLE) -> dict[str, float]:
    """The weights by feature.

    Raises:
        ValueError: the file is no such table, or cannot be read.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines)
            if not {"feature", "weight"} <= {*(rows.fieldnames or ())}:
                raise KeyError("feature")
            return {row["feature"]: float(row["weight"]) for row in rows}
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: no table of confidences (columns feature, weight)") from error


class Confidence:
    """Replaces the confidences of the Doc's mentions."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = weights
        self.of = lru_cache(maxsize=10_000)(self._of)

    def __call__(self, doc: Doc) -> Doc:
        """The Doc with the same mentions."""
        doc._.found = [
            one.with_confidence(self.of(one.label, one.rule, one.confidence)) for one in doc._.found
        ]
        return doc

    def _of(self, label: str, rule: str, confidence: float) -> float:
        if f"label:{label}" not in self.weights:
            return confidence
        score = sum(
            self.weights.get(name, 0.0) * value for name, value in terms(label, rule, confidence).items()
        )
        return round(1 / (1 + exp(-score)), 2)


@Language.factory(
    "caseline_confidence",
    default_config={"enabled": True, "table": None},
    requires=["doc._.found"],
    assigns=["doc._.found"],
)
def create_confidence(nlp: Language, name: str, enabled: bool, table: str | None) -> Confidence:
    """The component that settles confidences, with no weights where it is off."""
    return Confidence(load(Path(table) if table else TABLE) if enabled else {})
