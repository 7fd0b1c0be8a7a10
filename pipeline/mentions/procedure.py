"""PROCEDURE: operations, interventions, organ support and other treatment that is no drug.

What: the terms and participles of procedure.csv, operations by their stems ("-ectomy", "-plasty"), and short
forms that the text defines. The span is the act itself, as annotators of case reports mark it; the name takes
in approach, side and organ.
Example: "underwent laparoscopic <resection> of the right ovarian cyst", named "laparoscopic resection of the
right ovarian cyst"; "was <intubated>", named "intubation".
Requires: doc._.words, doc._.abbreviations. Assigns: doc.spans, doc._.found.
"""

import re
from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.lexicon import Entry
from pipeline.mentions.finder import Finder
from pipeline.mentions.phrase import MODIFIERS, NOUNS, SITES, Word, grow_left, grow_right
from pipeline.structure.found import Found
from pipeline.structure.remembered import Remembered
from pipeline.structure.terms import Terms

LABEL = "PROCEDURE"
# Stems of operative surgery (Greek -ektome, -tome, -stoma, -plastia, -pexis, -rhaphe, -desis, -kentesis).
STEM = re.compile(
    r".{2,}(?:ectomy|[^a]tomy|ostomy|plasty|[aeo]pexy|rrhaphy|[oe]desis|centesis|lithotripsy|pheresis|clasis)$"
)
NOT_STEM = frozenset(("dichotomy", "fibrinopexy"))
COMBINING = re.compile(r"(?:[a-z]+o|hemi|redo|peri|trans|re|hepat|micro|bi)$")
# A branch of a hospital, not an act.
SERVICE = frozenset(
    (
        "department",
        "clinic",
        "service",
        "ward",
        "team",
        "unit",
        "consultation",
        "colleague",
        "resident",
        "center",
        "division",
        "outpatient",
    )
)
EVIDENCE = re.compile(
    r"\b(?:underw\w+|undergo\w*|perform\w*|carried out|was done|were done|inserted|placed|placement|surg\w+"
    r"|operat\w+|removed|implanted|anesthe\w+|anaesthe\w+|session\w*|treated|treatment|therap\w+|required"
    r"|support|using|initiated|started|weaned|procedure|incis\w+|excis\w+|resect\w+|repair\w*|attempted|planned"
    r"|applied|by|for)\b"
)
PASSIVE = re.compile(
    r"\b(?:was|were|been|be|being|is|are|and|then|we|surgeons?|also|not|never|underwent)\W+(?:\w+ly\W+){0,2}$",
    re.I,
)
# After a participle that is no attribute: "later <extubated> on day 3", not "the <resected> specimen".
CLOSES = re.compile(
    r"\s*(?:[.,;)\n]|\Z|(?:with|by|in|at|and|on|for|after|again|via|through|using|but|within|to|due)\b)"
)
# What is opened, closed or removed in an operation.
OPERATED = re.compile(
    r"\b(?:incis\w+|\w+otomy|wounds?|peri(?:cardi|tone)um|abdom\w+|cavity|skin|layers?|fascia|dura|flap"
    r"|tumou?rs?|mass|lesions?|polyps?|cysts?|stones?|catheters?|drains?|tubes?|stents?|devices?|foreign body"
    r"|abscess\w*|h(?:a)?ematomas?|effusions?|collections?|empyema|pus|fractures?|tooth|teeth|molars?|bones?|joints?|spine"
    r"|aneurysms?|valve|hardware|implants?|graft|organ|nodule|sutur\w+|specimen|thromb\w+|clots?|surg\w+|vision)\b",
    re.I,
)
# "radiation-induced", "post-operation": a cause or a time, not the act.
CAUSAL = re.compile(r"-(?:induced|related|associated|dependent|free|requiring)\b")
TEMPORAL = re.compile(r"\b(?:post|pre|peri|de)-$", re.I)
WINDOW = 70


def is_operation(word: str) -> bool:
    """Whether a folded word ends like the name of an operation."""
    return bool(STEM.match(word)) and word not in NOT_STEM


OPERATION = Remembered(is_operation)


