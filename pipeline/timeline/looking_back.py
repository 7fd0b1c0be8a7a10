"""What a sentence tells of an earlier time without saying when: with "had", under a new heading, as a recap.

Source: tense and headings of clinical prose. Example: told on day 9, "A chest tube had been placed" lies before day 9;
under "Treatment", "Initially, norepinephrine was given" goes back to where the investigations began.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from pipeline.timeline.hints import cue

# "had" with a participle of something done; "had improved" or "had swollen joints" tell the state at the time itself.
HAD = cue(
    r"\bhad (?:(?:not|never|also|only|previously|already|recently|just|initially|first|once|always|\w+ly) )*"
    r"(?:been (?!unremarkable|well|healthy|stable|fine|normal)|undergone|begun|taken|given|received|started|stopped|discontinued|used|seen|shown|"
    r"revealed|demonstrated|confirmed|disclosed|presented|visited|consulted|sought|travell?ed|ingested|consumed|eaten|"
    r"experienced|noticed|noted|suffered|complained|sustained|reported|attended|completed|required|tried|bought|"
    r"smoked|worked|lived|delivered|tested|yielded|detected|grown|prescribed|performed|initiated|withdrawn|switched)\b"
)
# The end of what "had" governs: a new main clause.
MAIN = re.compile(
    r"; |, (?:and|but|so|while|whereas|although|however)\b|, (?=(?:he|she|they|it|the|a|an|we|his|her)\b)| and (?=(?:he|she|they|the patient|we) )"
    r"| (?:but|while|whereas) | (?:before|until|when) (?=(?:he|she|they|it|the patient|we|his|her|being)\b)|, (?:which|who)\b(?! had)",
    re.IGNORECASE,
)
PARALLEL = cue(r"treatment|management|therap|medication|pharmacolog|intervention")
WORK_UP = cue(r"investigat|diagnos|laborator|imaging|work-?up|findings|examination|tests|assessment|course")
EMERGENCY = cue(
    r"emergen|\burgent|\bimmediate(?:ly)?\b|\bpromptly\b|\bthe same day\b|\bstraight\b|\brushed\b"
)
CHRONIC = cue(
    r"hypertensi(?:on|ve)(?! crisis)|diabet|hypothyroid|asthma|chronic|copd|hyperlipid|dyslipid|hypercholesterol|epilepsy|osteoporosis|"
    r"\bgout\b|obesity|\bhiv\b|sickle|coronary (?:artery|heart) disease|atrial fibrillation|psoria|rheumatoid|migraine|"
    r"schizophrenia|bipolar|ischemic heart|atopic|allergic rhinitis|reflux"
)
SUFFERED = re.compile(
    r"(?:^|, |\band )(?:(?:he|she|the patient|the (?:wo)?man|the girl|the boy) )?(?:also )?"
    r"(?:had|has|suffered from|was (?:a )?known|is known|with known)\b[^.;]{0,120}$",
    re.IGNORECASE,
)
NEWLY = re.compile(r"\b(?:new|newly|acute|severe|uncontrolled|developed|onset)\b", re.IGNORECASE)
FIRST_SEEN = re.compile(
    r"\b(?:after|following|despite|then|later|subsequently|became|dropped|fell|rose|worsen\w*|deteriorat\w*|increased|decreased|"
    r"improved|normali[sz]ed|stabili[sz]ed|remained|repeat(?:ed)?|again)\b",
    re.IGNORECASE,
)
RESISTS = cue(
    r"\b(?:despite|in spite of|refractory to|resistant to|(?:un|not )responsive to|(?:no|without|poor) response to|fail\w* to respond)\b"
)
REPORTED_LATER = cue(
    r"\b(?:later|subsequently|eventually|ultimately|finally) (?:\w+ )?(?:found|reported|returned|came back|confirmed|proved|turned|shown|grew|revealed)|"
    r"\b(?:came back|returned (?:as )?(?:positive|negative|normal)|turned out|became available|were pending|was pending)\b"
)
# What a result is compared with: "8.1 g/dL, down from 12.9 g/dL one month earlier".
COMPARED = re.compile(
    r"\b(?:(?:down|up|increas\w+|decreas\w+|reduc\w+|fall\w*|fell|risen|rose|dropped|declined) from|compared (?:with|to)|versus|vs)\b[^;()]*$",
    re.IGNORECASE,
)
COMPARED_REACH = 60
# Tests whose results take days.
SLOW = cue(
    r"antibod|\banca\b|\bana\b|serolog|complement|genetic|mutation|sequencing|electrophoresis|autoimmun|\banti-"
)


def past(text: str, start: int) -> tuple[tuple[int, int], ...]:
    """The stretches of a sentence that "had" governs, in the offsets of the view; ``start`` is the sentence's."""
    found = []
    if "had " not in text:
        return ()
    ends = None
    for match in HAD.finditer(text):
        if ends is None:
            ends = [m.start() for m in MAIN.finditer(text)]
            heads = [0, *(m.end() for m in MAIN.finditer(text))]
        begin = heads[bisect_right(heads, match.start()) - 1]
        after = bisect_right(ends, match.end())
        found.append((start + begin, start + (ends[after] if after < len(ends) else len(text))))
    return tuple(found)


def follows_work_up(titles: Sequence[str]) -> bool:
    """Whether the last of the headings tells treatment side by side with the work-up of the one before."""
    return (
        len(titles) > 1 and PARALLEL.search(titles[-1]) is not None and WORK_UP.search(titles[-2]) is not None
    )


def comparison(text: str, start: int) -> int:
    """Where what a look back at ``start`` dates alone begins: its bracket, or the result compared with; -1 if nowhere."""
    low = max(0, start - COMPARED_REACH)
    opened = text.rfind("(", low, start)
    if opened >= 0 and ")" not in text[opened:start]:
        return opened
    compared = COMPARED.search(text, low, start)
    return compared.start() if compared else -1
