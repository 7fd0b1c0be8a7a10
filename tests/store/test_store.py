import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, update

from caseline import extract
from pipeline.reader import read_bytes
from pipeline.store import NewerStoreError, StoreError, backup, claims, open_store, reading, tables, writing
from pipeline.store.engine import connect, url
from pipeline.store.migrate import HEAD, known, revision, upgrade
from tests import postgres
from tests.conftest import SAMPLES
from tests.store.conftest import REPORT, SQLITE


def test_what_was_saved_is_read_back_byte_for_byte(store):
    for path in SAMPLES:
        document = read_bytes(path.read_bytes(), path.stem, str(path))
        found = extract(document)
        writing.use(store, found.produced_by.config, "0.1.0", {})
        writing.save(store, document, found, writing.Item(str(path), "0"), run=None)
        assert reading.extraction(store, path.stem).model_dump_json() == found.model_dump_json()
        assert reading.as_read(store, path.stem) == document
    assert [one.id for one in reading.extractions(store)] == [path.stem for path in SAMPLES]
    assert list(backup.check(store)) == []


def test_rows_say_what_the_record_says(store, put):
    put()
    t = tables
    with store.read() as connection:
        drug = connection.execute(select(t.mentions).where(t.mentions.c.label == "DRUG")).one()
        event = connection.execute(select(t.events).where(t.events.c.kind == "drug")).one()
    assert (drug.text, drug.name, drug.negated) == ("prednisolone", "prednisolone", False)
    assert (event.name, event.day_low, event.dose_value, event.dose_unit) == (
        "prednisolone",
        3.0,
        20.0,
        "mg/d",
    )


def test_saving_again_changes_nothing(store, put):
    first = put()
    before = backup.digest(store)
    second = put()
    assert (first.new, first.changed, second.new, second.changed) == (True, False, False, False)
    assert backup.digest(store) == before


def test_another_text_is_another_version_of_the_same_file(store, put):
    put()
    saved = put(text=REPORT.replace("20", "30"))
    assert (saved.version, saved.new, saved.changed) == (2, False, True)
    assert "30 mg/day" in reading.extraction(store, "report").text
    assert len(reading.versions(store, "report")) == 2
    assert reading.counts(store)["extractions"] == 2


def test_another_file_of_the_same_name_is_another_document(store, put):
    put()
    saved = put(text=REPORT.replace("20", "30"), uri="/other/report.txt")
    assert (saved.document_id, saved.new) == ("/other/report.txt", True)
    moved = put(uri="/moved/report.txt")
    assert (moved.document_id, moved.new, moved.changed) == ("report", False, False)


def test_equal_texts_share_their_content(store, put):
    put("one")
    put("two")
    counts = reading.counts(store)
    assert (counts["documents"], counts["contents"], counts["extractions"]) == (2, 1, 2)


def test_an_extraction_off_its_text_is_refused(store):
    document = read_bytes(REPORT.encode(), "report", "r")
    found = extract(document)
    shifted = found.mentions[0].model_copy(update={"start": 1, "end": 2})
    writing.use(store, found.produced_by.config, "0.1.0", {})
    with pytest.raises(StoreError, match="is not the text at 1:2"):
        writing.save(
            store,
            document,
            found.model_copy(update={"mentions": (shifted,)}),
            writing.Item("r", "0"),
            run=None,
        )
    assert reading.counts(store)["documents"] == 0


def test_a_withdrawn_document_is_in_no_answer(store, put):
    put()
    assert writing.withdraw(store, "report", "retracted")
    assert not writing.withdraw(store, "report", "retracted")
    assert list(reading.extractions(store)) == []
    assert [one.id for one in reading.extractions(store, withdrawn=True)] == ["report"]


def test_failures_count_their_attempts_until_one_succeeds(store, put):
    item = writing.Item("/texts/report.txt", "0" * 64)
    for _ in range(2):
        writing.fail(store, item, "f", "read", "empty", run=None)
    [failure] = reading.failures(store)
    assert (failure.reason, failure.attempts) == ("empty", 2)
    put()
    assert reading.failures(store) == []


def test_a_claim_keeps_others_off_until_it_ends(store):
    assert claims.claim(store, "key", "f", 60)
    program = (
        "import sys; from pipeline.store import open_store, claims;"
        "print(claims.claim(open_store(sys.argv[1]), 'key', 'f', 60))"
    )

    def other():
        command = [sys.executable, "-c", program, store.location]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert other() == "False"
    claims.release(store, "key", "f")
    assert other() == "True"
    assert claims.claim(store, "key", "f", 60), "the claim of a process that died is free"


def test_the_migrations_make_the_tables(store):
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    assert known()[-1] == HEAD


def test_a_newer_store_is_refused(store):
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerStoreError, match="version 9999"):
        open_store(store.location)


@SQLITE
def test_an_empty_older_store_is_kept_before_it_migrates(store, put, monkeypatch, tmp_path):
    put()
    monkeypatch.setattr("pipeline.store.migrate.HEAD", "later")
    monkeypatch.setattr("pipeline.store.migrate.upgrade", lambda engine: None)
    open_store(store.location)
    kept = open_store_of(tmp_path / f"store.sqlite.before-{HEAD}")
    assert kept == 1


