"""Whether a document reports patients of its own: case reports and series do; reviews, cohorts and trials do not.

What the text tells of single patients is weighed against what it tells of methods and groups. Introduction and
discussion of a report cite studies, so that only the title, the abstract, the case and what has no heading of its own
are weighed for groups. Example: "Ninety patients were enrolled; the median age was 61 years" is no case report.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate, chain, islice

from pipeline.timeline.hints import Watched, cue
from pipeline.timeline.story import Story

REPORTS = frozenset(("case-report", "case-series"))
NO_REPORTS = frozenset(
    ("review-article", "systematic-review", "meta-analysis", "editorial", "book-review", "news", "correction",
     "retraction", "study-protocol", "protocol", "guideline", "obituary")
)  # fmt: skip
TITLE = re.compile(
    r"\b(?:case|patient)s?\b(?!.{0,12}\b(?:selection|control|recruitment|population|characteristics|cohort|and methods)\b)|"
    r"\bclinical (?:course|presentation|history|summary)\b|\bpresentation of\b",
    re.IGNORECASE,
)
AGED = re.compile(
    r"\b(?:an?|the|our|this|his|her|one|another|case:?|old,?) (?:[\w-]+,? ){0,4}?\d{1,3}[- ]?(?:years?|yrs?|months?|weeks?|days?)[- ]?olds?\b"
    r"|\b(?:an?|the|our|this) (?:[\w-]+ ){0,3}?[a-z]+(?:-[a-z]+)?[- ](?:year|month|week|day)s?[- ]old\b"
    r"|^\W*\d{1,3}[- ](?:year|month|week|day)s?[- ]old\b"
    r"|\b\d{1,3} ?(?:y/?o|yo)\b ?(?:m|f|male|female|man|woman)?"
    r"|\b(?:man|woman|boy|girl|male|female|gentleman|lady|patient|infant|child|he|she),? (?:was |who was )?(?:aged )?\(?\d{1,3} (?:years|months|weeks|days)"
    r"|\b(?:an?|the|our) (?:[\w-]+ ){0,4}?(?:newborn|neonate|infant|premature baby|stillborn|primigravida|toddler|teenager|octogenarian|septuagenarian)\b",
    re.IGNORECASE | re.MULTILINE,
)
GROUP_AGED = re.compile(
    r"(?:≥|>=?|<=?|≤|under|over|aged|than|least|mean|median|age) ?\d{1,3}[- ]year", re.IGNORECASE
)
REPORT = cue(
    r"\bcase (?:report|series of (?:two|three|four|2|3|4))\b|\ba (?:rare |unusual |unique |fatal |novel |single |severe )?case of\b|"
    r"\b(?:we|authors|here|herein|paper|article|report),? (?:here |herein |also )?(?:reports?|describes?|presents?|detail)(?:ed)? (?:here |herein )?"
    r"(?:on )?(?:an?|one|two|three|four|the|our|such a) (?:[\w-]+ ){0,5}?(?:case|patient|woman|man|boy|girl|infant|child|neonate|sibling|twin|famil)",
)
COURSE = cue(
    r"\b(?:s?he|the (?:patient|woman|man|boy|girl|infant|neonate|child|baby|newborn)) (?:also |then |subsequently |later |again )?"
    r"(?:was|had|received|underwent|presented|complained|reported|developed|died|recovered|denied|remained|did|has|is|became|started|required|noticed)\b",
)
GROUPS = (
    ("allocated", r"\brandomi[sz]ed|\brandomly (?:assigned|allocated)|\bplacebo\b|\bdouble[- ]blind|\bwere (?:assigned|allocated)\b"),
    ("enrolled", r"\b(?:were|was) (?:\w+ )?(?:enrolled|recruited|included|identified|eligible|screened)\b"),
    ("criteria", r"\b(?:inclusion|exclusion|eligibility) criteria\b|\beligible (?:patients|participants|studies)\b"),
    ("statistics", r"\bstatistical(?:ly)? (?:analys[ei]s|significan)|\b(?:p<|p <|p=|p =|p>|p >) ?0?\.\d|\bconfidence intervals?\b|\b9[05] ?% ?CI\b|\b(?:odds|hazard|risk) ratio\b|\bregression\b|\bKaplan"),
    ("search", r"\bsystematic review\b|\bmeta-analys[ei]s\b|\bliterature search\b|\b(?:searched|search of) (?:\w+ )?(?:PubMed|MEDLINE|Embase|Cochrane|the literature)|\bPRISMA\b"),
    ("review", r"\b(?:this|the present|our) (?:review|article|editorial|commentary|overview|perspective|guideline|study|trial|survey|paper) (?:\w+ )?"
               r"(?:summari[sz]es|discusses|reviews|aims|examines|focuses|covers|considers|evaluated|was designed|outlines|provides|compared|assessed|included|argues)|"
               r"\bwe (?:review|discuss|summari[sz]e|argue)\b"),
    ("design", r"\b(?:retrospective|prospective|observational|cross-sectional|multicent(?:er|re)|population-based|single-cent(?:er|re)|cohort|case-control) "
               r"(?:\w+ )?(?:study|analysis|cohort|review|trial|registry|survey)|\b(?:phase (?:[1-4]|I{1,3}V?)) (?:\w+ )?(?:trial|study)"),
    ("averaged", r"\b(?:mean|median|average) (?:age|follow-?up|time|duration|survival|score|dose|length)\b|\binterquartile\b|\bIQR\b"),
    ("endpoint", r"\bprimary (?:outcome|end ?point)|\bsecondary (?:outcome|end ?point)s?|\bcontrol (?:group|arm)\b|\btreatment (?:group|arm)\b|\bparticipants\b"),
)  # fmt: skip
COHORT = tuple((name, cue(pattern)) for name, pattern in GROUPS)
# "42 consecutive patients": looked for from its last word back, since numbers are many and groups are few.
PEOPLE = cue(
    r"\b(?:patients|participants|subjects|children|adults|cases|individuals|infants)\b",
)
# In lower case; a search for fixed letters first is ten times as fast.
MEN = re.compile(r"men\b(?:(?<=\bmen)|(?<=\bwomen))")
COUNTED = re.compile(
    r"\b(?:\d{2,6}|\d{1,3},\d{3}|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred)(?:[- ]\w+)? (?:\w+ ){0,2}?\w+\Z",
    re.IGNORECASE,
)
COUNT_LENGTH = 80
SIZE = cue(r"\b(?:n=|n =) ?\d+")
METHODS = re.compile(r"\bmethods?\b|\bstatistic", re.IGNORECASE)
SOMEBODY = cue(r"\b(?:an?|old) (?:[\w-]+ ){0,3}(?:woman|man|boy|girl|gentleman|lady)\b")
WEIGHED = frozenset(("title", "abstract", "case"))
HEADED, AGE, SAID, TOLD, MOST_TOLD, MOST_AGED = 3.0, 2.0, 2.0, 0.5, 3.0, 4.0


def reports(story: Story) -> bool:
    """Whether the story tells the course of patients of its own."""
    if story.article_type in REPORTS:
        return _outweighs(story, 0.0)
    if story.article_type in NO_REPORTS and not _headed(story):
        return False
    groups = sum(1.0 for _ in cohort_cues(story))
    return _outweighs(story, 2 * groups if story.article_type in NO_REPORTS else groups)


def _outweighs(story: Story, limit: float) -> bool:
    """Whether the text tells of single patients more strongly than ``limit``; it is read no further than that takes."""
    return any(weight > limit for weight in accumulate(single_patients(story)))


def single_patients(story: Story) -> Iterator[float]:
    """How strongly the text tells of single patients: weights that add up, those that are soon found first."""
    yield HEADED * _headed(story)
    text = "\n".join(
        story.text[start:end]
        for start, end, kind in story.paragraphs
        if kind not in ("caption", "abbreviations")
    )
    yield from (TOLD for _ in islice(COURSE.finditer(text), int(MOST_TOLD / TOLD)))
    yield float(SOMEBODY.search(text) is not None)
    yield SAID * (REPORT.search(text) is not None)
    aged = False
    for match in islice(filter(partial(_single, text), AGED.finditer(text)), int(MOST_AGED / AGE)):
        aged = match is not None
        yield AGE
    if not aged and any(one.mention.label == "AGE" and one.mention.assertion.patient for one in story.told):
        yield AGE


def _single(text: str, match: re.Match[str]) -> bool:
    """Whether an age is that of one patient, not of a group."""
    return not GROUP_AGED.search(text, max(0, match.start() - 12), match.end())


def cohort_cues(story: Story) -> Iterator[str]:
    """The kinds of cues of groups and methods in the parts that tell what the document itself did."""
    headed = _headed(story)
    starts = [start for start, _ in story.sentences]
    parts, numbers, above = [], list[int](), ""
    for (start, end, kind), title in zip(
        story.paragraphs, story.titles or ("",) * len(story.paragraphs), strict=True
    ):
        above = title or above
        own = kind in WEIGHED and not (headed and kind == "abstract")
        if own or (kind == "discussion" and not headed) or METHODS.search(above):
            parts.append(story.text[start:end])
            numbers += range(bisect_left(starts, start), bisect_left(starts, end))
    text = "\n".join(parts)
    yield from (name for name, pattern in COHORT if _said(story, pattern, numbers))
    if SIZE.search(text) or any(
        COUNTED.search(text, max(0, people.start() - COUNT_LENGTH), people.end())
        for people in chain(PEOPLE.finditer(text), MEN.finditer(text.lower()))
    ):
        yield "counted"


def _said(story: Story, pattern: Watched, numbers: Sequence[int]) -> bool:
    """Whether one of these sentences holds a cue, which goes over no end of a sentence."""
    return any(pattern in story.hints[n] and pattern.search(story.text, *story.sentences[n]) for n in numbers)


def _headed(story: Story) -> bool:
    """Whether a heading says that a case follows."""
    starts = [start for start, _ in story.sentences]
    for (start, end, kind), title in zip(story.paragraphs, story.titles, strict=False):
        told = bisect_right(starts, end) > bisect_right(starts, start)
        if kind == "case" and title and told and TITLE.search(title):
            return True
    return False
