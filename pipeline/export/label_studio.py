r"""Label Studio: ``tasks.json`` with predictions, and ``labels.xml``, the labelling interface that they need.

Source: Label Studio's "JSON format of annotated tasks". Offsets are code points, as its editor writes them today; older
versions wrote UTF-16 units, in which an emoji counts two. On reading, the quoted text of the regions tells which. "\r\n"
counts two; blanks are kept by the style in ``labels.xml``.
Regions keep the mention's id; assertion is a choice a region, the other fields are JSON in a text area a region.
Lost: blocks and tables, unless the original is given when it is read back.
Example: ``{"id": "m41", "type": "labels", "value": {"start": 12, "end": 15, "labels": ["DRUG"]}, ...}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict

from pipeline.export.exchange import Building, Carried, Original, Originals, Place, carried, extra
from pipeline.export.exchange.bounded import objects, value
from pipeline.export.exchange.carried import compact
from pipeline.schema import Extraction, Label, Mention, RelationKind

FORMAT = "label_studio"
CARRIED = META = "caseline"
# A choice of the region's assertion -> field of the record and what the choice makes it.
CHOICES = {
    "negated": ("negated", True), "hypothetical": ("hypothetical", True), "historical": ("historical", True),
    "family": ("family", True), "other patient": ("patient", False),
}  # fmt: skip


class _Model(BaseModel):
    """Of a Label Studio object what is read; versions add more."""

    model_config = ConfigDict(extra="ignore", strict=True)


class _Value(_Model):
    start: int | None = None
    end: int | None = None
    text: str | list[str] | None = None
    labels: list[str] = []
    choices: list[str] = []


class _Result(_Model):
    type: str
    id: str = ""
    value: _Value = _Value()
    score: float | int | None = None
    labels: list[str] = []
    from_id: str = ""
    to_id: str = ""
    direction: Literal["right", "left", "bi"] = "right"
    meta: dict[str, Any] | None = None


class _Work(_Model):
    result: list[_Result]
    completed_by: int | str | dict[str, Any] | None = None
    was_cancelled: bool = False


class _Data(_Model):
    text: str
    document: str | None = None
    caseline: dict[str, Any] | None = None


class _Task(_Model):
    id: int | str | None = None
    data: _Data
    annotations: list[_Work] = []
    predictions: list[_Work] = []


def write(extractions: Iterable[Extraction]) -> Iterator[tuple[str, bytes]]:
    """The interface, and all documents as tasks."""
    yield "labels.xml", _interface().encode()
    tasks = ",\n".join(compact(_task(extraction)) for extraction in extractions)
    yield "tasks.json", f"[\n{tasks}\n]\n".encode()


def _interface() -> str:
    labels = "\n".join(f'    <Label value="{label}"/>' for label in get_args(Label))
    choices = "\n".join(f'    <Choice value="{choice}"/>' for choice in CHOICES)
    relations = "\n".join(f'    <Relation value="{kind}"/>' for kind in get_args(RelationKind))
    return f"""<View>
  <Style>.htx-text {{ white-space: pre-wrap; }}</Style>
  <Labels name="label" toName="text">
{labels}
  </Labels>
  <Relations>
{relations}
  </Relations>
  <Text name="text" value="$text"/>
  <Choices name="assertion" toName="text" perRegion="true" choice="multiple">
{choices}
  </Choices>
  <TextArea name="fields" toName="text" perRegion="true"/>
