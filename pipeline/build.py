"""The assembled pipeline: ``build_nlp()`` from config.cfg, and ``extract``, the one place where a Doc becomes records."""

from __future__ import annotations

import gc
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

import spacy
from confection import Config
from spacy.language import Language
from spacy.tokens import Doc

from pipeline import assertion, links, mentions, structure, tables
from pipeline.fingerprint import fingerprint
from pipeline.schema import (
    Assertion,
    Case,
    Document,
    Extraction,
    Mention,
    ProducedBy,
    Quantity,
    Relation,
    SectionKind,
    TimeValue,
)
from pipeline.settings import applied
from pipeline.structure.found import Found, candidates
from pipeline.structure.layout import lay_out
from pipeline.structure.view import View, view
from pipeline.timeline.resolve import resolve
from pipeline.timeline.story import Story, Told

ROOM = Path(__file__).parent
# The rooms whose factories config.cfg names; they register on import.
FACTORIES = (structure, mentions, assertion)
TIMES = ("TIME", "DURATION", "FREQUENCY", "AGE")
# "on admission", "after surgery": they place events, but are no temporal expressions to be listed.
CUE = "time.cue."


def build_nlp(lexicons: Sequence[str] = (), settings: Sequence[str] = ()) -> Language:
    """The spaCy pipeline that finds mentions in the text of a ``View``.

    ``lexicons`` are paths of users' own CSV files; their entries come before the shipped ones. ``settings`` stand in for
    those of config.cfg: ``confidence.enabled=false``.

    Raises:
        ValueError, OSError: a lexicon or setting is malformed, or a lexicon cannot be read.
    """
    config = configuration(settings)
    for component in config["components"].values() if lexicons else ():
        if "lexicons" in (Language.get_factory_meta(component["factory"]).default_config or {}):
            component["lexicons"] = list(lexicons)
    with _uncollected():
        nlp = spacy.util.load_model_from_config(config, auto_fill=True)
    nlp.meta["fingerprint"] = fingerprint(tuple(lexicons), tuple(settings))
    return nlp


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage is looked for: among the entries of the lexicons, which stay, that takes a third of the loading time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def configuration(settings: Sequence[str] = ()) -> Config:
    """config.cfg with these settings.

    Raises:
        ValueError: a setting is none.
    """
    config = spacy.util.load_config(ROOM / "config.cfg")
    config["components"] = applied(config["components"], settings)
    return config


@lru_cache(maxsize=4)
def _config(nlp: Language) -> str:
    """The pipeline's fingerprint; spaCy makes ``nlp.meta`` anew at each call, as long as ten words take."""
    return str(nlp.meta["fingerprint"])


def extract(document: Document, nlp: Language) -> Extraction:
    """Everything found in a document: mentions, relations, cases with their events."""
    document = lay_out(document)
    story = _read(document, view(document), nlp, 1)
    cases, notices = resolve(story)
    told = [one.mention for one in story.told]
    relations = story.relations
    planned = tables.plan(document)
    if planned.tables or planned.unread or planned.grouped:
        lines = planned.render(document.text)
        read = tables.read(
            planned,
            document.text,
            _read(document, lines, nlp, 1 + len(told), "table"),
            lines.paragraphs,
            cases,
            told,
        )
        cases, notices = read.cases, (*notices, *read.notices)
        told, relations = [*told, *read.mentions], (*relations, *read.relations)
    told = _by_case(told, cases)
    relations = (*relations, *_times(told, cases))
    listed = {mention.id for mention in told if not mention.rule.startswith(CUE)}
    extraction = Extraction(
        id=document.id,
        source=document.source,
        produced_by=ProducedBy(caseline=_version(), config=_config(nlp)),
        text=document.text,
        sections=document.sections,
        blocks=document.blocks,
        tables=document.tables,
        mentions=tuple(
            sorted((mention for mention in told if mention.id in listed), key=lambda m: int(m.id[1:]))
        ),
        relations=tuple(one for one in relations if one.head in listed and one.tail in listed),
        cases=cases,
        warnings=notices,
    )
    extraction.check()
    return extraction


def _times(told: Sequence[Mention], cases: Sequence[Case]) -> Iterator[Relation]:
    """``time_of`` from each event's mention to the expression that places it, by the rule that reads the expression."""
    expressions = {(m.start, m.end): m for m in told if m.label in TIMES}
    heads = {(m.id, m.start, m.end) for m in told}
    said: set[tuple[str, str]] = set()
    for case in cases:
        for event in case.events:
            head = next((id for id in event.mentions if (id, event.start, event.end) in heads), None)
            for when in (event.time, event.end_time):
                if head is None or when is None or when.start is None or when.end is None:
                    continue
                tail = expressions.get((when.start, when.end))
                if tail is not None and (head, tail.id) not in said:
                    said.add((head, tail.id))
                    yield Relation(
                        kind="time_of", head=head, tail=tail.id, confidence=event.confidence, rule=when.why[0]
                    )


