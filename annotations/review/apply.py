"""The reviewed record: an extraction with the decisions of a layer applied, its provenance kept.

What a person has added or changed has the rule ``review``; an event says in ``review`` what was made of it. Rejected
mentions and events are gone, with what hangs on them. Days that count from another event are computed from it.
Example: ``edit_event`` with ``after`` {"time": {"day_low": 28, "day_high": 28}} moves an event to day 28.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError

from annotations.review.decisions import effective
from pipeline.export.words import normalised
from pipeline.schema import Dose, Extraction, Measurement, Review, Reviewed
from pipeline.store.reviews import Decided

RULE = "review"
MENTION_FIELDS = frozenset(("label", "start", "end", "name", "codes", "value", "assertion", "case"))
EVENT_FIELDS = frozenset(
    (
        "kind",
        "name",
        "start",
        "end",
        "mentions",
        "action",
        "status",
        "dose",
        "measurement",
        "time",
        "end_time",
    )
)
NUMBER = ("value", "value_high", "unit", "comparator")
EXPOSING = (*NUMBER, "frequency", "duration_days", "times")
Data = dict[str, Any]


class DecisionError(ValueError):
    """A decision that does not fit the record; the message says why, without the document's text."""


def reviewed(extraction: Extraction, decided: Iterable[Decided], layer: str) -> Extraction:
    """The record after review; the extraction itself where nothing was decided.

    Raises:
        DecisionError: a decision names what the record does not have, or makes it invalid.
    """
    all_ = list(decided)
    if not all_:
        return extraction
    data = extraction.model_dump(mode="json")
    counting = effective(all_)
    for one in counting:
        try:
            APPLY.get(one.decision.kind, _opinion)(data, one)
        except (KeyError, TypeError, AttributeError) as error:
            raise DecisionError(
                f"decision {one.revision} ({one.decision.kind}) is not of the right form"
            ) from error
        except ValidationError as error:
            raise DecisionError(_reason(error)) from error
    for case in data["cases"]:
        _settle(case)
    done = [one.at for one in counting if one.decision.kind == "document_done"]
    data["review"] = Review(
        layer=layer,
        revision=max(one.revision for one in all_),
        authors=tuple(sorted({one.author for one in all_})),
        finished=done[-1] if done else None,
    ).model_dump()
    try:
        result = Extraction.model_validate(data)
        result.check()
    except ValidationError as error:
        raise DecisionError(_reason(error)) from error
    except ValueError as error:
        raise DecisionError(str(error)) from error
    return result


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def _find(items: list[Data], id: str | None, what: str) -> Data:
    found = next((item for item in items if item["id"] == id), None)
    if found is None:
        raise DecisionError(f"there is no {what} {id}")
    return found


def _event(data: Data, id: str | None) -> tuple[Data, Data]:
    for case in data["cases"]:
        for event in case["events"]:
            if event["id"] == id:
                return case, event
    raise DecisionError(f"there is no event {id}")


def _fields(after: Any, allowed: frozenset[str]) -> Data:
    if not isinstance(after, dict):
        raise DecisionError("what it changes is not given")
    unknown = sorted(set(after) - allowed)
    if unknown:
        raise DecisionError(f"{unknown[0]!r} cannot be changed")
    return after


def _quote(data: Data, span: Data) -> None:
    start, end = span["start"], span["end"]
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(data["text"])):
        raise DecisionError("the span is not inside the text")
    span["text"] = data["text"][start:end]


def _add_mention(data: Data, one: Decided) -> None:
    after = _fields(one.decision.after, MENTION_FIELDS)
    mention = {"id": f"r{one.revision}", "section": _section(data, after["start"]), **after, "rule": RULE}
    _quote(data, mention)
    data["mentions"].append(mention)


def _section(data: Data, start: int) -> str:
    return next((s["kind"] for s in data["sections"] if s["start"] <= start < s["end"]), "case")


def _edit_mention(data: Data, one: Decided) -> None:
    mention = _find(data["mentions"], one.decision.target, "mention")
    after = dict(_fields(one.decision.after, MENTION_FIELDS))
    mention["assertion"] = {**mention["assertion"], **after.pop("assertion", {})}
    mention.update(after, rule=RULE, confidence=1.0)
    _quote(data, mention)


def _remove_mention(data: Data, one: Decided) -> None:
    target = _find(data["mentions"], one.decision.target, "mention")["id"]
    data["mentions"] = [m for m in data["mentions"] if m["id"] != target]
    data["relations"] = [r for r in data["relations"] if target not in (r["head"], r["tail"])]
    for case in data["cases"]:
        for event in case["events"]:
            event["mentions"] = [m for m in event["mentions"] if m != target]


def _add_relation(data: Data, one: Decided) -> None:
    after = _fields(one.decision.after, frozenset(("kind", "head", "tail")))
    for end in (after["head"], after["tail"]):
        _find(data["mentions"], end, "mention")
    data["relations"].append({**after, "confidence": 1.0, "rule": RULE})


