import base64
import io
import json
import zipfile
from typing import get_args

import pytest

from annotations.review import api_files, bodies, transfer
from annotations.review.incoming import decisions
from annotations.review.service import decide, shown
from pipeline.export.formats import FORMATS
from pipeline.export.jsonl import line
from pipeline.schema import Extraction, Mention
from pipeline.store import reading
from pipeline.store.reviews import Decision


def encoded(*files):
    return [{"name": name, "content": base64.b64encode(content).decode()} for name, content in files]


def upload(client, format, *files, layer=None, **more):
    address = "/api/import" + (f"?layer={layer}" if layer else "")
    return client.post(address, json={"format": format, "files": encoded(*files), **more})


def event(record, name):
    return next(e for case in record.cases for e in case.events if e.name == name)


def mention(record, label):
    return next(m for m in record.mentions if m.label == label)


@pytest.fixture
def corrected(store):
    """The layer of ann: a dose corrected, an event moved, one rejected, one unsure, a drug added with its event."""
    record = reading.extraction(store, "report")
    rituximab = event(record, "rituximab")
    start = record.text.index("fever")
    made = [
        Decision("edit_event", rituximab.id, None, {"dose": {"value": 500}, "time": {"day_low": 28, "day_high": 28}}),
        Decision("reject", event(record, "fever").id),
        Decision("unsure", event(record, "discharge").id),
        Decision("add_mention", after={"label": "DRUG", "start": start, "end": start + 5, "name": "feverine"}),
        Decision("add_event", after={"kind": "drug", "name": "feverine", "start": start, "end": start + 5,
                                     "mentions": ["r4"], "time": {"relative_to": rituximab.id, "offset_low": 2,
                                                                  "offset_high": 2}}),
    ]  # fmt: skip
    decide(store, "report", "ann", "ann", made, 0)
    return shown(store, "report", "ann").record


def facts(record):
    """What two records must share, whatever the ids of added parts are."""
    return sorted(
        (e.kind, e.name, e.start, e.end, e.dose and e.dose.value, e.time.day_low, e.time.day_high)
        for case in record.cases
        for e in case.events
    ), sorted((m.label, m.start, m.end, m.name or "") for m in record.mentions)


def test_a_record_taken_into_another_layer_is_the_same_there(store, corrected):
    [done] = transfer.take(store, "bob", "bob", [corrected])
    assert done.error is None
    assert done.changes["add_mention"] == done.changes["add_event"] == 1
    bob = shown(store, "report", "bob").record
    assert facts(bob) == facts(corrected)
    assert event(bob, "discharge").review == "unsure"
    assert event(bob, "feverine").time.relative_to == event(bob, "rituximab").id


def test_a_record_taken_back_where_it_came_from_changes_nothing(store, corrected):
    [done] = transfer.take(store, "ann", "ann", [corrected])
    assert (done.changes, done.error) == ({}, None)
    assert shown(store, "report", "ann").revision == 5


def test_a_preview_writes_nothing_and_says_the_same(store, corrected):
    [seen] = transfer.take(store, "bob", "bob", [corrected], preview=True)
    assert shown(store, "report", "bob").revision == 0
    [done] = transfer.take(store, "bob", "bob", [corrected])
    assert seen == done


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_each_format_goes_out_and_comes_back_without_a_change(store, corrected, format, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    for name, content in FORMATS[format].write()([corrected]):
        (folder / name).write_bytes(content)
    path = folder if format == "brat" else next(p for p in folder.iterdir() if p.name != "labels.xml")
    [done] = transfer.take(store, "ann", "ann", transfer.read(store, format, path))
    assert (done.changes, done.error) == ({}, None)


def test_brat_with_a_drug_added_and_one_removed(local, store):
    record = reading.extraction(store, "report")
    drug = mention(record, "DRUG")
    at = record.text.index("fever")
    lines = [
        f"T{n}\t{m.label} {m.start} {m.end}\t{m.text}"
        for n, m in enumerate(record.mentions, 1)
        if m.id != drug.id
    ]
    lines.append(f"T999\tDRUG {at} {at + 5}\tfever")
    files = (("report.txt", record.text.encode()), ("report.ann", "\n".join(lines).encode()))
    seen = upload(local, "brat", *files, preview=True).json()
    assert seen[0]["changes"]["add_mention"] == 1
    assert upload(local, "brat", *files).json() == seen
    known = shown(store, "report", "local").record
    assert drug.id not in {m.id for m in known.mentions}
    assert event(known, "fever").kind in ("finding", "drug")
    assert [e.kind for c in known.cases for e in c.events if (e.start, e.end) == (at, at + 5)].count(
        "drug"
    ) == 1
    assert not any(drug.id in e.mentions for c in known.cases for e in c.events)
    back = local.post("/api/documents/report/undo", json={"seen": shown(store, "report", "local").revision})
    assert back.status_code == 200
    assert facts(shown(store, "report", "local").record) == facts(record)


def test_what_another_tool_does_not_keep_is_not_erased(store):
    record = reading.extraction(store, "report")
    bare = [
        Mention(
            id=f"x{n}", label=m.label, start=m.start, end=m.end, text=m.text, section="case", rule="imported"
        )
        for n, m in enumerate(record.mentions)
    ]
    plain = record.model_copy(update={"mentions": tuple(bare), "relations": (), "cases": ()})
    assert decisions(record, plain, revision=0, batch="b", add_only=True) == []


def test_add_only_removes_nothing(store):
    record = reading.extraction(store, "report")
    empty = record.model_copy(update={"mentions": (), "relations": (), "cases": ()})
    assert decisions(record, empty, revision=0, batch="b", add_only=True) == []
    assert {d.kind for d in decisions(record, empty, revision=0, batch="b")} == {
        "remove_mention",
        "remove_event",
    }


def test_an_annotator_takes_out_their_own_layer_and_another_takes_it_in(people, corrected):
    answer = people["ann"].get("/api/layer")
    assert 'filename="records.jsonl"' in answer.headers["content-disposition"]
    [record] = [Extraction.model_validate_json(one) for one in answer.text.splitlines()]
    assert facts(record) == facts(corrected)
    assert upload(people["bob"], "records", ("reviewed.jsonl", answer.content)).json()[0]["error"] is None
    bob = people["bob"].get("/api/documents/report").json()
    assert any(e["name"] == "feverine" for c in bob["record"]["cases"] for e in c["events"])


def test_several_files_come_as_an_archive(local):
    answer = local.get("/api/export?format=brat")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"annotation.conf", "report.txt", "report.ann"} <= {*archive.namelist()}


