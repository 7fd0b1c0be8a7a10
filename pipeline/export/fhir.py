"""FHIR R4: one Bundle (collection) a document, so that pooled cases go where FHIR goes.

Source: HL7 FHIR R4 (4.0.1). A case report has no dates, so every date is **assumed**: day 0 of each case is put at one
declared epoch. What the text says stays beside it, in R4's own extension ``cqf-relativeDateTime``: the interval of days as
a Range, counted from the start of the Encounter that is the anchor (before it is negative). Where a side is open no date
is written at all. The epoch is said in the DocumentReference, with licence and hash; ``meta.source`` of every resource
names the text by its hash, ``originalText`` quotes the expression.
What a person has decided on an event is a Provenance (who, when, what) beside its resource.
Assumed: an outcome is an Observation, a family history an unnamed relative; a rate ("mg/d") is a ``rateQuantity``; of a
patient the age is an Observation (LOINC 30525-0), no date of birth.
Lost: relations and the mentions behind an event, the rules, the order of undated events, anchors other than day 0; cases
reported elsewhere and hypothetical examinations are left out.
Example: ``{"effectiveDateTime": "2000-01-29", "_effectiveDateTime": {"extension": [... 28 to 28 days ...]}}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from pipeline.export.epoch import EPOCH, assumed_moment
from pipeline.export.exchange.originals import file_name
from pipeline.export.web_annotation import named
from pipeline.schema import Case, Dose, Event, Extraction, Measurement, When
from pipeline.units import convert

CORE = "http://hl7.org/fhir/StructureDefinition/"
TERMS = "http://terminology.hl7.org/CodeSystem/"
UCUM = "http://unitsofmeasure.org"
SYSTEMS = {
    "loinc": "http://loinc.org", "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm", "drugbank": "https://go.drugbank.com/drugs",
    "mesh": "https://meshb.nlm.nih.gov", "unii": "http://fdasis.nlm.nih.gov",
}  # fmt: skip
TAKEN = {
    "start": "active", "continue": "active", "change": "active", "given": "completed", "stop": "stopped",
    "planned": "intended", "not_given": "not-taken",
}  # fmt: skip
DONE = {"stop": "completed", "planned": "preparation", "not_given": "not-done"}
CATEGORIES = {"lab": "laboratory", "vital": "vital-signs", "imaging": "imaging", "outcome": "exam"}
INTERPRETATIONS = {"high": "H", "low": "L", "normal": "N", "positive": "POS", "negative": "NEG"}


def write(extractions: Iterable[Extraction], epoch: date = EPOCH) -> Iterator[tuple[str, bytes]]:
    """A file a document."""
    for extraction in extractions:
        content = json.dumps(_bundle(extraction, epoch), ensure_ascii=False, indent=1)
        yield f"{file_name(extraction.id)}.fhir.json", f"{content}\n".encode()


def _bundle(extraction: Extraction, epoch: date) -> dict[str, Any]:
    source = named(extraction.source.sha256)
    stem = extraction.source.sha256[:16]
    resources = [_document(extraction, stem, epoch)]
    for case in extraction.cases:
        if case.reported == "here":
            resources += _case(extraction, case, f"{stem}-{case.id}", epoch)
    for resource in resources:
        resource["meta"] = {"source": source}
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": f"{source}#{one['id']}", "resource": one} for one in resources],
    }


def _document(extraction: Extraction, stem: str, epoch: date) -> dict[str, Any]:
    known = extraction.source
    about = (
        f"Licence: {known.license or 'not stated'}. SHA-256 of the text: {known.sha256}. All dates are assumed: day 0 of "
        f"each case is put at {epoch.isoformat()}; what the text says is in the extension cqf-relativeDateTime. "
        f"Extracted by caseline {extraction.produced_by.caseline}."
    )
    ids = [("pmid", known.pmid), ("pmcid", known.pmcid), ("doi", known.doi), ("caseline", extraction.id)]
    return {
        "resourceType": "DocumentReference",
        "id": stem,
        "identifier": [{"type": {"text": name}, "value": value} for name, value in ids if value],
        "status": "current",
        "description": about,
        "content": [
            {"attachment": {"contentType": "text/plain"} | ({"title": known.title} if known.title else {})}
        ],
    }


def _case(extraction: Extraction, case: Case, stem: str, epoch: date) -> list[dict[str, Any]]:
    patient = f"{stem}-patient"
    subject = {"reference": f"Patient/{patient}"}
    resources: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": patient}
        | ({"gender": case.patient.sex} if case.patient.sex else {})
    ]
    if case.patient.age_years is not None:
        age = {"value": case.patient.age_years, "unit": "years", "system": UCUM, "code": "a"}
        coding = [{"system": SYSTEMS["loinc"], "code": "30525-0", "display": "Age"}]
        resources.append(
            {
                "resourceType": "Observation",
                "id": f"{stem}-age",
                "status": "final",
                "code": {"coding": coding},
            }
            | {"subject": subject, "valueQuantity": age}
        )
    anchor = f"{stem}-anchor"
    if case.anchor is not None:
        resources.append(
            _encounter(anchor, case.anchor.event, subject) | {"period": {"start": epoch.isoformat()}}
        )
    codes = {mention.id: mention.codes for mention in extraction.mentions}
    timing = _Timing(f"Encounter/{anchor}" if case.anchor else subject["reference"], epoch)
    for event in case.events:
        known = next((codes[m] for m in event.mentions if codes.get(m) and _tells(extraction, m, event)), {})
        made = _resource(event, known, timing)
        if made is not None:
            resources.append({"resourceType": made.pop("resourceType"), "id": f"{stem}-{event.id}"} | made)
            resources[-1]["patient" if made.get("relationship") else "subject"] = subject
            if event.review and event.reviewed_by and event.reviewed_at:
                resources.append(_provenance(resources[-1], event, event.reviewed_by, event.reviewed_at))
    return resources


def _provenance(resource: dict[str, Any], event: Event, author: str, moment: str) -> dict[str, Any]:
    """Who decided on an event, when, and what."""
    return {
        "resourceType": "Provenance",
        "id": f"{resource['id']}-review",
        "target": [{"reference": f"{resource['resourceType']}/{resource['id']}"}],
        "recorded": moment,
        "activity": {"text": f"review: {event.review}"},
        "agent": [{"who": {"display": author}}],
    }


def _tells(extraction: Extraction, id: str, event: Event) -> bool:
    """Whether the mention names the event, not its dose or result."""
    return any(
        m.id == id and (m.name or m.text).casefold() == event.name.casefold() for m in extraction.mentions
    )


class _Timing:
    """Dates of a case, with what the text says beside them; ``target`` is what they count from."""

    def __init__(self, target: str, epoch: date) -> None:
        self.target = target
        self.epoch = epoch

    def at(self, key: str, when: When) -> dict[str, Any]:
        """An element ``key`` of type dateTime: its assumed date where both sides are known, and the extension."""
        said: dict[str, Any] = {}
        if moment := assumed_moment(self.epoch, when.day_low, when.day_high):
            said[key] = moment
        extension = []
        if when.day_low is not None or when.day_high is not None:
            sides = {"low": when.day_low, "high": when.day_high}
            offset = {
                side: {"value": days, "unit": "days", "system": UCUM, "code": "d"}
                for side, days in sides.items()
                if days is not None
            }
            parts: list[dict[str, Any]] = [
                {"url": "target", "valueReference": {"reference": self.target}},
                {"url": "targetPath", "valueString": "period.start"},
                {"url": "relationship", "valueCode": "after-start"},
                {"url": "offset", "valueRange": offset},
            ]
            extension.append({"url": f"{CORE}cqf-relativeDateTime", "extension": parts})
        if when.text:
            extension.append({"url": f"{CORE}originalText", "valueString": when.text})
        if extension:
            said[f"_{key}"] = {"extension": extension}
        return said

    def span(self, prefix: str, event: Event) -> dict[str, Any]:
        """``prefix`` + DateTime, or + Period where the text tells an end."""
        if event.end_time is None:
            return self.at(f"{prefix}DateTime", event.time)
        period = self.at("start", event.time) | self.at("end", event.end_time)
        return {f"{prefix}Period": period} if period else {}


def _encounter(id: str, name: str, subject: dict[str, str]) -> dict[str, Any]:
    inpatient = name.startswith(("admission", "admitted", "transfer", "hospital"))
    code = "IMP" if inpatient else "AMB"
    return {
        "resourceType": "Encounter", "id": id, "status": "finished",
        "class": {"system": f"{TERMS}v3-ActCode", "code": code}, "type": [{"text": name}], "subject": subject,
    }  # fmt: skip


def _resource(event: Event, codes: dict[str, str], timing: _Timing) -> dict[str, Any] | None:
    """The resource of an event; None where FHIR has no place for it."""
    concept: dict[str, Any] = {"text": event.name}
    if coding := [{"system": SYSTEMS[name], "code": code} for name, code in codes.items() if name in SYSTEMS]:
        concept["coding"] = coding
    if event.status == "family":
        condition = {"condition": [{"code": concept}]}
        relative = {"relationship": {"text": "a relative"}, "status": "partial"}
        return {"resourceType": "FamilyMemberHistory"} | relative | condition
    if event.kind == "drug":
        status = "not-taken" if event.status == "negated" else TAKEN.get(event.action or "", "unknown")
        status = "intended" if event.status == "hypothetical" else status
        said = {"resourceType": "MedicationStatement", "status": status, "medicationCodeableConcept": concept}
        return said | timing.span("effective", event) | _dosage(event.dose)
    if event.kind == "procedure":
        status = "not-done" if event.status == "negated" else DONE.get(event.action or "", "completed")
        status = "preparation" if event.status == "hypothetical" else status
        return {"resourceType": "Procedure", "status": status, "code": concept} | timing.span(
            "performed", event
        )
    if event.kind in ("diagnosis", "finding"):
        verified = {"negated": "refuted", "hypothetical": "provisional"}.get(event.status, "confirmed")
        coding = [{"system": f"{TERMS}condition-ver-status", "code": verified}]
        said = {"resourceType": "Condition", "verificationStatus": {"coding": coding}, "code": concept}
        return said | timing.at("onsetDateTime", event.time)
    if event.status == "hypothetical":
        return None
    if event.kind == "encounter":
        made = _encounter("", event.name, {})
        del made["id"], made["subject"]
        start = timing.at("start", event.time)
        return (
            made
            | ({"period": start} if start else {})
            | ({"status": "cancelled"} if event.status == "negated" else {})
        )
    coding = [{"system": f"{TERMS}observation-category", "code": CATEGORIES[event.kind]}]
    observation: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": coding}],
        "code": concept,
    }
    if event.status == "negated" and event.measurement is None:
        observation["valueBoolean"] = False
    return observation | timing.span("effective", event) | _result(event.measurement)


def _quantity(value: float, unit: str | None, comparator: str | None = None) -> dict[str, Any]:
    said: dict[str, Any] = {"value": value}
    if comparator:
        said["comparator"] = comparator
    if unit:
        said |= {"unit": unit, "system": UCUM, "code": unit} if _is_ucum(unit) else {"unit": unit}
    return said


def _is_ucum(unit: str) -> bool:
    """Whether a unit of the record is a code; words as written ("index") are none."""
    if "{" in unit or "[" in unit or unit == "Cel":
        return True
    try:
        convert(1.0, unit, f"{unit}/1")
    except ValueError:
        return False
    return True


def _dosage(dose: Dose | None) -> dict[str, Any]:
    if dose is None:
        return {}
    said: dict[str, Any] = {"text": " ".join(part for part in (dose.text, dose.frequency) if part)}
    if dose.route:
        said["route"] = {"text": dose.route}
    if dose.value is not None:
        rate = (dose.unit or "").endswith(("/d", "/h", "/min", "/wk"))
        kind = "rate" if rate else "dose"
        if dose.value_high is None:
            amount = {f"{kind}Quantity": _quantity(dose.value, dose.unit)}
        else:
            sides = {"low": _quantity(dose.value, dose.unit), "high": _quantity(dose.value_high, dose.unit)}
            amount = {f"{kind}Range": sides}
        said["doseAndRate"] = [amount]
    return {"dosage": [said]}


def _result(result: Measurement | None) -> dict[str, Any]:
    if result is None:
        return {}
    said: dict[str, Any] = {}
    if result.value is None:
        said["valueString"] = result.text
    elif result.value_high is None:
        said["valueQuantity"] = _quantity(result.value, result.unit, result.comparator)
    elif result.value_high < result.value:  # systolic over diastolic
        said["component"] = [
            {"code": {"text": name}, "valueQuantity": _quantity(value, result.unit)}
            for name, value in (("systolic", result.value), ("diastolic", result.value_high))
        ]
    else:
        said["valueRange"] = {
            "low": _quantity(result.value, result.unit), "high": _quantity(result.value_high, result.unit),
        }  # fmt: skip
    if result.interpretation:
        code = INTERPRETATIONS[result.interpretation]
        said["interpretation"] = [
            {"coding": [{"system": f"{TERMS}v3-ObservationInterpretation", "code": code}]}
        ]
    normal: dict[str, Any] = {"text": result.reference_range} if result.reference_range else {}
    for side, value in (("low", result.reference_low), ("high", result.reference_high)):
        if value is not None:
            normal[side] = _quantity(value, result.unit)
    return said | ({"referenceRange": [normal]} if normal else {})
