"""Whose course a sentence tells: the reported patient's, or that of others and of the literature.

In the case, the title and legends a sentence is the patient's unless it cites others; in introduction, discussion
and conclusion it is not unless it speaks of "our patient"; an abstract is general until the patient comes in.
Example: "Rituximab is used in such patients. Our patient received it." tells of the patient in its second sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.patterns import cue

OURS = cue(
    r"\b(?:our|this|the present|the current|the index|the reported|the described) (?:\w+ )?(?:patient|case)\b(?!s| series| report(?:ed)? in)"
    r"|\bin (?:our|the present|this) (?:\w+ )?(?:case|patient|report)\b|\b(?:present|current|our) case\b|\bcase presented here\b"
    r"|\bwe (?:report|describe|present)(?:ed)? (?:here |herein )?(?:a|an|the|our|one)\b|\b(?:here|herein),? we (?:report|describe|present)",
)
# Speaks of the reported case, but of what it teaches or how others differ.
LESSON = cue(
    r"\b(?:this|our|the present) (?:case|report) (?:\w+ )?(?:suggests?|highlights?|illustrates?|emphasi[sz]es?|underlines?|underscores?|adds"
    r"|demonstrates? that|shows? that|supports?|reminds?)\b|\btheir (?:patient|case)\b"
    r"|\b(?:than|as|like|similar to|unlike) [^,;.]{0,30}\b(?:our|the present|this) (?:patient|case)[^,;]{0,12}$"
    r"|\b(?:in contrast (?:to|with)|unlike|contrary to|different(?:ly)? from|as opposed to) (?:our|the present|this) (?:patient|case),",
)
AGED = cue(r"\b\d{1,3}[- ](?:year|month|week|day)s?[- ]old\b|\b(?:aged|age of) \d+")
ACTED = cue(
    r"\bwe (?:then |also |therefore |thus |first |initially |finally |immediately |subsequently )?(?:administered|started|treated|decided"
    r"|gave|performed|initiated|chose|added|used|switched|stopped|discontinued|continued|avoided|introduced|diagnosed|observed|found|placed"
    r"|selected|attempted|tried|monitored|changed|reduced|increased|suspected|considered)\b",
)
THE_PATIENT = re.compile(r"\b[Tt]he (?:patient|girl|boy|woman|man|infant|child|neonate|baby)\b(?!s)")
PRONOUN = re.compile(r"\b(?:[Ss]he|[Hh]e|[Hh]er|[Hh]is|[Hh]im|[Hh]erself|[Hh]imself)\b")
CITED = cue(
    r"\bet ?al\b|\bin the literature\b|\bliterature review\b|\breview of the literature\b|\bprevious(?:ly)? (?:reported|published|described)\b"
    r"|\b(?:previous|other|several|recent|many|some|these|those|most|few|numerous|published|earlier|such) (?:\w+ )?(?:stud(?:y|ies)|reports?"
    r"|authors|cases|series|trials|investigators|experts|researchers|publications|patients)\b"
    r"|\b(?:has|have) been (?:\w+ )?(?:reported|described|shown|suggested|associated|demonstrated|proposed|used|recommended)\b"
    r"|\b(?:meta-analys[ie]s|cohort|randomi[sz]ed|guidelines?|case series|retrospective|multicenter|trial|survey|registry|review)\b"
    r"|\banother (?:patient|case|report)\b|\b(?:was|were) reported (?:in|by|to)\b",
)
OTHERS = re.compile(
    r"\b(?:patients|cases|children|adults|women|men|individuals|subjects|infants|people|populations?|survivors)\b"
    r"|\d\s?%\s(?:of|in)\s(?:\w+ ){0,2}(?:patients|cases|children|adults)|\bincidence\b|\bprevalence\b|\bmortality rate\b",
)
CITATION = re.compile(r"\[\d[\d,\s-]*\]|\(\d{1,3}(?:[,-]\s?\d{1,3})*\)")
GENERAL = re.compile(
    r"\b(?:is|are|may|can|should|might|could be|remains?|seems?|plays?|includes?|occurs?|appears?)\b"
)
TOLD = re.compile(
    r"\b(?:was|were|had|did|received|underwent|showed|revealed|developed|presented|died|\w{3,}ed)\b"
)


def whose(
    text: str, sentences: Sequence[tuple[int, int]], sections: Iterable[tuple[int, int, str]]
) -> list[bool]:
    """For every sentence, whether it tells of the reported patient. Without sections all is case."""
    paragraphs = list(sections)
    theirs: list[bool] = []
    at, kind, entered, previous, paragraph = 0, "case", False, False, -1
    for start, end in sentences:
        while at < len(paragraphs) and paragraphs[at][1] <= start:
            at += 1
        if at != paragraph:
            paragraph, before = at, kind
            kind = paragraphs[at][2] if at < len(paragraphs) else "case"
            previous = kind == "case" or (previous and kind == before == "abstract")
            if kind != before:
                entered = False
        sentence = text[start:end]
        if kind == "case":
            previous = _in_case(sentence)
        elif kind == "abstract":
            entered = entered or bool(
                OURS.search(sentence) or AGED.search(sentence) or PRONOUN.search(sentence)
            )
            previous = entered and _in_abstract(sentence)
        elif kind in ("title", "caption"):
            previous = True
        elif kind == "abbreviations":
            previous = False
        else:
            previous = _in_discussion(sentence, previous)
        theirs.append(previous)
    return theirs


def _in_case(sentence: str) -> bool:
    if not CITED.search(sentence):
        return True
    return bool(
        OURS.search(sentence) or THE_PATIENT.search(sentence) or PRONOUN.search(sentence) or not (
            OTHERS.search(sentence) or re.search(r"\bet\s?al\b|literature|another", sentence)
        )
    )  # fmt: skip


def _in_abstract(sentence: str) -> bool:
    if (
        OURS.search(sentence)
        or AGED.search(sentence)
        or PRONOUN.search(sentence)
        or THE_PATIENT.search(sentence)
    ):
        return True
    if CITED.search(sentence) or OTHERS.search(sentence):
        return False
    return bool(TOLD.search(sentence)) or not GENERAL.search(sentence)


def _in_discussion(sentence: str, previous: bool) -> bool:
    """``previous``: whether the sentence before told of the patient; pronouns go on from it."""
    if OURS.search(sentence):
        return not LESSON.search(sentence)
    if CITED.search(sentence) or OTHERS.search(sentence):
        return False
    if THE_PATIENT.search(sentence) or ACTED.search(sentence):
        return not GENERAL.search(sentence) or bool(TOLD.search(sentence))
    if PRONOUN.search(sentence):
        return previous
    return (
        previous
        and bool(TOLD.search(sentence))
        and not (CITATION.search(sentence) or GENERAL.search(sentence))
    )
