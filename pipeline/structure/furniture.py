"""What stands in an article's text and tells nothing: page numbers, running heads, addresses, licences, search formulas.

Example: "Received: 3 May 2021", "Page 3 of 9", "*Correspondence: a@b.org", "<sup>4</sup> Department of Pediatrics, ...".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from pipeline.patterns import cue

PAGE = re.compile(
    r"(?:[-–—|\s]*\d{1,4}[-–—|\s]*|[Pp]age\s+\d+(?:\s*(?:of|/)\s*\d+)?|\d+\s+of\s+\d+|www\.\S+|https?://\S+|"
    r"(?:Open Access|OPEN ACCESS|Continued|\(continued\)))$"
)
RUNNING = re.compile(
    r"(?:\d+\s+)?[A-Z][\w'-]+(?:\s+(?:and|&)\s+[A-Z][\w'-]+|\s+et\s+al\.?)[,:]?\s+.{0,90}\b(?:19|20)\d\d\b.{0,40}$"
    r"|.{0,60}\b(?:19|20)\d\d\s*[,;:]\s*\d+\s*(?:\(\d+\)\s*)?:\s*[\de-]+.{0,30}$"
    r"|(?:Downloaded from|This article is protected by|For personal use only|Author manuscript|Published by)\b.*"
)
OPENING = re.compile(
    r"[\W_]*(?:Correspondence(?:\s+to)?\b|Corresponding author|E-?mails?\s*:|Address (?:for|all)|Reprint requests|Received\b\W*\d"
    r"|(?:Received|Accepted|Submitted|Revised|Published|Published online|Available online|Date of \w+|Article history)\s*[:*]"
    r"|(?:Academic |Handling |Section |Guest )?Editors?\s*:|Edited by|Reviewed by|Reviewers?\s*:|Citation\s*[:*]|Cite this|How to cite|DOI\b|doi\s*:"
    r"|ORCID|e?ISSN\b|Copyright\b|©|\(c\)\s*(?:19|20)\d\d|(?:The Author\(s\)|Author\(s\)) (?:19|20)|This (?:is an open|article is|work is licen|case report is licen)"
    r"|Open Access\b|Key\s?words?\s*[:*—–-]|MeSH\b|Full list of author|Peer[- ]review\b|P-Reviewer|S-Editor|Licensee\b|Creative Commons"
    r"|Publisher's [Nn]ote|Springer Nature remains|Supplementary (?:material|information) (?:associated|is|The)"
    r"|(?:Funding|Financial support|Conflicts? of [Ii]nterests?|Competing interests?|Author [Cc]ontributions?|Acknowledge?ments?)\s*(?:[:.]|\*\*))"
)
ADDRESS = re.compile(
    r"(?:<sup>\s*[\d,a-z*†‡\s]+\s*</sup>|[\d*†‡¹²³⁴⁵⁶⁷⁸⁹])+\s*(?:[A-Z]\w*\W+){0,6}?"
    r"(?:Departe?a?ments?|Division|Universi\w+|Hospitals?|Institut\w*|Colleges?|Facult\w+|School|Servi[cç][eoi]\w*|Cent(?:re|er)|Clinic|Unit|Laboratory|Graduate)\b"
)
AFFILIATED = re.compile(
    r"(?:Departe?a?ments?|Division|Facult\w+|School|Institut\w*|Section|Unit|Servi[cç][eoi]) (?:of|de|di|for)\b[^.]*,[^.]*"
    r"(?:Universi\w+|Hospital|Colleges?|Institut\w*|Cent(?:re|er))[^.]*\.?$"
)
CONSENT = re.compile(
    r"(?:A |The )?(?:(?:[Ww]ritten|[Ii]nformed|[Pp]atient(?:'s|’s)?),? ){1,4}consent (?:was|has been|for|to|were)\b.{0,200}\bpubli",
    re.DOTALL,
)
QUERY = cue(
    r"\[(?:MeSH|All [Ff]ields|Title|tiab|Mesh|Publication Type)|\bFields\] (?:OR|AND)|\) (?:OR|AND) \(",
    flags=0,
)


def is_page_furniture(line: str) -> bool:
    """Whether a line of its own is a page number, running head or address of the page."""
    return bool(PAGE.match(line) or (len(line) < 160 and RUNNING.match(line) and not line.endswith("]")))


def is_back_matter(paragraph: str) -> bool:
    """Whether a paragraph tells of the article, not of the patient, wherever it stands."""
    if OPENING.match(paragraph) or ADDRESS.match(paragraph) or AFFILIATED.match(paragraph):
        return True
    if CONSENT.match(paragraph) and len(paragraph) < 500:
        return True
    if "[" not in paragraph and "]" not in paragraph and ") OR" not in paragraph and ") AND" not in paragraph:
        return False
    return len(QUERY.findall(paragraph)) >= 3


def repeated(lines: Iterable[str]) -> frozenset[str]:
    """The short lines that come back on page after page: running heads."""
    counts = Counter(line for line in lines if 8 <= len(line) <= 110 and len(line.split()) <= 14)
    return frozenset(line for line, count in counts.items() if count >= 4 and not line.endswith((".", ":")))
