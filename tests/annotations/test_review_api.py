import json

import pytest

from pipeline.schema import Extraction


def event(document, name, nth=0):
    return [e for case in document["record"]["cases"] for e in case["events"] if e["name"] == name][nth]


def decide(client, id, *decisions, seen=0, layer=None):
    address = f"/api/documents/{id}/decisions" + (f"?layer={layer}" if layer else "")
    return client.post(address, json={"seen": seen, "decisions": list(decisions)})


def test_the_queue_holds_all_documents_the_doubtful_first(local):
    answer = local.get("/api/queue").json()
    assert {d["id"] for d in answer["documents"]} == {"report", "other"}
    doubts = [d["doubt"] for d in answer["documents"]]
    assert doubts == sorted(doubts, reverse=True)


def test_the_queue_is_searched_by_the_names_of_events(local):
    assert [d["id"] for d in local.get("/api/queue?q=discharge").json()["documents"]] == ["report"]
    assert local.get("/api/queue?q=%25").json()["documents"] == []


def test_moving_an_event_and_taking_it_back(local):
    document = local.get("/api/documents/report").json()
    target = event(document, "rituximab")
    assert target["time"]["day_low"] == 24
    edit = {"kind": "edit_event", "target": target["id"], "after": {"time": {"day_low": 28, "day_high": 28}}}
    moved = decide(local, "report", edit).json()
    assert event(moved, "rituximab")["time"]["day_low"] == 28
    assert (moved["revision"], moved["undo"], moved["redo"]) == (1, True, False)
    back = local.post("/api/documents/report/undo", json={"seen": 1}).json()
    assert event(back, "rituximab")["time"]["day_low"] == 24
    again = local.post("/api/documents/report/redo", json={"seen": 2}).json()
    assert event(again, "rituximab")["time"]["day_low"] == 28
    told = local.get("/api/documents/report/history").json()
    assert [(one["kind"], one["author"]) for one in told] == [
        ("edit_event", "local"),
        ("undo", "local"),
        ("undo", "local"),
    ]


def test_what_was_decided_on_an_old_state_is_refused(local):
    assert decide(local, "report", {"kind": "accept", "target": "e1"}).status_code == 200
    assert decide(local, "report", {"kind": "accept", "target": "e2"}).status_code == 409


@pytest.mark.parametrize(
    ("decision", "status"),
    [
        ({"kind": "edit_event", "target": "e999", "after": {"name": "x"}}, 422),
        ({"kind": "unknown"}, 422),
        ({"kind": "undo"}, 422),
        ({"kind": "accept", "target": "e1", "extra": 1}, 422),
    ],
)
def test_decisions_that_do_not_fit_are_refused_and_nothing_is_written(local, decision, status):
    assert decide(local, "report", decision).status_code == status
    assert local.get("/api/documents/report").json()["revision"] == 0


def test_an_unknown_document_is_not_found(local):
    assert local.get("/api/documents/none").status_code == 404
    assert local.get("/api/documents/../../etc/passwd").status_code == 404


def test_an_explanation_has_rules_and_the_chain_to_day_0(local):
    document = local.get("/api/documents/report").json()
    target = event(document, "rituximab")["id"]
    answer = local.get(f"/api/documents/report/explanation/{target}").json()
    assert answer["found"][0]["rule"].startswith("drug.")
    assert "day 24" in answer["chain"][0]["text"]


def test_the_same_mention_elsewhere_is_found_and_changed(local):
    document = local.get("/api/documents/report").json()
    mention = next(m for m in document["record"]["mentions"] if m["label"] == "DRUG")
    found = local.get(f"/api/documents/report/same/{mention['id']}?everywhere=true").json()
    assert {one["document_id"] for one in found} == {"report", "other"}
    body = {
        "decision": {"kind": "edit_mention", "after": {"name": "rituximab-abbs"}},
        "places": [{"document": one["document_id"], "mention": one["mention_id"]} for one in found],
    }
    changed = local.post("/api/documents/report/same", json=body).json()
    assert changed == {"report": 1, "other": 1}


def test_the_export_gives_what_was_reviewed(local):
    document = local.get("/api/documents/report").json()
    target = event(document, "rituximab")["id"]
    decide(local, "report", {"kind": "edit_event", "target": target, "after": {"dose": {"value": 500}}})
    records = [json.loads(line) for line in local.get("/api/export").text.splitlines()]
    record = next(Extraction.model_validate(one) for one in records if one["id"] == "report")
    record.check()
    assert next(e for e in record.cases[0].events if e.id == target).dose.value == 500
    assert record.review.authors == ("local",)


def test_blind_annotation_and_adjudication(people):
    ann, bob, eve = people["ann"], people["bob"], people["eve"]
    target = event(ann.get("/api/documents/report").json(), "rituximab")["id"]
    for client, value in ((ann, 375), (bob, 500)):
        edit = {"kind": "edit_event", "target": target, "after": {"dose": {"value": value}}}
        assert decide(client, "report", edit).status_code == 200
    assert event(ann.get("/api/documents/report").json(), "rituximab")["dose"]["value"] == 375
    [row] = [d for d in ann.get("/api/queue").json()["documents"] if d["id"] == "report"]
    assert row["layers"] == ["ann"]
    [difference] = eve.get("/api/documents/report/layers").json()["differences"]
    assert (difference["event"], difference["fields"]) == (target, ["dose"])
    assert {n: f["dose"]["value"] for n, f in difference["by_layer"].items()} == {"ann": 375, "bob": 500}
    settle = {"kind": "edit_event", "target": target, "after": {"dose": {"value": 500}}}
    assert decide(eve, "report", settle, layer="adjudicated").status_code == 200
    records = [json.loads(line) for line in eve.get("/api/export").text.splitlines()]
    record = next(one for one in records if one["id"] == "report")
    assert record["review"]["layer"] == "adjudicated"


