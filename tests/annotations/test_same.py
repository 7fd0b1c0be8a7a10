"""The same patient in two publications: true pairs, and pairs that look like one and are none."""

import pytest

from annotations.same import look, marked
from annotations.same.look import candidates
from annotations.same.told import Told, author, place
from caseline import extract
from pipeline.export import csv
from pipeline.reader import read_bytes
from pipeline.store import StoreError, duplicates, open_store, reading, writing

FIRST = (
    "A 34-year-old woman was admitted with dyspnea. Ferritin was 8,125 ng/mL. Juvenile dermatomyositis was diagnosed. "
    "On hospital day 3, cyclosporine 150 mg/day was started. On hospital day 9, rituximab 620 mg was given."
)
# The same course in other words, as a second group of authors would tell it.
RETOLD = (
    "We describe a 34-year-old female patient with dermatomyositis who had been admitted with dyspnea; her ferritin level "
    "was 8,125 ng/mL. Cyclosporine 150 mg/day was begun on hospital day 3 and rituximab 620 mg was added on hospital day 9."
)
# Another patient of the same disease and drugs: age, values and days are others.
LIKE = (
    "A 61-year-old woman was admitted with dyspnea. Ferritin was 2,470 ng/mL. Juvenile dermatomyositis was diagnosed. "
    "On hospital day 5, cyclosporine 200 mg/day was started. On hospital day 20, rituximab 1000 mg was given."
)
MAN = FIRST.replace("woman", "man")
ELSE = (
    "A 34-year-old woman was admitted with a fracture of the wrist after a fall. Ibuprofen 400 mg was given."
)

META = """<article article-type="case-report" xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta>
<article-id pub-id-type="doi">{doi}</article-id><title-group><article-title>A case</article-title></title-group>
<contrib-group>{authors}<aff>Department of Rheumatology, Hospital of Orvanta, Zembla</aff></contrib-group></article-meta>
</front><body><sec><title>Case</title><p>{text}</p></sec></body><back><ref-list><ref><element-citation>
<pub-id pub-id-type="doi">{cites}</pub-id></element-citation></ref></ref-list></back></article>"""
PERSON = (
    '<contrib contrib-type="author"><name><surname>{}</surname><given-names>{}</given-names></name></contrib>'
)


def article(text, doi, people, cites=""):
    authors = "".join(PERSON.format(*person.split()) for person in people)
    return META.format(text=text, doi=doi, authors=authors, cites=cites).encode()


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "store.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def found(store):
    """Puts texts into the store and gives the pairs of documents that are found."""

    def found(**texts):
        for id, text in texts.items():
            data = text if isinstance(text, bytes) else text.encode()
            document = read_bytes(data, id, f"/texts/{id}")
            record = extract(document)
            writing.use(store, record.produced_by.config, "0.1.0", {})
            writing.save(store, document, record, writing.Item(f"/texts/{id}", "0" * 64), run=None)
        look(store)
        return [(one.first.split("#")[0], one.second.split("#")[0]) for one in duplicates.every(store)]

    return found


@pytest.mark.parametrize("other", [RETOLD, FIRST, f"{FIRST} She was discharged on day 30."])
def test_one_patient_told_twice(store, found, other):
    assert found(a=FIRST, b=other, c=LIKE, d=ELSE) == [("a", "b")]


@pytest.mark.parametrize(
    "other", [LIKE, MAN, ELSE], ids=["another age and course", "sex", "only age and sex"]
)
def test_two_patients(found, other):
    assert found(a=FIRST, b=other) == []


def test_reasons_name_what_agrees(store, found):
    found(a=FIRST, b=RETOLD)
    [pair] = duplicates.every(store)
    said = "; ".join(pair.reasons)
    assert "age 34" in said
    assert "ferritin 8125 ng/mL" in said
    assert "cyclosporine day 3" in said


def test_a_group_that_writes_on_many_patients_is_no_reason_by_itself(found):
    people = ("Orlova Nadia", "Brandt Karl")
    assert found(a=article(FIRST, "10.1/a", people), b=article(ELSE, "10.1/b", people, cites="10.1/a")) == []


def test_authors_centre_and_citation_speak_for_a_pair(store, found):
    short = "A 34-year-old woman had dermatomyositis. Cyclosporine was given."
    alone = found(a=short, b=FIRST)
    people = ("Orlova Nadia", "Brandt Karl")
    both = {
        "10.1/c": article(short, "10.1/c", people, cites="10.1/d"),
        "10.1/d": article(FIRST, "10.1/d", people),
    }
    assert alone == []
    assert ("10.1/c", "10.1/d") in found(**both)
    said = "; ".join(duplicates.every(store, "10.1/c")[0].reasons)
    assert "2 authors in common" in said
    assert "the same centre" in said
    assert "one cites the other" in said


def test_a_reviewer_decides_and_it_stays(store, found):
    found(a=FIRST, b=RETOLD)
    decided = duplicates.decide(store, "b#c1", "a#c1", "same", "anna")
    assert (decided.decision, decided.author) == ("same", "anna")
    look(store)
    assert duplicates.every(store, undecided=True) == []
    [record] = [marked(r, duplicates.every(store)) for r in reading.extractions(store) if r.id == "a"]
    assert [one.case for one in record.cases[0].same_patient] == ["b#c1"]
    assert "b#c1 (same)" in "".join(csv.rows(record))
    duplicates.decide(store, "a#c1", "b#c1", "different", "ben")
    assert marked(record.model_copy(), []).cases == record.cases
    [record] = [marked(r, duplicates.every(store)) for r in reading.extractions(store) if r.id == "a"]
    assert record.cases[0].same_patient == ()


def test_only_candidates_are_decided_on(store):
    with pytest.raises(StoreError, match="no candidates"):
        duplicates.decide(store, "a#c1", "b#c1", "same", "anna")


def test_a_candidate_that_no_longer_holds_goes(store, found):
    found(a=FIRST, b=RETOLD)
    assert found(b=LIKE) == []


def test_withdrawn_documents_have_no_candidates(store, found):
    found(a=FIRST, b=RETOLD)
    writing.withdraw(store, "b", "retracted")
    look(store)
    assert duplicates.every(store) == []


def test_names_and_addresses():
    assert author("Garcia-Lopez, Maria J") == author("García-López, M.").replace("í", "i").replace("ó", "o")
    assert author("Orlova, Nadia") == "orlova n"
    assert place("Department of Medicine, University Hospital Orvanta, Zembla") == {"orvanta", "zembla"}


def test_what_many_share_is_not_compared():
    told = [
        Told(f"d{n}#c1", f"d{n}", f"k{n}", 40.0, "female", frozenset(), frozenset(), frozenset(), ())
        for n in range(200)
    ]
    for one in told:
        one.names["drug"].add("prednisolone")
        one.facts.add(("dose", "prednisolone", "20 mg/d"))
    assert candidates(told) == []
