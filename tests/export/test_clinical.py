"""FHIR and OMOP: what the text says stays, what is assumed is said."""

import csv
import io
import json
from datetime import date

import pytest

from pipeline.export import fhir, omop
from pipeline.export.epoch import assumed_date, assumed_moment
from pipeline.schema import (
    Anchor,
    Case,
    Dose,
    Event,
    Extraction,
    Measurement,
    Mention,
    Patient,
    ProducedBy,
    Source,
    When,
)

EPOCH = date(2000, 1, 1)
RELATIVE = "http://hl7.org/fhir/StructureDefinition/cqf-relativeDateTime"


def event(kind="drug", low=None, high=None, name="rituximab", **more):
    fields = {
        "id": "e1", "kind": kind, "name": name, "text": "RTX", "start": 0, "end": 3, "mentions": ("m1",),
        "time": When(basis="explicit", text="day 28", day_low=low, day_high=high), "order": 1, "confidence": 1.0,
    }  # fmt: skip
    return Event(**(fields | more))


def record(*events, anchor="admission", reported="here", text="RTX"):
    mention = Mention(
        id="m1", label="DRUG", start=0, end=3, text=text[:3], section="case", name="rituximab", rule="r",
        codes={"drugbank": "DB00073"},
    )  # fmt: skip
    case = Case(
        id="c1", reported=reported, patient=Patient(age_years=40, sex="female"),
        anchor=Anchor(event=anchor) if anchor else None, events=events,
    )  # fmt: skip
    return Extraction(
        id="r1", source=Source(uri="x", format="text", sha256="ab" * 32, license="CC BY 4.0"),
        produced_by=ProducedBy(caseline="0", config="0"), text=text, sections=(), mentions=(mention,), relations=(),
        cases=(case,),
    )  # fmt: skip


def resources(*events, kind=None, **more):
    [(name, data)] = fhir.write([record(*events, **more)])
    assert name == "r1.fhir.json"
    found = [entry["resource"] for entry in json.loads(data)["entry"]]
    return [one for one in found if one["id"].endswith("-e1")] if kind is None else found


def rows(table, *events, **more):
    tables = dict(omop.write([record(*events, **more)], EPOCH))
    return list(csv.DictReader(io.StringIO(tables[f"{table}.csv"].decode())))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (28, 28, "2000-01-29"),
        (-3, -3, "1999-12-29"),
        (0.5, 0.5, "2000-01-01T12:00:00Z"),
        (-0.25, 0, "1999-12-31T18:00:00Z"),
        (28, None, None),
        (None, 28, None),
        (-1e9, 0, None),
    ],
)
def test_dates_are_assumed_from_the_epoch(low, high, expected):
    assert assumed_moment(EPOCH, low, high) == expected
    assert (assumed_date(EPOCH, low, high) is None) is (expected is None)


def test_fhir_keeps_the_interval_beside_the_assumed_date():
    [one] = resources(event(low=28, high=30))
    assert one["effectiveDateTime"] == "2000-01-29"
    relative, original = one["_effectiveDateTime"]["extension"]
    parts = {part["url"]: part for part in relative["extension"]}
    assert relative["url"] == RELATIVE
    assert parts["target"]["valueReference"]["reference"].endswith("-c1-anchor")
    assert {side: q["value"] for side, q in parts["offset"]["valueRange"].items()} == {"low": 28, "high": 30}
    assert original["valueString"] == "day 28"


def test_fhir_writes_no_date_where_a_side_is_open():
    [one] = resources(event(low=28))
    assert "effectiveDateTime" not in one
    [range] = [
        p["valueRange"] for p in one["_effectiveDateTime"]["extension"][0]["extension"] if "valueRange" in p
    ]
    assert [*range] == ["low"]


def test_fhir_declares_epoch_licence_and_hash():
    found = resources(event(), kind="all")
    assert {one["meta"]["source"] for one in found} == {"ni:///sha-256;" + "q6ur" * 10 + "q6s"}
    about = found[0]["description"]
    assert "2000-01-01" in about
    assert "CC BY 4.0" in about
    assert "ab" * 32 in about


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (event(action="start"), {"resourceType": "MedicationStatement", "status": "active"}),
        (event(action="not_given", status="negated"), {"status": "not-taken"}),
        (event(status="hypothetical"), {"status": "intended"}),
        (event(), {"status": "unknown"}),
        (event(action="given", kind="procedure"), {"resourceType": "Procedure", "status": "completed"}),
        (event(kind="procedure", status="negated"), {"status": "not-done"}),
        (event(kind="finding", status="family"), {"resourceType": "FamilyMemberHistory"}),
        (event(kind="encounter"), {"resourceType": "Encounter", "status": "finished"}),
        (
            event(kind="outcome", low=1, high=1),
            {"resourceType": "Observation", "effectiveDateTime": "2000-01-02"},
        ),
    ],
)
def test_fhir_resources(one, expected):
    [made] = resources(one)
    assert expected.items() <= made.items()


