"""What becomes an event, and of which kind, end to end."""

import pytest

from tests.timeline.sentences import OPENING, days, events, read


def told(text):
    """(kind, name, action) of the events of a text."""
    found = [e for case in read(text).cases for e in case.events if e.start >= len(OPENING)]
    return [(e.kind, e.name, e.action) for e in sorted(found, key=lambda e: e.start)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On day 2 he seized.", [("finding", "seizure", None)]),
        ("On day 2 he desaturated.", [("finding", "oxygen desaturation", None)]),
        ("On day 2 he became febrile.", [("finding", "fever", None)]),
        ("On day 2 he deteriorated.", [("outcome", "deterioration", None)]),
        ("On day 2 he died.", [("outcome", "death", None)]),
        (
            "On day 2 the fever subsided.",
            [("finding", "fever", None), ("outcome", "resolution of fever", None)],
        ),
    ],
)
def test_predicates(text, expected):
    names = [(kind, name.replace("the ", ""), action) for kind, name, action in told(text)]
    assert names == expected
    assert all(days(e) == 2 for case in read(text).cases for e in case.events if e.start >= len(OPENING))


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("On day 6 treatment was switched from ceftriaxone to meropenem.", "ceftriaxone", "stop"),
        ("On day 6 treatment was switched from ceftriaxone to meropenem.", "meropenem", "start"),
        ("Ceftriaxone was changed to meropenem on day 6.", "ceftriaxone", "stop"),
        ("Ceftriaxone was changed to oral administration on day 6.", "ceftriaxone", "change"),
        ("He was re-challenged with carbamazepine.", "carbamazepine", "start"),
        ("Rechallenge with amoxicillin caused a rash.", "amoxicillin", "start"),
        ("Warfarin was resumed.", "warfarin", "start"),
        ("Warfarin was withdrawn.", "warfarin", "stop"),
        ("After plasma exchange the bleeding stopped.", "plasma exchange", None),
    ],
)
def test_actions(text, name, expected):
    found = events(text, name)
    assert [e.action for e in found] == [expected] if expected else all(e.action != "stop" for e in found)


def test_what_a_result_did_is_an_outcome():
    assert told("On day 9 renal function improved.")[0][:2] == ("outcome", "improvement of renal function")


def test_one_result_in_two_units_is_one_event():
    (one,) = events("Forced vital capacity was 30% (1.27 L).", "forced vital capacity")
    assert (one.measurement.value, one.measurement.unit) == (30, "%")


def test_a_repeated_examination_is_an_event_of_its_own():
    text = "Colonoscopy was performed on day 2. A repeat colonoscopy was performed."
    assert len(events(text, "colonoscopy")) == 2


def test_a_treatment_named_again_is_one_event():
    text = "Radiofrequency ablation was performed on day 2. There was no recurrence after the ablation."
    found = [name for _, name, _ in told(text) if "ablation" in name]
    assert found == ["radiofrequency ablation"]


def test_weaned_off_one_treatment_behind_another():
    assert ("drug", "oxygen", "stop") in told(
        "He was extubated on day 24 and weaned off oxygen 10 days later."
    )


def test_followed_some_time_later_by():
    text = "Six weeks earlier he had noticed fatigue, followed two weeks later by epistaxis."
    assert [days(e) for name in ("fatigue", "epistaxis") for e in events(text, name)] == [-42, -28]


def test_the_time_of_a_level_is_no_length_of_a_treatment():
    text = "On day 3 cyclosporine 4 mg/kg/day, adjusted to a 2-hour level of 800 ng/mL, was started."
    assert [(e.action, e.end_time) for e in events(text, "cyclosporine")] == [("start", None)]


def test_a_dose_behind_a_tube_is_the_drugs():
    text = "He received cyproheptadine 12 mg via nasogastric tube, followed by 2 mg every 2 hours."
    assert [e.dose.value for e in events(text, "cyproheptadine") if e.dose] == [12, 2]
    assert all(e.dose is None for e in events(text, "nasogastric tube"))


def test_discharged_to_a_rehabilitation_facility():
    assert [t[:2] for t in told("He was discharged to a rehabilitation facility on day 30.")] == [
        ("encounter", "discharge")
    ]


def test_an_operation_that_is_only_counted_from_is_the_one_told():
    text = "Keratoplasty was performed on day 14. Natamycin was given at the end of surgery. Cataract surgery followed on day 90."
    assert [e.name for e in events(text, "surgery")] == []
    assert [days(e) for e in events(text, "natamycin")] == [14]


def test_a_result_that_normalized_later_has_its_own_day():
    text = "On day 35 ALT was 212 U/L, which normalized 2 weeks later."
    assert [days(e) for e in events(text, "normalization of alanine aminotransferase")] == [49]


def test_the_form_behind_a_strength_is_no_drug_of_its_own():
    assert [t[1] for t in told("He used dexamethasone 0.1% eye drops.") if t[0] == "drug"] == [
        "dexamethasone"
    ]


def test_what_a_result_went_on_to_do_begins_no_treatment():
    text = "Because troponin continued to rise, mycophenolate mofetil 1 g twice daily was added on day 4."
    assert [e.action for e in events(text, "mycophenolate mofetil")] == ["start"]
