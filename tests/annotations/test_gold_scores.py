"""The samples against their gold, event by event: a ratchet in both directions.

``known_failures.txt`` lists what is not yet right, one line each. What fails and is not listed is a step back; what
is listed and does not fail must leave the list. ``python -m tests.annotations.test_gold_scores`` writes the list anew:
read the difference before you commit it.
"""

import json
from pathlib import Path

import pytest

from annotations.agreement import annotated
from annotations.agreement.attributes import Marked, same_quantity
from annotations.scoring.alike import match
from annotations.scoring.timeline import LISTED_IN_FULL, NARROW, right_day
from tests.conftest import ROOT, SAMPLES

KNOWN = Path(__file__).with_name("known_failures.txt")


def failures(gold, found):
    """What is wrong, as lines "start name: what"; both are records as plain values."""
    wanted, said = (annotated(record).events or () for record in (gold, found))
    pairs = match([one.event for one in wanted], [one.event for one in said])
    answers = dict(pairs)
    lines = []
    for i, one in enumerate(wanted):
        wrong = _wrong(one, said[answers[i]]) if i in answers else ["missed"]
        lines += [(one, what) for what in wrong]
    taken = {j for _, j in pairs}
    lines += [
        (one, "not in gold")
        for j, one in enumerate(said)
        if j not in taken and one.event.kind in LISTED_IN_FULL and not one.record["from_table"]
    ]
    return sorted(f"{one.record['start']:05d} {one.record['name']}: {what}" for one, what in lines)


def _wrong(wanted: Marked, said: Marked):
    for name in ("kind", "status", "action"):
        if wanted.record[name] != said.record[name]:
            yield f"{name} {said.record[name]}, not {wanted.record[name]}"
    for name in ("dose", "measurement"):
        quantity = wanted.record[name]
        if (
            quantity
            and quantity["value"] is not None
            and not same_quantity(quantity, said.record[name] or {})
        ):
            yield name
    low, high = said.event.low, said.event.high
    if wanted.event.dated:
        if not right_day(wanted.event, said.event):
            yield "day"
    elif (
        wanted.event.low is None
        and wanted.event.high is None
        and None not in (low, high)
        and high - low <= NARROW
    ):
        yield "dated, though the text only orders"


def known():
    """The list, by sample."""
    lists = {path.stem: [] for path in SAMPLES}
    for line in KNOWN.read_text(encoding="utf-8").splitlines():
        stem, _, failure = line.partition(" ")
        lists[stem].append(failure)
    return lists


def gold_of(stem):
    return json.loads((ROOT / "annotations/gold" / f"{stem}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("stem", [path.stem for path in SAMPLES])
def test_what_fails_is_known_and_what_is_known_fails(sample, stem):
    now = failures(gold_of(stem), sample(stem).model_dump(mode="json"))
    before = known()[stem]
    steps_back = [line for line in now if line not in before]
    better = [line for line in before if line not in now]
    assert not steps_back, "no longer right"
    assert not better, "right by now: take these lines out of known_failures.txt"


def test_gold_against_itself_has_no_failure():
    for path in SAMPLES:
        gold = gold_of(path.stem)
        for case in gold["cases"]:
            for event in case["events"]:
                event["from_table"] = False
        assert failures(gold, gold) == []


def test_what_is_wrong_with_an_event_is_named():
    def record(**more):
        event = {
            "kind": "drug", "name": "rituximab", "text": "RTX", "start": 7, "end": 10, "action": "start",
            "status": "affirmed", "dose": {"value": 1, "unit": "g"}, "measurement": None, "order": 1,
            "time": {"day_low": 3, "day_high": 3}, "from_table": False,
        }  # fmt: skip
        return {"id": "x", "cases": [{"events": [event | more] if more.get("kind") != "none" else []}]}

    assert failures(record(), record()) == []
    wrong = record(action="stop", dose={"value": 2, "unit": "g"}, time={"day_low": 9, "day_high": 9})
    assert failures(record(), wrong) == [
        "00007 rituximab: action stop, not start", "00007 rituximab: day", "00007 rituximab: dose",
    ]  # fmt: skip
    assert failures(record(), record(kind="none")) == ["00007 rituximab: missed"]
    assert failures(record(kind="none"), record()) == ["00007 rituximab: not in gold"]
    open_time = record(time={"day_low": None, "day_high": None})
    assert failures(open_time, record()) == ["00007 rituximab: dated, though the text only orders"]


if __name__ == "__main__":
    import caseline

    KNOWN.write_text(
        "".join(
            f"{path.stem} {line}\n"
            for path in SAMPLES
            for line in failures(gold_of(path.stem), caseline.read_file(path).model_dump(mode="json"))
        ),
        encoding="utf-8",
    )
