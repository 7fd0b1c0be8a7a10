"""The records that everything shares: what the command prints, the store keeps and the review edits.

All records are frozen pydantic models. Offsets are Python string offsets into ``Document.text``, end
exclusive, and ``text[start:end] == mention.text`` holds for every mention; ``Extraction.check`` asserts it.
Days count from the case's anchor, which is day 0; 1 week is 7 days, 1 month 30.44, 1 year 365.25.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict

DAYS_PER_WEEK = 7.0
DAYS_PER_MONTH = 30.44
DAYS_PER_YEAR = 365.25

Label = Literal[
    "DRUG", "DOSE", "ROUTE", "FREQUENCY", "DURATION", "TIME", "LAB_TEST", "VITAL", "IMAGING", "LAB_VALUE",
    "REFERENCE_RANGE", "PROCEDURE", "DIAGNOSIS", "FINDING", "ENCOUNTER", "OUTCOME", "AGE", "SEX",
]  # fmt: skip
SectionKind = Literal[
    "title", "abstract", "introduction", "case", "discussion", "conclusion", "references", "table", "caption",
    "abbreviations", "back_matter",
]  # fmt: skip
BlockKind = Literal["heading", "paragraph", "caption", "table"]
RelationKind = Literal[
    "dose_of", "route_of", "frequency_of", "duration_of", "value_of", "range_of", "time_of", "abbreviation_of",
    "same_as",
]  # fmt: skip
EventKind = Literal[
    "drug", "procedure", "lab", "vital", "imaging", "diagnosis", "finding", "encounter", "outcome"
]
Action = Literal["start", "stop", "change", "continue", "given", "planned", "not_given"]
Status = Literal["affirmed", "negated", "hypothetical", "historical", "family"]
Basis = Literal["explicit", "relative", "narrative", "none"]
Comparator = Literal["<", ">", "<=", ">="]
Interpretation = Literal["high", "low", "normal", "positive", "negative"]
Reviewed = Literal["accepted", "edited", "added", "unsure"]
R = TypeVar("R", bound=BaseModel)


class Record(BaseModel):
    """Base of all records: immutable, compared by value, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def trusted(cls, **fields: Any) -> Self:
        """A record of fields that are known to be valid, such as parts of other records: they are not looked at again.

        What stands in for pydantic's own ``model_construct`` takes less than half its time.
        """
        blank, names = _blank(cls)
        return _put_together(cls, blank | fields, names)

    def but(self, **fields: Any) -> Self:
        """The record with these fields, which are known to be valid, in place of its own."""
        return _put_together(type(self), self.__dict__ | fields, self.__pydantic_fields_set__.union(fields))


def _put_together(record: type[R], fields: dict[str, Any], given: set[str]) -> R:
    """A record of all its fields, in their order, as pydantic holds it."""
    made, put = record.__new__(record), object.__setattr__
    put(made, "__dict__", fields)
    put(made, "__pydantic_fields_set__", given)
    put(made, "__pydantic_extra__", None)
    put(made, "__pydantic_private__", None)
    return made


@cache
def _blank(record: type[Record]) -> tuple[dict[str, Any], set[str]]:
    """The fields of a kind of record in their order, with their defaults where they have any; their names."""
    fields = record.model_fields
    blank = {name: None if field.is_required() else field.default for name, field in fields.items()}
    return blank, set(fields)


class Related(Record):
    """An article that this one names, e.g. ``kind`` "retracted-article" or "corrected-article", by DOI or PMID."""

    kind: str
    id: str


class Source(Record):
    """Where a document came from. ``sha256`` is that of the text, encoded as UTF-8.

    ``article_type`` is the publisher's word ("case-report", "retraction", ...). ``authors`` are "Surname, Given",
    ``affiliations`` their institutions, ``cites`` the PMIDs, PMCIDs and DOIs of the references, where the article
    carries them.
    """

    uri: str
    format: str
    sha256: str
    pmcid: str | None = None
    pmid: str | None = None
    doi: str | None = None
    title: str | None = None
    published: str | None = None
    license: str | None = None
    article_type: str | None = None
    related: tuple[Related, ...] = ()
    authors: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()


class Section(Record):
    """A stretch of the text under one heading; the first section of a text without headings is a case."""

    title: str
    kind: SectionKind
    start: int
    end: int


class Block(Record):
    """A heading, paragraph, caption or table, in the order of the text.

    ``continues`` is set on a paragraph that goes on from the last paragraph before it, which a page, a
    figure legend or a table had cut.
    """

    kind: BlockKind
    section: SectionKind
    start: int
    end: int
    continues: bool = False


class Cell(Record):
    """One cell of a table; rows and columns count from 0."""

    row: int
    column: int
    start: int
    end: int
    header: bool = False


