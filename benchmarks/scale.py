"""What a run costs over plain extraction, what a second run costs, and whether a worker's memory stays flat.

    .venv/bin/python benchmarks/scale.py TEXTS... [--documents N] [--store URL] [--workers N]

N altered copies of the .txt files in TEXTS (``benchmarks/copies.py``) are read by ``caseline extract`` and by
``caseline run``, one after the other; then the run is repeated. Goals at 5,000: a run within 115 % of the extraction plus
10 s; the second within 10 s and with nothing extracted; a worker's memory within 10 % of what it was at document 1,000, and
below 1.5 GB. Memory is proportional set size; ``cpu`` is that of all processes of a command, which tells more than the
clock where the machine is shared.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from copies import make

from pipeline.store import open_store, reading

COMMAND = (sys.executable, "-c", "from flows.cli import main; main()")
EVERY = 2.0  # seconds between two looks at memory


@dataclass
class Seen:
    """Megabytes of the largest worker, by the number of documents done."""

    memory: list[tuple[int, float]] = field(default_factory=list)

    def at(self, documents: int) -> float:
        """The first look at which so many were done."""
        return next((megabytes for done, megabytes in self.memory if done >= documents), 0.0)


def timed(arguments: Sequence[str]) -> tuple[float, float, str]:
    """Seconds by the clock, seconds of processor, last line of output."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run([*COMMAND, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return clock, cpu, (done.stdout.splitlines() or [""])[-1]


def workers() -> list[int]:
    """The worker processes that descend from this one."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue

    def mine(pid: int) -> bool:
        while pid and pid != os.getpid():
            pid = parents.get(pid, 0)
        return bool(pid)

    return [pid for pid in parents if mine(pid) and b"flows.worker" in told(pid, "cmdline")]


def told(pid: int, what: str) -> bytes:
    """A file of /proc; empty where the process has just ended."""
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def megabytes(pid: int) -> float:
    """The proportional set size."""
    lines = told(pid, "smaps_rollup").decode().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def watch(store: str, seen: Seen, over: threading.Event) -> None:
    """Looks at the workers until the run is over."""
    opened = open_store(store)
    while not over.wait(EVERY):
        largest = max(map(megabytes, workers()), default=0.0)
        if largest:
            seen.memory.append((reading.counts(opened)["extractions"], largest))
    opened.close()


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--store", help="an empty store; a SQLite file of its own without it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder, store = Path(work) / "texts", options.store or f"{work}/store.sqlite"
        words = sum(
            len(path.read_text("utf-8").split()) for path in make(folder, options.documents, options.texts)
        )
        print(f"{options.documents:,} documents, {words:,} words; load {os.getloadavg()[0]:.1f}", flush=True)
        extract = ["extract", str(folder), "--format", "jsonl", "--out", f"{work}/out", "--workers"]
        plain, plain_cpu, _ = timed([*extract, str(options.workers)])
        print(f"extract: {plain:.0f} s, cpu {plain_cpu:.0f} s; load {os.getloadavg()[0]:.1f}", flush=True)
        seen, over = Seen(), threading.Event()
        watching = threading.Thread(target=watch, args=(store, seen, over))
        watching.start()
        run = ["run", str(folder), "--store", store, "--workers", str(options.workers)]
        whole, whole_cpu, line = timed(run)
        over.set()
        watching.join()
        print(f"run:     {whole:.0f} s, cpu {whole_cpu:.0f} s; load {os.getloadavg()[0]:.1f}; {line}")
        for name, first, second in (("clock", plain, whole), ("cpu", plain_cpu, whole_cpu)):
            print(f"  over extraction ({name}): {second - first:+.0f} s = {100 * (second / first - 1):+.0f} %, "
                  f"of which beyond 10 s: {100 * ((second - 10) / first - 1):+.0f} %")  # fmt: skip
        first = min(1000, options.documents // 5)
        before, last = seen.at(first), seen.memory[-1][1] if seen.memory else 0.0
        peak = max((one for _, one in seen.memory), default=0.0)
        print(
            f"  memory of a worker: {before:.0f} MB at {first:,}, {last:.0f} MB at the end, peak {peak:.0f} MB"
        )
        again, _, line = timed(run)
        print(f"again:   {again:.1f} s; {line}")


if __name__ == "__main__":
    main()