def open_store_of(path):
    with sqlite3.connect(path) as connection:
        [(number,)] = connection.execute("SELECT count(*) FROM documents")
    connection.close()
    return number


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be looked at" * 20, b""])
def test_what_is_no_store(tmp_path, content):
    path = tmp_path / "x.sqlite"
    path.write_bytes(content)
    if content:
        with pytest.raises(StoreError, match="cannot be opened"):
            open_store(path)
    else:
        open_store(path).close()


def test_a_database_of_something_else_is_refused(empty):
    engine = connect(url(empty))
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE other (id INTEGER)")
    engine.dispose()
    with pytest.raises(StoreError, match="other tables"):
        open_store(empty)


@pytest.mark.parametrize("version", known())
def test_a_store_of_any_version_migrates(empty, version):
    engine = connect(url(empty))
    upgrade(engine, version)
    engine.dispose()
    store = open_store(empty)
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
        assert revision(connection) == HEAD
    store.close()


def test_summaries_of_an_older_store_are_filled_as_if_written_today(store, put):
    put("one", REPORT + "Dr. Ödön saw her. ÖDÖN syndrome was diagnosed two weeks later.\n")
    put("none", "Nothing is told here.\n")
    rows = select(tables.summaries).order_by(tables.summaries.c.extraction_id)
    with store.write() as connection:
        written = [tuple(row) for row in connection.execute(rows)]
        connection.exec_driver_sql("DROP TABLE summaries")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    opened = open_store(store.location)
    with opened.read() as connection:
        assert [tuple(row) for row in connection.execute(rows)] == written
    opened.close()
    assert sorted(row[1] > 0 for row in written) == [False, True]
    assert any("prednisolone" in row[4].splitlines() for row in written)


def test_two_that_open_an_empty_database_at_once_migrate_it_once(empty):
    with ThreadPoolExecutor(2) as pool:
        opened = list(pool.map(open_store, [empty] * 2))
    assert [reading.counts(store)["documents"] for store in opened] == [0, 0]
    for store in opened:
        store.close()


def test_a_postgresql_store_is_copied_by_its_own_tools(tmp_path):
    store = open_store(postgres.location())
    with pytest.raises(StoreError, match="copied with pg_dump"):
        backup.backup(store, tmp_path / "kept.sqlite")
    store.close()


def test_both_databases_hold_the_same(tmp_path):
    stores = open_store(postgres.location()), open_store(tmp_path / "store.sqlite")
    for store in stores:
        for path in SAMPLES[:3]:
            document = read_bytes(path.read_bytes(), path.stem, str(path))
            found = extract(document)
            writing.use(store, found.produced_by.config, "0.1.0", {})
            writing.save(store, document, found, writing.Item(str(path), "0"), run=None)
    first, second = (backup.digest(store) for store in stores)
    assert first == second
    for store in stores:
        store.close()


def test_no_store_yet(tmp_path):
    with pytest.raises(StoreError, match="no store yet"):
        open_store(tmp_path / "x.sqlite", create=False)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("postgresql://ann@db/cases", "postgresql+psycopg://ann@db/cases"),
        ("sqlite:////tmp/x.sqlite", "sqlite:////tmp/x.sqlite"),
        ("/tmp/x.sqlite", "sqlite:////tmp/x.sqlite"),
    ],
)
def test_urls(location, expected):
    assert str(url(location)) == expected


def test_other_databases_are_refused():
    with pytest.raises(StoreError, match="only SQLite and PostgreSQL"):
        url("mysql://db/cases")


@SQLITE
def test_backup_and_restore(store, put, tmp_path):
    put()
    kept = backup.backup(store, tmp_path / "kept.sqlite")
    with pytest.raises(StoreError, match="exists already"):
        backup.backup(store, kept)
    digest = backup.digest(store)
    put(text=REPORT.replace("20", "30"))
    store.close()
    backup.restore(tmp_path / "store.sqlite", kept)
    again = open_store(tmp_path / "store.sqlite")
    assert backup.digest(again) == digest
    assert (tmp_path / "store.sqlite.replaced").exists()
    again.close()


def test_a_damaged_backup_is_not_restored(tmp_path):
    (tmp_path / "kept.sqlite").write_bytes(b"garbage" * 1000)
    with pytest.raises(StoreError, match="damaged"):
        backup.restore(tmp_path / "store.sqlite", tmp_path / "kept.sqlite")


def test_check_names_what_is_wrong(store, put):
    put()
    with store.write() as connection:
        connection.execute(update(tables.contents).values(text="another text altogether, of any length"))
        connection.execute(tables.relations.delete())
        connection.execute(tables.mentions.delete())
    faults = list(backup.check(store))
    assert any("not the one that was stored" in fault for fault in faults)
    assert any("is not the text at" in fault for fault in faults)
    assert any("mentions in the record, 0 in rows" in fault for fault in faults)