class ProcedureFinder(Finder):
    """Terms of procedure.csv, stems, and short forms of either."""

    def __init__(self) -> None:
        self.terms = Terms(lexicon.load("procedure"))

    def find(self, doc: Doc) -> Iterator[Found]:
        """The procedures, in the order of the text."""
        text: str = doc._.text
        words: Sequence[Word] = doc._.words
        long_forms = {(a, b): (c, d) for a, b, c, d in doc._.abbreviations}
        found: list[Found] = []
        taken: set[int] = set()
        for hit in self.terms.find(doc):
            first, last = hit.first, hit.last
            taken.update(range(first, last + 1))
            if (hit.start, hit.end) in long_forms:
                continue
            if last + 1 < len(words) and words[last + 1][0] in SERVICE:
                continue
            if CAUSAL.match(text, hit.end) or TEMPORAL.search(text, max(0, hit.start - 6), hit.start):
                continue
            if not _supported(text, hit.start, hit.end, hit.entry):
                continue
            verb = hit.entry.columns.get("role") == "verb"
            name = hit.entry.name if verb else _name(text, words, first, last, hit.entry)
            sure = 0.7 if "context" in hit.entry.flags else 0.9
            rule = "procedure.verb" if verb else "procedure.lexicon"
            found.append(Found(hit.start, hit.end, LABEL, rule, name=name, confidence=sure))
        for index in sorted([i for word, at in doc._.places.items() if OPERATION[word] for i in at]):
            _, start, end = words[index]
            if index not in taken:
                first = index
                while first > 0 and text[start - 1 : start] == "-" and COMBINING.match(words[first - 1][0]):
                    first -= 1
                    start = words[first][1]
                name = _name(text, words, first, index, None)
                found.append(Found(start, end, LABEL, "procedure.stem", name=name, confidence=0.9))
        found.extend(_short_forms(found, long_forms))
        return iter(sorted(found))


def _supported(text: str, start: int, end: int, entry: Entry) -> bool:
    """Whether an ambiguous term has evidence of an act beside it; a participle needs its passive."""
    if entry.columns.get("role") == "verb":
        passive = PASSIVE.search(text, max(0, start - 40), start)
        if not passive and ("context" in entry.flags or not CLOSES.match(text, end)):
            return False
        around = text[max(0, start - WINDOW) : end + WINDOW]
        return "context" not in entry.flags or bool(OPERATED.search(around))
    if "context" not in entry.flags:
        return True
    if "exact" in entry.flags:
        return entry.name in text[max(0, start - 2000) : end + 2000].lower()
    before = text[max(0, start - WINDOW) : start].rpartition("\n")[2]
    after = text[end : end + WINDOW].partition("\n")[0]
    return bool(EVIDENCE.search(before) or EVIDENCE.search(after))


def _belongs(word: str) -> bool:
    return word in MODIFIERS or word in SITES


def _name(text: str, words: Sequence[Word], first: int, last: int, entry: Entry | None) -> str:
    """The procedure with approach, side and organ, the lexicon's name in the place of its term."""
    left = grow_left(words, first, _belongs)
    right = grow_right(words, last, frozenset(("of", "to")), NOUNS)
    core = entry.name if entry else text[words[first][1] : words[last][2]].lower()
    before = text[words[left][1] : words[first][1]].lower()
    after = text[words[last][2] : words[right][2]].lower()
    return f"{before}{core}{after}"


def _short_forms(
    found: Sequence[Found], long_forms: dict[tuple[int, int], tuple[int, int]]
) -> Iterator[Found]:
    """The short forms whose long form ends in a procedure."""
    by_end = {one.end: one for one in found}
    for (start, end), (long_start, long_end) in long_forms.items():
        one = by_end.get(long_end)
        if one and 2 * (one.end - one.start) >= long_end - long_start:
            yield Found(start, end, LABEL, "procedure.abbreviation", name=one.name, confidence=0.95)


@Language.factory(
    "caseline_procedure",
    requires=["doc._.words", "doc._.abbreviations"],
    assigns=["doc.spans", "doc._.found"],
)
def create_procedure_finder(nlp: Language, name: str) -> ProcedureFinder:
    """The finder of PROCEDURE mentions."""
    return ProcedureFinder()
