"""One subject's numbers, events and failures are his own, wherever and beside whomever he is solved."""

from __future__ import annotations

import os

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tests.unit.engine.decay import decayed, dose, network, solve, subjects, switch, table
from threonate.engine import SubjectInputs, solve_cohort

TIMES = np.linspace(0.0, 12.0, 25)
MANY = 21


def cohort() -> tuple[SubjectInputs, list]:
    """Subjects who differ in rate, volume and doses."""
    spread = np.linspace(0.1, 2.0, MANY)
    events = [dose(s, hour, 1.0 + s) for s in range(MANY) for hour in (0.0, 1.0 + s / 7.0, 6.0)]
    return subjects(MANY, k=spread, V=1.0 + spread), events


def alone(subject: int) -> np.ndarray:
    inputs, events = cohort()
    own = SubjectInputs(inputs.symbols, inputs.values[[subject]], inputs.states, inputs.start[[subject]])
    mine = [dose(0, event.time_h, event.value) for event in events if event.subject == subject]
    return solve(own, mine, TIMES).values[0]


def test_each_is_solved_as_if_alone() -> None:
    together = solve(*cohort(), TIMES).values

    for subject in (0, 3, 4, MANY - 1):
        assert_array_equal(together[subject], alone(subject))


def test_parameters_do_not_leak_to_the_next_subject() -> None:
    events = [switch(0, 0.0, "k", 9.0), switch(0, 0.0, "rate", 50.0), switch(0, 0.0, "V", 77.0)]
    course = solve(subjects(2), [*events, dose(0, 0.0, 8.0), dose(1, 0.0, 8.0)], [0.0, 2.0])

    assert course.of("A")[1, -1] == pytest.approx(float(decayed(8.0, 2.0)), rel=1e-7)
    assert course.of("C")[1].tolist() == [3.0, 3.0]


def test_parameters_do_not_leak_to_the_next_solve() -> None:
    solve(subjects(1, k=[9.0], rate=[50.0]), [dose(0, 0.0, 8.0)], [0.0, 2.0])
    course = solve(subjects(1), [dose(0, 0.0, 8.0)], [0.0, 2.0])

    assert course.of("A")[0, -1] == pytest.approx(float(decayed(8.0, 2.0)), rel=1e-7)


def test_a_volume_of_one_s_own_keeps_the_concentration() -> None:
    course = solve(subjects(3, V=[1.0, 2.0, 10.0]), [], [0.0, 2.0])

    assert_allclose(course.of("C"), 3.0)


def test_an_empty_cohort_is_an_empty_result() -> None:
    course = solve(subjects(0), [], TIMES)

    assert course.values.shape == (0, len(TIMES), len(network().observables))
    assert course.ok.shape == (0,)


@pytest.mark.parametrize("workers", [2, 3])
def test_one_worker_and_many_give_the_same_numbers(monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    courses = []
    for cores in (1, workers):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, cores=cores: set(range(cores)), raising=False)
        courses.append(solve(*cohort(), TIMES).values)

    assert_array_equal(courses[0], courses[1])


def test_order_of_the_subjects_does_not_matter() -> None:
    inputs, events = cohort()
    turned = SubjectInputs(inputs.symbols, inputs.values[::-1], inputs.states, inputs.start[::-1])
    moved = [dose(MANY - 1 - event.subject, event.time_h, event.value) for event in events]

    assert_array_equal(solve(turned, moved, TIMES).values[::-1], solve(inputs, events, TIMES).values)


def test_progress_counts_every_subject_once() -> None:
    inputs, events = cohort()
    counted: list[int] = []
    solve_cohort(network(), inputs, table(events), TIMES, progress=counted.append)

    assert sum(counted) == MANY
    assert min(counted) > 0


@pytest.mark.parametrize("cores", [1, 2])
def test_who_listens_to_the_progress_can_end_the_solve(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    inputs, events = cohort()

    def enough(finished: int) -> None:
        raise TimeoutError(str(finished))

    with pytest.raises(TimeoutError):
        solve_cohort(network(), inputs, table(events), TIMES, progress=enough)
