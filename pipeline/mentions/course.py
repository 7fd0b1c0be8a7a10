"""ENCOUNTER and OUTCOME: where the patient went, and how it ended.

What: the verbs and nouns of encounter.csv with the place that they name; the terms of outcome.csv, its verbs
with their subject and its nouns with what they are said of; course.csv holds the words of grammar. An
encounter at another house than the reporting one says so in its name and in ``codes["place"]`` (``here``,
``elsewhere``).
Example: "<transferred to the stroke unit>"; "<visual acuity slowly improved>"; "<died>".
Requires: doc._.words. Assigns: doc.spans, doc._.found.
"""

import re
from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.lexicon import Entry
from pipeline.mentions.finder import Finder
from pipeline.mentions.phrase import Word
from pipeline.structure.found import Found
from pipeline.structure.terms import Hit, Terms

# After a verb of moving: preposition, up to eight words, a place. "to the medical intensive care unit".
PLACE = re.compile(
    r"(?: (?:back|home|urgently|emergently|immediately|directly|again|electively|first))*"
    r"(?: (?:to|at|in|into|from|by|under|via|through))+(?: [\w'()-]+){0,8}?"
    r" (?P<place>hospitals?|units?|departments?|clinics?|cent(?:er|re)s?|wards?|institut(?:ion|e)s?|rooms?"
    r"|[INP]*ICU|CCU|ER|ED|A&E|OPD|facilit(?:y|ies)|services?|home|house"
    r"|theat(?:er|re)|practice|outpatient(?! [a-z])|hospice"
    r"|(?:neuro|cardio|dermato|gastroentero|nephro|rheumato|pulmono|hemato|onco|uro|gyneco|ophthalmo|endocrino)"
    r"log(?:y|ist)|physician|doctor|specialist|dentist|ambulance)\b(?: \((?:[INP]*ICU|ED|ER|CCU|HDU)\))?"
)
HOME = re.compile(r"(?: (?:to )?(?:(?:his|her|their) )?home\b)")
FROM_HOUSE = re.compile(
    r" from (?:the |our |this )?(?:\w+ ){0,3}?(?:hospital|clinic|ward|unit|ICU|care|department)\b"
)
ELSEWHERE = re.compile(
    r"\b(?:another|other|local|different|outside|nearby|previous|referring|primary care|regional|district"
    r"|peripheral|first|general practitioner|private|community|secondary)\b",
    re.I,
)
HERE = re.compile(r"\b(?:our|this|us|the authors')\b", re.I)
INTENSIVE = re.compile(r"\b(?:intensive|critical) care|\b[INP]*ICU\b|\bCCU\b")
EMERGENCY = re.compile(r"\bemergency\b|\bED\b|\bER\b|\bA&E\b", re.I)
# A noun after one of these dates something else: "on admission", "3 days after discharge".
TEMPORAL = re.compile(
    r"\b(?:on|upon|at|before|after|since|until|till|following|from|to|during|of|prior to|post|pre|his|her"
    r"|the)[ -](?:the |her |his |hospital |initial |first )*$",
    re.I,
)
# What a context verb needs before it when no place follows: a patient.
PATIENT = re.compile(
    r"\b(?:patient|he|she|(?:wo)?man|girl|boy|male|female|child|infant|newborn|neonate|baby|mother|who|year-old)\b"
    r"(?: [\w,'()-]+){0,4}?"
    r" (?:was |were |is |had been |has been |has |had |initially |first |then |subsequently |also )*$",
    re.I,
)
AUTHORS = re.compile(
    r"\b(?:we|here|hereby|is|are|case|cases|data|results?|findings?|authors?)(?: \w+ly)? $", re.I
)

# "she came back because of leakage": no place is needed.
COMPLAINS = re.compile(
    r" (?:to us )?(?:with|because|due to|complaining|for (?:a )?(?:follow|control|re-?evaluation)) ?"
)


def _of_role(role: str) -> frozenset[str]:
    """The words of course.csv that play a role."""
    return frozenset(
        entry.term for entry in lexicon.load("course") if role in entry.columns["role"].split("; ")
    )


