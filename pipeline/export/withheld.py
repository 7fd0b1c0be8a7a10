"""A record without its text, for reports that may not be shared (``caseline extract --no-text``).

What stays: offsets, labels, rules, codes, normalised values, units, days and hashes, and the names that the
vocabulary knows. What goes: the text, every quotation of it, the title, and every name, route or frequency in the
report's own words. A required string becomes empty, an optional one null; ``text_included`` is false, and
``Extraction.check`` then asserts that nothing is quoted.
Example: the event "RTX", 375 mg/m2, keeps its name "rituximab", value 375 and unit "mg/m2", and loses both texts.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipeline import lexicon
from pipeline.schema import (
    Anchor,
    Case,
    Dose,
    Event,
    Extraction,
    Measurement,
    Mention,
    Quantity,
    When,
)


def withhold(extraction: Extraction) -> Extraction:
    """The record with its text and all that quotes it taken out; see the module."""
    return extraction.model_copy(
        update={
            "text_included": False,
            "text": "",
            "source": extraction.source.model_copy(update={"title": None}),
            "sections": tuple(s.model_copy(update={"title": ""}) for s in extraction.sections),
            "mentions": tuple(_mention(m) for m in extraction.mentions),
            "cases": tuple(_case(c) for c in extraction.cases),
        }
    )


@cache
def _vocabulary() -> frozenset[str]:
    """All normalised names that the lexicons hold: none of them can come from a report."""
    folder = Path(lexicon.__file__).parent
    return frozenset(entry.name for path in sorted(folder.glob("*.csv")) for entry in lexicon.load(path.stem))


def _known(name: str | None) -> str | None:
    return name if name in _vocabulary() else None


def _mention(mention: Mention) -> Mention:
    value = (
        mention.value.model_copy(update={"text": ""})
        if isinstance(mention.value, Quantity)
        else mention.value
    )
    return mention.model_copy(update={"text": "", "name": _known(mention.name), "value": value})


def _case(case: Case) -> Case:
    anchor: Anchor | None = case.anchor and case.anchor.model_copy(update={"text": None})
    return case.model_copy(update={"anchor": anchor, "events": tuple(_event(event) for event in case.events)})


def _event(event: Event) -> Event:
    return event.model_copy(
        update={
            "name": _known(event.name) or "",
            "text": "",
            "dose": event.dose and _dose(event.dose),
            "measurement": event.measurement and _measurement(event.measurement),
            "time": _when(event.time),
            "end_time": event.end_time and _when(event.end_time),
        }
    )


def _dose(dose: Dose) -> Dose:
    return dose.model_copy(
        update={"text": "", "frequency": _known(dose.frequency), "route": _known(dose.route)}
    )


def _measurement(measurement: Measurement) -> Measurement:
    return measurement.model_copy(update={"text": "", "reference_range": None})


def _when(when: When) -> When:
    return when.model_copy(update={"text": None})
