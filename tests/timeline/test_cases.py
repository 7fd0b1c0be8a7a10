"""Which patients a document reports: the gate, series, relatives, and what is told of all of them."""

import pytest

import caseline

REVIEW = """Rituximab in membranous nephropathy

Membranous nephropathy is a leading cause of nephrotic syndrome in adults. Rituximab depletes B cells and has been used since
2002. This review summarizes the mechanisms of action, the dosing regimens of 375 mg/m2 weekly and 1 g every two weeks, and the
evidence from observational studies. Remission occurs in about 60% of patients within 12 months, and relapses respond to
retreatment. Infusion reactions and hypogammaglobulinemia are the main adverse effects. Further trials are needed.
"""
COHORT = """Outcomes of severe leptospirosis

Background: Leptospirosis causes acute kidney injury. Methods: We retrospectively analyzed 84 patients who were admitted to two
tertiary hospitals between 2012 and 2019. Inclusion criteria were a positive microscopic agglutination test and age over 18
years. Results: The median age was 41 years (IQR 30-55) and 71 were men. Creatinine on admission was 3.9 mg/dL. Hemodialysis was
started in 22 patients on day 2, and 9 patients died. On regression, oliguria predicted death (odds ratio 4.1, 95% CI 1.6-10.2).
Conclusion: Early dialysis may improve survival.
"""
TRIAL = """Colchicine after ablation

In this double-blind trial, 160 participants were randomly assigned to colchicine 0.5 mg twice daily or placebo for 10 days. The
primary outcome was pericarditis at 3 months. Pericarditis occurred in 6 of 80 patients in the treatment group and in 17 of 80 in
the control group (p = 0.01). Diarrhea was more frequent with colchicine. No patient died.
"""
EDITORIAL = """Are we giving too many antibiotics?

Antibiotics save lives, and they are overused. In this issue, colleagues show that one in three courses of ceftriaxone is not needed.
We argue that stewardship teams should review every prescription after 48 hours. Some will say that sepsis kills faster than
committees decide. That is true, and it is why the first dose must be early and the second one must be questioned.
"""
META = """Steroids in alcoholic hepatitis: a systematic review and meta-analysis

We searched PubMed and Embase for randomized trials of prednisolone 40 mg daily. Eleven trials with 2,111 patients were included.
Prednisolone reduced mortality at 28 days (hazard ratio 0.64, 95% CI 0.48-0.86) but not at 6 months. Infections were more frequent.
"""
SURVEY = """Practice of tracheostomy in intensive care

An online survey was sent to 412 intensive care units. Tracheostomy was performed after a median of 9 days of ventilation. Most
units (78%) used the percutaneous technique, and 35% had no protocol for decannulation.
"""
ONE = (
    "A 34-year-old woman was admitted with fever. Ceftriaxone 2 g daily was started on day 2. She recovered."
)


@pytest.mark.parametrize("text", [REVIEW, COHORT, TRIAL, EDITORIAL, META, SURVEY])
def test_reviews_cohorts_trials_and_opinions_have_mentions_and_no_case(text):
    found = caseline.read_text(text)
    assert found.mentions
    assert found.cases == ()


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        "The patient was admitted with fever. Aspirin was started.",
        "Old man, 78 years, fell at home. He was intubated.",
        "Case: a male neonate was born at 27 weeks. Surfactant was given.",
        "A 34-year-old woman was admitted with fever. In a retrospective study of 120 patients, mortality was 12%. She died.",
    ],
)
def test_a_single_patient_is_a_case(text):
    assert len(caseline.read_text(text).cases) == 1


def test_what_the_discussion_cites_does_not_hide_the_case():
    report = f"# A report\n\n## Case presentation\n\n{ONE}\n\n## Discussion\n\n" + COHORT.split("\n\n")[1]
    assert [case.id for case in caseline.read_text(report).cases] == ["c1"]


def told(case, *kinds):
    """(name, day) of the events of a case that happened, in order."""
    wanted = kinds or ("drug", "procedure", "finding", "encounter", "outcome", "diagnosis", "lab")
    events = sorted(case.events, key=lambda e: (e.order, e.start))
    return [(e.name, e.time.day_low) for e in events if e.kind in wanted and e.status == "affirmed"]


def who(extraction):
    return [(case.id, case.patient.age_years, case.patient.sex) for case in extraction.cases]


