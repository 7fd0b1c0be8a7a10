"""What the text says of a mention: negated, hypothetical, historical, of a relative, of another patient.

ConText (Harkema 2009) with medspaCy's English rules and ours of assertion.csv. medspaCy's own matcher takes as long
as everything else together, and its import longer than all other imports, so its rules are read from its file
and looked up among our words; they reach, in their direction, as far as their scope, the sentence and the next
terminating term allow.
A drug that somebody is allergic to, or an organism was tested against, is negated: it was not given. A test is
negated where it was not done, not where its result is negative; values, times and doses are never negated.
Example: "There was no <fever negated>; her <mother family> had asthma."
Requires: words, sentences, candidates. Assigns: doc._.assertions, {key of the candidate: {field: value}}.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.metadata import distribution
from itertools import islice, product
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.lexicon import Entry
from pipeline.mentions.phrase import Word
from pipeline.structure.found import Found, candidates
from pipeline.structure.terms import Terms, key
from pipeline.structure.whose import whose

EVENT = frozenset(("DRUG", "PROCEDURE"))
CONDITION = frozenset(("DIAGNOSIS", "FINDING"))
TEST = frozenset(("LAB_TEST", "VITAL", "IMAGING"))
TOLD = EVENT | CONDITION
NEGATABLE = TOLD | {"OUTCOME"}
LABELS = {"event": EVENT, "condition": CONDITION, "drug": frozenset(("DRUG",))}
# Our columns, medspaCy's categories, the labels that each modifies and the field that it sets.
CATEGORIES = {
    "negated": ("NEGATED_EXISTENCE", NEGATABLE, "negated"),
    "not_done": ("NOT_DONE", TEST, "negated"),
    "hypothetical": ("HYPOTHETICAL", EVENT | TEST, "hypothetical"),
    "possible": ("POSSIBLE_EXISTENCE", CONDITION, "hypothetical"),
    "historical": ("HISTORICAL", TOLD, "historical"),
    "family": ("FAMILY", TOLD | {"OUTCOME"}, "family"),
    "susceptibility": ("SUSCEPTIBILITY", frozenset(("DRUG",)), "negated"),
}
FIELDS = {category: field for category, _, field in CATEGORIES.values()}
SCOPE = 8
# medspaCy's rules for discharge letters that mean something else in an article.
UNFIT = frozenset(
    ("family", "history", "if", "return", "no", "not", "resolved", "free", "prophylaxis", "decline")
)
HISTORY = re.compile(
    r"(?:hour|day|week|month|year)s?['-]?s?(?:[- ]long)?[- ]*$|\b(?:short|brief|acute|recent)\s+(?:clinical )?$",
    re.IGNORECASE,
)
ORGANISM = re.compile(
    r"\b(?:culture|isolate|strain|organism|susceptib|bacteri|pathogen|antibiogram|MIC|in vitro|grew|colon|fung|species|coccus|coli)",
    re.IGNORECASE,
)


# A mention after a comma or a conjunction with its own verb begins a clause: "In the absence of fever, RTX was given".
CLAUSE = re.compile(r"\s(?:was|were|is|are|has been|had been)\b")
# "resistant to ampicillin, and ceftriaxone 2 g daily was given"
DOSED = re.compile(r"(?:(?! (?:and|but|or)\b)[^,;.()]){0,40}?\s(?:was|were|is|are|has been|had been)\b")
BEGINS = re.compile(
    r"(?:, (?:and |but |so |while |whereas |therefore )?|\b(?:so|but|whereas|while) )(?:the |a |an )?$"
)
# After an apposition the sentence goes on: "The organism, resistant to fluconazole, was treated".
SHOWED = re.compile(
    r", (?!no\b|nor\b)(?:[\w-]+ ){1,5}(?:showed|revealed|demonstrated|yielded|grew|disclosed) (?!no\b)"
)
GOES_ON = re.compile(r", (?:was|were|had|has) ")
# "She was not intubated": the participle is the mention.
NOT = re.compile(r"\b(?:was|were|is|are|be|been|has|had|have|did) (?:not|never) (?:yet |been |be )*$")
# "No CT was performed", not "no abnormality on CT", nor "no CT abnormality".
NO = re.compile(r"\b[Nn]o (?:\w+ ){0,2}$")
DONE = re.compile(
    r"(?: \w+){0,2} (?:was|were|had been) (?:done|performed|obtained|taken|available|carried out|conducted|made|undertaken)\b"
)


class ContextRule(NamedTuple):
    """What a term says of the mentions of ``labels`` up to ``scope`` words (None: ``SCOPE``) away."""

    literal: str
    category: str
    direction: str
    scope: int | None
    labels: frozenset[str]


class Modifier(NamedTuple):
    """A rule at its place in the view; ``before`` and ``after`` are the indices of the words beside it."""

    start: int
    end: int
    rule: ContextRule
    before: int
    after: int


def english() -> list[dict[str, Any]]:
    """The English rules of medspaCy as its file gives them: literal, category, direction, perhaps a token pattern.

    Raises:
        FileNotFoundError: medspaCy is not installed as its wheel installs it.
    """
    path = Path(str(distribution("medspacy").locate_file("resources/en/context_rules.json")))
    shipped: list[dict[str, Any]] = json.loads(path.read_bytes())["context_rules"]
    return shipped


@cache
def rules() -> tuple[ContextRule, ...]:
    """All rules: medspaCy's, but for terms that assertion.csv decides otherwise, then ours."""
    own = list(_own())
    decided = {key(rule.literal) for rule in own}
    fitted = []
    for rule in english():
        if rule["literal"] in UNFIT:
            continue
        direction, category = rule["direction"].upper(), rule["category"].upper()
        labels = next(labels for of, labels, _ in CATEGORIES.values() if of == category)
        reach = (None, frozenset[str]()) if direction == "TERMINATE" else (SCOPE, labels)
        fitted += [
            ContextRule(literal, category, direction, *reach)
            for literal in _literals(rule)
            if key(literal) not in decided
        ]
    return (*fitted, *own)


