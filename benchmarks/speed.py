"""Words a second of caseline beside spaCy's tokenizer and medspaCy's default pipeline, in one run on the same texts.

    .venv/bin/python benchmarks/speed.py TEXTS [--repeat N] [--rounds N]

TEXTS is a folder of .txt files, read N times over (``--repeat``). Each system runs in a process of its own, the rounds
of the systems in turn, so that a change of the machine's speed meets all of them; the medians are printed, with the
ratios, the start-up time of ``caseline extract`` and the peak memory of each process.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SYSTEMS = ("spacy tokenizer", "medspacy default", "caseline")


def prepare(system: str) -> Callable[[str], object]:
    """What the system does with one text; building it is not timed."""
    if system == "spacy tokenizer":
        import spacy

        return spacy.blank("en").make_doc
    if system == "medspacy default":
        from loguru import logger

        logger.remove()  # PyRuSH logs every sentence
        import medspacy

        return medspacy.load()
    from caseline import extract
    from pipeline.reader import read_bytes

    return lambda text: extract(read_bytes(text.encode(), "text", "text"))


def measure(system: str, folder: str, repeat: int) -> None:
    """Prints seconds and peak memory of one pass, after a warm-up on the first text."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*.txt"))] * repeat
    run = prepare(system)
    run(texts[0])
    start = time.perf_counter()
    for text in texts:
        run(text)
    seconds = time.perf_counter() - start
    words = sum(len(text.split()) for text in texts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"words": words, "seconds": seconds, "megabytes": peak}, sys.stdout)


def startup() -> float:
    """Seconds that ``caseline extract`` takes for one short report, start to end."""
    command = Path(sys.executable).with_name("caseline")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.txt"
        report.write_text(
            "A 40-year-old woman was admitted. She was given prednisolone 20 mg/day.", encoding="utf-8"
        )
        start = time.perf_counter()
        subprocess.run(
            [command, "extract", report, "--format", "jsonl"], check=True, stdout=subprocess.DEVNULL
        )
        return time.perf_counter() - start


def main() -> None:
    """The table of all systems."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--system", choices=SYSTEMS, help="measure one, as JSON (used by the table itself)")
    options = parser.parse_args()
    if not any(Path(options.texts).glob("*.txt")):
        parser.error(f"{options.texts}: no .txt files")
    if options.system:
        measure(options.system, options.texts, options.repeat)
        return
    results: dict[str, list[dict[str, float]]] = {system: [] for system in SYSTEMS}
    starts = []
    for _ in range(options.rounds):
        for system in SYSTEMS:
            # medspaCy's default pipeline is some 40 times slower than the others: one pass is enough
            repeat = 1 if system == "medspacy default" else options.repeat
            command = [sys.executable, __file__, options.texts, "--repeat", str(repeat), "--system", system]
            done = subprocess.run(
                command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ}
            )
            results[system].append(json.loads(done.stdout.splitlines()[-1]))
        starts.append(startup())
    speed = {s: statistics.median(r["words"] / r["seconds"] for r in results[s]) for s in SYSTEMS}
    print(f"{'system':<18} {'words/s':>9} {'of tokenizer':>13} {'of medspaCy':>12} {'peak MB':>8}")
    for system in SYSTEMS:
        memory = max(r["megabytes"] for r in results[system])
        print(
            f"{system:<18} {speed[system]:>9,.0f} {speed[system] / speed[SYSTEMS[0]]:>13.3f} "
            f"{speed[system] / speed[SYSTEMS[1]]:>12.1f} {memory:>8.0f}"
        )
    print(f"start-up of `caseline extract` on a short report: {statistics.median(starts):.2f} s")


if __name__ == "__main__":
    main()
