"""Regression cases: corrections that the pipeline now gets right by itself, kept so that a later break is noticed.

What: one JSON file a correction in a folder of the user's own, since it quotes the report: the sentence alone where the
pipeline gets it right from the sentence (``FRAME`` before it where it needs a patient), else the paragraph, else the
whole document with its layout. That an event is *not* there is asked of the whole document alone: a sentence by itself
tells of no patient. A correction
that the pipeline still gets wrong makes no case. Files that are there stay: a case is meant to outlive its review.
In a test of one's own::

    @pytest.mark.parametrize("case", regressions.read(Path("regressions")), ids=lambda case: case.name)
    def test_corrections_stay_right(case):
        assert case.holds(nlp)

Example: ``report.e5.dose-value.json`` holds "On day 24, rituximab 500 mg was given." and expects 500 at its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from spacy.language import Language

from annotations.learning.corrections import Expected, corrections, holds
from annotations.learning.finished import Finished
from pipeline.build import extract
from pipeline.export.context import bounds
from pipeline.export.exchange.originals import file_name
from pipeline.schema import Block, Document, Extraction, Section, Source, Table

NOTHING = Expected("", "mention", "", 0, 0, None, False)
FRAME = "A 50-year-old patient was admitted. "


class RegressionError(ValueError):
    """A folder or file of cases that cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A stretch of text and what is expected in it; ``layout`` is that of a whole document, else empty."""

    name: str
    scope: str  # sentence, paragraph or document
    text: str
    layout: dict[str, Any]
    expected: Expected

    @property
    def document(self) -> Document:
        """What the pipeline is given."""
        digest = sha256(self.text.encode()).hexdigest()
        return Document(
            id=self.name,
            source=Source(uri=self.name, format="text", sha256=digest),
            text=self.text,
            sections=tuple(Section(**one) for one in self.layout.get("sections", ())),
            blocks=tuple(Block(**one) for one in self.layout.get("blocks", ())),
            tables=tuple(Table.model_validate(one) for one in self.layout.get("tables", ())),
        )

    def holds(self, nlp: Language) -> bool:
        """Whether the pipeline gets it right."""
        return holds(self.expected, extract(self.document, nlp))


@dataclass(frozen=True, slots=True)
class Collected:
    """The cases of the store's corrections; ``wrong`` names those that the pipeline does not get right."""

    right: tuple[Case, ...]
    wrong: tuple[str, ...]


def collect(documents: Iterable[Finished], nlp: Language) -> Collected:
    """The cases of all corrections of these documents."""
    right: list[Case] = []
    wrong: list[str] = []
    for one in documents:
        wanted = corrections(one)
        found = extract(_whole(one.id, one.machine, NOTHING).document, nlp) if wanted else one.machine
        for expected in wanted:
            what = (expected.field or expected.what).replace(" ", "-")
            name = f"{file_name(one.id)}.{expected.target}.{what}"
            if not holds(expected, found):
                wrong.append(name)
                continue
            parts = (
                ()
                if expected.is_ is False and expected.what == "event"
                else _parts(name, expected, one.machine)
            )
            case = next((c for c in parts if c.holds(nlp)), None)
            right.append(case or _whole(name, one.machine, expected))
    return Collected(tuple(right), tuple(wrong))


def _parts(name: str, expected: Expected, record: Extraction) -> Iterator[Case]:
    """The case in its sentence and its paragraph."""
    first, _ = bounds(record.text, expected.first, expected.first + 1)
    _, last = bounds(record.text, expected.last - 1, expected.last)
    yield _cut(name, "sentence", record.text, first, last, expected)
    sentence = record.text[first:last]
    yield Case(name, "sentence", FRAME + sentence, {}, expected.moved(first - len(FRAME)))
    block = next((b for b in record.blocks if b.start <= expected.first and expected.last <= b.end), None)
    if block is not None:
        yield _cut(name, "paragraph", record.text, block.start, block.end, expected)


def _whole(name: str, record: Extraction, expected: Expected) -> Case:
    layout = record.model_dump(mode="json", include={"sections", "blocks", "tables"})
    return Case(name, "document", record.text, layout, expected)


def _cut(name: str, scope: str, text: str, first: int, last: int, expected: Expected) -> Case:
    return Case(name, scope, text[first:last], {}, expected.moved(first))


def write(cases: Iterable[Case], folder: Path) -> list[str]:
    """Writes the cases that the folder does not have; their names.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fresh = []
    for case in cases:
        path = folder / f"{case.name}.json"
        if not path.exists():
            path.write_text(json.dumps(asdict(case), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            fresh.append(case.name)
    return fresh


def read(folder: Path) -> list[Case]:
    """The cases of a folder, sorted by name.

    Raises:
        RegressionError: there is none, or a file is no case.
    """
    cases = []
    for path in sorted(folder.glob("*.json")):
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            cases.append(Case(**{**fields, "expected": Expected(**fields["expected"])}))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RegressionError(f"{path}: no regression case ({type(error).__name__})") from error
    if not cases:
        raise RegressionError(f"{folder}: holds no regression case")
    return cases


def broken(cases: Iterable[Case], nlp: Language) -> list[Case]:
    """The cases that the pipeline does not get right any more."""
    return [case for case in cases if not case.holds(nlp)]
