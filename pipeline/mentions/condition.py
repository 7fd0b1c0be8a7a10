"""DIAGNOSIS and FINDING: diseases and syndromes; symptoms, signs and what examinations show.

What: the names of diagnosis.csv and finding.csv, heads that need a modifier ("disease", "lesion"), Greek and
Latin endings ("-itis", "-penia"), and short forms that the text defines; condition.csv holds the words that
rule these. A mention takes in severity, course, side and site on its left, and a body part after a
preposition on its right.
Example: "<severe bilateral pleural effusion>", "<gradual numbness of the left hand>".
Requires: doc._.words, doc._.abbreviations. Assigns: doc.spans, doc._.found.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.mentions import predicate
from pipeline.mentions.finder import Finder
from pipeline.mentions.phrase import DETERMINERS, MODIFIERS, SITES, Word, grow_left, grow_right
from pipeline.structure.found import Found
from pipeline.structure.remembered import Remembered
from pipeline.structure.terms import Terms

LABELS = (("diagnosis", "DIAGNOSIS"), ("finding", "FINDING"))
# Endings of names of diseases, and of signs, symptoms and laboratory states (which reports tell as findings).
DISEASE_STEM = re.compile(
    r".{3,}(?:itis|oma|omatosis|iasis|opathy|pathie|blastoma|sarcoma|carcinoma|leukemia|septicemia|bacteremia"
    r"|lipidemia|mycosis|philia|plasia|trophy|malacia|cele|poietic|sclerosis|spondylosis|stenosis|osis)$"
)
FINDING_STEM = re.compile(
    r".{3,}(?:algia|pa?enia|phony|phonia|cytosis|megaly|uria|rrhea|rrhagia|plegia|paresis|phasia|dynia|ectasis|ectasia|edema|emesis"
    r"|pnea|cardia|opia|opsia|esthesia|emia|hidrosis|asthenia|phagia|dipsia|kinesia|kinesis|reflexia|tonia"
    r"|chezia|ptysis|staxis|thorax|peritoneum|cyanosis|acidosis|ketosis|narcosis|porosis|ptosis)$"
)
ADJECTIVE = re.compile(
    r"[a-z]{2,}(?:ic|al|ous|ary|oid|ular|ative|tive|genic|enic|ible|ile|induced|associated|related)$"
)


def _of_role(role: str) -> frozenset[str]:
    """The words of condition.csv that play a role."""
    return frozenset(
        entry.term for entry in lexicon.load("condition") if role in entry.columns["role"].split("; ")
    )


NO_STEM = _of_role("no stem")  # "prognosis" is no disease
NO_MODIFIER = _of_role("no modifier")  # "surgical findings"
NEEDS_MODIFIER = _of_role("needs modifier")  # "disease" alone says nothing
STATE = _of_role("state")  # makes a finding of a body part: "enlarged lymph nodes"
PREDICATE = STATE | _of_role("predicate")  # does so behind a verb alone: "the lungs were clear"
NAMED_AFTER = _of_role("named after")  # "Cushing syndrome"


class Unit(NamedTuple):
    """A found word or term: indices of its first and last word."""

    first: int
    last: int
    label: str
    rule: str
    name: str | None
    codes: dict[str, str] | None
    needs: bool


@lru_cache(maxsize=100_000)
def stem_label(word: str) -> str | None:
    """The label that a word's ending gives it."""
    if word in NO_STEM:
        return None
    if FINDING_STEM.match(word):
        return "FINDING"
    return "DIAGNOSIS" if DISEASE_STEM.match(word) else None


# Whether a folded word alone may be a condition, or make one of the words beside it.
TELLING = Remembered(lambda word: stem_label(word) is not None or word in PREDICATE)


@lru_cache(maxsize=100_000)
def modifies(word: str) -> bool:
    """Whether a folded word may stand before a condition as part of it."""
    if word in MODIFIERS or word in SITES or word in STATE:
        return True
    return word not in NO_MODIFIER and bool(ADJECTIVE.match(word))


