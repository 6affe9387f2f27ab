"""The three regimes of the published model, and the what-if that is off."""

from __future__ import annotations

import numpy as np
import pytest

from tests.published.many import solve_many

HOURS = np.linspace(0.0, 400.0, 1601)
STATES = ("P", "N", "D", "C")


def at_400(growth: float, **ports: float) -> dict[str, np.ndarray]:
    found = solve_many("acute_inflammation", {"kpg": growth}, HOURS, *STATES, ports=ports)
    return {name: course[0] for name, course in found.items()}


def test_slow_growth_resolves() -> None:
    found = at_400(0.3)

    assert found["N"].max() == pytest.approx(0.196, abs=0.0006)
    assert found["P"][-1] == pytest.approx(0.0, abs=1e-6)
    assert found["N"][-1] < 0.01 * found["N"].max()
    assert np.all(np.diff(found["D"][-400:]) < 0.0)


def test_middle_growth_leaves_inflammation_without_pathogen() -> None:
    found = at_400(0.5)

    assert found["N"][-1] == pytest.approx(0.635, abs=0.0006)
    assert found["D"][-1] == pytest.approx(17.4, abs=0.06)
    assert found["P"][-1] == pytest.approx(0.0, abs=1e-6)


def test_fast_growth_is_sepsis() -> None:
    found = at_400(0.6)

    assert found["P"][-1] == pytest.approx(4.94, abs=0.006)
    assert found["N"][-1] == pytest.approx(0.981, abs=0.0006)


def test_health_is_a_rest_point() -> None:
    found = solve_many("acute_inflammation", {"P_0": 0.0}, HOURS, *STATES)

    assert found["C"] == pytest.approx(0.125, abs=1e-9)
    assert not found["N"].any()


def test_magnesium_is_off_and_needs_an_exposure() -> None:
    columns = {"kpg": 0.3, "magnesium_on": [0.0, 1.0, 1.0]}
    ports = {"occupancy": [1.0, 0.0, 1.0], "status_gate": 1.0}
    course = solve_many("acute_inflammation", columns, HOURS, "N", ports=ports)["N"]
    plain = at_400(0.3)["N"]

    np.testing.assert_allclose(course[0], plain, rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(course[1], plain, rtol=1e-7, atol=1e-12)
    assert course[2].max() < 0.9 * plain.max()
