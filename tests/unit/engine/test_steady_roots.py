"""A few unknowns per subject: found together, each on his own, and a status where there is nothing to find."""

from __future__ import annotations

import numpy as np
import pytest

from threonate.engine.roots import RootSearch, find_roots
from threonate.errors import EngineError

ONE = np.ones(1)
SINGLE = RootSearch(nudges=0.02 * ONE, largest=ONE, allowed=1e-9 * ONE)


def test_each_subject_has_its_own_root_and_asks_no_more_once_there():
    asked = []

    def square(subjects, x):
        asked.append(subjects.copy())
        return x**2 - (subjects[:, None] + 1.0)

    roots = find_roots(square, np.full((4, 1), 1.0), SINGLE)

    assert roots.found.all()
    np.testing.assert_allclose(roots.values[:, 0], np.sqrt(np.arange(1.0, 5.0)), rtol=1e-9)
    assert sum(len(subjects) for subjects in asked) == roots.evaluated.sum()
    assert roots.evaluated[0] < roots.evaluated[3]


@pytest.mark.parametrize("softness", [0.3, 0.03])
def test_a_bend_from_both_sides(softness):
    """What spills over a soft threshold: flat on one side, steep on the other."""
    roots = find_roots(lambda _, x: spill(x, softness), np.array([[-5.0], [0.5], [1.2]]), SINGLE)

    assert roots.found.all()
    np.testing.assert_allclose(roots.values[:, 0], roots.values[0, 0], rtol=1e-6)


def test_where_nothing_changes_there_is_no_direction():
    """So far on the flat side that no digit moves: not found, and found from the other side."""
    roots = find_roots(lambda _, x: spill(x, 0.003), np.array([[3.0], [0.5]]), SINGLE)

    assert roots.found.tolist() == [False, True]


def spill(x, softness):
    return softness * np.logaddexp(0.0, (1.0 - x) / softness) - 0.2


def test_without_a_root_the_closest_point_is_given():
    def never(subjects, x):
        return x**2 + 1.0 - 2.0 * (subjects[:, None] == 1)

    roots = find_roots(never, np.full((2, 1), 0.7), SINGLE)

    assert roots.found.tolist() == [False, True]
    assert roots.results[0, 0] < 1.0 + 0.7**2
    assert roots.values[1, 0] == pytest.approx(1.0)


def test_what_is_not_a_number_ends_the_search():
    def holes(subjects, x):
        return np.where(subjects[:, None] == 0, np.nan, x - 2.0)

    roots = find_roots(holes, np.full((2, 1), 0.5), SINGLE)

    assert roots.found.tolist() == [False, True]


def test_coupled_unknowns_of_very_different_size():
    def pair(subjects, x):
        return np.stack([np.exp(x[:, 0]) * x[:, 1] - 1.2e6, x[:, 1] - 1e6 * np.cos(x[:, 0])], axis=1)

    search = RootSearch(np.array([1e-3, 1e3]), np.array([0.5, 1e6]), np.array([1e-3, 1e-3]))
    roots = find_roots(pair, np.array([[0.5, 1e6]]), search)

    assert roots.found[0]
    assert np.exp(roots.values[0, 0]) * np.cos(roots.values[0, 0]) == pytest.approx(1.2, rel=1e-8)


@pytest.mark.parametrize("wrong", [{"nudges": np.zeros(1)}, {"largest": -ONE}, {"allowed": np.ones(2)}])
def test_settings_that_make_no_sense(wrong):
    with pytest.raises(EngineError):
        RootSearch(**{"nudges": ONE, "largest": ONE, "allowed": ONE, **wrong})


def bent(subjects, x):
    """Three coupled unknowns, other numbers for every subject."""
    own = 1.0 + 0.37 * subjects[:, None]
    return np.sinh(x) + 0.3 * np.cos(own * np.roll(x, 1, axis=1)) - own / 3.0


THREE = RootSearch(nudges=np.array([0.01, 0.02, 0.05]), largest=np.ones(3), allowed=np.full(3, 1e-10))


def test_no_digit_hangs_on_who_else_searches():
    start = np.random.default_rng(4).normal(size=(23, 3))
    together = find_roots(bent, start, THREE)

    assert together.found.any()
    for subject in range(len(start)):
        alone = find_roots(lambda rows, x, own=subject: bent(rows + own, x), start[[subject]], THREE)
        np.testing.assert_array_equal(alone.values[0], together.values[subject])
        np.testing.assert_array_equal(alone.results[0], together.results[subject])
        assert alone.evaluated[0] == together.evaluated[subject]


def test_rough_slopes_lead_to_the_same_root():
    start = np.full((5, 3), 0.2)
    exact = find_roots(bent, start, THREE)
    rough = find_roots(bent, start, THREE, lambda rows, x: bent(rows, x) + 1e-6 * np.sin(1e5 * x))

    assert rough.found.all()
    np.testing.assert_allclose(rough.values, exact.values, atol=1e-9)


def test_a_root_is_not_believed_on_a_rough_answer():
    """The rough answer vanishes everywhere near the start; the true one nowhere."""
    roots = find_roots(lambda _, x: x**2 + 1.0, np.full((1, 1), 1e-6), SINGLE, lambda _, x: 1e-12 * x)

    assert not roots.found[0]


def test_nobody_has_no_roots():
    assert find_roots(bent, np.empty((0, 3)), THREE).values.shape == (0, 3)
