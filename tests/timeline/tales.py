"""Stories for the tests, written as one string with mentions in angle brackets.

``story("She was <ENCOUNTER admitted>. <TIME 2 days later|offset previous 2 2> <DRUG aspirin> was started.")``.
A value follows a bar: ``offset REFERENCE LOW HIGH [DIRECTION [GRANULARITY]]``, ``day_number REFERENCE LOW HIGH``, ``date ISO``,
``duration LOW HIGH``, ``span REFERENCE 0 DAYS``, ``event REFERENCE DIRECTION``, ``quantity VALUE [UNIT]``. Each value or dose belongs to the
mention named last before it. Status words after a label: ``<FINDING.historical gout>``.
"""

from __future__ import annotations

import re
from typing import Any

from pipeline.schema import Assertion, Case, Event, Mention, Quantity, Relation, TimeValue
from pipeline.timeline.resolve import resolve
from pipeline.timeline.story import Story, Told

MARK = re.compile(r"<(?P<label>[A-Z_]+)(?:\.(?P<status>\w+))? (?P<text>[^|>]+)(?:\|(?P<value>[^>]+))?>")
REFERENCE = re.compile(r"\b(?:after|before|since|of|during|on) (?!day\b)(.+)$", re.IGNORECASE)
TAILS = {
    "LAB_VALUE": "value_of", "DOSE": "dose_of", "ROUTE": "route_of", "FREQUENCY": "frequency_of",
    "REFERENCE_RANGE": "range_of",
}  # fmt: skip
TIMES = ("TIME", "DURATION", "AGE")


def story(marked: str, section: str = "case") -> Story:
    """The story of a marked text; each line is a paragraph, sentences end with a full stop and a blank.

    A line ``# Treatment`` is the heading of the paragraph below it.
    """
    marked, titles = _headings(marked)
    plain, told, relations, last, at, treated = "", [], [], {}, 0, False
    for match in MARK.finditer(marked):
        plain += marked[at : match.start()]
        start = len(plain)
        plain += match["text"]
        at = match.end()
        label = match["label"]
        mention = Mention(
            id=f"m{len(told) + 1}",
            label=label,
            start=start,
            end=len(plain),
            text=match["text"],
            section=section,
            name=match["text"].lower(),
            assertion=Assertion(**{match["status"]: True}) if match["status"] else Assertion(),
            value=_value(label, match["text"], match["value"]),
            rule=f"test.{label.lower()}",
        )
        told.append((mention, start, len(plain)))
        if label in TAILS:
            head = last["LAB_VALUE" if label == "REFERENCE_RANGE" else "head"]
            relations.append(
                Relation(kind=TAILS[label], head=head, tail=mention.id, confidence=1.0, rule="test")
            )
        elif label == "DURATION" and treated:
            relations.append(
                Relation(kind="duration_of", head=last["head"], tail=mention.id, confidence=1.0, rule="test")
            )
        elif label not in TIMES:
            last["head"], treated = mention.id, label in ("DRUG", "PROCEDURE")
        last[label] = mention.id
    plain += marked[at:]
    sentences, paragraphs, begin = [], [], 0
    for line in plain.split("\n"):
        paragraphs.append((begin, begin + len(line), section))
        inside = begin
        for part in re.split(r"(?<=\.) ", line):
            sentences.append((inside, inside + len(part)))
            inside += len(part) + 1
        begin += len(line) + 1
    number = lambda start: max(i for i, (a, _) in enumerate(sentences) if a <= start)  # noqa: E731
    return Story(
        plain,
        tuple(sentences),
        tuple(paragraphs),
        tuple(Told(m, a, b, number(a), _reference(m, a)) for m, a, b in told),
        tuple(relations),
        titles,
    )


def _headings(marked: str) -> tuple[str, tuple[str, ...]]:
    """The lines that are no headings, and the heading above each."""
    lines, titles, above = [], [], ""
    for line in marked.split("\n"):
        if line.startswith("# "):
            above = line[2:]
        else:
            lines.append(line)
            titles.append(above)
            above = ""
    return "\n".join(lines), tuple(titles)


def _reference(mention: Mention, start: int) -> tuple[int, int] | None:
    """What "two days after the fever" counts from, where its value says that it is an event."""
    named = isinstance(mention.value, TimeValue) and mention.value.reference == "event"
    match = REFERENCE.search(mention.text) if named else None
    return (start + match.start(1), start + match.end(1)) if match else None


def _value(label: str, text: str, words: str | None) -> Quantity | TimeValue | None:
    if words is None:
        return Quantity(text=text) if label in ("LAB_VALUE", "DOSE", "REFERENCE_RANGE") else None
    kind, *rest = words.split()
    if kind == "quantity":
        return Quantity(text=text, value=float(rest[0]), unit=rest[1] if len(rest) > 1 else None)
    if kind == "range":
        return Quantity(text=text, value=float(rest[0]), value_high=float(rest[1]))
    fields: dict[str, Any] = {"kind": kind}
    if kind == "date":
        fields["date"] = rest[0]
    elif kind == "span":
        fields.update(
            kind="offset",
            reference=rest[0],
            low=0.0,
            high=0.0,
            direction="during",
            until_low=float(rest[2]),
            until_high=float(rest[2]),
        )
    elif kind in ("duration", "age"):
        fields.update(low=float(rest[0]), high=float(rest[-1]))
    elif kind == "event":
        fields.update(reference=rest[0], direction=rest[1])
    else:
        fields.update(reference=None if rest[0] == "-" else rest[0], low=float(rest[1]), high=float(rest[2]))
        if len(rest) > 3:
            fields.update(direction=rest[3], granularity=rest[4] if len(rest) > 4 else None)
    return TimeValue(**fields)


def case(marked: str) -> Case:
    """The one case of a marked text."""
    cases, _ = resolve(story(marked))
    assert len(cases) == 1
    return cases[0]


def event(marked: str, name: str, number: int = 0) -> Event:
    """The event of that name, the first unless a number is given."""
    return [e for e in case(marked).events if e.name == name][number]


def days(marked: str, name: str, number: int = 0) -> tuple[float | None, float | None]:
    """The interval of the event of that name."""
    time = event(marked, name, number).time
    return time.day_low, time.day_high
