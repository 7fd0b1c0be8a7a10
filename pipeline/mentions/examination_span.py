"""How far an examination reaches: what stands in a lexicon term but lies outside the mention.

Annotators of case reports mark the examination alone: specimen, place, access and the word "scan" stay
outside ("serum <creatinine>", "<CT> scan", "skin <biopsy>", "fiberoptic <bronchoscopy>"); a count, index or
test that makes the name stays in. Source: rules of caseline.
"""

from __future__ import annotations

import re

from pipeline.patterns import cue

LEADING = re.compile(
    r"(?:on (?=examination)|serum (?!level|concentration|protein electro|free|amyloid|chemistr|sickness"
    r"|trough)"
    r"|plasma (?=creatinine|sodium|potassium|ammonia|aldosterone|cortisol)"
    r"|(?:routine|estimated|plain|contrast-enhanced|enhanced|non-?contrast|transthoracic|flexible"
    r"|postoperative|repeat|initial"
    r"|24-?\s?(?:hour|h) (?:urine (?=calcium|protein))?|fib(?:er|re)-?optic"
    r"|two-dimensional (?:transthoracic )?|2D )[ -]?"
    r"|(?:cardiac|heart|chest|lung) (?=auscultation|echo)"
    r"|(?:coronary|cerebral|selective coronary|renal|pulmonary|mesenteric|hepatic|abdominal|celiac"
    r"|fluorescein|carotid)"
    r"(?: artery)? (?=angiogra)"
    r"|(?:[\w-]+[ -]){1,6}?(?=biops))+",
    re.I,
)
TRAILING = re.compile(
    r"(?<=[a-z\d])(?:[ -](?:scans?|scanning)|\s(?:specimens?|samples?))$|(?<=CT|MR) imaging$"
    r"|(?<=biopsy)\s.*$",
    re.I,
)
KEEPS_SCAN = cue(
    r"(?:bone|body|nuclear|thyroid|renal|perfusion|radionuclide|acquisition|\w-?\d+|OCT|HRCT|DMSA|MIBG"
    r"|octreotide)(?: scan|-scan)"
)
KEEPS = re.compile(r"plain films?|repeat|(?:initial|estimated) .*(?:score|weight)|enhanced", re.I)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The part of a matched term that is the examination itself."""
    surface = text[start:end]
    lead = LEADING.match(surface)
    if lead and lead.end() < len(surface) and not KEEPS.match(surface):
        start += lead.end()
        surface = text[start:end]
    if not KEEPS_SCAN.search(surface):
        tail = TRAILING.search(surface)
        if tail and tail.start() > 1:
            end = start + tail.start()
    return start, end
