"""Fetching from a server that pages, refuses, breaks off, and tells half."""

import pytest

from flows.harvest import gathered, retract
from flows.report import Outcome
from flows.sources import FetchError
from flows.sources.europepmc import EuropePMC
from flows.sources.eutils import EUtils
from flows.sources.pmc import OpenStore
from flows.worker import Setup, Worker
from pipeline.build import build_nlp
from pipeline.fingerprint import fingerprint
from pipeline.store import backup, harvests, open_store, reading, running, writing
from tests.flows.library import article, serving


@pytest.fixture
def library():
    with serving() as library:
        yield library


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "store.sqlite")
    writing.use(opened, fingerprint(), "0.1.0", {})
    harvests.add(opened, "jdm", "europepmc", "dermatomyositis", "0 6 * * 1")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def nlp():
    return build_nlp()


@pytest.fixture
def harvest(store, library, nlp):
    """Harvests once; gives the outcome."""

    def harvest(source=None) -> Outcome:
        source = source or EuropePMC(library.url, page=2, per_second=1000, pause=0.01)
        number = running.begin(store, "harvest", fingerprint(), "jdm")
        planned, outcome = gathered(store, harvests.named(store, "jdm"), source, fingerprint(), number)
        for reply in Worker(Setup(store.location, number, (), 5_000_000, 60.0), nlp, store).do(planned.tasks):
            outcome.add(reply)
        retract(store, number, outcome)
        return outcome

    return harvest


def test_what_is_new_then_nothing(store, library, harvest):
    library.facts = {f"PMC{n}": {"dateOfRevision": "2026-01-01"} for n in range(1, 6)}
    assert harvest().line == "found 5, new 5, unchanged 0, failed 0, extracted 5"
    assert library.asked["search"] >= 3, "two a page"
    assert harvests.named(store, "jdm").since is not None
    assert harvest().line == "found 5, new 0, unchanged 5, failed 0, extracted 0"
    assert library.asked["PMC1/fullTextXML"] == 1
    assert list(backup.check(store)) == []


@pytest.mark.parametrize(
    "trouble",
    [
        [(429, b"", {"Retry-After": "0"})],
        [(500, b"", {}), (503, b"", {"Retry-After": "Wed, 01 Jan 2020 00:00:00 GMT"})],
        ["cut"],
        ["slow"],
    ],
    ids=["429", "5xx", "cut off", "slow"],
)
def test_passing_trouble_is_waited_out(library, harvest, trouble):
    library.misbehave = {"PMC2/fullTextXML": list(trouble)}
    assert harvest().line == "found 5, new 5, unchanged 0, failed 0, extracted 5"


def test_lasting_trouble_costs_one_article_and_is_tried_again(library, harvest):
    library.misbehave = {"PMC2/fullTextXML": [(500, b"", {})] * 6}
    outcome = harvest()
    assert outcome.line == "found 5, new 4, unchanged 0, failed 1, extracted 4"
    assert outcome.failures[0][1].endswith("status 500")
    assert harvest().new == 1


def test_an_article_without_a_full_text_is_told_apart(library, harvest):
    library.articles["PMC3"] = article("PMC3", body=False)
    library.articles["PMC4"] = b""
    outcome = harvest()
    assert (outcome.not_open, outcome.new, len(outcome.failures)) == (2, 3, 0)


def test_malformed_xml_is_a_failure_with_its_reason(library, harvest):
    library.articles["PMC3"] = article("PMC3")[:-20]
    outcome = harvest()
    assert outcome.line == "found 5, new 4, unchanged 0, failed 1, extracted 4"
    assert "XML is broken" in outcome.failures[0][1]


def test_a_listing_that_breaks_off_goes_on_where_it_was(store, library, harvest):
    library.misbehave = {"search": [None, (400, b"", {})]}
    with pytest.raises(FetchError, match="status 400"):
        harvest()
    assert harvests.named(store, "jdm").cursor == "2"
    harvest()
    assert reading.counts(store)["documents"] == 5
    assert library.asked["PMC1/fullTextXML"] == 1


def test_a_new_version_replaces_the_events(store, library, harvest):
    harvest()
    library.articles["PMC1"] = article("PMC1", age=77)
    outcome = harvest()
    assert (outcome.changed, outcome.versions) == (1, ["PMC1"])
    assert "77-year-old" in reading.extraction(store, "PMC1").text


def test_a_retracted_article_is_withdrawn(store, library, harvest):
    harvest()
    library.retracted = {"PMC1"}
    assert harvest().withdrawn == ["PMC1"]
    assert "PMC1" not in [one.id for one in reading.extractions(store)]


def test_a_notice_withdraws_what_it_retracts(store, library, harvest):
    harvest()
    related = '<related-article related-article-type="retracted-article" xlink:href="PMC2"/>'
    library.articles["PMC9"] = article("PMC9", kind="retraction", related=related)
    assert harvest().withdrawn == ["PMC2"]
    assert reading.document(store, "PMC2").reason == "retracted (PMC9)"


def test_e_utilities(store, library, harvest):
    library.articles["PMC3"] = article("PMC3", body=False)
    outcome = harvest(EUtils(library.url, page=2, per_second=1000, pause=0.01))
    assert (outcome.found, outcome.new, outcome.not_open) == (5, 4, 1)


def test_the_open_access_store_by_ids(store, library, harvest):
    harvests.remove(store, "jdm")
    harvests.add(store, "jdm", "pmc", "PMC1, PMC2 PMC77", None)
    library.retracted = {"PMC2"}
    names = EuropePMC(library.url, per_second=1000, pause=0.01)
    outcome = harvest(OpenStore(library.url, names=names, per_second=1000, pause=0.01))
    assert (outcome.found, outcome.new, outcome.not_open, outcome.withdrawn) == (3, 1, 1, ["PMC2"])
