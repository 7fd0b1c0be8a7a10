"""Runs that are killed, and runs at once: is the store the same as an undisturbed run's, and is anything done twice?

    .venv/bin/python benchmarks/many.py TEXTS... [--documents N] [--kills 10] [--at-once 5] [--store URL] [--seed 6]

Three stores are filled from the same N altered copies (``benchmarks/copies.py``): by one undisturbed run; by a run that is
ended with ``kill -9`` at random moments, in turn itself and one of its workers, and started again; and by several runs at
once. Prints, for each, whether the store equals the first (``backup.digest``), what ``store check`` finds, and how many
extractions were made twice. With ``--store`` (an empty PostgreSQL database; ``.ci/postgres`` starts a server) the stores lie
there one after the other, and deadlocks are counted.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from copies import make
from scale import COMMAND, workers
from sqlalchemy import text

from pipeline.store import backup, open_store, reading, tables

EXTRACTED = re.compile(r"extracted (\d+)$")


def run(folder: Path, store: str) -> subprocess.Popen[str]:
    """A run under way, on two workers."""
    return subprocess.Popen(
        [*COMMAND, "run", str(folder), "--store", store, "--workers", "2"], stdout=subprocess.PIPE, text=True
    )


def extracted(one: subprocess.Popen[str]) -> int:
    """Waits for a run; the number of extractions that it says it made."""
    said = EXTRACTED.search((one.communicate()[0] or "").strip())
    if one.returncode or said is None:
        raise SystemExit(f"a run ended with status {one.returncode}")
    return int(said[1])


def look(store: str) -> str:
    """The digest; what is wrong is printed."""
    opened = open_store(store)
    for fault in backup.check(opened):
        print("  fault:", fault)
    digest, counts = backup.digest(opened), reading.counts(opened)
    print(
        f"  {counts['documents']} documents, {counts['extractions']} extractions, digest {digest[:12]}",
        flush=True,
    )
    opened.close()
    return digest


def empty(store: str) -> None:
    """Makes a store, or clears one."""
    opened = open_store(store)
    with opened.write() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            connection.execute(table.delete())
    opened.close()


def disturbed(folder: Path, store: str, kills: int, chance: random.Random) -> None:
    """Kills, in turn, the run and a worker of it."""
    done = 0
    while done < kills:
        one = run(folder, store)
        begun = time.monotonic()
        while one.poll() is None and done < kills:
            if not workers():  # nothing has begun yet
                time.sleep(0.2)
                continue
            time.sleep(chance.uniform(0.5, 12.0))
            whom = [one.pid] if done % 2 == 0 else workers()
            if one.poll() is None and whom:
                os.kill(chance.choice(whom), signal.SIGKILL)
                done += 1
                print(
                    f"  killed {'the run' if whom == [one.pid] else 'a worker'} after {time.monotonic() - begun:.1f} s"
                )
                if whom == [one.pid]:
                    break
        one.wait()
        if one.returncode == 0:
            print(f"  the run was over after {done} kills", flush=True)
            return
    print("  the last run extracted", extracted(run(folder, store)))


def deadlocks(store: str) -> int:
    """Since the database was made; 0 for SQLite, which has none."""
    opened = open_store(store)
    found = 0
    if opened.engine.dialect.name == "postgresql":
        query = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        with opened.read() as connection:
            found = int(connection.execute(query).scalar_one())
    opened.close()
    return found


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--at-once", type=int, default=5)
    parser.add_argument("--store")
    parser.add_argument("--seed", type=int, default=6)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "texts"
        make(folder, options.documents, options.texts)
        store = options.store or f"{work}/store.sqlite"
        print(
            f"{options.documents} documents on {store.partition(':')[0] if options.store else 'SQLite'}; undisturbed"
        )
        empty(store)
        extracted(run(folder, store))
        whole = look(store)

        print(f"killed {options.kills} times")
        empty(store)
        disturbed(folder, store, options.kills, random.Random(options.seed))
        print("  the same store:", look(store) == whole)

        print(f"{options.at_once} runs at once")
        empty(store)
        start = time.perf_counter()
        runs = [run(folder, store) for _ in range(options.at_once)]
        numbers = [extracted(one) for one in runs]
        print(
            f"  {time.perf_counter() - start:.0f} s; extracted {numbers}, twice {sum(numbers) - options.documents}"
        )
        print("  the same store:", look(store) == whole, "; deadlocks:", deadlocks(store))


if __name__ == "__main__":
    main()
