"""The names of the months as time.csv has them.

Example: ``MONTHS["sept"]`` is 9; ``FULL`` is a regex of the full names, "March|April|...".
"""

from __future__ import annotations

from pipeline import lexicon

MONTHS = {
    entry.term.casefold(): int(entry.columns["low"])
    for entry in lexicon.load("time")
    if entry.columns["kind"] == "month"
}
FULL = "|".join(name.capitalize() for name in MONTHS if len(name) > 4 or name in ("may", "june", "july"))
