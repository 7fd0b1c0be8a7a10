"""The effective decisions of a layer: those that no later decision has taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.store.reviews import Decided


def effective(decided: Iterable[Decided]) -> list[Decided]:
    """The decisions that count, in their order; an undo takes back its whole batch, and can itself be taken back."""
    all_ = sorted(decided, key=lambda one: one.revision)
    void: set[int] = set()
    for one in reversed(all_):
        if one.decision.kind == "undo" and one.revision not in void and one.decision.undoes is not None:
            void |= together(all_, one.decision.undoes)
    return [one for one in all_ if one.decision.kind != "undo" and one.revision not in void]


def together(decided: Sequence[Decided], revision: int) -> set[int]:
    """The revisions made in one batch with this one."""
    batch = next((one.decision.batch for one in decided if one.revision == revision), None)
    if batch is None:
        return {revision}
    return {one.revision for one in decided if one.decision.batch == batch}


def undoable(decided: Sequence[Decided], author: str) -> int | None:
    """The last decision of an author that still counts."""
    mine = [one for one in effective(decided) if one.author == author]
    return mine[-1].revision if mine else None


def redoable(decided: Sequence[Decided], author: str) -> int | None:
    """The author's last undo, where nothing but undoing came after it."""
    all_ = sorted((one for one in decided if one.author == author), key=lambda one: one.revision)
    taken_back = {one.decision.undoes for one in all_ if one.decision.kind == "undo"}
    for one in reversed(all_):
        if one.decision.kind != "undo":
            return None
        if one.revision not in taken_back and not _is_redo(all_, one):
            return one.revision
    return None


def _is_redo(decided: Sequence[Decided], undo: Decided) -> bool:
    """Whether an undo took back another undo."""
    target = next((one for one in decided if one.revision == undo.decision.undoes), None)
    return target is not None and target.decision.kind == "undo"
