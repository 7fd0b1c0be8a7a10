"""Fifty annotators at once on the real server: every edit that was answered is there, none is there twice."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import uvicorn

from annotations.review.access import HEADER, settings
from annotations.review.app import make_app
from pipeline.store import accounts, reviews
from tests.annotations.conftest import PASSWORD

ANNOTATORS = 50
EDITS = 4


@pytest.fixture
def address(store):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(make_app(settings(store, with_accounts=True)), port=port, log_level="critical")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def test_fifty_annotators_at_once(store, address, monkeypatch):
    monkeypatch.setattr(accounts, "N", 2**4)
    names = [f"ann{number}" for number in range(ANNOTATORS)]
    for name in names:
        accounts.add(store, name, "annotator", PASSWORD)

    def work(name):
        with httpx.Client(base_url=address, timeout=120) as client:
            assert client.post("/api/session", json={"name": name, "password": PASSWORD}).status_code == 200
            client.headers[HEADER] = client.get("/api/me").json()["csrf"]
            answered = 0
            for seen in range(EDITS):
                body = {"seen": seen, "decisions": [{"kind": "comment", "note": f"{name} {seen}"}]}
                answered += client.post("/api/documents/report/decisions", json=body).status_code == 200
            return answered

    with ThreadPoolExecutor(ANNOTATORS) as pool:
        answered = sum(pool.map(work, names))
    kept = [(one.author, one.decision.note) for one in reviews.decided(store, "report")]
    assert answered == len(kept) == ANNOTATORS * EDITS
    assert len(set(kept)) == len(kept)


def test_one_layer_written_at_once_takes_each_revision_once(store):
    def work(number):
        while True:
            seen = reviews.revision(store, "report", "adjudicated")
            try:
                decision = reviews.Decision("comment", note=str(number))
                extraction = reading_extraction(store)
                reviews.decide(
                    store, "report", "adjudicated", "eve", [decision], seen=seen, extraction_id=extraction
                )
                return
            except reviews.StaleReviewError:
                continue

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(24)))
    kept = list(reviews.decided(store, "report", "adjudicated"))
    assert [one.revision for one in kept] == list(range(1, 25))
    assert {one.decision.note for one in kept} == {str(number) for number in range(24)}


def reading_extraction(store):
    from pipeline.store import reading

    return reading.document(store, "report").extraction_id
