"""Stress axis: glands undo every lasting change but that of the drive; the kidney arm does not touch plasma."""

from __future__ import annotations

import numpy as np
import pytest

from tests.published.responses.stress import ROWS, after_a_step
from tests.responses import compose_response

DAYS = (1, 14, 56, 168, 400)
HOURS = np.array([0.0, *(24.0 * day for day in DAYS)])


@pytest.mark.parametrize(
    ("step", "change"),
    [
        ({"u_0": 0.9}, (-5.1, -6.6, -9.6, -10.2, -9.6)),
        ({"u_0": 0.8}, (-10.5, -13.5, -19.2, -20.6, -19.4)),
        ({"I2": 0.8}, (-10.1, -9.0, -5.1, 0.2, 0.0)),
        ({"I3": 0.8}, (-9.9, -6.4, 0.3, 1.3, 0.0)),
        ({"u_0": 2.0}, (39.5, 56.1, 85.9, 90.0, 85.2)),
        ({"A3": 1.2}, (-8.2, -5.3, 0.2, 1.1, 0.0)),
    ],
    ids=str,
)
def test_cortisol_after_a_step(step: dict[str, float], change: tuple[float, ...]) -> None:
    """Percent at day 1, 14, 56, 168, 400; printed with one decimal."""
    assert 100.0 * after_a_step(step, HOURS)["stress.x3"][1:] == pytest.approx(change, abs=0.06)


@pytest.mark.parametrize("step", [{"u_0": 0.9}, {"u_0": 0.8}, {"I2": 0.8}, {"I3": 0.8}, {"A3": 1.2}, {"u_0": 2.0}])
def test_acth_returns(step: dict[str, float]) -> None:
    assert after_a_step(step, HOURS)["stress.x2"][-1] == pytest.approx(0.0, abs=0.002)


def test_faster_clearance_grows_the_adrenals() -> None:
    assert after_a_step({"A3": 1.2}, HOURS)["stress.A"][-1] == pytest.approx(0.20, abs=0.005)


def test_baseline() -> None:
    start = compose_response("stress").start()

    found = [start[f"stress.{name}"] for name in ("x1", "x2", "x3", "P", "A")]
    assert found == pytest.approx([1.0, 1.0, 0.985, 1.015, 0.985], abs=0.0005)


@pytest.mark.parametrize("values", [{}, {"u_0": 2.0}, {"u_0": 0.5, "I2": 0.8, "I3": 1.3, "A3": 1.2, "C3": 0.7}])
def test_own_steady_state_stands_still(values: dict[str, float]) -> None:
    """Start values are the steady state of whatever the subject is set to."""
    model = compose_response("stress", values)
    names = [f"stress.{name}" for name in ("x1", "x2", "x3", "P", "A")]
    course = model.run(np.array([0.0, 24.0, 2400.0]), *names)

    for name in names:
        np.testing.assert_allclose(course[name], course[name][0], rtol=1e-8)


def test_receptor_sensitivity_lowers_cortisol_for_good() -> None:
    changed = after_a_step({"C3": 1.25}, HOURS)

    assert changed["stress.x3"][-1] == pytest.approx(1.0 / 1.25 - 1.0, abs=0.001)
    assert changed["stress.x2"][-1] == pytest.approx(0.0, abs=0.002)


def test_without_switches_it_is_the_untreated_course() -> None:
    ports = {"occupancy": 1.5, "status_gate": 1.0, "cofactor": 0.0}
    names = (
        "stress.UFC",
        "stress.UFC_untreated",
        "stress.ratio",
        "stress.ratio_untreated",
        "stress.x3",
        "stress.x3_untreated",
    )
    course = compose_response("stress", {"HSD2_on": 0.0}, ports).run(HOURS, *names)

    for treated, untreated in zip(names[::2], names[1::2], strict=True):
        np.testing.assert_allclose(course[treated], course[untreated], rtol=1e-10)


def test_kidney_arm_leaves_plasma_alone() -> None:
    ports = {"occupancy": 1.0, "status_gate": 1.0}
    course = compose_response("stress", {"e11": 0.4}, ports).run(
        HOURS, "stress.x3", "stress.x3_untreated", "stress.UFC"
    )

    np.testing.assert_allclose(course["stress.x3"], course["stress.x3_untreated"], rtol=1e-10)
    assert course["stress.UFC"][0] == pytest.approx(192.0 / 1.4)


def test_central_what_if_is_off_and_acts_when_on() -> None:
    ports = {"occupancy": 1.0, "status_gate": 1.0}
    off = compose_response("stress", {}, ports).run(HOURS, "stress.x3")["stress.x3"]
    on = compose_response("stress", {"drive_on": 1.0}, ports).run(HOURS, "stress.x3")["stress.x3"]

    np.testing.assert_allclose(off, off[0], rtol=1e-10)
    assert 100.0 * (on[-1] / on[0] - 1.0) == pytest.approx(-9.6, abs=0.06)


def test_magnesium_threonate_is_not_credited_with_other_salts() -> None:
    ports = {"occupancy": 1.0, "status_gate": 1.0, "cofactor": 1.0}
    default = compose_response("stress", {}, ports).run(HOURS[:2], "stress.ratio")["stress.ratio"]
    asked = compose_response("stress", {"carry_over_on": 1.0}, ports).run(HOURS[:2], "stress.ratio")["stress.ratio"]

    assert default[0] == pytest.approx(0.60)
    assert asked[0] == pytest.approx(0.50)


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_against_trials(row) -> None:
    value = row.value()

    assert value == pytest.approx(row.expected, abs=row.tolerance)
    assert (row.low <= value <= row.high) == row.meets
