"""Many documents out of a few: copies of texts, another number in each.

    .venv/bin/python benchmarks/copies.py FOLDER NUMBER TEXTS...

Makes NUMBER .txt files in FOLDER from the .txt files in the folders TEXTS. No two are equal, and the same call makes the
same files.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

NUMBER = re.compile(r"(?<![\d.,])[1-9]\d?(?![\d.,])")


def altered(text: str, copy: int) -> str:
    """The text with one or two of its numbers changed; copy 0 is the text itself.

    Example: copies 1 and 2 of "on day 28" are "on day 29" and "on day 30".
    """
    places = list(NUMBER.finditer(text))
    if not copy or not places:
        return text if not copy else f"{text}\n\nCopy {copy}.\n"
    round_, place = divmod(copy - 1, len(places))
    one = places[place]
    low, high = (1, 9) if len(one[0]) == 1 else (10, 99)
    number = low + (int(one[0]) - low + 1 + round_) % (high - low + 1)
    return text[: one.start()] + str(number) + text[one.end() :]


def make(folder: Path, number: int, texts: Sequence[Path]) -> list[Path]:
    """Writes the copies, the texts in turn; their paths."""
    originals = [
        (path.stem, path.read_text(encoding="utf-8"))
        for one in texts
        for path in (sorted(one.glob("*.txt")) if one.is_dir() else [one])
    ]
    if not originals:
        raise SystemExit(f"{texts[0]}: no .txt files")
    folder.mkdir(parents=True, exist_ok=True)
    seen: set[str] = set()
    paths: list[Path] = []
    copy = 0
    while len(paths) < number:
        for stem, text in originals[: number - len(paths)]:
            made = altered(text, copy)
            if made in seen:
                made = f"{made}\n\nCopy {copy}.\n"
            seen.add(made)
            paths.append(folder / f"{copy:04}-{stem}.txt")  # long texts and short ones in turn
            paths[-1].write_text(made, encoding="utf-8")
        copy += 1
    return paths


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("number", type=int)
    parser.add_argument("texts", type=Path, nargs="+")
    options = parser.parse_args()
    make(options.folder, options.number, options.texts)