def test_of_several_documents_those_that_fit_are_taken(local, store):
    record = reading.extraction(store, "report")
    strange = record.model_copy(update={"id": "nowhere"})
    text = "".join(map(line, (strange, record)))
    first, second = upload(local, "records", ("a.jsonl", text.encode())).json()
    assert (first["document"], "no such document" in first["error"]) == ("nowhere", True)
    assert second == {"document": "report", "changes": {}, "error": None}


BOMB = b"[" * 100_000
XML = b"""<?xml version="1.0"?><!DOCTYPE collection [<!ENTITY e SYSTEM "file:///etc/passwd">]><collection><source>&e;</source>
<document><id>report</id></document></collection>"""


@pytest.mark.parametrize(
    ("format", "name", "content"),
    [
        ("records", "a.jsonl", b"{not json"),
        ("records", "a.jsonl", b'{"id": "report"}'),
        ("records", "a.jsonl", BOMB),
        ("doccano", "a.jsonl", BOMB),
        ("label-studio", "a.json", BOMB),
        ("bioc-xml", "a.xml", XML),
        ("bioc-xml", "a.xml", b"<a>" * 100_000),
        ("bioc-json", "a.json", b"\xff\xfe"),
        ("brat", "report.ann", b"T1\tDRUG 0 99999\tx"),
        ("brat", "report.ann", b"T1\tNONE 0 1\tA"),
        ("brat", "../report.ann", b""),
        ("brat", "a/report.ann", b""),
        ("brat", "..", b""),
        ("brat", "report\x00.ann", b""),
        ("web-annotation", "a.json", b"[1, 2, 3]"),
    ],
)
def test_bad_files_are_refused_without_their_text_or_a_path_of_this_machine(local, format, name, content):
    answer = upload(local, format, (name, content))
    assert answer.status_code == 422
    assert "root:" not in answer.text
    assert "/tmp/" not in answer.text
    assert "caseline-" not in answer.text
    assert local.get("/api/documents/report").json()["revision"] == 0


def test_the_interface_takes_and_gives_the_formats_that_there_are():
    assert {*get_args(api_files.Written)} == {*FORMATS}
    taken = get_args(bodies.Upload.model_fields["format"].annotation)
    assert {*taken} == {name for name, format in FORMATS.items() if format.hostile}


def test_a_docbin_is_not_taken_from_a_browser(local):
    assert upload(local, "docbin", ("a.spacy", b"x")).status_code == 422


def test_what_is_not_base64_and_what_is_too_large_is_refused(local):
    body = {"format": "records", "files": [{"name": "a.jsonl", "content": "%%%"}]}
    assert local.post("/api/import", json=body).status_code == 422
    large = json.dumps({"format": "records", "files": [{"name": "a", "content": "A" * 20_000_001}]})
    assert local.post("/api/import", content=large).status_code == 413


def test_an_import_needs_the_token_of_the_session(people):
    body = {"format": "records", "files": encoded(("a.jsonl", b""))}
    answer = people["ann"].post("/api/import", json=body, headers={"x-csrf-token": "wrong"})
    assert answer.status_code == 403


def test_markup_in_an_imported_name_comes_back_as_data(local, store):
    record = reading.extraction(store, "report")
    drug = mention(record, "DRUG").model_copy(update={"name": "<script>alert(1)</script>"})
    mentions = tuple(drug if m.id == drug.id else m for m in record.mentions)
    text = line(record.model_copy(update={"mentions": mentions, "cases": ()}))
    assert upload(local, "records", ("a.jsonl", text.encode())).json()[0]["changes"] == {"edit_mention": 1}
    answer = local.get("/api/documents/report")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
