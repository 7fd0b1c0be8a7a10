import pytest

from caseline import read_text
from pipeline.store.differences import differences

TEXT = (
    "A 40-year-old woman was admitted with fever. On hospital day {}, prednisolone {} mg/day was started.{}\n"
)


def lines(old, new):
    return [one.line for one in differences(read_text(old), read_text(new))]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (TEXT.format(3, 20, ""), []),
        (TEXT.format(5, 20, ""), ["moved: drug prednisolone (c1), day 3 -> day 5"]),
        (TEXT.format(3, 30, ""), ["value: drug prednisolone (c1), 20 mg/d -> 30 mg/d"]),
        (
            TEXT.format(3, 20, " On hospital day 9, rituximab 500 mg was given."),
            ["added: drug rituximab (c1), day 9"],
        ),
        ("She was well. " + TEXT.format(3, 20, ""), []),
    ],
    ids=["nothing", "moved", "value", "added", "other characters"],
)
def test_what_changed(new, expected):
    assert lines(TEXT.format(3, 20, ""), new) == expected


def test_what_is_gone():
    long = TEXT.format(3, 20, " On hospital day 9, rituximab 500 mg was given.")
    assert lines(long, TEXT.format(3, 20, "")) == ["removed: drug rituximab (c1), day 9"]


def test_of_two_alike_the_one_at_its_place_stays():
    old = read_text(TEXT.format(3, 20, " On hospital day 9, prednisolone 10 mg/day was given."))
    case = old.cases[0]
    kept = tuple(e for e in case.events if not (e.kind == "drug" and e.time.day_low == 3))
    new = old.model_copy(update={"cases": (case.model_copy(update={"events": kept}),)})
    [change] = differences(old, new)
    assert (change.what, change.before) == ("removed", "day 3")