@cache
def _version() -> str:
    """The installed version; reading the metadata takes as long as a hundred words do."""
    return version("caseline")


def _by_case(told: Sequence[Mention], cases: Sequence[Case]) -> list[Mention]:
    """The mentions with the case whose patient or events they tell; what tells a patient is not of the family."""
    owners: dict[str, str] = {}
    own: set[str] = set()
    for case in cases:
        for mention in (*case.patient.mentions, *(m for event in case.events for m in event.mentions)):
            owners.setdefault(mention, case.id)
        own.update(m for event in case.events if event.status != "family" for m in event.mentions)
    return [
        one.but(
            case=owners[one.id],
            assertion=one.assertion.but(family=False)
            if one.assertion.family and one.id in own
            else one.assertion,
        )
        if one.id in owners
        else one
        for one in told
    ]


def _read(
    document: Document, shown: View, nlp: Language, first: int, section: SectionKind | None = None
) -> Story:
    """The story of a view: its mentions, numbered from ``first``, and the relations between them.

    ``section`` is the kind of section that the mentions stand in, else that of their paragraph.
    """
    doc = nlp.make_doc(shown.text)
    doc._.sections = list(shown.sections)
    doc = nlp(doc)
    pairs = _mentions(document, shown, doc, first, section)
    ids = [mention.id for mention, _ in pairs]
    relations = tuple(
        Relation(
            kind=one.kind, head=ids[one.head], tail=ids[one.tail], confidence=one.confidence, rule=one.rule
        )
        for one in links.link(shown.text, doc._.sentences, [found for _, found in pairs])
    )
    return _story(document, shown, doc, pairs, relations)


def _mentions(
    document: Document, shown: View, doc: Doc, first: int, only: SectionKind | None
) -> list[tuple[Mention, Found]]:
    """The mentions of the Doc as records, in the order of the view, with the candidate that each came from."""
    sections = iter(shown.sections)
    section = next(sections, None)
    assertions = doc._.assertions
    pairs = []
    for one in candidates(doc):
        place = shown.to_source(one.start, one.end)
        if place is None:
            continue
        while section and section[1] <= one.start:
            section = next(sections, None)
        pairs.append((place, only or (section[2] if section else "case"), one))
    ids = {
        id(pair): f"m{number}"
        for number, pair in enumerate(sorted(pairs, key=lambda p: (p[0], p[2].label)), first)
    }
    return [
        (
            Mention.trusted(
                id=ids[id(pair)],
                label=one.label,
                start=place[0],
                end=place[1],
                text=document.text[place[0] : place[1]],
                section=kind,
                name=one.name,
                codes=dict(one.codes or {}),
                assertion=_assertion(assertions.get(one.key)),
                value=_value(one, shown),
                confidence=one.confidence,
                rule=one.rule,
            ),
            one,
        )
        for pair in pairs
        for place, kind, one in [pair]
    ]


@cache
def _asserted(*fields: str) -> Assertion:
    return Assertion.model_validate({field: field != "patient" for field in fields})


def _assertion(fields: dict[str, bool] | None) -> Assertion:
    """The assertion with these fields set against their default; equal ones are one record."""
    return _asserted(*sorted(fields)) if fields else _asserted()


def _value(one: Found, shown: View) -> Quantity | TimeValue | None:
    """The candidate's value as a record, its reference in offsets of the source."""
    if one.value is None:
        return None
    if one.label not in TIMES:
        return Quantity(**one.value)
    value = dict(one.value)
    if value.get("reference_start") is not None:
        place = shown.to_source(value["reference_start"], value["reference_end"])
        value["reference_start"], value["reference_end"] = place or (None, None)
    return TimeValue(**value)


def _story(
    document: Document,
    shown: View,
    doc: Doc,
    pairs: list[tuple[Mention, Found]],
    relations: tuple[Relation, ...],
) -> Story:
    """The mentions at their places in the narrative."""
    starts = [start for start, _ in doc._.sentences]
    return Story(
        text=shown.text,
        sentences=tuple(doc._.sentences),
        paragraphs=shown.sections,
        told=tuple(
            Told(
                mention,
                one.start,
                one.end,
                max(bisect_right(starts, one.start) - 1, 0),
                (one.value["reference_start"], one.value["reference_end"])
                if one.value and one.value.get("reference_start") is not None
                else None,
            )
            for mention, one in pairs
        ),
        relations=relations,
        titles=_titles(document, shown),
        article_type=document.source.article_type,
    )


def _titles(document: Document, shown: View) -> tuple[str, ...]:
    """The headings that stand right above each paragraph of a view, one a line."""
    starts = [section.start for section in document.sections]
    places = [bisect_right(starts, shown.starts[start]) for start, _ in shown.paragraphs]
    return tuple(
        "\n".join(section.title for section in document.sections[last:at] if section.title)
        for last, at in zip([0, *places], places, strict=False)
    )
