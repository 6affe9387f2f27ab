"""A subject who cannot be solved is a status with a sentence; a question that cannot be asked is an error."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tests.unit.engine.decay import dose, network, solve, subjects, switch, table
from threonate.engine import SubjectInputs, compile_network, solve_cohort
from threonate.errors import EngineError

TIMES = [0.0, 1.0, 5.0, 10.0]
DOSES = [dose(subject, 0.5, 8.0) for subject in range(5)]
SICK = 2


def with_value(name: str, value: float) -> SubjectInputs:
    """Five subjects, one of whom has an impossible number."""
    usual = network().network.parameters[name]
    return subjects(5, **{name: [usual, usual, value, usual, usual]})


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["k", "rate", "V", "growth"])
def test_a_number_that_is_none_is_a_status(name: str, value: float) -> None:
    course = solve(with_value(name, value), DOSES, TIMES)

    assert course.ok.tolist() == [True, True, False, True, True]
    assert name in course.status[SICK].sentence
    assert course.status[SICK].sentence.endswith(".")
    assert np.isnan(course.values[SICK]).all()


def test_a_start_that_is_no_number_is_a_status() -> None:
    inputs = subjects(5)
    inputs.start[SICK, inputs.states.index("A")] = np.nan

    assert "A at the start is nan" in solve(inputs, DOSES, TIMES).status[SICK].sentence


def test_an_event_that_is_no_number_is_a_status() -> None:
    course = solve(subjects(5), [*DOSES, switch(SICK, 3.0, "rate", np.nan)], TIMES)

    assert course.ok.tolist() == [True, True, False, True, True]
    assert "rate at 3 h is nan" in course.status[SICK].sentence


def test_a_course_that_runs_away_is_a_status() -> None:
    """A' = A ** 2 has no value after a while."""
    course = solve(with_value("growth", 1.0), DOSES, TIMES)

    assert course.ok.tolist() == [True, True, False, True, True]
    assert course.status[SICK].sentence.count(".") == 1
    assert "rr::" not in course.status[SICK].sentence
    assert np.isnan(course.values[SICK]).all()


@pytest.mark.parametrize(("name", "value"), [("k", np.nan), ("growth", 1.0)])
def test_a_failure_changes_nobody_else(name: str, value: float) -> None:
    sound = solve(subjects(5), DOSES, TIMES).values
    beside = solve(with_value(name, value), DOSES, TIMES).values
    others = [0, 1, 3, 4]

    assert_array_equal(beside[others], sound[others])


def test_a_failure_says_nothing_on_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    solve(with_value("growth", 1.0), DOSES, TIMES)

    assert capfd.readouterr() == ("", "")


def test_unknown_names_are_refused_with_the_nearest() -> None:
    with pytest.raises(EngineError, match=r"'lost' is not in the network.*'loss'"):
        compile_network(network().network, ["lost"])
    with pytest.raises(EngineError, match=r"'grwth' cannot be set.*'growth'"):
        solve(replace(subjects(1, k=[1.0]), symbols=("grwth",)), [], TIMES)
    with pytest.raises(EngineError, match=r"'rat' cannot be set.*'rate'"):
        solve(subjects(1), [switch(0, 1.0, "rat", 1.0)], TIMES)
    with pytest.raises(EngineError, match=r"'expsure' was not recorded.*'exposure'"):
        solve(subjects(1), [], TIMES).of("expsure")


@pytest.mark.parametrize("times", [[0.0], [0.0, 0.0], [1.0, 0.5], [0.0, np.nan]])
def test_times_must_increase(times: list[float]) -> None:
    with pytest.raises(EngineError, match="increasing"):
        solve(subjects(1), [], times)


def test_events_must_fit_the_cohort() -> None:
    events = table([dose(0, 1.0, 1.0), dose(1, 1.0, 1.0)])
    with pytest.raises(EngineError, match="sorted"):
        solve_cohort(network(), subjects(2), replace(events, subject=events.subject[::-1]), np.array(TIMES))
    with pytest.raises(EngineError, match="there are 1"):
        solve_cohort(network(), subjects(1), events, np.array(TIMES))
    with pytest.raises(EngineError, match="finite times"):
        solve_cohort(network(), subjects(2), replace(events, times_h=np.array([1.0, np.nan])), np.array(TIMES))


def test_inputs_must_fit_the_network() -> None:
    inputs = subjects(2)
    with pytest.raises(EngineError, match="every state"):
        solve(replace(inputs, states=inputs.states[::-1]), [], TIMES)
    with pytest.raises(EngineError, match="shape"):
        SubjectInputs(("k",), np.ones((3, 1)), inputs.states, inputs.start)
    with pytest.raises(EngineError, match="columns"):
        SubjectInputs((), np.empty((2, 0)), ("A",), inputs.start)
