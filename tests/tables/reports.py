"""A short report to which a test adds its table, and the events of the table as short tuples."""

from __future__ import annotations

import caseline
from pipeline.reader import read_bytes

STORY = (
    "A 45-year-old woman was admitted to our hospital on 3 March 2019 with fever. "
    "She underwent splenectomy on hospital day 5. Rituximab was started on hospital day 7. "
    "She was discharged on hospital day 20."
)
ARTICLE = (
    '<article article-type="case-report"><front><article-meta><title-group><article-title>A report</article-title></title-group>'
    '</article-meta></front><body><sec sec-type="cases"><title>Case presentation</title><p>{story}</p>{table}</sec></body></article>'
)


def with_table(table, story=STORY):
    """The extraction of the report with a table in Markdown or tab-separated text."""
    return caseline.read_text(f"{story}\n\n{table.strip()}\n")


def with_jats(table, story=STORY):
    """The extraction of the report as JATS, with a ``table-wrap``."""
    data = ARTICLE.format(story=story, table=table).encode()
    return caseline.extract(read_bytes(data, "report.xml", "report"))


def days(event):
    """The day of an event, one number where it is one; a bare offset with what it counts from."""
    low, high = event.time.day_low, event.time.day_high
    if low is None and high is None:
        return None if event.time.relative_to is None else (event.time.relative_to, event.time.offset_low)
    return low if low == high else (low, high)


def results(extraction):
    """(name, day, comparator, value, unit, interpretation) of the results that only tables tell, in order."""
    return [
        (
            e.name,
            days(e),
            e.measurement.comparator,
            e.measurement.value,
            e.measurement.unit,
            e.measurement.interpretation,
        )
        for case in extraction.cases
        for e in sorted(case.events, key=lambda e: (e.start, e.order))
        if e.from_table and e.measurement
    ]


def treatments(extraction):
    """(name, action, day, end, dose, unit, frequency, route) of the treatments that only tables tell."""
    told = []
    for case in extraction.cases:
        for e in sorted(case.events, key=lambda e: (e.start, e.order)):
            if e.from_table and e.kind in ("drug", "procedure"):
                dose = e.dose
                end = (e.end_time.day_low, e.end_time.day_high) if e.end_time else None
                told.append(
                    (
                        e.name,
                        e.action,
                        days(e),
                        end,
                        dose and dose.value,
                        dose and dose.unit,
                        dose and dose.frequency,
                        dose and dose.route,
                    )
                )
    return told


def happenings(extraction):
    """(kind, name, status, day) of everything that only tables tell."""
    return [
        (e.kind, e.name, e.status, days(e))
        for case in extraction.cases
        for e in sorted(case.events, key=lambda e: (e.order, e.start))
        if e.from_table
    ]


def notices(extraction):
    """(code, text of its place)."""
    return [
        (w.code, extraction.text[w.start : w.end]) for w in extraction.warnings if w.code.startswith("table")
    ]
