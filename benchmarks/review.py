"""Response times of the review over a store of many documents, as medians.

    .venv/bin/python benchmarks/review.py FOLDER [--documents N] [--requests N]

FOLDER holds .txt reports; copies of them, a number in each changed, fill a store of N documents. Requests go to a real
server on loopback.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from pathlib import Path

import httpx
import uvicorn

from annotations.review.access import HEADER, settings
from annotations.review.app import make_app
from caseline import extract
from pipeline.reader import read_bytes
from pipeline.store import Store, open_store, writing

PORT = 8799


def fill(store: Store, folder: Path, documents: int) -> None:
    """Puts so many documents into the store; each text is extracted once, its copies get its record."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    for number in range(documents):
        text = f"{texts[number % len(texts)]}\n\nReport {number}.\n"
        document = read_bytes(text.encode(), f"report-{number:05}", f"/texts/{number}.txt")
        found = extract(document)
        if not number:
            writing.use(store, found.produced_by.config, found.produced_by.caseline, {})
        writing.save(store, document, found, writing.Item(f"/texts/{number}.txt", "0" * 64), run=None)


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
        server.should_exit = True
        thread.join()
        store.close()
    print(f"{options.documents} documents\n{'request':<18} {'median ms':>10} {'slowest ms':>11}")
    for name, times in rows.items():
        print(f"{name:<18} {statistics.median(times):>10.0f} {max(times):>11.0f}")


if __name__ == "__main__":
    main()