AUXILIARY = _of_role("auxiliary")  # between subject and verb: "function <was also> improved"
PERSON = _of_role("person")  # no subject to take in: "the patient improved"
BOUNDARY = _of_role("boundary") | {"\n", '"', "'"}  # ends a noun phrase
DETERMINER = _of_role("determiner")
DEGREE = _of_role("degree")  # before a noun of change: "marked improvement"
SAID_OF = frozenset(("of", "in"))
CHANGES = frozenset(("resolution", "recovery", "remission", "relapse", "recurrence", "progression"))
# "was switched to daratumumab, but progressed after six cycles"
WHEN = frozenset(("after", "within", "during", "despite", "on", "at", "by", "over"))
FLARED = frozenset(("a", "another", "second", "third", "new", "disease", "this"))
REACH = 6


class CourseFinder(Finder):
    """Encounters with their place, outcomes with their subject."""

    def __init__(self) -> None:
        self.terms = Terms(
            entry._replace(columns={**entry.columns, "label": name.upper()})
            for name in ("encounter", "outcome")
            for entry in lexicon.load(name)
        )

    def find(self, doc: Doc) -> Iterator[Found]:
        """The encounters and outcomes, in the order of the text."""
        text: str = doc._.text
        words: Sequence[Word] = doc._.words
        found: list[Found] = []
        for hit in self.terms.find(doc):
            if hit.entry.columns["label"] == "ENCOUNTER":
                one = _encounter(text, hit)
            else:
                one = _outcome(text, words, hit.first, hit.last, hit)
            if one and not (found and one.end <= found[-1].end):
                found.append(one)
        return iter(sorted(found, key=lambda one: one[:3]))


def _encounter(text: str, hit: Hit) -> Found | None:
    """The encounter of a verb or noun with its place, or None where an ambiguous one has no evidence."""
    start, end, entry, _, _ = hit
    role = entry.columns["role"]
    if entry.term == "discharge" and text[start:end].lower() == "discharges":
        return None  # of neurons
    before = text[max(0, start - 60) : start].rpartition("\n")[2]
    if role == "place":
        return _at_place(hit, before)
    after = text[end : end + 110].partition("\n")[0].partition(". ")[0]
    place = PLACE.match(after)
    if place and re.search(r"[,;]|\b(?:with|for|and|due|because|after|where|who)\b", place.group()):
        place = None
    context = "context" in entry.flags
    if role == "move" and not place and not (COMPLAINS.match(after) and PATIENT.search(before)):
        return None
    if role in ("verb", "move"):
        if context and not place and (AUTHORS.search(before) or not PATIENT.search(before)):
            return None
        home = HOME.match(after) or FROM_HOUSE.match(after) if entry.name == "discharge" else None
        if home and (not place or home.end() < place.end()):
            place = home
        confidence = 0.75 if context and not place else 0.9
    else:
        if context and not place:
            return None
        confidence = 0.5 if TEMPORAL.search(before) else 0.85
    extent = place.group() if place else ""
    where = _place(extent)
    name = entry.name + _destination(extent, where)
    codes = {"place": where} if where else None
    return Found(
        start,
        end + len(extent),
        "ENCOUNTER",
        f"encounter.{role}",
        name=name,
        codes=codes,
        confidence=confidence,
    )


def _at_place(hit: Hit, before: str) -> Found | None:
    """A visit that only its place tells: "in the emergency department"."""
    lead = re.search(r"\b(?:in|at|to) (?:the |our |an )?$", before)
    if not lead:
        return None
    return Found(hit.start, hit.end, "ENCOUNTER", "encounter.place", name=hit.entry.name, confidence=0.4)


def _place(extent: str) -> str | None:
    if ELSEWHERE.search(extent):
        return "elsewhere"
    return "here" if HERE.search(extent) else None


def _destination(extent: str, where: str | None) -> str:
    """What the name says of the place."""
    if INTENSIVE.search(extent):
        return " to intensive care unit"
    if where == "elsewhere":
        return " to another hospital"
    if EMERGENCY.search(extent):
        return " to emergency department"
    return ""