class Table(Record):
    """A table with its cells, all as offsets into the text."""

    start: int
    end: int
    cells: tuple[Cell, ...] = ()


class Document(Record):
    """A text as read, never changed after. A reader that knows the layout gives it; else it is empty."""

    id: str
    source: Source
    text: str
    sections: tuple[Section, ...] = ()
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()


class ProducedBy(Record):
    """The version and the fingerprint of configuration, lexicons and model."""

    caseline: str
    config: str


class Assertion(Record):
    """What the text says of a mention's truth; ``patient`` is false for other patients and the literature."""

    negated: bool = False
    hypothetical: bool = False
    historical: bool = False
    family: bool = False
    patient: bool = True


class Quantity(Record):
    """A number with comparator and UCUM unit, or a result in words.

    ``value_high`` is the top of a range, or the diastolic pressure.
    """

    text: str
    value: float | None = None
    value_high: float | None = None
    unit: str | None = None
    comparator: Comparator | None = None
    interpretation: Interpretation | None = None


class TimeValue(Record):
    """What a TIME, DURATION, FREQUENCY or AGE says, before anything is known of the case.

    ``kind``:
        ``date``: ``date`` (and ``date_end``) hold ISO dates, partial where the text is ("2005", "2005-09").
        ``day_number``: a numbered day (hospital day 3, POD 2, day 28): ``low``/``high`` are the numbers as written.
        ``offset``: ``low``/``high`` are signed days from ``reference`` (before is negative).
        ``age``: ``low``/``high`` are days from birth. ``clock``: a time of day, in fractions of a day.
        ``event``: at, during, before or after a named event, with no amount ("on admission", "during ECMO").
        ``duration``: ``low``/``high`` are its length in days. ``frequency``: days between two occasions.
        ``unresolved``: ``reason`` says why.

    ``reference`` names what is counted from: ``admission``, ``presentation``, ``onset``, ``diagnosis``,
    ``surgery``, ``birth``, ``discharge``, ``delivery``, ``icu``, ``transfer``, ``treatment``,
    ``transplantation``, ``death``, ``pregnancy`` (weeks of gestation), ``event`` (named by the characters
    ``reference_start``..``reference_end``, which the others carry too where the text names them), ``previous``
    (the time told last: "two days later", "the next day"), ``same`` ("at that time"), ``now`` (the moment of
    presentation or of writing: "ago", "currently"), or null where the expression does not say ("day 3",
    "at 6 months"). A week or month with a number ("week 10") is an ``offset`` over its whole length.
    ``low`` or ``high`` is null where only one side is bound ("more than 10 years ago").
    ``reason`` is ``day_and_month_ambiguous`` ("3/4/2005"), ``no_length`` ("lifelong") or ``no_number``
    ("sometimes").
    ``points`` holds one (low, high) for each of several times ("at 3, 4 and 6 months"). ``until_low``/``until_high``
    end a span ("from day 3 to 9", "over the following 2 weeks"), from the same reference.
    """

    kind: Literal[
        "date", "day_number", "offset", "age", "clock", "event", "duration", "frequency", "unresolved"
    ]
    reference: str | None = None
    reference_start: int | None = None
    reference_end: int | None = None
    direction: Literal["before", "after", "at", "during", "since", "until"] | None = None
    low: float | None = None
    high: float | None = None
    points: tuple[tuple[float, float], ...] = ()
    until_low: float | None = None
    until_high: float | None = None
    date: str | None = None
    date_end: str | None = None
    granularity: Literal["minute", "hour", "day", "week", "month", "year"] | None = None
    approximate: bool = False
    reason: str | None = None


class Mention(Record):
    """A stretch of text with a label; ``rule`` names what found it."""

    id: str
    label: Label
    start: int
    end: int
    text: str
    section: SectionKind
    case: str | None = None
    name: str | None = None
    codes: dict[str, str] = {}
    assertion: Assertion = Assertion()
    value: Quantity | TimeValue | None = None
    confidence: float = 1.0
    rule: str


class Relation(Record):
    """``head`` is the thing, ``tail`` what is said of it; both are mention ids."""

    kind: RelationKind
    head: str
    tail: str
    confidence: float
    rule: str


class Exposure(Record):
    """What a dose comes to: one administration (``dose``), a ``day``, or the whole ``course``.

    ``basis`` says whether the text states it or it is computed; then ``formula`` says from which numbers
    ("1 mg/kg/d * 70 kg"), and ``mentions`` which others than the dose's own tell them (the weight).
    """

    of: Literal["dose", "day", "course"]
    value: float
    value_high: float | None = None
    unit: str
    basis: Literal["stated", "computed"]
    formula: str | None = None
    mentions: tuple[str, ...] = ()


