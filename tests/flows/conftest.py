"""What the tests of the flows share."""

import pytest

from pipeline.store import open_store


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "store.sqlite")
    yield opened
    opened.close()