SERIES = """# Two patients with lupus nephritis

## Abstract

We describe two patients with lupus nephritis. Both patients received belimumab.

## Case 1

### Presentation

A 24-year-old woman was admitted with edema. On day 3, prednisolone 60 mg/day was started.

### Outcome

She was discharged on day 12.

## Case 2

A 51-year-old man was admitted with hematuria. On day 5, cyclophosphamide 500 mg was given. Belimumab was started on day 20.

## Discussion

Neither of our patients had thrombosis. Both patients recovered. Belimumab has been used in 40 patients in the literature.
"""


def test_each_case_of_a_series_has_its_patient_day_0_and_events():
    found = caseline.read_text(SERIES)
    assert who(found) == [("c1", 24, "female"), ("c2", 51, "male")]
    first, second = found.cases
    assert told(first, "drug", "encounter") == [
        ("admission", 0),
        ("prednisolone", 3),
        ("discharge", 12),
        ("belimumab", None),
    ]
    assert told(second, "drug", "encounter") == [("admission", 0), ("cyclophosphamide", 5), ("belimumab", 20)]
    assert [case.anchor.event for case in found.cases] == ["admission", "admission"]


def test_what_is_told_of_both_goes_to_each():
    first, second = caseline.read_text(SERIES).cases
    assert told(first, "outcome") == told(second, "outcome") == [("recovery", None)]
    assert len([e for e in second.events if e.name == "belimumab"]) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Case 1: A", "Case 2: A"),
        ("Patient 1 was a", "Patient 2 was a"),
        ("The first patient was a", "The second patient was a"),
        ("Case A. A", "Case B. A"),
        ("Twin A was a", "Twin B was a"),
        ("Our first case was a", "The second case was a"),
        ("Case No. 1 A", "Case No. 2 A"),
        ("Case I: A", "Case II: A"),
    ],
)
def test_paragraphs_that_begin_a_case(first, second):
    text = (
        f"{first} 30-year-old woman who was admitted with fever. Aspirin was started on day 2.\n\n"
        f"{second} 40-year-old man who was admitted with cough. Heparin was started on day 4.\n"
    )
    found = caseline.read_text(text)
    assert who(found) == [("c1", 30, "female"), ("c2", 40, "male")]
    assert [told(case, "drug") for case in found.cases] == [[("aspirin", 2)], [("heparin", 4)]]


@pytest.mark.parametrize(
    "second",
    [
        "Case 1 and case 2 were similar. Aspirin was continued.",
        "Patient 1 year later was well.",
        "The second dose was given on day 9.",
        "The patient's condition improved.",
        "Her brother had asthma.",
        "In case of fever, aspirin was planned.",
        "Case of the month was discussed.",
    ],
)
def test_paragraphs_that_begin_none(second):
    assert len(caseline.read_text(f"{ONE}\n\n{second}\n").cases) == 1


@pytest.mark.parametrize(
    "opening",
    ["Her brother, aged 12 years, was", "Her brother, a 12-year-old boy, was", "The 12-year-old brother was"],
)
def test_a_relative_who_fell_ill_is_a_patient(opening):
    found = caseline.read_text(
        "A 9-year-old girl was admitted with jaundice. Penicillamine was started on day 6.\n\n"
        f"{opening} admitted with tremor two months later. Zinc was started on day 3. He recovered.\n"
    )
    assert who(found) == [("c1", 9, "female"), ("c2", 12, "male")]
    assert told(found.cases[1], "drug", "finding") == [("tremor", 0), ("zinc", 3)]
    assert {m.case for m in found.mentions if m.text in ("tremor", "Zinc")} == {"c2"}


def test_the_mother_of_a_newborn_is_no_patient():
    found = caseline.read_text(
        "A male neonate was admitted with apnea on the first day of life.\n\n"
        "His mother, a 31-year-old primigravida, was admitted with fever in labor.\n"
    )
    assert len(found.cases) == 1


def test_family_history_stays_with_the_patient():
    found = caseline.read_text(
        "A 9-year-old girl was admitted with jaundice. Her mother had died of cirrhosis at age 40."
    )
    assert len(found.cases) == 1


def test_event_ids_are_unique_in_a_document():
    ids = [event.id for case in caseline.read_text(SERIES).cases for event in case.events]
    assert len(ids) == len(set(ids))
