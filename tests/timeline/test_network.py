"""The temporal network: bounds, contradictions, and what must hold for every set of constraints."""

from __future__ import annotations

import random
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.timeline.network import Constraint, solve


def one(earlier, later, low, high, strength=1.0):
    return Constraint(earlier, later, low, high, strength, "test")


def test_an_offset_of_an_offset_adds_up():
    bounds = solve([one("zero", "rituximab", 28, 28), one("rituximab", "relapse", 14, 21)], "zero").bounds
    assert bounds["relapse"] == (42, 49)


def test_what_lies_between_two_dated_steps_is_bounded_by_both():
    bounds = solve(
        [one("zero", "a", 2, 2), one("a", "b", 0, inf), one("b", "c", 0, inf), one("zero", "c", 9, 9)], "zero"
    ).bounds
    assert bounds["b"] == (2, 9)


def test_a_moment_that_nothing_ties_to_zero_has_no_bounds():
    assert "b" not in solve([one("a", "b", 1, 1)], "zero").bounds


def test_the_weakest_constraint_of_a_contradiction_is_left_out():
    strong = [one("zero", "a", 5, 5, 5.0), one("zero", "b", 3, 3, 5.0)]
    order = one("a", "b", 0, inf, 1.0)
    solution = solve([order, *strong], "zero")
    assert solution.dropped == (order,)
    assert solution.bounds["b"] == (3, 3)


NAMES = ["zero", "a", "b", "c", "d"]
PLACES = st.dictionaries(st.sampled_from(NAMES[1:]), st.integers(-50, 50), min_size=4)


@st.composite
def consistent(draw):
    """Constraints that one assignment of days fulfils, so that none contradicts another."""
    days = {"zero": 0, **draw(PLACES)}
    found = []
    for _ in range(draw(st.integers(1, 12))):
        a, b = draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES))
        if a != b:
            apart = days[b] - days[a]
            found.append(one(a, b, apart - draw(st.integers(0, 9)), apart + draw(st.integers(0, 9))))
    return found


@settings(max_examples=60, deadline=None)
@given(consistent(), st.integers(0, 12))
def test_intervals_only_tighten_as_constraints_are_added(constraints, cut):
    fewer, more = solve(constraints[:cut], "zero"), solve(constraints, "zero")
    assert more.dropped == ()
    for name, (low, high) in fewer.bounds.items():
        assert more.bounds[name][0] >= low
        assert more.bounds[name][1] <= high


ANY = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(NAMES),
        st.integers(-9, 9),
        st.integers(0, 5),
        st.integers(1, 3),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(ANY, st.randoms(use_true_random=False))
def test_the_order_of_insertion_changes_nothing(rows, dice: random.Random):
    constraints = [one(a, b, low, low + width, float(s)) for a, b, low, width, s in rows if a != b]
    shuffled = list(constraints)
    dice.shuffle(shuffled)
    assert solve(constraints, "zero") == solve(shuffled, "zero")


@pytest.mark.parametrize("size", [1000])
def test_a_long_report_is_solved(size):
    chain = [one("zero" if i == 0 else f"e{i - 1}", f"e{i}", 1, 2) for i in range(size)]
    assert solve(chain, "zero").bounds[f"e{size - 1}"] == (size, 2 * size)