class Dose(Record):
    """An amount given; ``duration_days`` as stated.

    ``times`` is a number of doses, courses or sessions ("six cycles"), ``nth`` to ``nth_high`` which of them it is
    ("the third cycle", "cycles 2 to 6"). ``exposure`` holds its totals.
    """

    text: str
    value: float | None = None
    value_high: float | None = None
    unit: str | None = None
    comparator: Comparator | None = None
    frequency: str | None = None
    route: str | None = None
    duration_days: float | None = None
    times: float | None = None
    nth: int | None = None
    nth_high: int | None = None
    exposure: tuple[Exposure, ...] = ()


class Measurement(Record):
    """A result, with the reference range that the text gives."""

    text: str
    value: float | None = None
    value_high: float | None = None
    unit: str | None = None
    comparator: Comparator | None = None
    reference_range: str | None = None
    reference_low: float | None = None
    reference_high: float | None = None
    interpretation: Interpretation | None = None


class Candidate(Record):
    """An event that an expression may count from, by its id; ``score`` is from 0 to 1."""

    event: str
    score: float


class When(Record):
    """An interval of days from the anchor, with the expression that says so and the rules that led there.

    ``candidates`` are the events that the expression may count from, best first, where there is more than one.
    """

    text: str | None = None
    start: int | None = None
    end: int | None = None
    day_low: float | None = None
    day_high: float | None = None
    relative_to: str | None = None
    offset_low: float | None = None
    offset_high: float | None = None
    basis: Basis
    why: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()


class Event(Record):
    """One thing that happened to the patient, from all its tellings.

    ``review`` says what a person made of it, ``reviewed_by`` and ``reviewed_at`` (UTC, ISO 8601) whose decision
    counts and when it was made; null where nobody has decided on this very event.
    """

    id: str
    kind: EventKind
    name: str
    text: str
    start: int
    end: int
    mentions: tuple[str, ...]
    action: Action | None = None
    status: Status = "affirmed"
    dose: Dose | None = None
    measurement: Measurement | None = None
    time: When
    end_time: When | None = None
    from_table: bool = False
    order: int
    confidence: float
    review: Reviewed | None = None
    reviewed_by: str | None = None
    reviewed_at: str | None = None


class Anchor(Record):
    """What day 0 is, and where the text says so."""

    event: str
    text: str | None = None
    start: int | None = None
    end: int | None = None


class Patient(Record):
    """Age and sex as the text gives them, with the mentions that say so."""

    age_years: float | None = None
    sex: Literal["female", "male"] | None = None
    mentions: tuple[str, ...] = ()


class SamePatient(Record):
    """A case of another document of the store ("PMC2#c1") that may be the same patient; ``decision`` is a reviewer's."""

    case: str
    score: float
    decision: Literal["same", "unsure"] | None = None


class Case(Record):
    """One patient's course; ``reported`` is ``elsewhere`` for a patient that the report only cites.

    ``same_patient`` is filled where a record comes out of a store: pooling such cases would count a patient twice.
    """

    id: str
    reported: Literal["here", "elsewhere"] = "here"
    patient: Patient
    anchor: Anchor | None
    events: tuple[Event, ...]
    same_patient: tuple[SamePatient, ...] = ()


class Notice(Record):
    """Something that the reader of a record should know, with its place where it has one."""

    code: str
    message: str
    start: int | None = None
    end: int | None = None


class Review(Record):
    """Who reviewed a record: the ``layer`` (an annotator, or "adjudicated") up to its ``revision``.

    ``finished`` is the moment (UTC, ISO 8601) at which the layer was called done, null while it is not.
    """

    layer: str
    revision: int
    authors: tuple[str, ...]
    finished: str | None = None


class Extraction(Record):
    """Everything found in one document.

    Where ``text_included`` is false the text was withheld (``caseline extract --no-text``): ``text`` and whatever
    quotes it are empty or null; offsets, normalised names and values, codes and hashes stay.
    """

    id: str
    source: Source
    produced_by: ProducedBy
    text_included: bool = True
    text: str
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]
    cases: tuple[Case, ...]
    warnings: tuple[Notice, ...] = ()
    review: Review | None = None

    def check(self) -> None:
        """Asserts the grounding invariant; in a record without its text, that none of it is left.

        Raises:
            ValueError: names the first mention or event whose text is not the text at its offsets.
        """
        if self.text and not self.text_included:
            raise ValueError(f"{self.id}: holds the text that it says is withheld")
        spans: list[Mention | Event] = [*self.mentions, *(e for case in self.cases for e in case.events)]
        for span in spans:
            if span.text != (self.text[span.start : span.end] if self.text_included else ""):
                raise ValueError(f"{self.id}: {span.id} is not the text at {span.start}:{span.end}")
