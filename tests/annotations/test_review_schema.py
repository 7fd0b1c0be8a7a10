"""The interface against its own description: whatever is sent, the server answers and never fails."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.review.access import HEADER
from annotations.review.access import settings as served
from annotations.review.app import make_app
from pipeline.store import open_store


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    store = open_store(tmp_path_factory.mktemp("schema") / "store.sqlite")
    yield make_app(served(store, with_accounts=False))
    store.close()


def test_nothing_that_is_sent_breaks_the_server(app):
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    operations = [one.ok() for one in schema.get_all_operations()]
    assert len(operations) > 15
    cases = st.one_of([operation.as_strategy() for operation in operations])

    @given(case=cases)
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    def send(case):
        answer = case.call(headers={HEADER: app.state.settings.local, "host": "testserver"})
        assert answer.status_code < 500

    send()
