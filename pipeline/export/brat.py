r"""brat standoff: ``ID.txt`` and ``ID.ann``, with the configuration that a brat server asks for.

Source: brat's "standoff format" page. Offsets are code points, not UTF-16 units; a span never holds a line end, so
one that does is written in parts; lines end with "\n" alone, whatever else the text holds.
Lost: provenance and sections, unless the records are given as originals when it is read back.
Example: ``T41<tab>DRUG 12 15<tab>RTX`` with ``A1<tab>Negated T41``; name, codes, value, confidence and rule in a note.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pipeline.export.exchange import Building, Original, Originals, Place, extra, file_name, id_of
from pipeline.export.exchange.bounded import text as read_text
from pipeline.export.exchange.bounded import value
from pipeline.export.exchange.carried import compact
from pipeline.schema import Assertion, Extraction, Label, Mention, RelationKind

FORMAT = "brat"
ATTRIBUTES = {
    "Negated": ("negated", True), "Hypothetical": ("hypothetical", True), "Historical": ("historical", True),
    "Family": ("family", True), "OtherPatient": ("patient", False),
}  # fmt: skip
NOTE = "AnnotatorNotes"
ID = re.compile(r"m([1-9]\d{0,8})")
LINE_PART = re.compile(r"[^\r\n]+")
OFFSETS = re.compile(r"\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*")


def write(extractions: Iterable[Extraction]) -> Iterator[tuple[str, bytes]]:
    """Text and annotations of each document, and the configuration once."""
    yield "annotation.conf", _configuration().encode()
    for extraction in extractions:
        stem = file_name(extraction.id)
        yield f"{stem}.txt", extraction.text.encode()
        yield f"{stem}.ann", "".join(f"{line}\n" for line in _lines(extraction)).encode()


def _configuration() -> str:
    entities = "\n".join(get_args(Label))
    relations = "\n".join(f"{kind} Arg1:<ENTITY>, Arg2:<ENTITY>" for kind in get_args(RelationKind))
    overlap = "<OVERLAP> Arg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"
    attributes = "\n".join(f"{name} Arg:<ENTITY>" for name in ATTRIBUTES)
    return f"[entities]\n{entities}\n\n[relations]\n{overlap}\n{relations}\n\n[events]\n\n[attributes]\n{attributes}\n"


def _lines(extraction: Extraction) -> Iterator[str]:
    numbers = _numbers(extraction.mentions)
    attribute = note = 0
    for mention in extraction.mentions:
        name = f"T{numbers[mention.id]}"
        parts = _parts(extraction.text, mention)
        places = ";".join(f"{start} {end}" for start, end in parts)
        told = " ".join(extraction.text[start:end] for start, end in parts)
        yield f"{name}\t{mention.label} {places}\t{told}"
        for title, (key, said) in ATTRIBUTES.items():
            if getattr(mention.assertion, key) is said:
                attribute += 1
                yield f"A{attribute}\t{title} {name}"
        note += 1
        own = {} if f"m{name[1:]}" == mention.id else {"id": mention.id}
        yield f"#{note}\t{NOTE} {name}\t{compact(own | extra(mention, 'assertion'))}"
    for number, relation in enumerate(extraction.relations, 1):
        yield f"R{number}\t{relation.kind} Arg1:T{numbers[relation.head]} Arg2:T{numbers[relation.tail]}"
        note += 1
        yield f"#{note}\t{NOTE} R{number}\t{compact(extra(relation))}"


def _numbers(mentions: Sequence[Mention]) -> dict[str, int]:
    """The number of each mention's T: its own where all are of our form, else its rank."""
    found = [ID.fullmatch(mention.id) for mention in mentions]
    if all(found):
        return {mention.id: int(match[1]) for mention, match in zip(mentions, found, strict=True) if match}
    return {mention.id: rank for rank, mention in enumerate(mentions, 1)}


def _parts(text: str, mention: Mention) -> list[tuple[int, int]]:
    """The stretches of the span between line ends."""
    parts = [match.span() for match in LINE_PART.finditer(text, mention.start, mention.end)]
    return parts or [(mention.start, mention.end)]


def read(path: Path, originals: Originals) -> Iterator[Extraction]:
    """The records of an ``.ann`` file, or of all in a folder and below it.

    Raises:
        ExchangeError: a file or a line is not valid; both are named.
    """
    if not path.exists():
        raise Place(path).error("no such file or folder")
    files = sorted(path.rglob("*.ann")) if path.is_dir() else [path]
    if not files:
        raise Place(path).error("holds no .ann file")
    for file in files:
        id = id_of(file.relative_to(path).with_suffix("").as_posix() if path.is_dir() else file.stem)
        yield _record(file, id, originals.get(id))