def _literals(rule: dict[str, Any]) -> Iterator[str]:
    """The word sequences that a rule's token pattern stands for."""
    if not rule.get("pattern"):
        yield rule["literal"]
        return
    choices = []
    for token in rule["pattern"]:
        lower = token["LOWER"]
        words = lower["IN"] if isinstance(lower, dict) else [lower]
        choices.append([*words, ""] if token.get("OP") == "?" else list(words))
    for words in product(*choices):
        yield " ".join(word for word in words if word)


def _own() -> Iterator[ContextRule]:
    """The rules of assertion.csv: a column a category, "forward 7", "backward 5 event", "terminate" or "pseudo"."""
    for entry in lexicon.load("assertion"):
        for column, (category, labels, _) in CATEGORIES.items():
            for cell in filter(None, entry.columns.get(column, "").split(";")):
                direction, *rest = cell.split()
                scope = int(rest[0]) if rest else None
                kinds = LABELS[rest[1]] if len(rest) > 1 else labels
                yield ContextRule(entry.term, category, direction.upper(), scope, kinds)


class AssertionFinder:
    """Decides the assertion of all candidates."""

    def __init__(self) -> None:
        self.rules: dict[str, list[ContextRule]] = {}
        for rule in rules():
            self.rules.setdefault(key(rule.literal), []).append(rule)
        self.terms = Terms(Entry(term, term, frozenset(), "medspacy") for term in self.rules)

    def modifiers(self, doc: Doc) -> list[Modifier]:
        """The rules whose terms stand in the Doc, in the order of the text."""
        text = doc._.text
        found = []
        for start, end, entry, at, last in self.terms.find(doc):
            for rule in self.rules[entry.term]:
                past = rule.category == "HISTORICAL" and "history" in rule.literal
                # "A 3-month history of cough" is the present illness.
                if past and rule.direction == "FORWARD" and HISTORY.search(text[max(0, start - 24) : start]):
                    continue
                if rule.direction != "PSEUDO":
                    found.append(Modifier(start, end, rule, at - 1, last + 1))
        return found

    def find(self, doc: Doc) -> dict[str, dict[str, bool]]:
        """The fields that are not the default, by the key of the candidate."""
        text, sentences = doc._.text, doc._.sentences
        ours = whose(text, sentences, doc._.sections)
        words: Sequence[Word] = doc._.words
        modifiers = self.modifiers(doc)
        starts = [modifier.start for modifier in modifiers]
        sentence_starts = [start for start, _ in sentences]
        places: dict[int, list[Found]] = {}
        for one in candidates(doc):
            places.setdefault(max(bisect_right(sentence_starts, one.start) - 1, 0), []).append(one)
        decided: dict[str, dict[str, bool]] = {}
        for number, mentions in places.items():
            if number >= len(sentences):
                continue
            first, last = sentences[number]
            here = modifiers[bisect_left(starts, first) : bisect_left(starts, last)]
            scopes = list(_scopes(text, words, here, first, last))
            for one in mentions:
                fields = {field: True for field in _modified(text, one, scopes)}
                if not ours[number]:
                    fields["patient"] = False
                if fields:
                    decided[one.key] = fields
        return decided

    def __call__(self, doc: Doc) -> Doc:
        """The Doc with its assertions."""
        doc._.assertions = self.find(doc)
        return doc


