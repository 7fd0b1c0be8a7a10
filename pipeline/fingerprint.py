"""What the output depends on, as hashes: each module of the pipeline, its configuration, each lexicon, what was learned.

A change of the store or of an export changes no extraction and no fingerprint. No spaCy is imported here.
Example: ``components()["lexicon/drug.csv"]`` changes with the drug lexicon alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOM = Path(__file__).parent
SUFFIXES = (".py", ".csv", ".toml", ".cfg")
LEARNED = ROOM.parent / "models"
# Rooms that come after the record.
AFTER = ("export", "store")
FILES = ("confidence.table",)  # settings that name a file: what it holds counts
USERS = "user/"  # the components that are users' lexicons


def components(lexicons: Sequence[str] = (), settings: Sequence[str] = ()) -> dict[str, str]:
    """The hash of each part, by its path in the package; users' lexicons are numbered in their order.

    ``settings`` are those that stand in for config.cfg, of which the last one of an option counts.

    Raises:
        OSError: a user's lexicon cannot be read.
    """
    own = [path for path in ROOM.rglob("*") if path.suffix in SUFFIXES]
    named = {path.relative_to(ROOM).as_posix(): path for path in own}
    named |= {f"models/{path.name}": path for path in LEARNED.glob("*.csv")}
    parts = {name: _hash(path) for name, path in sorted(named.items()) if not name.startswith(AFTER)}
    parts |= {f"{USERS}{number}": _hash(Path(path)) for number, path in enumerate(lexicons, 1)}
    last = {setting.partition("=")[0]: setting for setting in settings}
    return parts | {f"settings/{key}": _setting(setting) for key, setting in sorted(last.items())}


def lexicon_files(lexicons: Sequence[str] = ()) -> dict[str, bytes]:
    """The words of each lexicon by the hash that ``components`` gives it, the shipped ones and users' own."""
    paths = [*sorted((ROOM / "lexicon").glob("*.csv")), *map(Path, lexicons)]
    return {_hash(path): path.read_bytes() for path in paths}


@cache
def fingerprint(lexicons: tuple[str, ...] = (), settings: tuple[str, ...] = ()) -> str:
    """sha256 of the version and all parts; the same files give the same on every machine."""
    return combined(components(lexicons, settings))


def combined(parts: Mapping[str, str]) -> str:
    """The fingerprint of these parts."""
    digest = hashlib.sha256(version("caseline").encode())
    for name, part in sorted(parts.items()):
        digest.update(f"\n{name} {part}".encode())
    return digest.hexdigest()


def _setting(setting: str) -> str:
    key, _, value = setting.partition("=")
    return _hash(Path(value)) if key in FILES and value != "null" else _digest(setting.encode())


def _hash(path: Path) -> str:
    return _digest(path.read_bytes().replace(b"\r\n", b"\n"))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
