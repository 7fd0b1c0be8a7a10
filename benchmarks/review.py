"""Response times of the review over a store of many documents, as medians.

    .venv/bin/python benchmarks/review.py FOLDER [--documents N] [--requests N]

FOLDER holds .txt reports; copies of them, a number in each changed, fill a store of N documents. Requests go to a real
server on loopback; a report of 12,000 words is opened in Chromium, each time with an empty cache: its first paint, the
moments at which its text is painted and at which its events are there too, and the frames while it is scrolled through.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import threading
import time
from itertools import cycle
from pathlib import Path

import httpx
import uvicorn

from annotations.review.access import HEADER, settings
from annotations.review.app import make_app
from caseline import extract
from pipeline.reader import read_bytes
from pipeline.schema import Extraction
from pipeline.store import Store, open_store, writing

PORT = 8799


def fill(store: Store, folder: Path, documents: int) -> None:
    """Puts so many documents into the store; each text is extracted once, its copies get its record."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    done: dict[int, Extraction] = {}
    for number in range(documents):
        which = number % len(texts)
        text = f"{texts[which]}\n\nReport {number}.\n"
        done[which] = put(store, f"report-{number:05}", text, done.get(which))


WORDS = 12_000
SCROLL = """() => new Promise((done) => {
  const box = document.getElementById("reading"), times = [];
  let before = null;
  const step = (now) => {
    if (before !== null) times.push(now - before);
    before = now;
    box.scrollTop += 120;
    if (times.length < 120) requestAnimationFrame(step); else done(times);
  };
  requestAnimationFrame(step);
})"""
MOMENT = "name => performance.getEntriesByName(name)[0].startTime"
MOMENTS = {
    "first paint": "first-contentful-paint",
    "text painted": "text",
    "text and events": "events",
}  # the page's marks


def put(store: Store, id: str, text: str, like: Extraction | None = None) -> Extraction:
    """Puts a document into the store, with what was found in one that differs in its last line alone."""
    document = read_bytes(text.encode(), id, f"/texts/{id}.txt")
    if like is None:
        found = extract(document)
        writing.use(store, found.produced_by.config, found.produced_by.caseline, {})
    else:
        found = like.model_copy(update={"id": id, "source": document.source, "text": document.text})
    writing.save(store, document, found, writing.Item(f"/texts/{id}.txt", "0" * 64), run=None)
    return found


def long_report(folder: Path) -> str:
    """The reports one after the other, from the first again where they are too few, until there are enough words."""
    texts = [path.read_text(encoding="utf-8").strip() for path in sorted(folder.glob("*.txt"))]
    parts: list[str] = []
    words = 0
    for paragraph in (line for text in cycle(texts) for line in text.splitlines() if line.strip()):
        if words >= WORDS:
            return "\n\n".join(parts)
        parts.append(paragraph.strip())
        words += len(paragraph.split())
    raise SystemExit(f"{folder}: no .txt files with words")


def painted(address: str, times: int = 5) -> dict[str, list[float]]:
    """Milliseconds to the first paint, to the text, to all of the report, and of each frame while it is scrolled."""
    from playwright.sync_api import sync_playwright

    rows: dict[str, list[float]] = {name: [] for name in (*MOMENTS, "a frame, scrolling")}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(times):
            page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
            page.goto(address)
            page.wait_for_selector("#events [data-event]")
            for name, mark in MOMENTS.items():
                rows[name].append(page.evaluate(MOMENT, mark))
            rows["a frame, scrolling"] += page.evaluate(SCROLL)
            page.context.close()
        browser.close()
    return rows


def timed(client: httpx.Client, method: str, addresses: list[str], bodies: list[object]) -> list[float]:
    """Milliseconds of each request."""
    times = []
    for address, body in zip(addresses, bodies, strict=True):
        start = time.perf_counter()
        client.request(method, address, json=body if method == "POST" else None).raise_for_status()
        times.append(1000 * (time.perf_counter() - start))
    return times


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--requests", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        store = open_store(Path(place) / "store.sqlite")
        fill(store, options.folder, options.documents)
        put(store, "long", long_report(options.folder))
        server = uvicorn.Server(
            uvicorn.Config(make_app(settings(store, with_accounts=False)), port=PORT, log_level="critical")
        )
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as client:
            client.headers[HEADER] = client.get("/api/me").json()["csrf"]
            step = max(options.documents // options.requests, 1)
            ids = [f"report-{number:05}" for number in range(0, options.documents, step)][: options.requests]
            comment = {"seen": 0, "decisions": [{"kind": "comment", "note": "looked at"}]}
            rows = {
                "queue": timed(client, "GET", ["/api/queue"] * 20, [None] * 20),
                "queue, searched": timed(client, "GET", ["/api/queue?q=rituximab"] * 20, [None] * 20),
                "open a report": timed(
                    client, "GET", [f"/api/documents/{id}" for id in ids], [None] * len(ids)
                ),
                "a decision": timed(
                    client, "POST", [f"/api/documents/{id}/decisions" for id in ids], [comment] * len(ids)
                ),
            }
            address = f"http://127.0.0.1:{PORT}/document/long"
            rows["12,000 words: open"] = timed(client, "GET", ["/api/documents/long"] * 10, [None] * 10)
        rows |= painted(address)
        server.should_exit = True
        thread.join()
        store.close()
    print(f"{options.documents} documents\n{'request':<20} {'median ms':>10} {'slowest ms':>11}")
    for name, times in rows.items():
        print(f"{name:<20} {statistics.median(times):>10.0f} {max(times):>11.0f}")


if __name__ == "__main__":
    main()
