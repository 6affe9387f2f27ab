"""When doses and switches happen, and what is recorded around them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.unit.engine.decay import Event, K, decayed, dose, solve, subjects, switch
from threonate.engine import Tolerance

EXACT = {"rtol": 1e-7, "atol": 1e-9}


def test_a_value_recorded_at_an_event_is_the_one_just_before_it() -> None:
    course = solve(subjects(1), [dose(0, 1.0, 8.0), dose(0, 3.0, 5.0)], [0.0, 1.0, 2.0, 3.0, 4.0])

    left = float(decayed(8.0, 2.0))
    expected = [0.0, 0.0, decayed(8.0, 1.0), left, decayed(left + 5.0, 1.0)]
    assert_allclose(course.of("A")[0], np.array(expected, dtype=float), **EXACT)


def test_a_rate_recorded_at_a_switch_is_the_one_just_before_it() -> None:
    course = solve(subjects(1), [dose(0, 0.0, 8.0), switch(0, 2.0, "k", 4.0)], [0.0, 2.0, 2.5])

    assert course.of("loss")[0, 1] == pytest.approx(K * decayed(8.0, 2.0), rel=1e-7)
    assert course.of("loss")[0, 2] == pytest.approx(4.0 * decayed(float(decayed(8.0, 2.0)), 0.5, k=4.0), rel=1e-7)


def test_two_doses_at_one_time_add_up() -> None:
    course = solve(subjects(1), [dose(0, 1.0, 3.0), dose(0, 1.0, 4.0)], [0.0, 1.0, 2.0])

    assert_allclose(course.of("A")[0], [0.0, 0.0, decayed(7.0, 1.0)], **EXACT)


def test_dose_at_the_start_and_at_the_end() -> None:
    course = solve(subjects(1), [dose(0, 0.0, 8.0), dose(0, 4.0, 100.0)], [0.0, 2.0, 4.0])

    assert_allclose(course.of("A")[0], [0.0, decayed(8.0, 2.0), decayed(8.0, 4.0)], **EXACT)


def test_what_lies_outside_the_run_does_not_happen() -> None:
    course = solve(subjects(1), [dose(0, -1.0, 8.0), dose(0, 9.0, 8.0)], [0.0, 4.0])

    assert_allclose(course.of("A")[0], 0.0)


def test_a_run_may_start_at_any_hour() -> None:
    course = solve(subjects(1), [dose(0, 100.0, 8.0), dose(0, 101.0, 2.0)], [100.0, 101.0, 102.0])

    left = float(decayed(8.0, 1.0))
    assert_allclose(course.of("A")[0], [0.0, left, decayed(left + 2.0, 1.0)], **EXACT)


def test_overlapping_feeds_deliver_what_their_rates_say() -> None:
    """Rates of 2 per hour from 1 to 4 h and 3 per hour from 2 to 6 h."""
    rates = [(1.0, 2.0), (2.0, 5.0), (4.0, 3.0), (6.0, 0.0)]
    course = solve(subjects(1), [switch(0, time, "rate", rate) for time, rate in rates], np.linspace(0.0, 10.0, 41))

    assert course.of("A")[0, -1] + course.of("U")[0, -1] == pytest.approx(3.0 * 2.0 + 4.0 * 3.0, rel=1e-9)
    assert_allclose(course.of("A")[0, :5], 0.0, atol=1e-12)


def test_a_switch_and_a_dose_at_one_time_both_count() -> None:
    course = solve(subjects(1), [switch(0, 1.0, "k", 2.0), dose(0, 1.0, 8.0)], [0.0, 1.0, 2.0])

    assert course.of("A")[0, -1] == pytest.approx(float(decayed(8.0, 1.0, k=2.0)), rel=1e-7)


def test_events_may_change_a_rated_variable_and_a_volume() -> None:
    events = [Event(0, 1.0, "exposure", 7.0), switch(0, 1.0, "V", 4.0)]
    course = solve(subjects(1), events, [0.0, 1.0, 2.0])

    assert_allclose(course.of("exposure")[0], [0.0, 0.0, 7.0], **EXACT)


def test_recording_more_often_changes_nothing_beyond_the_accuracy() -> None:
    events = [dose(0, hour, 4.0) for hour in (0.0, 5.0, 11.5)]
    rare = solve(subjects(1), events, [0.0, 12.0, 24.0])
    often = solve(subjects(1), events, np.linspace(0.0, 24.0, 241))

    assert_allclose(often.of("A")[0, [0, 120, 240]], rare.of("A")[0], rtol=1e-6, atol=1e-9)


def test_accuracy_follows_its_name() -> None:
    times = np.linspace(0.0, 20.0, 21)
    errors = [
        float(
            np.abs(
                solve(subjects(1), [dose(0, 0.0, 8.0)], times, policy).of("A")[0, 1:] - decayed(8.0, times[1:])
            ).max()
        )
        for policy in (Tolerance.FAST, Tolerance.TIGHT, Tolerance.REFERENCE)
    ]

    assert errors[0] < 1e-2
    assert errors[1] < 1e-5
    assert errors[2] < 1e-7


def test_a_rated_variable_is_the_integral() -> None:
    course = solve(subjects(1), [dose(0, 0.0, 8.0)], [0.0, 40.0])

    assert course.of("exposure")[0, -1] == pytest.approx(8.0 / K, rel=1e-6)
