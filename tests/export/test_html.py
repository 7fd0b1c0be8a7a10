import base64
import hashlib
import json
import re

import pytest

import caseline
from pipeline.export import html
from pipeline.export.withheld import withhold

HOSTILE = (
    "A 40-year-old woman 🧑‍⚕️ was admitted with fever </script><script>alert(1)</script> <!-- & <img src=x>. "
    "On hospital day 3, prednisolone 20 mg/day was started.\n"
)


def page(*extractions):
    parts = [html.document(one, number) for number, one in enumerate(extractions)]
    return "".join((html.head(), *parts, html.tail([html.entry(one) for one in extractions])))


def content(text, number=0):
    found = re.search(
        rf'<script type="application/json" id="document-{number}">(.*?)</script>', text, re.DOTALL
    )
    return json.loads(found[1])


@pytest.fixture(scope="module")
def hostile():
    return caseline.read_text(HOSTILE, "</script><b>")


def test_no_text_of_a_document_is_markup(hostile):
    text = page(hostile)
    assert text.count("</script>") == 3  # the document, the list, the program
    assert "alert(1)</script>" not in text
    assert "<img" not in text
    assert "<b>" not in text
    assert content(text)["text"] == HOSTILE


def test_offsets_count_as_javascript_does(hostile):
    text = content(page(hostile))
    wide = text["text"].encode("utf-16-le")
    [drug] = [e for case in text["cases"] for e in case["events"] if e["kind"] == "drug"]
    assert wide[2 * drug["start"] : 2 * drug["end"]].decode("utf-16-le") == "prednisolone"
    first, last = drug["sentence"]
    assert wide[2 * first : 2 * last].decode("utf-16-le").startswith("On hospital day 3")


def test_day_0_is_kept(hostile):
    events = [e for case in content(page(hostile))["cases"] for e in case["events"]]
    assert any(event.get("low") == 0 for event in events)


def test_the_policy_names_the_one_script_and_the_one_style(hostile):
    text = page(hostile)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for tag in ("style", 'script type="module"'):
        [inlined] = re.findall(rf"<{tag}>(.*?)</{tag.split()[0]}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inlined.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_the_page_names_no_host(hostile):
    program = page(hostile).replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", program) == []
    assert "import " not in re.search(r'<script type="module">(.*?)</script>', program, re.DOTALL)[1]


def test_without_the_text_the_page_quotes_nothing(hostile):
    text = page(withhold(hostile))
    assert content(text)["text"] is None
    assert "admitted with fever" not in text
    assert "alert" not in text
    [drug] = [e for e in content(text)["cases"][0]["events"] if e["kind"] == "drug"]
    assert (drug["name"], drug["amount"], drug["low"]) == ("prednisolone", "20 mg/d", 3.0)
