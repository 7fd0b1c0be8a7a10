import shutil

import pytest
from fastapi.testclient import TestClient

from annotations.review.access import HEADER, settings
from annotations.review.app import make_app
from caseline import extract
from pipeline.reader import read_bytes
from pipeline.store import accounts, open_store, writing

REPORT = (
    "A 30-year-old woman was admitted with fever. On hospital day 24, rituximab 375 mg/m2 was given. "
    "On hospital day 40, rituximab was repeated. She was discharged on hospital day 60."
)
PASSWORD = "a long password"


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """A store with two reports, as a file to copy."""
    path = tmp_path_factory.mktemp("filled") / "store.sqlite"
    opened = open_store(path)
    for id, text in (("report", REPORT), ("other", "A boy was admitted. On day 2, rituximab was given.")):
        document = read_bytes(text.encode(), id, f"/texts/{id}.txt")
        found = extract(document)
        writing.use(opened, found.produced_by.config, "0.1.0", {})
        writing.save(opened, document, found, writing.Item(f"/texts/{id}.txt", "0" * 64), run=None)
    opened.close()
    return path


@pytest.fixture
def store(tmp_path, filled):
    opened = open_store(shutil.copy(filled, tmp_path / "store.sqlite"))
    yield opened
    opened.close()


@pytest.fixture
def local(store):
    """The application as one person at this machine has it."""
    with TestClient(make_app(settings(store, with_accounts=False))) as client:
        client.headers[HEADER] = client.get("/api/me").json()["csrf"]
        yield client


@pytest.fixture
def people(store, monkeypatch):
    """Clients that are logged in, by name: ann and bob annotate, eve adjudicates, root is the admin."""
    monkeypatch.setattr(accounts, "N", 2**10)
    roles = {"ann": "annotator", "bob": "annotator", "eve": "adjudicator", "root": "admin"}
    for name, role in roles.items():
        accounts.add(store, name, role, PASSWORD)
    app = make_app(settings(store, with_accounts=True))
    clients = {}
    for name in roles:
        client = TestClient(app)
        assert client.post("/api/session", json={"name": name, "password": PASSWORD}).status_code == 200
        client.headers[HEADER] = client.get("/api/me").json()["csrf"]
        clients[name] = client
    clients["nobody"] = TestClient(app)
    return clients