def _remove_relation(data: Data, one: Decided) -> None:
    before = _fields(one.decision.before, frozenset(("kind", "head", "tail")))
    kept = [r for r in data["relations"] if any(r[k] != before[k] for k in ("kind", "head", "tail"))]
    if len(kept) == len(data["relations"]):
        raise DecisionError("there is no such relation")
    data["relations"] = kept


def _edit_relation(data: Data, one: Decided) -> None:
    _remove_relation(data, one)
    _add_relation(data, one)


def _add_event(data: Data, one: Decided) -> None:
    after = dict(_fields(one.decision.after, EVENT_FIELDS | {"case"}))
    wanted = after.pop("case", None)
    if not data["cases"]:
        data["cases"].append({"id": "c1", "reported": "here", "patient": {}, "anchor": None, "events": []})
    case = _find(data["cases"], wanted or data["cases"][0]["id"], "case")
    event = {
        "mentions": [],
        **after,
        "id": f"r{one.revision}",
        "time": _when({"basis": "none"}, after.get("time") or {}),
        "order": 1 + max((e["order"] for e in case["events"]), default=0),
    }
    if after.get("end_time"):
        event["end_time"] = _when({"basis": "none"}, after["end_time"])
    _mark(event, one, "added")
    _quote(data, event)
    case["events"].append(event)


def _edit_event(data: Data, one: Decided) -> None:
    _, event = _event(data, one.decision.target)
    after = dict(_fields(one.decision.after, EVENT_FIELDS))
    for part in ("time", "end_time"):
        if after.get(part) is not None:
            after[part] = _when(event[part] or {"basis": "none"}, after[part])
    for part in ("dose", "measurement"):
        if after.get(part) is not None:
            after[part] = _quantity(part, event[part] or {"text": ""}, after[part])
    event.update(after)
    _mark(event, one, "edited")
    _quote(data, event)


def _quantity(part: str, before: Data, after: Data) -> Data:
    """A quantity as corrected; another number or unit is no longer what the text says, so its words follow it.

    What was computed from what it said before (``exposure``) is gone too.
    """
    changed = {**before, **after}
    kind = Dose if part == "dose" else Measurement
    if "text" not in after and any(changed.get(key) != before.get(key) for key in NUMBER):
        changed["text"] = normalised(kind.model_validate(changed)) or before["text"]
    if (
        part == "dose"
        and "exposure" not in after
        and any(changed.get(key) != before.get(key) for key in EXPOSING)
    ):
        changed["exposure"] = [one for one in before.get("exposure") or () if one["basis"] == "stated"]
    return changed


def _mark(event: Data, one: Decided, review: Reviewed) -> None:
    """Says what was made of an event, by whom and when; what a person has added stays added."""
    added = event.get("review") == "added"
    event.update(
        confidence=1.0,
        review="added" if added else review,
        reviewed_by=one.author,
        reviewed_at=one.at or None,
    )


def _when(before: Data, after: Data) -> Data:
    """A time as corrected: what is given counts, and days that are not given are computed later."""
    allowed = ("text", "start", "end", "day_low", "day_high", "relative_to", "offset_low", "offset_high")
    changed = _fields(after, frozenset(allowed))
    counts = any(key in changed for key in ("relative_to", "offset_low", "offset_high"))
    fresh = {"day_low": None, "day_high": None} if counts else {}
    if not counts and any(key in changed for key in ("day_low", "day_high")):
        fresh = {"relative_to": None, "offset_low": None, "offset_high": None}
    stated = "relative" if counts else "explicit"
    return {**before, **fresh, **changed, "basis": stated, "why": (RULE,), "candidates": ()}


def _remove_event(data: Data, one: Decided) -> None:
    case, event = _event(data, one.decision.target)
    case["events"] = [e for e in case["events"] if e is not event]


def _merge_events(data: Data, one: Decided) -> None:
    """Several events are one: the target stays, with the mentions of all."""
    case, kept = _event(data, one.decision.target)
    for id in _fields(one.decision.after, frozenset(("merged",)))["merged"]:
        other = _find(case["events"], id, f"event in case {case['id']}")
        if other is kept:
            raise DecisionError("an event cannot be merged with itself")
        kept["mentions"] = list(dict.fromkeys([*kept["mentions"], *other["mentions"]]))
        for part in ("dose", "measurement", "end_time"):
            kept[part] = kept[part] or other[part]
        case["events"] = [e for e in case["events"] if e is not other]
    _mark(kept, one, "edited")


