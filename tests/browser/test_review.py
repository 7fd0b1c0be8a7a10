"""The stories of a reviewer in a real browser, against the real server on loopback."""

import json
import re
import socket
import threading
import time

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe

from annotations.review.access import settings
from annotations.review.app import make_app
from caseline import extract
from pipeline.reader import read_bytes
from pipeline.schema import Extraction
from pipeline.store import accounts, open_store, writing

REPORT = (
    "# A course\n\n## Case report\n\nA 30-year-old woman was admitted with fever. On hospital day 24, rituximab 375 "
    "mg/m2 was given. On hospital day 40, zanolimab was started. She was discharged on hospital day 60.\n\n"
    "<script>document.title = 'taken over'</script> was her note.\n"
)
PASSWORD = "a long password"
WIDE = {"width": 1920, "height": 1080}


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setattr(accounts, "N", 2**10)
    opened = open_store(tmp_path / "store.sqlite")
    for id, text in (("report", REPORT), ("short", "A boy was admitted with fever.")):
        document = read_bytes(text.encode(), id, f"/texts/{id}.md")
        found = extract(document)
        writing.use(opened, found.produced_by.config, "0.1.0", {})
        writing.save(opened, document, found, writing.Item(f"/texts/{id}.md", "0" * 64), run=None)
    yield opened
    opened.close()


@pytest.fixture
def serve(store):
    servers = []

    def start(*, with_accounts):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        app = make_app(settings(store, with_accounts=with_accounts))
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        servers.append((server, thread))
        return f"http://127.0.0.1:{port}"

    yield start
    for server, thread in servers:
        server.should_exit = True
        thread.join()


