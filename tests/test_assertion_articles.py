"""Assertion in the prose of articles, one class of the guideline after the other.

``<f fever>`` marks a mention (see LABELS in test_assertion); what is expected stands in the order of the mentions: "-" for
affirmed of the patient, else the fields, "other" for another patient or patients in general.
"""

import pytest
import spacy
from spacy.language import Language

import pipeline.structure  # noqa: F401  (registers the factories)
from pipeline.assertion import AssertionFinder
from pipeline.structure.found import candidates
from tests.test_assertion import read

NOT_GIVEN = [
    ("<d Cyclophosphamide> was not administered because of the infection.", "negated"),
    ("<d Steroids> were withheld.", "negated"),
    ("No <d antibiotics> were given, and <d oxygen> was sufficient.", "negated -"),
    ("He was managed conservatively, without <d antibiotics> or <p surgery>.", "negated negated"),
    ("<d Anticoagulation> was avoided because of the bleeding.", "negated"),
    ("<p Dialysis> was not necessary.", "negated"),
    ("She did not receive <d rituximab>.", "negated"),
    ("She had never taken <d isotretinoin>.", "negated"),
    ("He required neither <d vasopressors> nor <p intubation>.", "negated negated"),
    ("Because <d methotrexate> was contraindicated, <d azathioprine> was started.", "negated -"),
    ("<p Surgery> was deemed too risky and was not performed.", "negated"),
    ("She was not <p intubated> and had never been <p transfused>.", "negated negated"),
    ("<d Prednisolone> was discontinued on day 5.", "-"),
    ("<d Prednisolone> was not tapered until day 40.", "-"),
    ("There was no improvement with <d prednisolone>.", "-"),
    ("He did not respond to <d infliximab>, so <d tocilizumab> was added.", "- -"),
    ("Not only <d heparin> but also <d alteplase> was given.", "- -"),
    ("<d Ceftriaxone> was given without delay.", "-"),
    ("She received <d prednisolone> with no side effects.", "-"),
    ("He could not tolerate <d mycophenolate>.", "-"),
    ("The <f fever> did not resolve with <d ibuprofen>.", "- -"),
]
ABSENT = [
    ("There were no <f rash>, <f arthralgia> or <f oral ulcers>.", "negated negated negated"),
    ("She denied <f fever> and <f weight loss> but reported <f fatigue>.", "negated negated -"),
    ("The abdomen was soft, without <f tenderness> or <f guarding>.", "negated negated"),
    ("He was afebrile, and <f lymphadenopathy> was absent.", "negated"),
    ("CT showed neither <f hemorrhage> nor <f mass effect>.", "negated negated"),
    ("The biopsy was negative for <x malignancy>.", "negated"),
    ("MRI excluded <x spinal cord compression>.", "negated"),
    ("<x Tuberculosis> was excluded by culture.", "negated"),
    ("He remained free of <f seizures> thereafter.", "negated"),
    ("Neurological examination revealed no <f focal deficits>.", "negated"),
    ("There was no sign of <x recurrence> at 12 months.", "negated"),
    ("She has had no further <f episodes>.", "negated"),
    ("<f Fever> persisted despite <d meropenem>, with no <f chills>.", "- - negated"),
    ("No cause of the <f anemia> was found.", "-"),
    ("There was no change in the <f rash>.", "-"),
    ("The <f pain> was not relieved by <d morphine>.", "- -"),
    ("The <f lesion> was not tender.", "-"),
    ("No abnormality was seen except for <f cardiomegaly>.", "-"),
    ("He had no <f headache> but did have <f vomiting>.", "negated -"),
    ("<f Nausea> without <f vomiting> was noted.", "- negated"),
]
NOT_DONE = [
    ("<t Serum ferritin> could not be measured.", "negated"),
    ("<i Lumbar puncture> was not performed.", "negated"),
    ("<t Anti-MDA5 antibody> was not tested.", "negated"),
    ("<i MRI> was contraindicated because of a pacemaker.", "negated"),
    ("<t Genetic testing> was not available.", "negated"),
    ("The patient declined <i bronchoscopy>.", "negated"),
    ("<i Biopsy> was not feasible.", "negated"),
    ("No <i autopsy> was done.", "negated"),
    ("<t Blood cultures> were sterile.", "-"),
    ("<t D-dimer> was not <v elevated>.", "- -"),
    ("<i CT> did not show <f bleeding>.", "- negated"),
    ("<t Antinuclear antibodies> were <v negative>.", "- -"),
    ("No <v abnormality> was found on <i echocardiography>.", "- -"),
]
PLANNED = [
    ("<p Splenectomy> was planned for the next week.", "hypothetical"),
    ("<d Tacrolimus> was started, targeting a <t trough level> of 8-10 ng/mL.", "- hypothetical"),
    ("<d Rituximab>, an antibody targeting CD20, was given.", "-"),
    ("<d Rituximab> was considered but not given.", "hypothetical+negated"),
    ("He was scheduled for <p coronary angiography>.", "hypothetical"),
    ("<p Liver transplantation> was discussed with the family.", "hypothetical"),
    ("If <f fever> recurs, <d anakinra> should be started.", "hypothetical hypothetical"),
    ("She was listed for <p heart transplantation>.", "hypothetical"),
    ("We recommended <p amputation>, which he refused.", "hypothetical+negated"),
    ("The parents refused <p surgery>.", "negated"),
    ("She declined <d chemotherapy> and chose <d palliative care>.", "negated -"),
    ("He was offered <p thrombectomy>.", "hypothetical"),
    ("<p Surgery> was postponed.", "hypothetical"),
    ("<d Tocilizumab> would be the next option.", "hypothetical"),
    ("As planned, <p surgery> was performed on day 7.", "-"),
    ("He underwent elective <p cholecystectomy>.", "-"),
    ("A decision was made to start <d cyclophosphamide>.", "-"),
    ("She was advised to avoid <d ibuprofen>.", "negated"),
]
SUSPECTED = [
    ("<x Lupus nephritis> was suspected.", "hypothetical"),
    ("The findings were suggestive of <x sarcoidosis>.", "hypothetical"),
    (
        "The differential diagnosis included <x lymphoma>, <x tuberculosis> and <x sarcoidosis>.",
        "hypothetical hypothetical hypothetical",
    ),
    ("She was admitted for possible <x sepsis>.", "hypothetical"),
    ("<x Pulmonary embolism> could not be excluded.", "hypothetical"),
    ("CT raised concern for <x perforation>.", "hypothetical"),
    ("On day 9 she could be weaned off <d norepinephrine>.", "-"),
    ("A presumptive diagnosis of <x tuberculosis> was made.", "-"),
    ("The <x pneumonia> was thought to be caused by aspiration.", "-"),
    ("The biopsy confirmed <x vasculitis>.", "-"),
    ("She was diagnosed with <x systemic lupus erythematosus>.", "-"),
    ("The possibility of <x drug-induced hepatitis> was raised.", "hypothetical"),
    ("It was unclear whether he had <x myocarditis>.", "hypothetical"),
    ("Due to suspicion of <x meningitis>, <d ceftriaxone> was given.", "hypothetical -"),
    ("<d Ceftriaxone> was started for presumed <x pneumonia>.", "- hypothetical"),
]
HISTORY = [
    ("Her medical history included <x asthma> and <x hypertension>.", "historical historical"),
    ("He had a past history of <x tuberculosis> 20 years ago.", "historical"),
    ("His past medical history was significant for <x stroke>.", "historical"),
    ("She had undergone <p appendectomy> in childhood.", "historical"),
    ("She presented with a 2-week history of <f cough>.", "-"),
    ("A woman with a history of <x epilepsy> was admitted with <f fever>.", "historical -"),
    ("He had no history of <x diabetes>.", "negated"),
    ("There was no previous history of <f seizures>.", "negated"),
    ("Her history was unremarkable, and <f fever> had begun the day before.", "-"),
    ("<x Hypertension> had been known for 10 years.", "historical"),
    ("She was a known case of <x rheumatic heart disease>.", "historical"),
    ("His surgical history comprised <p hip replacement>.", "historical"),
]
FAMILY = [
    ("His father had died of <x colon cancer>.", "family"),
    ("There was no family history of <x sudden death>.", "family+negated"),
    ("Family history was positive for <x thyroid disease>.", "family"),
    ("A maternal aunt had <x breast cancer>; she herself had <f fatigue>.", "family -"),
    ("Her sister was diagnosed with <x celiac disease>.", "family"),
    ("His mother noticed a <f rash> on his trunk.", "-"),
    ("The parents were healthy, and the boy had <f jaundice>.", "-"),
    ("Two siblings had died of <x leukemia>.", "family"),
    ("Her family history was unremarkable; <f fever> was noted.", "-"),
    ("He received a kidney from his brother and then <d tacrolimus>.", "-"),
]
ALLERGY = [
    ("She had a known allergy to <d penicillin>.", "negated"),
    ("He was allergic to <d sulfonamides> and received <d clindamycin>.", "negated -"),
    ("Because of a <d penicillin> allergy, <d vancomycin> was chosen.", "negated -"),
    ("She had no known <d drug> allergies.", "negated"),
    ("He had developed an allergic reaction to <d amoxicillin> after two doses.", "-"),
    ("She was intolerant of <d metformin>.", "-"),
]
TESTED = [
    ("The isolate was sensitive to <d vancomycin> and <d linezolid>.", "negated negated"),
    ("The strain was susceptible to <d ampicillin> but resistant to <d gentamicin>.", "negated negated"),
    ("Susceptibility testing showed resistance to <d ciprofloxacin>; <d meropenem> was given.", "negated -"),
    ("Cultures grew E. coli sensitive to <d ceftriaxone>, so <d ceftriaxone> was continued.", "negated -"),
    ("The MIC of <d vancomycin> was 1 mg/L.", "negated"),
    ("The <d vancomycin> MIC of the isolate was 1 mg/L.", "negated"),
    ("Antibodies to <d heparin> were detected.", "negated"),
    ("A urine screen for <d opioids> was negative.", "negated"),
    ("The patch test with <d amoxicillin> was positive.", "negated"),
    ("He had been exposed to <d valproate> in utero.", "-"),
    ("The tumor was sensitive to <d cisplatin>.", "-"),
    ("The hypotension was resistant to <d norepinephrine>.", "-"),
    ("The organism, resistant to <d fluconazole>, was treated with <d caspofungin>.", "negated -"),
]
OTHERS = [
    ("discussion", "In a series of 20 patients, <d rituximab> was effective.", "other"),
    ("discussion", "<d Rituximab> has been used in refractory cases [12].", "other"),
    (
        "discussion",
        "Kato et al. reported a patient with <x myositis> who received <d tacrolimus>.",
        "other other",
    ),
    ("discussion", "<x Myositis> is a rare disease.", "other"),
    ("discussion", "Our patient was treated with <d rituximab>.", "-"),
    ("discussion", "In our case, <f fever> resolved after <d anakinra>.", "- -"),
    ("discussion", "<d Statins> may cause <x myopathy>.", "other other"),
    ("discussion", "The mortality of <x sepsis> is high.", "other"),
    ("discussion", "We gave <d prednisolone> because of the <f rash>.", "- -"),
    ("introduction", "<x Kawasaki disease> affects children under 5 years.", "other"),
    ("introduction", "We report a boy with <x Kawasaki disease> treated with <d infliximab>.", "- -"),
    ("case", "<d Dexamethasone> was started, as recommended for <x meningitis> in guidelines.", "- -"),
    ("case", "A similar case of <x myocarditis> was reported by Abe et al.", "other"),
    (
        "abstract",
        "<x Lupus> is an autoimmune disease. A 30-year-old woman presented with <f fever>.",
        "other -",
    ),
    ("conclusion", "<d Rituximab> should be considered in such patients.", "hypothetical+other"),
]
# Written after the rules had been mended by the sentences above, and run once before these were added to.
LATER = [
    ("<p Mechanical ventilation> was never needed.", "negated"),
    ("<d Antivirals> were not started, since <t PCR> was <v negative>.", "negated - -"),
    ("He was treated without <d corticosteroids>, and <f fever> was gone by day 3.", "negated -"),
    ("The family opted against <p tracheostomy>.", "negated"),
    ("<d Tocilizumab> was requested but was not available.", "negated"),
    ("There was no evidence of <x endocarditis> on <i echocardiography>.", "negated -"),
    ("<f Rash>, <f fever> and <f diarrhea> were all absent.", "negated negated negated"),
    ("She was negative for <x hepatitis B>.", "negated"),
    ("Examination was normal apart from <f pallor>.", "-"),
    ("No <t toxicology screen> was obtained.", "negated"),
    ("<t Troponin> was not checked.", "negated"),
    ("A repeat <i MRI> is scheduled in 6 months.", "hypothetical"),
    ("He is awaiting <p kidney transplantation>.", "hypothetical"),
    ("<d Eculizumab> was proposed as a next step.", "hypothetical"),
    ("She consented to <p hysterectomy>, which was performed on day 4.", "-"),
    ("An underlying <x malignancy> was considered.", "historical+hypothetical"),
    ("Findings were consistent with <x pneumonia>.", "-"),
    ("<x Tuberculosis> was considered unlikely.", "negated"),
    ("He had a known diagnosis of <x Crohn's disease>.", "historical"),
    ("Her past history was notable for <x gout> and <p thyroidectomy>.", "historical historical"),
    ("He had been well until he developed <f headache>.", "-"),
    ("His grandfather suffered from <x Parkinson's disease>.", "family"),
    ("No family member had <x epilepsy>.", "family+negated"),
    ("The patient's wife reported that he had <f confusion>.", "-"),
    ("She reported allergies to <d aspirin> and <d iodine>.", "negated negated"),
    ("The pathogen was resistant to all antibiotics except <d colistin>.", "negated"),
    ("The bacterium was found to be sensitive to <d amikacin>, which was given for 10 days.", "negated"),
    ("The lymphoma was refractory to <d CHOP>.", "-"),
]
LITERATURE = [
    ("discussion", "In contrast to our patient, most patients present with <f fever>.", "other"),
    ("discussion", "She had <f fever> in our case, too.", "-"),
    ("discussion", "Two cases were treated with <d ruxolitinib> [4,5].", "other"),
    ("discussion", "A trial of <d anakinra> in 30 children showed benefit.", "other"),
    ("discussion", "The present patient developed <x pancreatitis> after <d asparaginase>.", "- -"),
    ("introduction", "<d Imatinib> is the first-line treatment.", "other"),
    ("discussion", "The use of <d steroids> remains controversial.", "other"),
]
SENTENCES = [
    *(
        ("case", marked, expected)
        for group in (NOT_GIVEN, ABSENT, NOT_DONE, PLANNED, SUSPECTED, HISTORY, FAMILY, ALLERGY, TESTED, LATER)
        for marked, expected in group
    ),
    *OTHERS,
    *LITERATURE,
]  # fmt: skip


@pytest.fixture(scope="module")
def nlp() -> Language:
    made = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "caseline.tokenizer.v1"}}})
    made.add_pipe("caseline_sentences")
    return made


@pytest.fixture(scope="module")
def finder() -> AssertionFinder:
    return AssertionFinder()


@pytest.mark.parametrize(("section", "marked", "expected"), SENTENCES)
def test_assertion(nlp: Language, finder: AssertionFinder, section: str, marked: str, expected: str) -> None:
    doc = read(nlp, marked)
    doc._.sections = [(0, len(doc.text), section)]
    fields = finder.find(doc)
    said = [
        "+".join(sorted(fields.get(one.key, {}))).replace("patient", "other") or "-"
        for one in candidates(doc)
    ]
    assert said == expected.split()