</View>
"""


def _task(extraction: Extraction) -> dict[str, Any]:
    results = [result for mention in extraction.mentions for result in _region(mention)]
    results += [
        {
            "type": "relation", "from_id": relation.head, "to_id": relation.tail, "direction": "right",
            "labels": [relation.kind], "meta": {META: extra(relation)},
        }
        for relation in extraction.relations
    ]  # fmt: skip
    return {
        "data": {"text": extraction.text, "document": extraction.id, CARRIED: carried(extraction)},
        "predictions": [{"model_version": f"caseline {extraction.produced_by.caseline}", "result": results}],
    }


def _region(mention: Mention) -> Iterator[dict[str, Any]]:
    span = {"start": mention.start, "end": mention.end}
    base = {"id": mention.id, "to_name": "text"}
    yield base | {
        "from_name": "label", "type": "labels", "score": mention.confidence,
        "value": span | {"text": mention.text, "labels": [mention.label]},
    }  # fmt: skip
    chosen = [name for name, (key, said) in CHOICES.items() if getattr(mention.assertion, key) is said]
    if chosen:
        yield base | {"from_name": "assertion", "type": "choices", "value": span | {"choices": chosen}}
    fields = compact(extra(mention, "assertion"))
    yield base | {"from_name": "fields", "type": "textarea", "value": span | {"text": [fields]}}


def read(path: Path, originals: Originals, annotator: str | None = None) -> Iterator[Extraction]:
    """The record of each task: of its annotation, or its prediction where nobody has annotated it.

    ``annotator`` is the id or address of the one whose annotations are taken, where a task has several.

    Raises:
        ExchangeError: the file, a task or a region is not valid, or a task has several annotations; the place is named.
    """
    for number, (place, content) in enumerate(objects(path), 1):
        place = place.at(f"task {number}")
        task = place.valid(_Task, content)
        work = _chosen(task, annotator, place)
        if work is not None:
            yield _record(task, work, originals, place)


def _chosen(task: _Task, annotator: str | None, place: Place) -> _Work | None:
    done = [work for work in task.annotations if not work.was_cancelled]
    if annotator is not None:
        done = [work for work in done if annotator in _names(work)]
        if not done:
            return None
    if len(done) > 1:
        raise place.error("has several annotations; name the annotator whose are taken")
    if not done and len(task.predictions) > 1:
        raise place.error("has several predictions and no annotation")
    return next(iter(done or task.predictions), None)


def _names(work: _Work) -> set[str]:
    by = work.completed_by
    return {str(said) for said in (by.values() if isinstance(by, dict) else [by])}


def _record(task: _Task, work: _Work, originals: Originals, place: Place) -> Extraction:
    own = task.data.text
    original = originals.get(task.data.document or "")
    if original is None and task.data.caseline is not None:
        original = place.at(CARRIED).valid(Carried, task.data.caseline).original(own)
    name = task.data.document or f"task-{task.id if task.id is not None else place.line}"
    original = original or Original.plain(name, own, str(place.file), FORMAT)
    building = Building(FORMAT, original, own, place)
    regions = [one for one in work.result if one.value.labels]
    points = _points(own, regions)
    fields = _fields(work.result, place)
    for region in regions:
        at = place.at(f"region {region.id[:40]}")
        start, end = region.value.start, region.value.end
        if start is None or end is None or len(region.value.labels) != 1:
            raise at.error("has not one label and two offsets")
        if not (0 <= start < end < len(points)):
            raise at.error(f"offsets are empty or outside of the text of {len(own)} characters")
        quote = region.value.text if isinstance(region.value.text, str) else None
        known = fields.get(region.id, {})
        if region.score is not None:
            known = {"confidence": region.score} | known
        building.mention(region.id, region.value.labels[0], [(points[start], points[end])], known, at, quote)
    for one in work.result:
        if one.type == "relation":
            at = place.at(f"relation of {one.from_id[:40]}")
            if len(one.labels) != 1:
                raise at.error("has not one label")
            head, tail = (one.to_id, one.from_id) if one.direction == "left" else (one.from_id, one.to_id)
            said = (one.meta or {}).get(META, {})
            building.relation(one.labels[0], head, tail, said if isinstance(said, dict) else {}, at)
    return building.record()


def _points(text: str, regions: Sequence[_Result]) -> Sequence[int]:
    """The code point at each offset: itself, or that of the UTF-16 unit where more regions quote what stands there."""
    points = range(len(text) + 1)
    if text.isascii() or max(text, default="") <= "\uffff":
        return points
    units = [0]
    for position, sign in enumerate(text, 1):
        units += [position] * (2 if sign > "\uffff" else 1)

    def fitting(offsets: Sequence[int]) -> int:
        spans = [(one.value.start or 0, one.value.end or 0, one.value.text) for one in regions]
        return sum(
            0 <= start <= end < len(offsets) and text[offsets[start] : offsets[end]] == quote
            for start, end, quote in spans
        )

    return units if fitting(units) > fitting(points) else points


def _fields(results: Sequence[_Result], place: Place) -> dict[str, dict[str, Any]]:
    """The other fields of each region: from its text area, its assertion from the choices."""
    fields: dict[str, dict[str, Any]] = {}
    for one in results:
        known = fields.setdefault(one.id, {})
        for told in one.value.text if one.type == "textarea" and isinstance(one.value.text, list) else []:
            at = place.at(f"fields of region {one.id[:40]}")
            said = value(told, at, place.line or 1)
            if not isinstance(said, dict):
                raise at.error("are no JSON object")
            known |= {key: part for key, part in said.items() if key != "assertion"}
        for choice in one.value.choices:
            if choice in CHOICES:
                key, truth = CHOICES[choice]
                known.setdefault("assertion", {})[key] = truth
    return fields