class ConditionFinder(Finder):
    """Names, heads with modifiers, stems, states of body parts, and short forms of these."""

    def __init__(self) -> None:
        self.terms = Terms(
            entry._replace(columns={**entry.columns, "label": label})
            for name, label in LABELS
            for entry in lexicon.load(name)
        )

    def find(self, doc: Doc) -> Iterator[Found]:
        """The conditions, in the order of the text."""
        text: str = doc._.text
        words: Sequence[Word] = doc._.words
        long_forms = {(a, b): (c, d) for a, b, c, d in doc._.abbreviations}
        found: list[Found] = []
        end_before = -1
        for unit in self._units(doc, words):
            one, end_before = self._grown(text, words, unit, end_before)
            if one and (one.start, one.end) not in long_forms:
                found.append(one)
        found.extend(_short_forms(found, long_forms))
        return iter(sorted(found, key=lambda one: one[:3]))

    def _units(self, doc: Doc, words: Sequence[Word]) -> list[Unit]:
        units = []
        taken: set[int] = set()
        for hit in self.terms.find(doc):
            first, last = hit.first, hit.last
            taken.update(range(first, last + 1))
            columns = hit.entry.columns
            label = columns["label"]
            role = columns.get("role") or "name"
            state = "context" in hit.entry.flags and hit.entry.term in STATE
            if state and (said := _said(words, first, taken)):
                units.append(said)
                continue
            if role == "verb" and "context" in hit.entry.flags:
                taken.difference_update(range(first, last + 1))
                continue
            folded = " ".join(word[0] for word in words[first : last + 1])
            needs = folded in NEEDS_MODIFIER and (role == "head" or "context" in hit.entry.flags)
            code = columns.get("icd10cm")
            named = hit.entry.name if hit.entry.name != hit.entry.term else None
            rule = f"{label.lower()}.{role if role in ('head', 'verb') else 'lexicon'}"
            units.append(Unit(first, last, label, rule, named, {"icd10cm": code} if code else None, needs))
        for index in sorted([i for word, at in doc._.places.items() if TELLING[word] for i in at]):
            word = words[index][0]
            if index not in taken:
                if word in PREDICATE and (said := _said(words, index, taken)):
                    units.append(said)
                    continue
                stem = stem_label(word)
                if stem:
                    units.append(Unit(index, index, stem, f"{stem.lower()}.stem", None, None, False))
                elif word in STATE and index + 1 < len(words) and words[index + 1][0] in SITES:
                    last = index + 1
                    while last + 1 < len(words) and words[last + 1][0] in SITES:
                        last += 1
                    if not taken.intersection(range(index, last + 1)):
                        taken.update(range(index, last + 1))
                        units.append(Unit(index, last, "FINDING", "finding.state", None, None, False))
        units.sort()
        return units

    def _grown(
        self, text: str, words: Sequence[Word], unit: Unit, end_before: int
    ) -> tuple[Found | None, int]:
        """The candidate of a unit with its phrase, and the index of the last word that it takes."""
        if unit.last <= end_before:
            return None, end_before
        left = max(grow_left(words, unit.first, modifies), min(end_before + 1, unit.first))
        head = words[unit.last][0]
        if left == unit.first and head in NAMED_AFTER:
            left = _eponym(text, words, unit.first, end_before)
        right = grow_right(words, unit.last)
        if unit.needs and left == unit.first and right == unit.last:
            return None, end_before
        start, end = words[left][1], words[right][2]
        core = unit.name or text[words[unit.first][1] : words[unit.last][2]].lower()
        name = text[start : words[unit.first][1]].lower() + core + text[words[unit.last][2] : end].lower()
        sure = 0.6 if unit.rule.endswith(("head", "state")) else 0.85
        return Found(start, end, unit.label, unit.rule, name=name, codes=unit.codes, confidence=sure), right


def _said(words: Sequence[Word], index: int, taken: set[int]) -> Unit | None:
    """What the state at ``index`` says of its subject, where nothing there is ``taken``, which it adds to."""
    told = predicate.told(words, index, PREDICATE, STATE, modifies)
    if told is None:
        return None
    first, name = told
    if not taken.isdisjoint(range(first, index)):
        return None
    taken.update(range(first, index + 1))
    return Unit(first, index, "FINDING", "finding.predicate", name, None, False)


def _eponym(text: str, words: Sequence[Word], first: int, end_before: int) -> int:
    """The index of the first capitalised word before ``first``: "Guillain-Barre syndrome"."""
    at = first
    while at - 1 > end_before and first - at < 3:
        word, start, end = words[at - 1]
        surface = text[start:end]
        if not surface[0].isupper() or len(surface) < 3 or word in DETERMINERS or surface.isupper():
            break
        at -= 1
    return at


def _short_forms(
    found: Sequence[Found], long_forms: dict[tuple[int, int], tuple[int, int]]
) -> Iterator[Found]:
    """The short forms whose long form ends in a condition."""
    by_end = {one.end: one for one in found}
    for (start, end), (long_start, long_end) in long_forms.items():
        one = by_end.get(long_end)
        if one and 2 * (one.end - max(one.start, long_start)) >= long_end - long_start:
            yield Found(
                start,
                end,
                one.label,
                f"{one.label.lower()}.abbreviation",
                name=one.name,
                codes=one.codes,
                confidence=0.9,
            )


@Language.factory(
    "caseline_condition",
    requires=["doc._.words", "doc._.abbreviations"],
    assigns=["doc.spans", "doc._.found"],
)
def create_condition_finder(nlp: Language, name: str) -> ConditionFinder:
    """The finder of DIAGNOSIS and FINDING mentions."""
    return ConditionFinder()