def _scopes(
    text: str, words: Sequence[Word], modifiers: list[Modifier], first: int, last: int
) -> Iterator[tuple[int, int, Modifier]]:
    """Where each modifier of a sentence reaches, itself included."""
    for modifier in modifiers:
        start, end, rule, before, after = modifier
        direction, category = rule.direction, rule.category
        if direction not in ("FORWARD", "BACKWARD", "BIDIRECTIONAL"):
            continue
        if category == "SUSCEPTIBILITY" and not ORGANISM.search(text, first, last):
            continue
        scope = rule.scope or SCOPE
        stops = [m for m in modifiers if m.rule.direction == "TERMINATE" and m.rule.category == category]
        if direction != "BACKWARD":
            beyond = next(islice(_starts(words, range(after, len(words))), scope, None), last)
            right = min(beyond, last, *(m.start for m in stops if m.start >= end))
            semicolon = text.find(";", end, right)
            right = semicolon if semicolon >= 0 else right
            goes_on = GOES_ON.search(text, end, right) if text.startswith(", ", max(start - 2, 0)) else None
            yield start, goes_on.start() if goes_on else right, modifier
        if direction != "FORWARD":
            behind = list(islice(_starts(words, range(before, -1, -1)), scope + 1))
            left = behind[-2] if len(behind) > scope else first
            left = max(left, first, *(m.end for m in stops if m.end <= start))
            semicolon = text.rfind(";", left, start)
            yield semicolon + 1 if semicolon >= 0 else left, end, modifier


def _starts(words: Sequence[Word], indices: Iterable[int]) -> Iterator[int]:
    """Where the words with these indices start, signs left out."""
    return (words[index][1] for index in indices if words[index][0].isalnum())


def _modified(text: str, one: Found, scopes: Iterable[tuple[int, int, Modifier]]) -> Iterator[str]:
    """The fields that the modifiers set whose scope takes in the mention; a mention may hold its own modifier."""
    begins = (DOSED if one.label == "DRUG" else CLAUSE).match(text, one.end) is not None and BEGINS.search(
        text, max(one.start - 14, 0), one.start
    ) is not None
    if one.label in TEST and DONE.match(text, one.end) and NO.search(text, max(one.start - 24, 0), one.start):
        yield "negated"
    if one.label in EVENT and NOT.search(text, max(one.start - 24, 0), one.start):
        yield "negated"
    for start, end, modifier in scopes:
        if (
            start <= one.start
            and one.end <= end
            and not modifier.start <= one.start <= one.end <= modifier.end
        ):
            clause = modifier.end < one.start and (begins or _new_clause(text, modifier.end, one))
            if not clause and one.label in modifier.rule.labels:
                yield FIELDS[modifier.rule.category]


def _new_clause(text: str, end: int, one: Found) -> bool:
    """Whether a comma begins a clause between what denies and the mention: "no murmurs, <the lungs were clear>"."""
    if one.rule == "finding.predicate":
        return "," in text[end : one.start]
    return one.label in ("FINDING", "DIAGNOSIS") and SHOWED.search(text, end, one.start) is not None


@Language.factory(
    "caseline_assertion",
    requires=["doc._.words", "doc._.sentences", "doc._.found"],
    assigns=["doc._.assertions"],
)
def create_assertion(nlp: Language, name: str) -> AssertionFinder:
    """The assertion of all mentions, by ConText."""
    return AssertionFinder()
