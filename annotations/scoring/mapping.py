"""Which gold types answer which labels.

What: a TOML file with the tables ``types``, ``labels``, ``numbers`` and ``parts``; maccrobat.toml explains them and
is the default for brat folders. Gold in the form of the extraction record needs none: a label answers itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from annotations.scoring.records import ScoringError
from pipeline.schema import Label

DEFAULT = Path(__file__).with_name("maccrobat.toml")
LABELS: tuple[str, ...] = get_args(Label)


@dataclass(frozen=True)
class Mapping:
    """The tables of a mapping file; ``maccrobat.toml`` says what each means."""

    types: AnyMapping[str, str]
    labels: AnyMapping[str, str]
    numbers: AnyMapping[str, str] = field(default_factory=dict)
    parts: AnyMapping[str, tuple[str, ...]] = field(default_factory=dict)


IDENTITY = Mapping({label: label for label in LABELS}, {label: label for label in LABELS})


def load_mapping(path: Path = DEFAULT) -> Mapping:
    """The mapping of a TOML file.

    Raises:
        ScoringError: the file cannot be read or names a label that the record does not have.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        mapping = Mapping(
            types=dict(tables["types"]),
            labels=dict(tables["labels"]),
            numbers=dict(tables.get("numbers", {})),
            parts={label: tuple(parts) for label, parts in tables.get("parts", {}).items()},
        )
    except OSError as error:
        raise ScoringError(f"{path}: {error.strerror}") from error
    except tomllib.TOMLDecodeError as error:
        raise ScoringError(f"{path}: not TOML: {error}") from error
    except KeyError as error:
        raise ScoringError(f"{path}: the table {error} is missing") from error
    unknown = sorted({*mapping.labels, *(p for parts in mapping.parts.values() for p in parts)} - {*LABELS})
    if unknown:
        raise ScoringError(f"{path}: no such label: {', '.join(unknown)}")
    return mapping
