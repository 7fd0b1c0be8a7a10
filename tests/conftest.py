"""What many tests need."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import caseline
from tests import postgres

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.schema import Extraction

ROOT = Path(__file__).parent.parent
SAMPLES = sorted((ROOT / "annotations" / "samples").iterdir())


@cache
def _sample(path: Path) -> Extraction:
    return caseline.read_file(path)


@pytest.fixture(scope="session")
def sample() -> Callable[[str], Extraction]:
    """The extraction of a bundled sample report, by its stem; read once."""
    return lambda stem: _sample(next(path for path in SAMPLES if path.stem == stem))


@pytest.fixture(params=postgres.DATABASES)
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a test's store lies: each test runs on both databases."""
    return str(tmp_path / "store.sqlite") if request.param == "sqlite" else postgres.location()
