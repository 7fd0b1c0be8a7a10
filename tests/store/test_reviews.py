import pytest

from pipeline.store import StaleReviewError, StoreError, reading, reviews
from pipeline.store.reviews import Decision
from tests.store.conftest import REPORT


@pytest.fixture
def shown(store, put):
    put()
    return reading.document(store, "report").extraction_id


def test_decisions_are_numbered_and_kept(store, shown):
    edit = Decision(
        "edit_mention", "m3", {"label": "DRUG"}, {"label": "PROCEDURE"}, note="no drug", batch="b1"
    )
    last = reviews.decide(
        store, "report", "ann", "ann", [edit, Decision("accept", "e1")], seen=0, extraction_id=shown
    )
    undone = Decision("undo", undoes=1)
    assert last == 2
    assert reviews.decide(store, "report", "ann", "ann", [undone], seen=2, extraction_id=shown) == 3
    assert [one.decision for one in reviews.decided(store, "report")] == [
        edit,
        Decision("accept", "e1"),
        undone,
    ]
    assert reviews.revision(store, "report", "ann") == 3


def test_who_has_not_seen_the_last_decision_is_told(store, shown):
    one = [Decision("accept", "e1")]
    reviews.decide(store, "report", "ann", "ann", one, seen=0, extraction_id=shown)
    with pytest.raises(StaleReviewError, match="since revision 0"):
        reviews.decide(store, "report", "ann", "bob", one, seen=0, extraction_id=shown)
    assert reviews.revision(store, "report", "ann") == 1


def test_layers_are_blind_to_each_other(store, shown):
    for name in ("ann", "bob"):
        reviews.decide(store, "report", name, name, [Decision("reject", "e1")], seen=0, extraction_id=shown)
    assert [one.author for one in reviews.decided(store, "report", "bob")] == ["bob"]


def test_a_decision_on_a_replaced_version_is_refused(store, shown, put):
    put(text=REPORT.replace("20", "30"))
    with pytest.raises(StaleReviewError, match="newer version"):
        reviews.decide(store, "report", "ann", "ann", [Decision("accept")], seen=0, extraction_id=shown)


def test_an_unknown_document(store):
    with pytest.raises(StoreError, match="no such document"):
        reviews.decide(store, "x", "ann", "ann", [Decision("accept")], seen=0, extraction_id="y")


def test_assignments(store, shown):
    reviews.assign(store, "report", "ann", "annotator", by="eve")
    reviews.assign(store, "report", "ann", "annotator", by="eve", state="done")
    [one] = reviews.assigned(store, "ann")
    assert (one.document_id, one.role, one.state, one.assigned_by) == ("report", "annotator", "done", "eve")
    assert reviews.assigned(store, "bob") == []
