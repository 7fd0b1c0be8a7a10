"""The arbiter: settles which candidates of all finders stay, where they overlap or are in doubt.

Rules, in the order in which they apply (the ids are those of the table in this module):
    ``choose.support``: a number or word in doubt is a result only with a test in reach, a dose only with a drug;
        the same characters as DOSE and as LAB_VALUE go to the nearer of drug and test, and to the verb around them.
    ``choose.treatment``: the name of a test wins over the name of a drug, unless the drug is being given.
    ``choose.rank``: of overlapping mentions the one of the higher rank stays: a time is no amount, a reference range
        no result; within a rank the longer one, then the surer one.
    ``choose.both``: two labels stay on the same characters where both hold (an age tells the sex: "48-year-old woman").

Example: "albumin" in "serum albumin was <2.1 g/dL>" is a test, in "albumin <25 g> was infused" a drug.

Requires: the candidates in ``doc._.found`` and ``doc._.sentences``. Assigns: the same, settled.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.mentions.support import supported
from pipeline.structure.found import Found, candidates, keep

RANK = {
    "REFERENCE_RANGE": 9, "AGE": 8, "TIME": 8, "DURATION": 8, "FREQUENCY": 8, "DOSE": 7, "ROUTE": 3, "LAB_VALUE": 5,
    "LAB_TEST": 6, "VITAL": 6, "IMAGING": 6, "DRUG": 6, "PROCEDURE": 6, "DIAGNOSIS": 6, "FINDING": 6, "ENCOUNTER": 4,
    "OUTCOME": 4, "SEX": 2,
}  # fmt: skip
"""Of two overlapping mentions the one with the higher rank stays."""
BOTH = frozenset((frozenset(("AGE", "SEX")), frozenset(("TIME", "ENCOUNTER")), frozenset(("TIME", "PROCEDURE")),
                  frozenset(("TIME", "DIAGNOSIS")), frozenset(("TIME", "FINDING")), frozenset(("TIME", "DRUG")),
                  frozenset(("TIME", "OUTCOME")), frozenset(("DURATION", "FINDING")), frozenset(("TIME", "AGE"))))  # fmt: skip
"""Labels that may share characters: a TIME takes in the event that it counts from."""
WITHIN_TIMES = frozenset(("DOSE", "ROUTE"))
"""Parts of an event that a TIME takes in: "after receiving 200 mg of fluconazole"."""


def choose(text: str, sentences: Sequence[tuple[int, int]], found: Sequence[Found]) -> list[Found]:
    """The candidates that stay, in the order of the text; those of ``found`` are in it already."""
    scored = supported(text, sentences, found)
    order = sorted(range(len(scored)), key=lambda i: _weight(scored[i]), reverse=True)
    starts: list[tuple[int, int, int]] = []
    for i in order:
        one = scored[i]
        at = bisect_left(starts, (one.start, one.end, -1))
        near = starts[max(0, at - 4) : bisect_right(starts, (one.end, -1, -1))]
        if any(start < one.end and one.start < end and _rival(scored[j], one) for start, end, j in near):
            continue
        insort(starts, (one.start, one.end, i))
    return [scored[i] for _, _, i in starts]


def _weight(one: Found) -> tuple[float, int, float, int, str]:
    rank: float = RANK[one.label]
    return rank, one.end - one.start, one.confidence, -one.start, one.label


def _rival(kept: Found, one: Found) -> bool:
    if kept.label == "TIME" and one.label in WITHIN_TIMES and one.start > kept.start and one.confidence >= 0.5:
        return False
    return frozenset((kept.label, one.label)) not in BOTH


class Chooser:
    """Replaces the candidates of the Doc by those that stay."""

    def __call__(self, doc: Doc) -> Doc:
        """The Doc with its mentions settled."""
        return keep(doc, choose(doc.text, doc._.sentences, candidates(doc)))


@Language.factory(
    "caseline_choose", requires=["doc._.found", "doc._.sentences"], assigns=["doc.spans", "doc._.found"]
)
def create_chooser(nlp: Language, name: str) -> Chooser:
    """The arbiter between the finders."""
    return Chooser()