FORBIDDEN = [
    ("ann", "get", "/api/documents/report?layer=bob", None),
    ("ann", "get", "/api/documents/report/layers", None),
    ("ann", "get", "/api/documents/report/history?layer=bob", None),
    ("ann", "get", "/api/export", None),
    ("ann", "get", "/api/decisions", None),
    ("ann", "get", "/api/accounts", None),
    ("eve", "get", "/api/accounts", None),
    (
        "eve",
        "post",
        "/api/documents/report/decisions?layer=ann",
        {"seen": 0, "decisions": [{"kind": "comment"}]},
    ),
    (
        "ann",
        "post",
        "/api/documents/report/decisions?layer=adjudicated",
        {"seen": 0, "decisions": [{"kind": "comment"}]},
    ),
    ("ann", "post", "/api/documents/report/assignments", {"annotator": "bob"}),
    ("ann", "post", "/api/assignments", {"documents": ["report"], "annotators": ["ann"]}),
    ("eve", "post", "/api/assignments", {"documents": ["report"], "annotators": ["bob"]}),
    ("ann", "get", "/api/queue?show=differing", None),
    ("ann", "get", "/api/queue?show=unassigned", None),
    ("ann", "get", "/api/layer?layer=bob", None),
    (
        "ann",
        "post",
        "/api/import?layer=adjudicated",
        {"format": "records", "files": [{"name": "a.jsonl", "content": ""}]},
    ),
    (
        "eve",
        "post",
        "/api/import?layer=ann",
        {"format": "records", "files": [{"name": "a.jsonl", "content": ""}]},
    ),
    ("eve", "post", "/api/accounts", {"name": "new", "password": "a long password"}),
    ("ann", "patch", "/api/accounts/ann", {"role": "admin"}),
]


@pytest.mark.parametrize(("name", "method", "address", "body"), FORBIDDEN)
def test_roles_are_kept_on_the_server(people, name, method, address, body):
    assert people[name].request(method, address, json=body).status_code == 403


@pytest.mark.parametrize("address", ["/api/queue", "/api/documents/report", "/api/me", "/api/export"])
def test_nobody_reads_without_a_session(people, address):
    assert people["nobody"].get(address).status_code == 401


def test_a_page_without_a_session_leads_to_the_log_in(people):
    answer = people["nobody"].get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_a_change_needs_the_token_of_the_session(people):
    ann = people["ann"]
    for token in ("", "wrong", people["bob"].headers["x-csrf-token"]):
        answer = ann.post(
            "/api/documents/report/decisions",
            json={"seen": 0, "decisions": [{"kind": "accept", "target": "e1"}]},
            headers={"x-csrf-token": token},
        )
        assert answer.status_code == 403


def test_a_session_that_somebody_else_chose_is_not_taken_over(people):
    visitor = people["nobody"]
    visitor.cookies.set("caseline_session", "chosen-by-somebody-else")
    answer = visitor.post("/api/session", json={"name": "ann", "password": "a long password"})
    assert "chosen-by-somebody-else" not in answer.headers["set-cookie"]
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_a_log_in_from_another_site_is_refused(people):
    answer = people["nobody"].post(
        "/api/session",
        json={"name": "ann", "password": "a long password"},
        headers={"origin": "https://evil.example"},
    )
    assert answer.status_code == 403


def test_logging_out_ends_the_session(people):
    assert people["ann"].delete("/api/session").status_code == 204
    assert people["ann"].get("/api/me").status_code == 401


def test_an_admin_manages_accounts(people):
    root = people["root"]
    new = {"name": "zoe", "password": "another long one", "role": "annotator"}
    assert root.post("/api/accounts", json=new).status_code == 204
    assert root.post("/api/accounts", json=new).status_code == 422
    assert root.patch("/api/accounts/zoe", json={"active": False}).status_code == 204
    refused = people["nobody"].post("/api/session", json={"name": "zoe", "password": "another long one"})
    assert refused.status_code == 401
    assert root.patch("/api/accounts/root", json={"active": False}).status_code == 422


def test_every_answer_has_the_headers_and_names_no_other_host(local):
    for address in ("/", "/api/me", "/api/none", "/static/none.js"):
        answer = local.get(address)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_foreign_name_for_this_server_is_refused(local):
    assert local.get("/api/me", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/document/../../etc"]
)
def test_no_path_leaves_the_static_folder(local, path):
    answer = local.get(path)
    assert "make_app" not in answer.text
    assert answer.status_code in (200, 404)
    assert "root:" not in answer.text


def test_errors_do_not_repeat_what_was_sent(local):
    answer = local.post(
        "/api/documents/report/decisions", json={"seen": 0, "decisions": [{"kind": "SECRET TEXT"}]}
    )
    assert answer.status_code == 422
    assert "SECRET" not in answer.text
