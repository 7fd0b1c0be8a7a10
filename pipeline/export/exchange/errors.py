"""The error of an exchange, and the place that it names. Messages never hold text of a document."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)


class ExchangeError(Exception):
    """A file that cannot be taken over; the message names file, line and reason."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands; ``part`` names the element on that line ("region m3")."""

    file: Path
    line: int | None = None
    part: str = ""

    def at(self, part: str) -> Place:
        """An element of this one."""
        return Place(self.file, self.line, f"{self.part}, {part}" if self.part else part)

    def error(self, reason: str) -> ExchangeError:
        """The error to raise, e.g. ``ward.ann: line 3: no label``."""
        line = f"line {self.line}" if self.line is not None else ""
        return ExchangeError(": ".join(part for part in (str(self.file), line, self.part, reason) if part))

    def valid(self, model: type[Model], value: object) -> Model:
        """The value as a record.

        Raises:
            ExchangeError: a field is missing or of the wrong form; the first is named.
        """
        try:
            return model.model_validate(value)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            path = ".".join(str(part)[:40] for part in first["loc"])
            raise self.error(f"{path}: {first['msg']}" if path else first["msg"]) from error