def _split_event(data: Data, one: Decided) -> None:
    """Some of an event's mentions become an event of their own, at the same time."""
    case, event = _event(data, one.decision.target)
    parts = _fields(one.decision.after, frozenset(("mentions",)))["mentions"]
    apart = [_find(data["mentions"], id, "mention") for id in parts]
    if not apart or not set(parts) < set(event["mentions"]):
        raise DecisionError("a part of the event's mentions is wanted, not all and not none")
    event["mentions"] = [m for m in event["mentions"] if m not in parts]
    _mark(event, one, "edited")
    first = apart[0]
    fresh = {
        **event, "id": f"r{one.revision}", "mentions": list(parts), "start": first["start"], "end": first["end"],
        "text": first["text"], "name": first["name"] or first["text"], "dose": None, "measurement": None,
    }  # fmt: skip
    _mark(fresh, one, "added")
    case["events"].append(fresh)


def _edit_case(data: Data, one: Decided) -> None:
    case = _find(data["cases"], one.decision.target, "case")
    after = _fields(one.decision.after, frozenset(("patient", "anchor", "reported")))
    if "patient" in after:
        case["patient"] = {**case["patient"], **_fields(after["patient"], frozenset(("age_years", "sex")))}
    if "anchor" in after:
        case["anchor"] = after["anchor"]
        if case["anchor"] and case["anchor"].get("start") is not None:
            _quote(data, case["anchor"])
    case["reported"] = after.get("reported", case["reported"])


def _opinion(data: Data, one: Decided) -> None:
    """Accepting and doubting mark an event; comments and the end of the work change nothing."""
    kind, target = one.decision.kind, one.decision.target
    if kind == "reject":
        is_event = any(event["id"] == target for case in data["cases"] for event in case["events"])
        (_remove_event if is_event else _remove_mention)(data, one)
    elif kind in ("accept", "unsure"):
        events = [event for case in data["cases"] for event in case["events"] if event["id"] == target]
        for event in events:
            if kind == "unsure":
                event.update(review="unsure", reviewed_by=one.author, reviewed_at=one.at or None)
            else:
                _mark(event, one, "edited" if event["review"] == "edited" else "accepted")
        if not events:
            _find(data["mentions"], target, "mention or event")


def _settle(case: Data) -> None:
    """Days from offsets, then ranks that agree with the days; what has no day keeps its place beside its neighbours."""
    by_id = {event["id"]: event for event in case["events"]}
    for event in case["events"]:
        _day(event, by_id, case["anchor"], set())
    middles = {event["id"]: _middle(event) for event in case["events"]}
    ranked = sorted(case["events"], key=lambda e: (e["order"], e["start"]))
    placed: list[Data] = [event for event in ranked if middles[event["id"]] is None]
    for event in ranked:
        mine, order = middles[event["id"]], event["order"]
        if mine is None:
            continue
        for place, other in enumerate(
            placed
        ):  # before the first that comes later: by the days, else by the rank
            theirs = middles[other["id"]]
            if order < other["order"] if theirs is None or theirs == mine else mine < theirs:
                placed.insert(place, event)
                break
        else:
            placed.append(event)
    rank = 0
    before: Data | None = None
    for event in placed:
        tie = (
            before is not None
            and event["order"] == before["_was"]
            and middles[event["id"]] == middles[before["id"]]
        )
        rank += not tie
        event["_was"] = event["order"]
        event["order"] = rank
        before = event
    for event in placed:
        del event["_was"]
    case["events"] = sorted(case["events"], key=lambda e: (e["start"], e["order"]))


def _middle(event: Data) -> float | None:
    low, high = event["time"].get("day_low"), event["time"].get("day_high")
    return None if low is None or high is None else (low + high) / 2


def _day(event: Data, by_id: dict[str, Data], anchor: Data | None, seen: set[str]) -> None:
    """Computes the days of a reviewed time from what it counts from."""
    time = event["time"]
    reference = time.get("relative_to")
    if tuple(time.get("why") or ()) != (RULE,) or reference is None or time.get("day_low") is not None:
        return
    low, high = time.get("offset_low"), time.get("offset_high")
    if low is None or high is None:
        return
    if anchor and reference == anchor["event"]:
        time.update(day_low=low, day_high=high)
        return
    other = by_id.get(reference)
    if other is None or event["id"] in seen:
        return
    _day(other, by_id, anchor, seen | {event["id"]})
    base = other["time"]
    if base.get("day_low") is not None and base.get("day_high") is not None:
        time.update(day_low=base["day_low"] + low, day_high=base["day_high"] + high)


APPLY: dict[str, Callable[[Data, Decided], None]] = {
    "add_mention": _add_mention,
    "edit_mention": _edit_mention,
    "remove_mention": _remove_mention,
    "add_relation": _add_relation,
    "edit_relation": _edit_relation,
    "remove_relation": _remove_relation,
    "add_event": _add_event,
    "edit_event": _edit_event,
    "remove_event": _remove_event,
    "merge_events": _merge_events,
    "split_event": _split_event,
    "edit_case": _edit_case,
}
