"""What a run came to: the counts, in the manner of a PRISMA flow, and the report in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flows.plan import Plan
from flows.worker import Reply
from pipeline.store.differences import Change

LISTED = 50  # lines of a list in the report; the store has all


@dataclass(slots=True)
class Outcome:
    """The counts of a run, and what is worth naming."""

    kind: str = "process"
    found: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    not_open: int = 0
    withdrawn: list[str] = field(default_factory=list)
    extracted: int = 0
    copied: int = 0
    no_case: int = 0
    words: int = 0
    cases: list[tuple[str, int]] = field(default_factory=list)  # new documents with their number of cases
    versions: list[str] = field(default_factory=list)  # documents with a new version
    events: dict[str, tuple[Change, ...]] = field(default_factory=dict)  # what changed, by document
    reviewed: list[str] = field(default_factory=list)  # documents with changes that people had reviewed
    reasons: list[tuple[str, int]] = field(default_factory=list)  # why documents were done again
    same: list[str] = field(default_factory=list)  # new candidates for the same patient in two documents
    failures: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, plan: Plan, kind: str = "process") -> Outcome:
        """The outcome before anything was done."""
        return cls(kind, found=plan.found, unchanged=plan.unchanged, failures=list(plan.failed))

    def joined(self, plan: Plan) -> Outcome:
        """With another plan that is done in the same run."""
        self.found += plan.found
        self.unchanged += plan.unchanged
        self.failures += plan.failed
        return self

    def add(self, reply: Reply) -> None:
        """One more document."""
        if reply.status == "failed":
            self.failures.append((reply.uri, reply.reason or ""))
            return
        name = reply.document or reply.uri
        self.extracted += reply.status == "extracted"
        self.copied += reply.status == "copied"
        self.words += reply.words
        self.no_case += not reply.cases
        self.new += reply.new
        self.changed += reply.changed
        if reply.new and reply.cases:
            self.cases.append((name, reply.cases))
        if reply.changed:
            self.versions.append(name)
        if reply.changes:
            self.events[name] = reply.changes
            if reply.reviewed:
                self.reviewed.append(name)

    @property
    def counts(self) -> dict[str, int]:
        """The counts by name."""
        return {
            "found": self.found,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "not open": self.not_open,
            "not a case report": self.no_case,
            "withdrawn": len(self.withdrawn),
            "failed": len(self.failures),
            "extracted": self.extracted,
            "copied from an equal text": self.copied,
            "with changed events": len(self.events),
            "changed after a review": len(self.reviewed),
        }

    @property
    def line(self) -> str:
        """The last line of a run."""
        names = ("found", "new", "unchanged", "failed", "extracted")
        return ", ".join(f"{name} {self.counts[name]}" for name in names)


def table(outcome: Outcome) -> list[dict[str, str | int]]:
    """The counts as rows."""
    return [{"what": name, "documents": number} for name, number in outcome.counts.items()]


def markdown(outcome: Outcome) -> str:
    """The report: the flow of documents, new cases, changed events, withdrawals, failures by reason."""
    counts = outcome.counts
    lines = [f"# {outcome.kind}", "", "| documents | number |", "| --- | ---: |"]
    lines += [f"| {name} | {number} |" for name, number in counts.items()]
    reached = sorted(outcome.reasons, key=lambda one: (-one[1], one[0]))
    lines += _list("Done again because of", [f"{name}: {number}" for name, number in reached])
    lines += _list("New cases", [f"{id}: {number}" for id, number in sorted(outcome.cases)])
    lines += _list("New versions", sorted(outcome.versions))
    lines += _list("Changed events", [summary(id, outcome.events[id]) for id in sorted(outcome.events)])
    lines += _events(outcome.events)
    lines += _list("Changed after a review (look at their decisions)", sorted(outcome.reviewed))
    lines += _list("Withdrawn", sorted(outcome.withdrawn))
    lines += _list("Perhaps the same patient", sorted(outcome.same))
    reasons = Counter(reason for _, reason in outcome.failures)
    lines += _list("Failures by reason", [f"{number} x {reason}" for reason, number in reasons.most_common()])
    lines += _list("Failed", [f"{name}: {reason}" for name, reason in sorted(outcome.failures)])
    return "\n".join(lines) + "\n"


def summary(id: str, changes: Iterable[Change]) -> str:
    """How many events of a document changed in which way: "PMC1: 2 added, 1 moved"."""
    numbers = Counter[str](change.what for change in changes)
    words = {"added": "added", "removed": "removed", "moved": "moved", "value": "with another value"}
    return f"{id}: " + ", ".join(f"{numbers[what]} {said}" for what, said in words.items() if numbers[what])


def _events(changed: dict[str, tuple[Change, ...]]) -> list[str]:
    lines: list[str] = []
    for id in sorted(changed)[:LISTED]:
        own = [change.line for change in changed[id]]
        lines += ["", f"### {id}", "", *_items(own)]
    return lines


def _list(title: str, items: Sequence[str]) -> list[str]:
    return ["", f"## {title}", "", *_items(items)] if items else []


def _items(items: Sequence[str]) -> list[str]:
    more = [f"- and {len(items) - LISTED} more"] if len(items) > LISTED else []
    return [*(f"- {item}" for item in items[:LISTED]), *more]
