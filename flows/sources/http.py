"""Asking politely: a limited rate, patience when told to wait, a contact address.

429 and 5xx, time-outs and answers that break off are asked again with growing pauses, or after the pause that the
server names (Retry-After, in seconds or as a date). 4xx are final.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from threading import Lock
from typing import Any

import httpx

from flows.sources.base import FetchError

TRIES = 6
LONGEST_PAUSE = 120.0  # seconds; a server that asks for more is asked again in the next run
MAX_BYTES = 100_000_000
RETRIED = (408, 425, 429, 500, 502, 503, 504)


class Client:
    """GET requests to one server, at most so many a second."""

    def __init__(self, base: str, per_second: float, pause: float = 1.0, timeout: float = 60.0) -> None:
        contact = os.environ.get("CASELINE_CONTACT")
        agent = f"caseline/{version('caseline')}" + (f" (mailto:{contact})" if contact else "")
        self.base, self._interval, self._pause = base.rstrip("/"), 1.0 / per_second, pause
        self._client = httpx.Client(headers={"User-Agent": agent}, timeout=timeout, follow_redirects=True)
        self._lock, self._next = Lock(), 0.0

    def get(self, path: str, **parameters: Any) -> bytes:
        """The body of an answer.

        Raises:
            FileNotFoundError: the server has no such thing (404).
            FetchError: the server does not answer in spite of all patience, or refuses.
        """
        url, reason = f"{self.base}/{path}", ""
        for attempt in range(TRIES):
            self._wait()
            pause = self._pause * 2**attempt
            try:
                with self._client.stream("GET", url, params=parameters or None) as answer:
                    if answer.status_code == 404:
                        raise FileNotFoundError(url)
                    if answer.status_code in RETRIED:
                        reason = f"status {answer.status_code}"
                        pause = max(pause, _retry_after(answer.headers.get("Retry-After")))
                    elif answer.status_code != 200:
                        raise FetchError(f"{url}: status {answer.status_code}")
                    else:
                        return _body(answer, url)
            except httpx.TransportError as error:
                reason = type(error).__name__
            if pause > LONGEST_PAUSE:
                break
            if attempt < TRIES - 1:
                time.sleep(pause)
        raise FetchError(f"{url}: {reason}")

    def _wait(self) -> None:
        with self._lock:
            now = time.monotonic()
            at = max(now, self._next)
            self._next = at + self._interval
        time.sleep(at - now)


def _body(answer: httpx.Response, url: str) -> bytes:
    parts, size = [], 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > MAX_BYTES:
            raise FetchError(f"{url}: more than {MAX_BYTES:,} bytes")
        parts.append(part)
    return b"".join(parts)


def _retry_after(value: str | None) -> float:
    """The seconds that a server asks to wait."""
    if not value:
        return 0.0
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 0.0  # a date that nobody can read asks for nothing
