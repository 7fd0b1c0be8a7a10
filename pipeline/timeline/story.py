"""What the timeline is resolved from: the mentions in reading order, with sentences, paragraphs and sections.

All offsets are those of the view, the narrative as plain text; the mentions themselves carry source offsets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from pipeline.schema import Mention, Relation, TimeValue
from pipeline.timeline.hints import Watched, hints


@dataclass(frozen=True, slots=True)
class Told:
    """A mention at its place in the narrative.

    ``reference`` is where a time expression names what it counts from ("<rituximab initiation>").
    """

    mention: Mention
    start: int
    end: int
    sentence: int
    reference: tuple[int, int] | None = None


@dataclass(frozen=True)
class Story:
    """One document, told in order. ``paragraphs`` are (start, end, kind of section).

    ``titles`` are the headings right above each paragraph, one a line; ``article_type`` is the publisher's word.
    """

    text: str
    sentences: tuple[tuple[int, int], ...]
    paragraphs: tuple[tuple[int, int, str], ...]
    told: tuple[Told, ...]
    relations: tuple[Relation, ...]
    titles: tuple[str, ...] = ()
    article_type: str | None = None

    @cached_property
    def hints(self) -> tuple[Set[Watched], ...]:
        """The cues that each sentence may hold."""
        text = self.text
        return tuple(hints(text[start:end]) for start, end in self.sentences or ((0, len(text)),))

    @cached_property
    def by_id(self) -> Mapping[str, Told]:
        """The mentions by their ids."""
        return {one.mention.id: one for one in self.told}

    @cached_property
    def mentions(self) -> Mapping[str, Mention]:
        """The records of the mentions by their ids."""
        return {one.mention.id: one.mention for one in self.told}

    @cached_property
    def expressions(self) -> Sequence[Told]:
        """What has the value of a time expression."""
        return [one for one in self.told if isinstance(one.mention.value, TimeValue)]

    @cached_property
    def by_sentence(self) -> Mapping[int, list[Told]]:
        """The mentions of each sentence, in their order."""
        found: dict[int, list[Told]] = defaultdict(list)
        for one in self.told:
            found[one.sentence].append(one)
        return dict(found)

    def of(self, sentences: Iterable[int]) -> list[Told]:
        """The mentions of these sentences, in their order."""
        here = self.by_sentence
        return [one for number in sorted(set(sentences)) if number in here for one in here[number]]

    @cached_property
    def short_forms(self) -> Mapping[str, str]:
        """Short forms that stand in brackets behind their long form, which take part in its event, with its id."""
        ids = self.by_id
        return {
            relation.tail: relation.head
            for relation in self.relations
            if relation.kind == "abbreviation_of"
            and relation.tail in ids
            and relation.head in ids
            and 0 <= ids[relation.tail].start - ids[relation.head].end <= 3
        }

    @cached_property
    def tails(self) -> Mapping[str, list[tuple[str, Told]]]:
        """What is said of each mention, with the kind of relation; of a short form that is said of its long form."""
        found: dict[str, list[tuple[str, Told]]] = defaultdict(list)
        for relation in self.relations:
            if relation.tail in self.by_id:
                head = self.short_forms.get(relation.head, relation.head)
                found[head].append((relation.kind, self.by_id[relation.tail]))
        return dict(found)

    @cached_property
    def times(self) -> Mapping[str, list[Told]]:
        """The times and durations that are said of each mention."""
        found: dict[str, list[Told]] = defaultdict(list)
        for relation in self.relations:
            if relation.kind in ("time_of", "duration_of") and relation.tail in self.by_id:
                found[relation.head].append(self.by_id[relation.tail])
        return dict(found)
