import json

import pytest

pytest.importorskip("axe_playwright_python")
from axe_playwright_python.sync_playwright import Axe

from tests.conftest import SAMPLES

AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def row(page, name):
    """The id of the first event of that name, as the list shows it."""
    return page.locator("tr[data-row]", has=page.locator(".name", has_text=name)).first.get_attribute(
        "data-row"
    )


def told(page):
    return page.evaluate("[...document.querySelectorAll('#reading .told')].map(x => x.textContent).join('')")


@pytest.mark.parametrize("where", ["tr[data-row={}] button", "#timeline .mark[data-event={}] .shape"])
def test_an_event_marks_its_sentence_and_explains_itself(opened, where):
    page = opened()
    id = row(page, "plasma exchange")
    page.locator(where.format(id)).first.click()
    assert told(page).startswith("Plasma exchange was started on hospital day 2")
    inside = "r => { const a = r.getBoundingClientRect(), b = document.querySelector('#reading').getBoundingClientRect(); return a.top >= b.top && a.bottom <= b.bottom }"
    assert page.locator("#reading .told").first.evaluate(inside)
    explained = page.locator(f"#why-{id}")
    assert "Plasma exchange was started" in explained.locator("blockquote").inner_text()
    assert "hospital day 2" in explained.locator(".chain").inner_text()
    assert "procedure." in explained.locator(".tellings").inner_text()
    assert page.locator(f"#timeline .mark[data-event={id}].selected").count() == 1
    assert page.locator(f"tr[data-row={id}] button").get_attribute("aria-expanded") == "true"
    assert page.url.endswith(f"#anti-gbm-disease/{id}")


def test_a_mention_marks_its_event(opened):
    page = opened()
    page.locator("#reading [role=button]", has_text="Plasma exchange").first.click()
    id = row(page, "plasma exchange")
    assert page.locator("tr.selected").get_attribute("data-row") == id
    assert page.locator("#timeline .mark.selected").get_attribute("data-event") == id


def test_a_step_of_the_chain_leads_to_its_event(opened):
    page = opened()
    page.locator("tr[data-row]", has_text="12 U/mL").locator("button").click()
    page.locator(".chain button", has_text="counts 21 days from").click()
    assert "plasma exchange" in page.locator("tr.selected .name").inner_text()


def test_filters_by_kind_status_and_confidence(opened):
    page = opened()
    rows = page.locator("tr[data-row]")
    marks = page.locator("#timeline .mark")
    whole = rows.count()
    assert marks.count() == whole
    page.locator("[data-kind=drug]").click()
    assert page.locator("tr[data-row].drug").count() == page.locator("#timeline .mark.drug").count() == 0
    assert 0 < rows.count() < whole
    page.locator("[data-kind=drug]").click()
    page.locator("#status").select_option("negated")
    assert set(page.locator("tr[data-row] td:nth-child(4)").all_inner_texts()) == {"negated"}
    page.locator("#status").select_option("")
    page.locator("#least").fill("0.8")
    assert all(float(text) >= 0.8 for text in page.locator("td.confidence").all_inner_texts())
    assert 0 < rows.count() < whole
    assert f"of {whole}" in page.locator("#count").inner_text()


def test_search_finds_events_and_places(opened):
    page = opened()
    page.keyboard.press("/")
    page.keyboard.type("cyclophosphamide")
    page.wait_for_selector("#found:not(:empty)")
    assert page.locator("#found").inner_text().endswith("places")
    assert 0 < page.locator("tr[data-row]").count() < 10
    assert page.evaluate("CSS.highlights.get('found').size") >= 2
    page.keyboard.press("Enter")
    assert page.evaluate("CSS.highlights.get('current').size") == 1
    page.keyboard.press("Escape")
    assert page.locator("#found").inner_text() == ""
    assert page.locator("#search").input_value() == ""


def test_the_keyboard_reaches_everything(opened):
    page = opened()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.locator("tr[data-row]").nth(1).get_attribute("data-row")
    assert page.locator("tr.selected").get_attribute("data-row") == second
    page.keyboard.press("Escape")
    assert page.locator("tr.selected").count() == 0
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()
    page.locator("#timeline .mark[tabindex='0']").focus()
    assert page.locator("#tip").is_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.locator("tr.selected").count() == 1
    page.locator("#reading [role=button][tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.locator("#reading .chosen").count() >= 1
    page.keyboard.press("]")
    assert page.locator("#title").inner_text() != "anti-gbm-disease"


def test_a_window_of_the_course(opened):
    page = opened()
    before = page.locator("svg.axis .tick:not(.side)").all_text_contents()
    box = page.locator("svg.axis .overview").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 8)
    page.mouse.up()
    closer = page.locator("svg.axis .tick:not(.side)").all_text_contents()
    assert closer != before
    page.get_by_role("button", name="The whole course").click()
    assert page.locator("svg.axis .tick:not(.side)").all_text_contents() == before
    page.get_by_role("button", name="Linear").click()
    assert page.get_by_role("button", name="Linear").get_attribute("aria-pressed") == "true"


def test_the_anchor_is_shown_in_the_text(opened):
    page = opened()
    page.locator("button.zero").click()
    assert "admission" in "".join(page.locator("#reading .flash").all_inner_texts()).lower()


def test_documents_are_listed_and_searched(opened):
    page = opened(width=1920, height=1080)
    assert page.locator("#list-items li").count() == len(SAMPLES)
    page.locator("#list-search").fill("lithium")
    assert page.locator("#list-items li").count() == 1
    page.locator("#list-items button").click()
    assert "lithium" in page.locator("#title").inner_text()
    assert page.url.endswith("#lithium-intoxication")


def test_a_table_of_the_report_is_a_table(opened):
    page = opened("scleritis-layout")
    assert page.locator("#reading table th").all_inner_texts()[0] == "Week"
    assert "Laboratory course" in page.locator("#reading caption").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_no_serious_violation_of_accessibility(opened, scheme, width, height):
    page = opened(width=width, height=height, scheme=scheme)
    page.locator(f"tr[data-row={row(page, 'plasma exchange')}] button").click()
    found = Axe().run(page, options=AXE).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert not serious, json.dumps(
        [(v["id"], v["help"], [n["html"] for n in v["nodes"][:3]]) for v in serious], indent=1
    )
    overflow = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert overflow <= 0


def test_the_scheme_can_be_chosen(opened):
    page = opened(scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.locator("#theme").click()
    assert page.evaluate(ground) != dark


def test_print_shows_all_and_no_controls(opened):
    page = opened()
    page.emulate_media(media="print")
    assert not page.locator("#search").is_visible()
    assert not page.locator("#filters").is_visible()
    frames = "['#reading', '#events', '.scroller'].map(s => { const e = document.querySelector(s); return e.scrollHeight - e.clientHeight })"
    assert max(page.evaluate(frames)) <= 2
