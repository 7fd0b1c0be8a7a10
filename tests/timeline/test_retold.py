"""What other sections tell of the patient: further tellings, further facts, contradictions."""

import pytest

import caseline

CASE = (
    "# Case presentation\n\nA 50-year-old man was admitted with pneumonia. Meropenem 3 g/day was started on day 2. "
    "Creatinine was 1.2 mg/dL. Chest CT showed consolidation.\n\n"
)


def read(more):
    """The events by name, and the codes of the notices."""
    found = caseline.read_text(CASE + more)
    assert len(found.cases) == 1
    return {e.name: e for e in found.cases[0].events}, [w.code for w in found.warnings], found


def sections(found, event):
    """The kinds of sections whose mentions tell an event."""
    return {m.section for m in found.mentions if m.id in event.mentions}


def test_a_state_told_in_the_discussion_alone_lies_with_the_presentation():
    events, _, _ = read("# Discussion\n\nOur patient also had leukocytosis.\n")
    assert events["leukocytosis"].time.day_low is None
    assert events["admission"].order < events["leukocytosis"].order < events["meropenem"].order


@pytest.mark.parametrize(
    ("more", "section"),
    [
        ("# Discussion\n\nIn our patient, meropenem was started.\n", "discussion"),
        ("Figure 1. Clinical course. Meropenem was started.\n", "caption"),
    ],
)
def test_a_further_telling_adds_its_mentions(more, section):
    events, _, found = read(more)
    assert sections(found, events["meropenem"]) == {"case", section}


def test_a_new_fact_of_the_discussion_is_an_event_without_a_day():
    events, _, _ = read("# Discussion\n\nOur patient also received linezolid.\n")
    assert events["linezolid"].time.day_low is None


@pytest.mark.parametrize(
    "more",
    [
        "# Discussion\n\nLinezolid should be given to patients with pneumonia.\n",
        "# Discussion\n\nIn a previous report, linezolid was given [3].\n",
        # A caption adds a fact only where it is dated.
        "Figure 1. Linezolid was started.\n",
        "Figure 2. Survival of patients who received linezolid on day 5.\n",
    ],
)
def test_what_is_not_of_the_patient_or_not_dated_is_none(more):
    assert "linezolid" not in read(more)[0]


def test_a_dated_fact_of_a_caption_is_an_event():
    events, _, _ = read("Figure 1. Clinical course. Linezolid 600 mg was started on day 9.\n")
    assert events["linezolid"].time.day_low == 9


def test_another_dose_is_a_notice():
    events, codes, _ = read("# Discussion\n\nIn our patient, meropenem 6 g/day was started.\n")
    assert "told_differently" in codes
    assert events["meropenem"].dose.value == 3


def test_a_word_is_no_telling_of_a_number():
    events, _, found = read("Figure 1. Creatinine was elevated.\n")
    assert sections(found, events["creatinine"]) == {"case"}
