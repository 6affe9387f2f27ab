"""Opioid need: two courses fitted to one trial, and who may use them."""

from __future__ import annotations

import pytest

from tests.published.responses.opioid_need import ROWS, rise


@pytest.mark.parametrize(("day", "placebo", "threonate"), [(30, 19.7, 9.8), (60, 30.6, 16.0), (90, 39.7, 21.2)])
def test_fitted_courses(day: float, placebo: float, threonate: float) -> None:
    assert rise(day) == pytest.approx(placebo, abs=0.055)
    assert rise(day, exposure=1.0) == pytest.approx(threonate, abs=0.055)


def test_nothing_has_risen_at_the_start() -> None:
    assert rise(0.0, exposure=1.0) == pytest.approx(0.0, abs=1e-3)


def test_no_further_than_the_exposure_of_the_trial() -> None:
    assert rise(90, exposure=1.5) == rise(90, exposure=1.0)


def test_another_salt_and_the_switch_leave_placebo() -> None:
    assert rise(90, exposure=1.0, cofactor=0.0) == rise(90)
    assert rise(90, exposure=1.0, switch=0.0) == rise(90)


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_against_the_trial(row) -> None:
    value = row.value()

    assert value == pytest.approx(row.expected, abs=row.tolerance)
    assert (row.low <= value <= row.high) == row.meets
