"""The language of the patterns in time_rule.csv, compiled to regular expressions beside an anchor.

A pattern is written as texts write it::

    <within {amount} [{head}] [of {event}]>
    (at|when) <{amount} old>

``<...>`` are the characters that the mention has; what stands outside must be there too. ``(a|b)`` is one of several,
``[a|b]`` may be missing, ``...`` is up to forty characters of the same clause, ``{name}`` a slot: the words of that
name in time.csv (kind ``slot``) or one of ``FORMS`` below. A blank is a blank or a hyphen. One slot of a pattern is
its anchor, which the caller has found; what is left and right of it is compiled here. ``{event}`` comes last, since
its end is not a matter of words (``references``); with ``[of {event}]`` it may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pipeline.mentions.time.figures import NUMBERED, ORDERED
from pipeline.mentions.time.vocabulary import SLOTS, alternation

PART = re.compile(r"\{(?P<slot>[^{}]+)\}|(?P<open>[(\[])|(?P<close>[)\]])|(?P<bar>\|)|(?P<mark>[<>])"
                  r"|(?P<gap>\.\.\.)|(?P<word>[^\s{}()\[\]|<>]+)|(?P<blank> +)")  # fmt: skip
BLANK = "[ -]"
# Where the left of an anchor may begin.
BEGIN = r'(?:^|(?<=[ (,;.\-"\n])|(?=/))'
FORMS = {
    "word": r"\w+",
    "digits": r"\d[\d.,]*",
    "quantity": rf"\d[\d.,]*[ ]?(?:{alternation(list(SLOTS['measure']))})(?: of \w+)?",
    "follow-up": r"(?:(?:of|post-?operative|clinical|long-term|routine)[ ])*follow(?:ed)?[ -]?up",
    "and days": r"(?:and|\+)[ ]?\d[ ]days?",
    "numbers": NUMBERED,
    "ordinals": ORDERED,
}
"""What slots stand for that are no lists of words."""
CAPTURED = ("post", "pre", "qualifier")
"""Slots whose words say more than that they are there."""


class Item(NamedTuple):
    """A piece of a side: its regex, whether it may be missing, the words that it can begin and end with."""

    regex: str
    optional: bool
    first: frozenset[str]
    last: frozenset[str]


@dataclass(frozen=True)
class Side:
    """What stands left or right of an anchor; ``words`` are those next to the anchor, None if that can be any."""

    written: str
    words: frozenset[str] | None

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The expression, compiled when it is first looked for: most reports need a third of them."""
        return re.compile(self.written, re.IGNORECASE)


def slot(name: str, forms: Mapping[str, str]) -> tuple[str, frozenset[str], frozenset[str]]:
    """The regex of a slot with the words that it begins and ends with.

    Raises:
        ValueError: there is no such slot.
    """
    if name in SLOTS:
        terms = SLOTS[name]
        ends = [re.findall(r"[a-z]+|/", term.casefold()) for term in terms]
        body = alternation([re.escape(term).replace(r"\ ", BLANK).replace(r"\-", "[- ]?") for term in terms])
        # "Post-operative" has no line of its own.
        first = {e[0] for e in ends} | {"post" for e in ends if e[0].startswith("post")}
        body = re.sub(r"\bpost(?=[a-z])", "post-?" if name in CAPTURED[:2] else "post[- ]?", body)
        return f"(?:{body})", frozenset(first), frozenset(e[-1] for e in ends)
    if name not in forms:
        raise ValueError(f"no slot {{{name}}}")
    return f"(?:{forms[name]})", frozenset(), frozenset()


class _Reader:
    """Reads a side of a pattern piece by piece."""

    def __init__(self, text: str, forms: Mapping[str, str]) -> None:
        self.parts = list(PART.finditer(text))
        self.at = 0
        self.forms = forms

    def sequence(self, left: bool, nested: bool = False) -> list[Item]:
        """The items up to a bar or a closing bracket; blanks go with what is farther from the anchor."""
        items: list[Item] = []
        blank = False
        while self.at < len(self.parts):
            part = self.parts[self.at]
            if part["bar"] or part["close"]:
                break
            self.at += 1
            if part["blank"]:
                blank = True
                continue
            if part["mark"]:
                item = Item(
                    f"(?P<{'open' if part['mark'] == '<' else 'close'}>)", False, frozenset(), frozenset()
                )
                if left and blank and items:
                    items[-1] = _with(items[-1], items[-1].regex + BLANK)
                    blank = False
                items.append(item)
                continue
            item = self._item(part, left)
            if blank and left and items:
                items[-1] = _with(items[-1], items[-1].regex + BLANK)
            elif blank and (not left and (items or not nested)):
                item = _with(item, BLANK + item.regex)
            blank = False
            items.append(item)
        if blank and left and not nested and items:
            items[-1] = _with(items[-1], items[-1].regex + (BLANK + "?" if "/" in items[-1].last else BLANK))
        return [i._replace(regex=f"(?:{i.regex})?") if i.optional else i for i in items]

    def _item(self, part: re.Match[str], left: bool) -> Item:
        if part["word"]:
            word = part["word"]
            ends = frozenset(re.findall(r"[a-z/]+", word.casefold()))
            joined = self.at < len(self.parts) and self.parts[self.at]["slot"]
            return Item(
                re.escape(word) + ("" if joined or not word[-1].isalnum() else r"\b"), False, ends, ends
            )
        if part["gap"]:
            return Item(r"(?:[^.;\n]|(?<=\d)\.(?=\d)){0,40}?", False, frozenset(), frozenset())
        if part["slot"]:
            regex, first, last = slot(part["slot"], self.forms)
            regex = f"(?P<{part['slot']}>{regex})" if part["slot"] in CAPTURED else regex
            return Item(rf"{regex}(?!\w)", False, first, last)
        choices: list[list[Item]] = []
        while True:
            choices.append(self.sequence(left, nested=True))
            if self.at >= len(self.parts):
                raise ValueError("a bracket is not closed")
            closing = self.parts[self.at]
            self.at += 1
            if closing["close"]:
                break
        body = "|".join("".join(i.regex for i in c) for c in choices)
        first = frozenset[str]().union(*(next_to(c, 1) or () for c in choices))
        last = frozenset[str]().union(*(next_to(c, -1) or () for c in choices))
        return Item(f"(?:{body})", closing["close"] == "]", first, last)


def _with(item: Item, regex: str) -> Item:
    return item._replace(regex=regex)


def next_to(items: list[Item], step: int) -> frozenset[str] | None:
    """The words that a side can begin (``step`` 1) or end (-1) with; None where nothing must be there."""
    words: frozenset[str] = frozenset()
    for item in items[::step]:
        if item.regex.startswith("(?P<open>") or item.regex.startswith("(?P<close>"):
            continue
        own = item.first if step == 1 else item.last
        if not own:
            return None
        words |= own
        if not item.optional:
            return words
    return None


def side(text: str, left: bool, forms: Mapping[str, str] = FORMS) -> Side | None:
    """One side of a pattern, or None where it says nothing.

    Raises:
        ValueError: the side is not written in this language.
    """
    if not text.strip(" "):
        return None
    reader = _Reader(text, forms)
    items = reader.sequence(left)
    if reader.at < len(reader.parts):
        raise ValueError(f"a bracket too many in {text!r}")
    body = "".join(item.regex for item in items)
    regex = rf"{BEGIN}{body}$" if left else rf"(?P<s>'s?)?{body}"
    return Side(regex, next_to(items, -1 if left else 1))
