"""Tables of groups of patients, whose figures are no single patient's: means, counts, survivors against the others.

A row of a literature table that counts one patient stays one. Example: "Mean age, years | 54.2 ± 10.1" under
"Survivors (n = 20)" tells nothing of the patient of the report.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.tables.grid import Grid

AVERAGED = re.compile(
    r"\b(?:mean|median|average)\b(?=.*\b(?:ages?|years?|duration|time|follow-?up|bmi|weight|dose|stay|score)\b)|"
    r"\bages?\b.*\b(?:mean|median|average|SD|IQR|range)\b|\b(?:mean|median) ?(?:\(| ?±)|± ?SD\b",
    re.IGNORECASE,
)
COUNTED = re.compile(
    r"\b(?:no\.?|numbers?|n|total)\s?(?:of|\()?\s?(?:the )?(?:patients?|cases|subjects|participants|%)\)?|"
    r"\(?\bn\s?=\s?\d+\)?|\bn ?\(%\)|, ?n ?\(%\)|\b(?:cohort|controls?|odds ratio|hazard ratio)\b|\bp[- ]?values?\b",
    re.IGNORECASE,
)
PATIENTS = re.compile(
    r"\b(?:no\.?|numbers?|n)\s?(?:of )?(?:the )?(?:patients?|cases|subjects)\b|\b(?:sample size|n)$|^patients? \(n\)$",
    re.IGNORECASE,
)
ONE = re.compile(r"(?:1|one)(?: (?:patient|case))?$", re.IGNORECASE)


def single(grid: Grid) -> Grid | None:
    """The table without its rows on groups of patients; None where it has no other."""
    titles = [grid.title(column) for column in range(grid.width)]
    counts = next((column for column, title in enumerate(titles) if PATIENTS.search(title)), None)
    if counts is not None:
        body = tuple(row for row in grid.body if (spot := row[counts]) is not None and ONE.match(spot.text))
        return replace(grid, body=body) if body else None
    heads = [spot.text for spot in grid.column(0)]
    averaged = any(AVERAGED.search(text) for text in (*titles, *heads))
    counted = (
        any(COUNTED.search(title) for title in titles)
        or sum(bool(COUNTED.search(text)) for text in heads) > 1
    )
    return None if averaged or counted else grid
