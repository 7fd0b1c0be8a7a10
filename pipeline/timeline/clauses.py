"""Which time expression of a sentence an event takes: the one of its clause, else a leading one that still holds.

Example: "On day 3 fever rose, and on day 5 she died": the fever takes day 3, the death day 5.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

BREAK = re.compile(
    r"; |: (?!\d)|, (?:and|but|then|so|while|whereas|which|who|when|where|(?:for|of|after|during|in|on|at|from) which|followed by|although|however)\b|"
    r" (?:but|while|whereas|followed by|after which|until|before being|and then) | and (?=(?:was|were|he|she|they|the patient|then|on|at|after|in) )|"
    r",? (?=followed (?:[\w-]+ ){2,4}(?:later|after) by )",
    re.IGNORECASE,
)
# "Because ferritin rose on day 4, rituximab was added on day 6": the comma ends what came before the main clause.
SUBORDINATE = re.compile(
    r"(?:because|as|since|when|after|once|although|though|while|despite|due to|owing to|given)\b(?:[^,()]|,(?=\d)|\([^()]*\))*, ",
    re.IGNORECASE,
)
# A second subject with its verb: "A was stopped on day 3 and B was begun the next day".
AND = re.compile(
    r" and (?=(?:[^\s,;()]+ ){1,6}?(?:was|were|had|ceased|rose|fell|dropped|resolved|subsided|improved|increased|decreased|recurred|"
    r"disappeared|returned|normali[sz]ed) )"
)
SUBJECT_LENGTH = 12


def breaks(text: str, start: int, end: int, times: Sequence[tuple[int, int]] = ()) -> list[int]:
    """Where the clauses of the sentence ``start``..``end`` begin; ``times`` are its expressions.

    A mere "and" parts two clauses only where a time is told on either side of it.
    """
    begins = [start, *(match.end() for match in BREAK.finditer(text, start, end))]
    if len(times) > 1:
        first, last = min(time[1] for time in times), max(time[0] for time in times)
        begins = sorted({*begins, *(match.end() for match in AND.finditer(text, first, last))})
    led = SUBORDINATE.match(text, start, end)
    return begins if led is None else sorted({*begins, led.end()})


def choose(place: tuple[int, int], times: Sequence[tuple[int, int]], begins: Sequence[int]) -> int | None:
    """The number of the expression that holds at ``place``, or None.

    In its own clause the nearest one; else the last one of an earlier clause; a later one never reaches back over a
    clause that has its own verb.
    """
    if not times:
        return None
    own = bisect_right(begins, place[0])
    here = [i for i, t in enumerate(times) if bisect_right(begins, t[0]) == own]
    if here:
        leading = [i for i in here if times[i][1] <= place[0]]
        trailing = [i for i in here if times[i][0] >= place[1]]
        if not leading and not trailing:
            return here[0]
        if leading and trailing:
            first_of_clause = times[leading[-1]][0] - begins[own - 1] <= SUBJECT_LENGTH
            near_before = place[0] - times[leading[-1]][1]
            near_after = times[trailing[0]][0] - place[1]
            if first_of_clause and len(leading) == 1 and near_after > 25:
                return leading[-1]
            return leading[-1] if near_before <= near_after else trailing[0]
        return leading[-1] if leading else trailing[0]
    earlier = [i for i, t in enumerate(times) if t[1] <= place[0]]
    return earlier[-1] if earlier else None