def _outcome(text: str, words: Sequence[Word], first: int, last: int, hit: Hit) -> Found | None:
    """The outcome with its subject, or what it is said of; None where an ambiguous term tells no course."""
    entry = hit.entry
    role = entry.columns["role"]
    if role == "verb":
        return _changed(text, words, first, last, entry.name)
    if role == "noun" or words[last][0] in CHANGES:
        return _change_of(text, words, first, last, entry)
    start, end = hit.start, hit.end
    if "context" in entry.flags:
        before = text[max(0, start - 40) : start]
        if (
            entry.name in ("refractory disease", "death")
            and entry.term != "death"
            and not re.search(r"\b(?:was|were|remained|is|to) $", before)
        ):
            return None
    return Found(start, end, "OUTCOME", "outcome.lexicon", name=entry.name, confidence=0.85)


def _changed(text: str, words: Sequence[Word], first: int, last: int, name: str) -> Found | None:
    """A verb of change with its subject before it, or its object behind it ("improved hearing")."""
    at = first - 1
    helped = False
    while at >= 0 and (words[at][0] in AUXILIARY or words[at][0].endswith("ly")):
        helped = helped or not words[at][0].endswith("ly")
        at -= 1
    stop = at
    while stop >= 0 and at - stop < REACH and words[stop][0] not in BOUNDARY:
        stop -= 1
    subject = stop + 1
    while subject <= at and (
        words[subject][0] in DETERMINER or words[subject][0].endswith("ly") or words[subject][0].isdigit()
    ):
        subject += 1
    if subject <= at and not any(word[0] in PERSON for word in words[subject : at + 1]):
        start = words[subject][1]
        said = _name(text[start : words[at][2]])
        return Found(
            start, words[last][2], "OUTCOME", "outcome.subject", name=f"{name} of {said}", confidence=0.8
        )
    alone = subject > at >= 0 and words[at][0] in ("but", "and", "then") and last + 1 < len(words)
    if subject <= at or helped or (alone and words[last + 1][0] in WHEN):
        start = words[at + 1][1] if words[at + 1][0].endswith("ly") else words[first][1]
        return Found(start, words[last][2], "OUTCOME", "outcome.verb", name=name, confidence=0.8)
    right = _behind(words, last)
    if right == last or name in ("worsening", "deterioration") or words[last + 1][0].isdigit():
        return None
    said = _name(text[words[last + 1][1] : words[right][2]])
    return Found(
        words[first][1],
        words[right][2],
        "OUTCOME",
        "outcome.object",
        name=f"{name} of {said}",
        confidence=0.6,
    )


def _change_of(text: str, words: Sequence[Word], first: int, last: int, entry: Entry) -> Found | None:
    """A noun of change with its degree and what it is said of: "significant regression of the edema"."""
    left = first
    while left > 0 and first - left < 3 and words[left - 1][0] in DEGREE:
        left -= 1
    right = last
    if last + 1 < len(words) and words[last + 1][0] in SAID_OF:
        right = _behind(words, last + 1)
        right = last if right == last + 1 else right
    flared = entry.term == "flare" and first > 0 and words[first - 1][0] in FLARED
    if right == last and "context" in entry.flags and left == first and not flared:
        return None
    start, end = words[left][1], words[right][2]
    said = _name(text[words[last][2] : end])
    return Found(start, end, "OUTCOME", "outcome.noun", name=entry.name + said, confidence=0.8)


def _name(said: str) -> str:
    """What is said of something, in lower case but for short forms: "KL-6", "the NIHSS"."""
    return " ".join(w if any(c.isupper() for c in w[1:]) else w.lower() for w in said.split(" "))


def _behind(words: Sequence[Word], at: int) -> int:
    """The index of the last word of the noun phrase behind ``words[at]``, or ``at``."""
    end = at
    while end + 1 < len(words) and end - at < REACH and words[end + 1][0] not in BOUNDARY:
        end += 1
    while end > at and words[end][0] in DETERMINER:
        end -= 1
    return end


@Language.factory("caseline_course", requires=["doc._.words"], assigns=["doc.spans", "doc._.found"])
def create_course_finder(nlp: Language, name: str) -> CourseFinder:
    """The finder of ENCOUNTER and OUTCOME mentions."""
    return CourseFinder()