@pytest.fixture
def browse(chromium):
    contexts, foreign, errors = [], [], []

    def start(address, viewport=WIDE, scheme="light"):
        context = chromium.new_context(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: None if r.url.startswith((address, "data:")) else foreign.append(r.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield start
    for context in contexts:
        context.close()
    assert foreign == []
    assert errors == []


@pytest.fixture
def alone(serve, browse):
    """The workbench of one person at this machine, with the report open."""
    address = serve(with_accounts=False)
    page = browse(address)
    page.goto(f"{address}/document/report")
    page.wait_for_selector("#events [data-event]")
    return page


def row(page, name):
    return page.locator("#events tr", has_text=name).first


def choose(page, name):
    row(page, name).locator("[data-event]").first.click()


def said(page, pattern):
    page.wait_for_function(
        "p => new RegExp(p).test(document.getElementById('message').textContent)", arg=pattern
    )


def final(store, id="report"):
    from annotations.review.final import final as record

    return record(store, id)


def event(record, name):
    return next(e for case in record.cases for e in case.events if e.name == name)


def test_the_worst_report_comes_first_and_opens(serve, browse):
    address = serve(with_accounts=False)
    page = browse(address)
    page.goto(address)
    page.locator("#rows a").first.click()
    page.wait_for_selector("#events [data-event]")
    assert page.url == f"{address}/document/report"


def test_text_of_a_report_is_never_markup(alone):
    assert "taken over" not in alone.title()
    assert "document.title" in alone.locator("#reading").inner_text()


def test_names_and_comments_are_never_markup(serve, browse, store):
    from annotations.review.service import decide
    from pipeline.store.reviews import Decision

    bad = "<img src=x onerror=\"document.title='taken over'\">"
    target = event(final(store), "rituximab").id
    for name in ("ann", "bob"):
        edit = Decision("edit_event", target, None, {"name": f"{bad} {name}"}, note=bad)
        decide(store, "report", name, name, [edit, Decision("comment", target, note=bad)], 0)
    address = serve(with_accounts=False)
    page = browse(address)
    page.goto(f"{address}/document/report?layer=ann#{target}")
    page.wait_for_selector("#editor .comments")
    page.keyboard.press("h")
    page.wait_for_selector("#history-list li")
    page.goto(f"{address}/adjudicate/report")
    page.wait_for_selector("#differences section")
    assert bad in page.locator("#differences h2").first.inner_text()
    assert page.locator("main img").count() == 0
    page.goto(f"{address}/?q={bad}")
    page.locator("#q").fill(bad)
    page.wait_for_selector("#more .empty")
    assert page.locator("main img").count() == 0
    assert "taken over" not in page.title()


def test_a_dose_is_corrected(alone, store):
    choose(alone, "rituximab")
    alone.locator("[name='dose.value']").fill("500")
    alone.get_by_role("button", name="Save").click()
    said(alone, "is corrected")
    assert "500" in row(alone, "rituximab").inner_text() or event(final(store), "rituximab").dose.value == 500
    assert (event(final(store), "rituximab").dose.value, event(final(store), "rituximab").dose.unit) == (
        500,
        "mg/m2",
    )


def test_an_event_moves_from_day_24_to_day_28(alone, store):
    choose(alone, "rituximab")
    alone.locator("[name='day_low']").fill("28")
    alone.locator("[name='day_high']").fill("28")
    alone.keyboard.press("Enter")
    said(alone, "is corrected")
    assert row(alone, "rituximab").inner_text().startswith("28")
    assert event(final(store), "rituximab").time.day_low == 28


def test_a_day_counted_from_another_event(alone, store):
    choose(alone, "discharge")
    alone.locator("[name='offset_low']").fill("30")
    alone.locator("[name='relative_to']").select_option(label="rituximab, day 24")
    alone.get_by_role("button", name="Save").click()
    said(alone, "is corrected")
    assert event(final(store), "discharge").time.day_low == 54


def test_a_missed_drug_is_added_from_the_text(alone, store):
    alone.evaluate(
        """() => {
          const walk = document.createTreeWalker(document.getElementById("reading"), NodeFilter.SHOW_TEXT);
          for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            const at = node.data.indexOf("note");
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 4);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            document.getElementById("reading").dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
            return;
          }
        }"""
    )
    alone.locator("#choice select").select_option("DRUG")
    alone.locator("#choice input[aria-label='Normalised name']").fill("notizine")
    alone.locator("#choice button").click()
    said(alone, "added")
    added = event(final(store), "notizine")
    assert (added.text, added.kind, added.review) == ("note", "drug", "added")
    record = final(store)
    assert next(m for m in record.mentions if m.id == added.mentions[0]).text == "note"


def test_accept_reject_unsure_undo_redo_by_keyboard(alone, store):
    total = len(final(store).cases[0].events)
    alone.keyboard.press("j")
    alone.keyboard.press("a")
    said(alone, "accepted")
    alone.keyboard.press("x")
    said(alone, "rejected")
    assert len(final(store).cases[0].events) == total - 1
    alone.keyboard.press("z")
    said(alone, "taken back")
    assert len(final(store).cases[0].events) == total
    alone.keyboard.press("Shift+Z")
    said(alone, "done again")
    assert len(final(store).cases[0].events) == total - 1


def test_the_keys_are_listed(alone):
    alone.keyboard.press("?")
    assert "undo" in alone.locator("#key-list").inner_text()


def test_a_change_in_another_tab_is_noticed_and_nothing_is_lost(alone, store):
    other = alone.context.new_page()
    other.goto(alone.url)
    other.wait_for_selector("#events [data-event]")
    choose(other, "rituximab")
    other.get_by_role("button", name="Accept", exact=True).click()
    said(other, "accepted")
    choose(alone, "discharge")
    alone.get_by_role("button", name="Accept", exact=True).click()
    said(alone, "was changed meanwhile")
    choose(alone, "discharge")
    alone.get_by_role("button", name="Accept", exact=True).click()
    said(alone, "accepted")
    assert {e.name for e in final(store).cases[0].events if e.review == "accepted"} == {
        "rituximab",
        "discharge",
    }


def log_in(page, address, name):
    page.goto(address)
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector("#rows tr")


def test_two_annotators_and_an_adjudicator(serve, browse, store):
    for name, role in (("ann", "annotator"), ("bob", "annotator"), ("eve", "adjudicator")):
        accounts.add(store, name, role, PASSWORD)
    address = serve(with_accounts=True)
    for name, dose in (("ann", "400"), ("bob", "500")):
        page = browse(address)
        log_in(page, address, name)
        page.goto(f"{address}/document/report")
        page.wait_for_selector("#events [data-event]")
        choose(page, "rituximab")
        page.locator("[name='dose.value']").fill(dose)
        page.get_by_role("button", name="Save").click()
        said(page, "is corrected")
        page.keyboard.press("Escape")
        page.keyboard.press("Shift+D")
        said(page, "the report is done")
    page = browse(address)
    log_in(page, address, "eve")
    page.get_by_role("link", name="adjudicate").click()
    page.get_by_role("button", name=re.compile("Take bob")).click()
    said(page, "is taken")
    assert event(final(store), "rituximab").dose.value == 500
    assert final(store).review.layer == "adjudicated"
    page.goto(f"{address}/agreement")
    page.wait_for_selector("#tables table")
    assert "ann and bob" in page.locator("#tables h2").first.inner_text()
    page.goto(address)
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    records = {one["id"]: Extraction.model_validate(one) for one in map(json.loads, lines)}
    records["report"].check()
    assert event(records["report"], "rituximab").dose.value == 500


def moved_by(page, mark, wanted):
    """Drags a mark to the right until it says the wanted day."""
    box = mark.bounding_box()
    x, y = box["x"] + min(box["width"], 24) / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for way in range(5, 600):
        page.mouse.move(x + way, y)
        if page.locator(".held-day").text_content() == wanted:
            break
    page.mouse.up()


def test_an_event_is_dragged_from_day_24_to_day_28(alone, store):
    before = event(final(store), "rituximab")
    mark = f".mark[data-event='{before.id}']"
    moved_by(alone, alone.locator(f"{mark} .shape, {mark} .stop").first, "day 28")
    said(alone, "is on day 28")
    assert event(final(store), "rituximab").time.day_low == 28


def test_an_event_is_moved_day_by_day_with_keys(alone, store):
    choose(alone, "rituximab")
    for _ in range(4):
        alone.keyboard.press(">")
    said(alone, "is on day 28; z takes it back")
    assert event(final(store), "rituximab").time.day_low == 28
    alone.keyboard.press("z")
    said(alone, "taken back")
    assert event(final(store), "rituximab").time.day_low == 24


def test_an_expression_fills_in_the_days(alone, store):
    choose(alone, "discharge")
    alone.locator("[name=expression]").fill("two weeks after rituximab")
    alone.get_by_role("button", name="Read").click()
    said(alone, "The days are filled in")
    alone.get_by_role("button", name="Save").click()
    said(alone, "is corrected")
    time = event(final(store), "discharge").time
    assert (time.day_low, time.text) == (38, "two weeks after rituximab")


def test_what_was_typed_survives_a_closed_tab(alone, store):
    choose(alone, "rituximab")
    alone.locator("[name='dose.value']").fill("500")
    other = alone.context.new_page()
    address = alone.url.split("#")[0]
    alone.close()
    other.goto(address)
    other.wait_for_selector("#events [data-event]")
    choose(other, "rituximab")
    assert other.locator("[name='dose.value']").input_value() == "500"
    assert "is here again" in other.locator(".told-draft").inner_text()
    other.get_by_role("button", name="Save").click()
    said(other, "is corrected")
    assert event(final(store), "rituximab").dose.value == 500
    assert other.locator(".told-draft").count() == 0


def test_a_comment_is_kept_and_shown_beside_its_event(alone, store):
    choose(alone, "rituximab")
    alone.keyboard.press("c")
    alone.locator("#comment textarea").fill("<b>see table 2</b>")
    alone.get_by_role("button", name="Keep").click()
    said(alone, "the comment is kept")
    assert "<b>see table 2</b>" in alone.locator(".comments").inner_text()
    alone.keyboard.press("h")
    alone.wait_for_selector("#history-list li")
    assert "commented rituximab" in alone.locator("#history-list").inner_text()


def test_two_events_are_merged_and_split_again(alone, store):
    total = len(final(store).cases[0].events)
    choose(alone, "rituximab")
    alone.keyboard.press("m")
    choose(alone, "zanolimab")
    said(alone, "merged")
    assert len(final(store).cases[0].events) == total - 1
    alone.get_by_label(re.compile("^zanolimab")).check()
    alone.get_by_role("button", name="Split off ticked").click()
    said(alone, "split")
    assert event(final(store), "zanolimab").review == "added"


def test_a_link_is_removed_and_made_again(alone, store):
    dose = next(m for m in final(store).mentions if m.label == "DOSE")
    alone.locator(f"[data-mention='{dose.id}']").first.click()
    alone.get_by_role("button", name=re.compile("Remove the link dose of")).click()
    said(alone, "the link is gone")
    assert not any(r.tail == dose.id for r in final(store).relations)
    alone.locator(f"[data-mention='{dose.id}']").first.click()
    alone.get_by_label("Linked mention").select_option(label="rituximab (drug)")
    said(alone, "linked")
    assert [r.kind for r in final(store).relations if r.tail == dose.id] == ["dose_of"]


def test_a_change_is_applied_to_all_the_same_after_a_preview(alone, store):
    drugs = [m for m in final(store).mentions if m.label == "DRUG"]
    alone.locator(f"[data-mention='{drugs[0].id}']").first.click()
    alone.locator("#editor [name=name]").fill("a name of its own")
    alone.get_by_role("button", name="In the store").click()
    alone.wait_for_selector("#same[open]")
    told = alone.locator("#same-told").inner_text()
    assert "in the store" in told
    assert "name a name of its own" in told
    alone.get_by_role("button", name="Apply", exact=True).click()
    said(alone, "changed")
    assert next(m for m in final(store).mentions if m.id == drugs[0].id).name == "a name of its own"


def test_the_patient_is_corrected(alone, store):
    alone.keyboard.press("p")
    alone.locator("#patient [name=age_years]").fill("31")
    alone.locator("#patient").get_by_role("button", name="Save").click()
    said(alone, "the patient is corrected")
    assert final(store).cases[0].patient.age_years == 31


def test_what_was_exported_is_imported_by_another(serve, browse, store, tmp_path):
    for name, role in (("ann", "annotator"), ("bob", "annotator")):
        accounts.add(store, name, role, PASSWORD)
    address = serve(with_accounts=True)
    page = browse(address)
    log_in(page, address, "ann")
    page.goto(f"{address}/document/report")
    page.wait_for_selector("#events [data-event]")
    choose(page, "rituximab")
    page.locator("[name='dose.value']").fill("500")
    page.get_by_role("button", name="Save").click()
    said(page, "is corrected")
    page.goto(address)
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    file = tmp_path / "records.jsonl"
    download.value.save_as(file)
    page = browse(address)
    log_in(page, address, "bob")
    page.get_by_role("button", name="Import").click()
    page.locator("[name=files]").set_input_files(file)
    page.get_by_role("button", name="Show what would change").click()
    page.wait_for_selector("#import-take:not([hidden])")
    assert "1 events changed" in page.locator("#import-found").inner_text()
    page.get_by_role("button", name="Take it").click()
    said(page, "1 report imported")
    page.goto(f"{address}/document/report")
    page.wait_for_selector("#events [data-event]")
    assert "500" in row(page, "rituximab").inner_text()
    page.keyboard.press("z")
    said(page, "taken back")
    assert "500" not in row(page, "rituximab").inner_text()


def test_a_bad_file_is_told_and_changes_nothing(serve, browse, store, tmp_path):
    address = serve(with_accounts=False)
    page = browse(address)
    page.goto(address)
    page.wait_for_selector("#rows tr")
    file = tmp_path / "report.ann"
    file.write_text("T1\tDRUG 0 9999\t<img src=x onerror=alert(1)>", encoding="utf-8")
    page.get_by_role("button", name="Import").click()
    page.locator("#import [name=format]").select_option("brat")
    page.locator("[name=files]").set_input_files(file)
    page.get_by_role("button", name="Show what would change").click()
    page.wait_for_selector("#import-found .wrong")
    assert "report.ann: line 1" in page.locator("#import-found").inner_text()
    assert page.locator("#import-take").is_hidden()


def test_an_admin_gives_out_reports_and_sees_the_progress(serve, browse, store):
    for name, role in (("ann", "annotator"), ("root", "admin")):
        accounts.add(store, name, role, PASSWORD)
    address = serve(with_accounts=True)
    page = browse(address)
    log_in(page, address, "root")
    page.get_by_label("Choose A course").check()
    page.locator("#to").select_option("ann")
    page.get_by_role("button", name="Assign", exact=True).click()
    said(page, "1 assigned to ann")
    assert "ann assigned" in row_of(page, "A course").inner_text()
    assert page.locator("#people-rows tr", has_text="ann").locator("td").nth(1).inner_text() == "1"
    other = browse(address)
    log_in(other, address, "ann")
    other.locator("#show").select_option("open")
    other.wait_for_function("() => document.querySelectorAll('#rows tr').length === 1")
    assert "A course" in other.locator("#rows").inner_text()


def row_of(page, title):
    return page.locator("#rows tr", has_text=title)


def test_what_annotators_agree_on_is_taken_over_with_the_first_choice(serve, browse, store):
    from annotations.review.service import decide, shown
    from pipeline.store.reviews import ADJUDICATED, Decision

    record = final(store)
    target, gone = event(record, "rituximab").id, event(record, "discharge").id
    for name, dose in (("ann", 400), ("bob", 500)):
        edit = Decision("edit_event", target, None, {"dose": {"value": dose}})
        decide(store, "report", name, name, [edit, Decision("reject", gone)], 0)
    accounts.add(store, "eve", "adjudicator", PASSWORD)
    address = serve(with_accounts=True)
    page = browse(address)
    log_in(page, address, "eve")
    page.goto(f"{address}/adjudicate/report")
    page.get_by_role("button", name=re.compile("Take bob")).click()
    said(page, "is taken")
    settled = shown(store, "report", ADJUDICATED).record
    assert event(settled, "rituximab").dose.value == 500
    assert gone not in {e.id for case in settled.cases for e in case.events}


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, WIDE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation(serve, browse, store, scheme, viewport):
    accounts.add(store, "root", "admin", PASSWORD)
    address = serve(with_accounts=True)
    page = browse(address, viewport, scheme)
    page.goto(f"{address}/login")
    found = {"/login": Axe().run(page)}
    log_in(page, address, "root")
    pages = (("/", "#rows tr"), ("/document/report", "#events [data-event]"), ("/accounts", "#rows tr"),
             ("/agreement", "#tables p"), ("/adjudicate/report", "#differences p"))  # fmt: skip
    for path, wanted in pages:
        page.goto(address + path)
        page.wait_for_selector(wanted)
        if path.startswith("/document"):
            choose(page, "rituximab")
        found[path] = Axe().run(page)
        if path == "/":
            page.get_by_role("button", name="Import").click()
            found["import"] = Axe().run(page)
        if path.startswith("/document"):
            page.locator("#editor").get_by_role("button", name=re.compile("^Correct")).first.click()
            found["mention"] = Axe().run(page)
            page.get_by_role("button", name="Help").click()
            found["help"] = Axe().run(page)
    serious = [
        (path, violation["id"], [node["target"] for node in violation["nodes"]][:3])
        for path, result in found.items()
        for violation in result.response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert serious == []


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, WIDE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_runs_out_of_the_page(serve, browse, viewport, scheme):
    address = serve(with_accounts=False)
    page = browse(address, viewport, scheme)
    for path, wanted in (("/", "#rows tr"), ("/document/report", "#events [data-event]")):
        page.goto(address + path)
        page.wait_for_selector(wanted)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
