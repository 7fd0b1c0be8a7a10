import pytest

from caseline import extract
from pipeline.reader import read_bytes
from pipeline.store import open_store, writing

REPORT = (
    "A 40-year-old woman was admitted with fever. On hospital day 3, prednisolone 20 mg/day was started.\n"
)


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "store.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def put(store):
    """Reads, extracts and saves a text; gives what became of it."""

    def put(id="report", text=REPORT, uri=None):
        document = read_bytes(text.encode(), id, uri or f"/texts/{id}.txt")
        found = extract(document)
        writing.use(store, found.produced_by.config, "0.1.0", {})
        return writing.save(
            store, document, found, writing.Item(uri or f"/texts/{id}.txt", "0" * 64), run=None
        )

    return put
