"""The arbiter: settles which candidates of all finders stay, where they overlap or are in doubt.

What: the candidates first get the confidence that their neighbours give them (support.py); then, of two that
overlap, one goes. The rules, in the order in which they are asked:

    ``both``: two labels stay on the same characters where both hold: a time takes in the event that it counts
        from ("two days after <surgery>"), a solution its strength ("<5%> dextrose"), an age tells the sex, "<steroid>-induced diabetes" names a drug, a share
        the cells of which it is one ("72% <neutrophils>").
    ``inside``: a quantity stays with the time or test inside it ("1250 mg/m2 d1, d8"); a
        time that is no longer than a supported result goes ("prothrombin time of <36 seconds>").
    ``treatment``: where the same characters are a test and a drug, the test stays unless the drug is given.
    ``relief``: where the same characters are an examination and a procedure ("lumbar puncture"), the procedure
        stays where fluid is drained or the like.
    ``head``: a procedure of several words stays against a disease that ends with it ("neck <dissection>").
    ``rank``: of the others the one of the higher rank stays: a reference range is no result, a time no dose,
        a finding more than the word for its degree.
    ``longest``: within a rank the longer one, then the surer one, then the earlier one.

Example: "albumin" in "serum albumin was <2.1 g/dL>" is a test, in "albumin <25 g> was infused" a drug.
Requires: doc._.found, doc._.sentences. Assigns: doc.spans, doc._.found.
Source: rules of caseline.
"""

import re
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.mentions.support import TESTS, supported, treating
from pipeline.structure.found import Found, candidates, keep

RANK = {
    "REFERENCE_RANGE": 9, "AGE": 8, "TIME": 8, "DURATION": 8, "FREQUENCY": 8, "DOSE": 7, "LAB_TEST": 6,
    "VITAL": 6, "IMAGING": 6, "DRUG": 6, "PROCEDURE": 6, "DIAGNOSIS": 6, "FINDING": 6, "LAB_VALUE": 5,
    "ENCOUNTER": 4, "OUTCOME": 4, "ROUTE": 3, "SEX": 2,
}  # fmt: skip
"""Of two overlapping mentions the one with the higher rank stays."""
EVENTS = ("DRUG", "PROCEDURE", "DIAGNOSIS", "FINDING", "ENCOUNTER", "OUTCOME", "LAB_TEST", "IMAGING", "VITAL")
BOTH = frozenset(
    [frozenset((time, event)) for time in ("TIME", "DURATION") for event in EVENTS]
    + [frozenset(("AGE", "SEX")), frozenset(("AGE", "TIME"))]
    + [
        frozenset(("OUTCOME", said))
        for said in ("LAB_TEST", "VITAL", "LAB_VALUE", "FINDING", "DIAGNOSIS", "IMAGING")
    ]
)
"""Labels that may share characters."""
OUTCOMES = frozenset(("OUTCOME", "DIAGNOSIS"))
TIMES = frozenset(("TIME", "DURATION", "FREQUENCY", "AGE"))
QUANTITIES = frozenset(("DOSE", "LAB_VALUE"))
SURE, LIKELY = 0.75, 0.7
CAUSE = re.compile(r"[- ](?:induced|associated|related|resistant|refractory|responsive|dependent) ")
RELIEVING = re.compile(
    r"\b(?:therapeutic|drain\w*|remov\w+|evacuat\w+|reliev\w+|relief|decompress\w+|large[- ]volume|serial|"
    r"repeated|treated|intrathecal|\d[\d.,]* ?(?:m?[lL]|liters?|litres?|cc)\b)"
)
"""What makes a puncture a treatment: "<paracentesis> with removal of 3 L"; without it, it is an examination."""
PROMOTED = 8.5


