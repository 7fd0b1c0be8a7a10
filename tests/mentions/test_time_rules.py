"""The lines of time_rule.csv: each example comes out with the marked characters, the rule and the value that it says.

Where an example marks several expressions, rule and value are those of the first.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import spacy

from pipeline import lexicon
from pipeline.mentions.time import TimeFinder, amount_rules, rules
from pipeline.schema import TimeValue
from pipeline.structure.tokenizer import Tokenizer

TOKENIZE = Tokenizer(spacy.blank("en").vocab)
FINDER = TimeFinder()
MARK = re.compile(r"<([^<>]+)>")
LINES = rules.load()
EXAMPLES = [line for line in LINES if "example" in line.columns]
MODULES = Path(rules.__file__).parent


def marked(example: str) -> tuple[str, list[tuple[int, int]]]:
    """The text of an example and its marked spans."""
    text, spans, at = "", [], 0
    for match in MARK.finditer(example):
        text += example[at : match.start()]
        spans.append((len(text), len(text) + len(match[1])))
        text += match[1]
        at = match.end()
    return text + example[at:], spans


def said(value: Mapping[str, Any]) -> str:
    """A value as the column ``value`` has it: "offset after surgery: 14", days with at most two decimals."""

    def days(low: float | None, high: float | None) -> str:
        one, other = (f"{n:.2f}".rstrip("0").rstrip(".") if n is not None else "" for n in (low, high))
        return one if one == other else f"{one}..{other}"

    head = " ".join(value[name] for name in ("kind", "direction", "reference") if name in value)
    parts = []
    if "date" in value:
        parts.append(value["date"] + (f"..{value['date_end']}" if "date_end" in value else ""))
    if value.get("points"):
        parts.append(", ".join(days(*point) for point in value["points"]))
    elif value.get("low") is not None or value.get("high") is not None:
        parts.append(days(value.get("low"), value.get("high")))
    if "until_low" in value or "until_high" in value:
        parts.append("until " + days(value.get("until_low"), value.get("until_high")))
    parts += [value["reason"]] if "reason" in value else []
    parts += ["about"] if value.get("approximate") else []
    return f"{head}: {' '.join(parts)}" if parts else head


@pytest.mark.parametrize("line", EXAMPLES, ids=[f"{one.term}: {one.columns['example']}" for one in EXAMPLES])
def test_each_example_comes_out_as_written(line: lexicon.Entry) -> None:
    text, spans = marked(line.columns["example"])
    found = FINDER.find(TOKENIZE(text))
    if not spans:
        assert [text[one.start : one.end] for one in found] == []
        return
    assert [(one.start, one.end) for one in found] == spans
    for one in found:
        TimeValue(**(one.value or {}))
    assert (found[0].rule, said(found[0].value or {})) == (line.term, line.columns["value"])


def ids_of_grammars() -> set[str]:
    """The ids that the modules and time.csv may give a mention."""
    texts = {
        node.value
        for path in MODULES.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    words = {line.columns["rule"] for line in lexicon.load("time") if "rule" in line.columns}
    return {text for text in texts if re.fullmatch(r"time\.[a-z_.]+[a-z]", text)} | words


def test_each_rule_is_told_in_words_and_shown_by_an_example() -> None:
    told = {line.term for line in LINES if "reads" in line.columns}
    shown = {line.term for line in EXAMPLES if "<" in line.columns["example"]} | {"time.none"}
    named = {line.term for line in LINES} | ids_of_grammars()
    assert (named - told, named - shown) == (set(), set())
    assert [line.term for line in LINES if "pattern" in line.columns and "example" not in line.columns] == []


@pytest.mark.parametrize("columns", [
    {"pattern": "<{amount} {nonsense}>", "kind": "offset"},
    {"pattern": "<{amount} (after|before>", "kind": "offset"},
    {"pattern": "<{amount}>", "kind": "offset", "days": "n+1"},
    {"pattern": "<{amount}>", "kind": "moment"},
])  # fmt: skip
def test_a_rule_that_cannot_be_read_is_named(columns: dict[str, str]) -> None:
    line = lexicon.Entry("time.mine", "time.mine", frozenset(), "caseline", columns)
    with pytest.raises(ValueError, match=r"time\.mine"):
        rules.compiled(line, amount_rules.FORMS)
