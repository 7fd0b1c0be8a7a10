"""Reading files and JSON that may be hostile: size, depth, numbers and characters are bounded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.export.exchange.errors import Place

MAX_BYTES = 100_000_000
# What JSON counts as blank.
BLANK = " \t\r\n"
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        ExchangeError: it cannot be read, or is larger than ``MAX_BYTES``.
    """
    place = Place(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise place.error((error.strerror or type(error).__name__).lower()) from error
    if len(data) > MAX_BYTES:
        raise place.error(f"larger than {MAX_BYTES:,} bytes")
    return data


def text(path: Path) -> str:
    """The characters of a UTF-8 file, line ends as they are; a byte-order mark is no character.

    Raises:
        ExchangeError: see ``read``; or the file is not UTF-8.
    """
    data = read(path).removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Place(path, line).error("not UTF-8") from error


def objects(path: Path) -> Iterator[tuple[Place, Any]]:
    """The values of a JSON file with their places: the elements of an array, or the one value.

    Raises:
        ExchangeError: see ``text``; or the JSON is broken.
    """
    content = text(path)
    at = _skip(content, 0)
    line = content.count("\n", 0, at) + 1
    if content[at : at + 1] != "[":
        yield Place(path, line), value(content, Place(path))
        return
    at, separator = at + 1, ""
    while True:
        following = _skip(content, at)
        line += content.count("\n", at, following)
        place = Place(path, line)
        if content[following : following + 1] == "]" and separator != ",":
            if content[following + 1 :].strip(BLANK):
                raise place.error("JSON goes on after its end")
            return
        one, at = _decode(content, following, place)
        yield place, one
        line += content.count("\n", following, at)
        after = _skip(content, at)
        line += content.count("\n", at, after)
        separator = content[after : after + 1]
        if separator not in (",", "]") or not separator:
            raise Place(path, line).error("JSON is broken")
        at = after + (separator == ",")


def lines(path: Path) -> Iterator[tuple[Place, Any]]:
    """The values of a JSON lines file with their places; empty lines are left out."""
    for number, line in enumerate(text(path).split("\n"), 1):
        if line.strip(BLANK):
            place = Place(path, number)
            yield place, value(line, Place(path), number)


def value(content: str, place: Place, line: int = 1) -> Any:
    """One JSON value, whose first line is ``line`` of the file."""
    start = _skip(content, 0)
    one, end = _decode(content, start, Place(place.file, line, place.part), whole=True)
    if content[end:].strip(BLANK):
        raise Place(place.file, line + content.count("\n", 0, end), place.part).error(
            "JSON goes on after its end"
        )
    return one


def _skip(content: str, at: int) -> int:
    while at < len(content) and content[at] in BLANK:
        at += 1
    return at


def _decode(content: str, at: int, place: Place, *, whole: bool = False) -> tuple[Any, int]:
    """The value that starts at a character, and where it ends."""
    try:
        one, end = DECODER.raw_decode(content, at)
        if SURROGATE.search(content, at, end):
            json.dumps(one, ensure_ascii=False).encode()
        return one, end
    except json.JSONDecodeError as error:
        line = (place.line or 1) + content.count("\n", 0 if whole else at, error.pos)
        raise Place(place.file, line, place.part).error("JSON is broken") from error
    except RecursionError as error:
        raise place.error("JSON is nested too deeply") from error
    except UnicodeEncodeError as error:
        raise place.error("JSON holds half of a surrogate pair") from error
    except ValueError as error:  # NaN, Infinity, an integer of thousands of digits
        raise place.error("JSON holds a number that is none") from error


def _refuse(constant: str) -> float:
    raise ValueError(constant)


DECODER = json.JSONDecoder(parse_constant=_refuse)