def _record(file: Path, id: str, original: Original | None) -> Extraction:
    source = file.with_suffix(".txt")
    if source.exists():
        own = read_text(source)
    elif original is not None:
        own = original.text
    else:
        raise Place(file).error("has no .txt beside it, and the original is not given")
    original = original or Original.plain(id, own, str(source), FORMAT)
    building = Building(FORMAT, original, own, Place(file))
    standoff = _parse(file)
    standoff.to_triggers()
    ids: dict[str, str] = {}
    for name, span in standoff.spans.items():
        fields = dict(standoff.fields.get(name, {}))
        ids[name] = str(fields.pop("id", f"m{name[1:]}"))
        fields["assertion"] = Assertion(**standoff.assertions.get(name, {}))
        building.mention(ids[name], span.label, span.parts, fields, span.place, span.quote)
    for trigger, name in standoff.triggers.items():
        ids[trigger] = ids.get(name, name)
    for one in standoff.relations:
        head, tail = (ids.get(end, end) for end in (one.head, one.tail))
        building.relation(one.kind, head, tail, standoff.fields.get(one.name, {}), one.place)
    for message, about in standoff.notes:
        parts = standoff.spans[about].parts if about in standoff.spans else [(None, None)]
        building.notice("annotator_note", message, parts[0][0], parts[-1][1])
    return building.record()


@dataclass(frozen=True, slots=True)
class _Span:
    label: str
    parts: list[tuple[int, int]]
    quote: str
    place: Place


@dataclass(frozen=True, slots=True)
class _Relation:
    name: str
    kind: str
    head: str
    tail: str
    place: Place


@dataclass(slots=True)
class _Standoff:
    """The lines of a file, sorted by what they are; names are those of the file (T1, R2)."""

    spans: dict[str, _Span] = field(default_factory=dict)
    relations: list[_Relation] = field(default_factory=list)
    triggers: dict[str, str] = field(default_factory=dict)
    assertions: dict[str, dict[str, bool]] = field(default_factory=dict)
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def to_triggers(self) -> None:
        """What is said of an event holds of its trigger."""
        for event, trigger in self.triggers.items():
            self.assertions.setdefault(trigger, {}).update(self.assertions.pop(event, {}))
            self.fields.setdefault(trigger, {}).update(self.fields.pop(event, {}))
        self.notes = [(message, self.triggers.get(about, about)) for message, about in self.notes]


def _parse(file: Path) -> _Standoff:
    standoff = _Standoff()
    for number, line in enumerate(read_text(file).split("\n"), 1):
        place = Place(file, number)
        line = line.removesuffix("\r")
        if not line.strip():
            continue
        name, _, rest = line.partition("\t")
        try:
            _add(standoff, name, rest, place)
        except (IndexError, ValueError) as error:
            raise place.error("not a line of brat standoff") from error
    return standoff


def _add(standoff: _Standoff, name: str, rest: str, place: Place) -> None:
    """One line.

    Raises:
        IndexError, ValueError: it lacks a part.
    """
    if name.startswith("T"):
        head, quote = rest.split("\t", 1)
        label, places = head.split(" ", 1)
        if name in standoff.spans or not name[1:].isdecimal() or not OFFSETS.fullmatch(places):
            raise place.error("not a span with a number of its own and offsets")
        pairs = [part.split(" ") for part in places.split(";")]
        standoff.spans[name] = _Span(label, [(int(a), int(b)) for a, b in pairs], quote, place)
    elif name.startswith("R"):
        kind, first, second = rest.split("\t")[0].split()
        ends = first.split(":")[1], second.split(":")[1]
        standoff.relations.append(_Relation(name, kind, *ends, place))
    elif name.startswith("*"):
        _, *members = rest.split("\t")[0].split()
        for head, tail in itertools.pairwise(members):
            standoff.relations.append(_Relation(name, "same_as", head, tail, place))
    elif name.startswith("E"):
        trigger, *roles = rest.split("\t")[0].split()
        standoff.triggers[name] = trigger.split(":")[1]
        for role in roles:
            kind, tail = role.split(":")
            standoff.relations.append(_Relation(name, kind, name, tail, place))
    elif name[:1] in ("A", "M"):
        _attribute(standoff, rest.split())
    elif name.startswith("#"):
        about, note = rest.split("\t", 1)
        _note(standoff, about.split()[1], note, place)
    elif name.startswith("N"):
        about, code = rest.split("\t")[0].split()[1:3]
        system, key = code.split(":", 1)
        standoff.fields.setdefault(about, {}).setdefault("codes", {})[system.lower()] = key
    else:
        raise ValueError(name)


def _attribute(standoff: _Standoff, parts: Sequence[str]) -> None:
    """A line ``Negated T1``; attributes of other projects become notes."""
    title, about, *rest = parts
    if title in ATTRIBUTES:
        key, said = ATTRIBUTES[title]
        standoff.assertions.setdefault(about, {})[key] = said
    else:
        standoff.notes.append((" ".join([title, *rest]), about))


def _note(standoff: _Standoff, about: str, note: str, place: Place) -> None:
    """Our fields as JSON, or what the annotator wrote."""
    if not note.startswith("{"):
        standoff.notes.append((note, about))
        return
    fields = value(note, place, place.line or 1)
    codes = standoff.fields.get(about, {}).get("codes", {})
    own = fields.get("codes", {})
    if not isinstance(own, dict):
        raise place.error("codes: not an object")
    standoff.fields[about] = fields | ({"codes": own | codes} if own or codes else {})
