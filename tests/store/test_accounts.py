import pytest

from pipeline.store import StoreError, accounts, open_store


@pytest.fixture
def store(location, monkeypatch):
    monkeypatch.setattr(accounts, "N", 2**10)  # the tests need no slow hash
    store = open_store(location)
    accounts.add(store, "ann", "annotator", "correct horse")
    yield store
    store.close()


def test_a_session_lasts_until_it_is_ended(store):
    token = accounts.log_in(store, "ann", "correct horse", "127.0.0.1")
    account = accounts.who(store, token)
    assert account is not None
    assert (account.name, account.role) == ("ann", "annotator")
    accounts.log_out(store, token)
    assert accounts.who(store, token) is None


def test_each_log_in_has_a_token_of_its_own(store):
    tokens = {accounts.log_in(store, "ann", "correct horse", "127.0.0.1") for _ in range(2)}
    assert len(tokens) == 2


def test_neither_password_nor_token_is_kept(store):
    token = accounts.log_in(store, "ann", "correct horse", "127.0.0.1")
    with store.read() as connection:
        kept = "".join(
            str(row)
            for table in ("accounts", "sessions")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        )
    assert "correct horse" not in kept
    assert token not in kept


@pytest.mark.parametrize(("name", "password"), [("ann", "wrong horse"), ("bob", "correct horse")])
def test_a_wrong_name_and_a_wrong_password_sound_the_same(store, name, password):
    with pytest.raises(accounts.LogInError, match=r"^name or password is wrong$"):
        accounts.log_in(store, name, password, "127.0.0.1")


def test_guessing_is_stopped_even_for_the_right_password(store):
    for _ in range(accounts.FREE_ATTEMPTS):
        with pytest.raises(accounts.LogInError):
            accounts.log_in(store, "ann", "wrong horse", "127.0.0.1")
    with pytest.raises(accounts.LogInError, match="too many"):
        accounts.log_in(store, "ann", "correct horse", "127.0.0.1")


def test_an_account_that_is_closed_is_logged_out(store):
    token = accounts.log_in(store, "ann", "correct horse", "127.0.0.1")
    accounts.change(store, "ann", active=False)
    assert accounts.who(store, token) is None
    with pytest.raises(accounts.LogInError):
        accounts.log_in(store, "ann", "correct horse", "127.0.0.1")


@pytest.mark.parametrize(
    ("name", "role", "password", "reason"),
    [
        ("Ann B", "annotator", "correct horse", "no account name"),
        ("bob", "king", "correct horse", "no role"),
        ("bob", "annotator", "short", "at least 10"),
        ("ann", "annotator", "correct horse", "already"),
        ("adjudicated", "annotator", "correct horse", "no account name"),
    ],
)
def test_accounts_that_are_refused(store, name, role, password, reason):
    with pytest.raises(StoreError, match=reason):
        accounts.add(store, name, role, password)