def choose(text: str, sentences: Sequence[tuple[int, int]], found: Sequence[Found]) -> list[Found]:
    """The candidates that stay, in the order of the text, which is also that of ``found``."""
    scored = sorted(supported(text, sentences, found), key=lambda one: one[:3])
    beside: dict[int, list[int]] = {}  # those that each candidate overlaps
    ranks: dict[int, float] = {}
    for i, one in enumerate(scored):
        end, j = one.end, i + 1
        while j < len(scored) and scored[j].start < end:
            for a, b in ((i, j), (j, i)):
                beside.setdefault(a, []).append(b)
                rank = _promoted(text, scored[a], scored[b])
                if rank is not None:
                    ranks[a] = rank
            j += 1
    weights = {i: _weight(scored[i], ranks.get(i)) for i in beside}
    gone: set[int] = set()
    settled: set[int] = set()
    for i in sorted(beside, key=weights.__getitem__, reverse=True):
        if any(j in settled and _rivals(text, scored[j], scored[i]) for j in beside[i]):
            gone.add(i)
        else:
            settled.add(i)
    return [one for i, one in enumerate(scored) if i not in gone]


def _weight(one: Found, rank: float | None) -> tuple[float, int, float, int, str]:
    return (
        RANK[one.label] if rank is None else rank,
        one.end - one.start,
        one.confidence,
        -one.start,
        one.label,
    )


def _promoted(text: str, one: Found, other: Found) -> float | None:
    """The rank that a candidate gains against one that it overlaps: ``inside``, ``treatment``, ``head``."""
    if one.label in QUANTITIES and other.label in TIMES:
        inside = one.start <= other.start and other.end <= one.end
        longer = inside and one.end - one.start > other.end - other.start
        tested = inside and one.label == "LAB_VALUE" and one.confidence >= SURE
        return PROMOTED if longer or tested else None
    if one.label == "LAB_VALUE" and other.label in TESTS and one.confidence >= LIKELY:
        within = (
            one.start <= other.start
            and other.end <= one.end
            and one.end - one.start > other.end - other.start
        )
        return RANK["LAB_TEST"] + 0.5 if within and one.rule.count(".") == 1 else None
    same = one.start == other.start and one.end == other.end
    if same and one.label in TESTS and other.label == "DRUG" and not treating(text, one.start, one.end):
        return RANK["DRUG"] + 0.5
    if same and one.label == "DRUG" and other.label in TESTS and treating(text, one.start, one.end):
        return RANK["DRUG"] + 0.5
    if same and {one.label, other.label} == {"PROCEDURE", "IMAGING"}:
        relieves = RELIEVING.search(text, max(0, one.start - 40), one.end + 70) is not None
        return RANK["PROCEDURE"] + 0.5 if relieves == (one.label == "PROCEDURE") else None
    if one.label == "PROCEDURE" and other.label == "DIAGNOSIS" and one.end == other.end:
        return RANK["PROCEDURE"] + 0.5 if same or " " in text[one.start : one.end] else None
    return None


def _rivals(text: str, kept: Found, one: Found) -> bool:
    labels = frozenset((kept.label, one.label))
    if labels in BOTH:
        # "progressive disease": one word for one thing, not an outcome and a disease
        return labels == OUTCOMES and (kept.start, kept.end) == (one.start, one.end)
    if one.label in ("DOSE", "ROUTE") and kept.label in ("TIME", "DURATION") and kept.start < one.start:
        return one.end - one.start >= kept.end - kept.start - 3
    if labels == {"DRUG", "DOSE"}:
        drug, dose = (one, kept) if one.label == "DRUG" else (kept, one)
        return not (drug.start == dose.start and dose.end < drug.end)
    if labels == {"DRUG", "DIAGNOSIS"}:
        drug = one if one.label == "DRUG" else kept
        return not CAUSE.match(text, drug.end)
    if "LAB_VALUE" in labels and labels & TESTS:
        value, test = (one, kept) if one.label == "LAB_VALUE" else (kept, one)
        return value.end != test.end or not text.endswith("% ", value.start, test.start)
    return True


class Chooser:
    """Replaces the candidates of the Doc by those that stay."""

    def __call__(self, doc: Doc) -> Doc:
        """The Doc with its mentions settled."""
        return keep(doc, choose(doc._.text, doc._.sentences, candidates(doc)))


@Language.factory(
    "caseline_choose", requires=["doc._.found", "doc._.sentences"], assigns=["doc.spans", "doc._.found"]
)
def create_chooser(nlp: Language, name: str) -> Chooser:
    """The arbiter between the finders."""
    return Chooser()