def test_fhir_refutes_what_was_absent():
    [one] = resources(event(kind="diagnosis", status="negated"))
    assert one["verificationStatus"]["coding"][0]["code"] == "refuted"


def test_fhir_codes_and_dose():
    dose = Dose(text="375 mg/m2", value=375, unit="mg/m2", frequency="weekly", route="intravenous")
    [one] = resources(event(dose=dose))
    assert one["medicationCodeableConcept"]["coding"][0]["code"] == "DB00073"
    amount = {"value": 375, "unit": "mg/m2", "system": "http://unitsofmeasure.org", "code": "mg/m2"}
    assert one["dosage"] == [
        {
            "text": "375 mg/m2 weekly",
            "route": {"text": "intravenous"},
            "doseAndRate": [{"doseQuantity": amount}],
        }
    ]


@pytest.mark.parametrize(
    ("result", "key", "expected"),
    [
        (Measurement(text=">7,500 index", value=7500, unit="index", comparator=">"), "valueQuantity",
         {"value": 7500, "comparator": ">", "unit": "index"}),
        (Measurement(text="negative", interpretation="negative"), "valueString", "negative"),
        (Measurement(text="86-96", value=86, value_high=96), "valueRange", {"low": {"value": 86}, "high": {"value": 96}}),
    ],
)  # fmt: skip
def test_fhir_results(result, key, expected):
    [one] = resources(event(kind="lab", measurement=result))
    assert one[key] == expected


def test_fhir_splits_a_blood_pressure():
    [one] = resources(event(kind="vital", measurement=Measurement(text="120/70", value=120, value_high=70)))
    assert [c["valueQuantity"]["value"] for c in one["component"]] == [120, 70]


@pytest.mark.parametrize("reported", ["here", "elsewhere"])
def test_only_cases_of_the_report_are_written(reported):
    assert bool(resources(event(), reported=reported)) is (reported == "here")
    assert bool(rows("drug_exposure", event(), reported=reported)) is (reported == "here")


def test_omop_row_with_its_companions():
    dose = Dose(text="375 mg/m2", value=375, unit="mg/m2", frequency="weekly", duration_days=28)
    [row] = rows("drug_exposure", event(low=28, high=28, dose=dose, action="start"))
    expected = {
        "drug_concept_id": "0", "drug_exposure_start_date": "2000-01-29", "drug_source_value": "rituximab",
        "quantity": "375.0", "days_supply": "28.0", "sig": "375 mg/m2 weekly", "dose_unit_source_value": "mg/m2",
        "day_low": "28.0", "day_high": "28.0", "anchor": "admission", "basis": "explicit", "epoch": "2000-01-01",
        "license": "CC BY 4.0", "text_sha256": "ab" * 32,
    }  # fmt: skip
    assert expected.items() <= row.items()


def test_omop_keeps_a_row_without_a_date():
    [row] = rows("condition_occurrence", event(kind="diagnosis", low=28))
    assert (row["condition_start_date"], row["day_low"], row["day_high"]) == ("", "28.0", "")


@pytest.mark.parametrize(
    "one",
    [event(status="negated"), event(status="family"), event(status="hypothetical"), event(action="planned")],
)
def test_omop_leaves_out_what_did_not_happen(one):
    assert rows("drug_exposure", one) == []


def test_omop_splits_a_blood_pressure():
    pressure = Measurement(text="120/70", value=120, value_high=70, unit="mm[Hg]")
    made = rows("measurement", event(kind="vital", name="blood pressure", measurement=pressure))
    assert [(r["measurement_source_value"], r["value_as_number"]) for r in made] == [
        ("systolic blood pressure", "120.0"), ("diastolic blood pressure", "70.0"),
    ]  # fmt: skip


def test_omop_cells_are_no_formulas():
    [row] = rows("drug_exposure", event(name="=1+1"))
    assert row["drug_source_value"] == "'=1+1"


def test_omop_person():
    [row] = rows("person", event())
    assert (row["person_source_value"], row["year_of_birth"], row["gender_source_value"]) == (
        "r1/c1",
        "1960",
        "female",
    )
