"""Sleep: the core at both ages, how it shifts, and what magnesium does to the readouts."""

from __future__ import annotations

import numpy as np
import pytest

from tests.published.many import solve_many
from tests.published.responses.sleep import ROWS, Night, difference, gate, longer, nights, readout
from tests.responses import compose_response
from threonate.evidence import read_catalogue


def of(age: float, **values: float) -> Night:
    return nights(age, **values)[1]


def test_age_30() -> None:
    """After 180 days; after 60 the clock still moves."""
    found, early = of(30.0), of(30.0, days=60)

    assert found.minutes / 60.0 == pytest.approx(8.13, abs=0.02)
    assert (found.onset, found.wake) == pytest.approx((0.34, 8.47), abs=0.02)
    assert (early.onset, early.wake) == pytest.approx((0.26, 8.40), abs=0.02)


def test_age_65() -> None:
    found = of(65.0)

    assert found.minutes / 60.0 == pytest.approx(7.363, abs=0.02)
    assert (found.onset, found.wake) == pytest.approx((23.25, 6.61), abs=0.02)


def test_age_65_of_the_second_implementation() -> None:
    assert of(65.0, mu_old=17.78).minutes / 60.0 == pytest.approx(7.297, abs=0.02)


def test_more_drive() -> None:
    """1 % 7.7 min, 2 % 15.4 min, and an onset at 23.04."""
    assert longer(0.01) == pytest.approx(7.7, abs=0.15)
    assert longer(0.02) == pytest.approx(15.4, abs=0.15)
    assert nights(65.0, gain=0.02)[0].onset == pytest.approx(23.04, abs=0.02)


@pytest.mark.parametrize(
    ("values", "minutes", "onset"),
    [
        ({"ca_old": 1.72 * 0.95}, -1.8, None),
        ({"ca_old": 1.72 * 1.05}, 1.7, None),
        ({"chi": 45.0 * 1.05}, -0.3, 23.50),
        ({"tau_c": 24.25}, -0.6, 23.90),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_shifts_at_65(values: dict[str, float], minutes: float, onset: float | None) -> None:
    found = of(65.0, **values)

    assert found.minutes - of(65.0).minutes == pytest.approx(minutes, abs=0.15)
    assert onset is None or found.onset == pytest.approx(onset, abs=0.02)


def test_kernels_and_reference_solver_agree() -> None:
    """Ten days with the full meaning of the switch, and the same by the kernels."""
    times = np.arange(0.0, 240.0, 6.0)
    slow = compose_response("sleep", {}, {"age": 65.0}).run(times, "sleep.H", "sleep.TST", "sleep.x")
    fast = solve_many("sleep", {}, times, "H", "TST", "x", ports={"age": 65.0})

    for name in ("H", "TST", "x"):
        np.testing.assert_allclose(fast[name][0], slow[f"sleep.{name}"], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("age", "mu", "ca"), [(20, 18.67, 2.72), (47.5, 18.27, 2.22), (80, 17.87, 1.72)])
def test_ages_between_and_outside(age: float, mu: float, ca: float) -> None:
    found = solve_many("sleep", {}, [0.0, 1e-6], "mu_untreated", "ca", ports={"age": age})

    assert (found["mu_untreated"][0, 0], found["ca"][0, 0]) == pytest.approx((mu, ca))


@pytest.mark.parametrize(("rise", "fall"), [(1.52, 17.4), (0.5, 9.7)])
@pytest.mark.parametrize("level_gate", [0.0, 1.0])
def test_latency_follows_the_exposure_whatever_the_status(rise: float, fall: float, level_gate: float) -> None:
    occupancy = rise / (rise + 1.0) / 0.6
    found = difference("SOL", older_insomnia=1.0, occupancy=occupancy, level_gate=level_gate)

    assert found == pytest.approx(-fall, abs=0.1)


def test_latency_stands_still_outside_older_insomnia() -> None:
    assert difference("SOL", older_insomnia=0.0, level_gate=1.0) == 0.0


def test_latency_never_falls_below_a_minute() -> None:
    assert readout("SOL", older_insomnia=1.0, SOL_0=10.0) == (1.0,)


def test_placebo_share_of_the_latency_is_that_of_the_user() -> None:
    (found,) = readout("SOL_untreated", SOL_0=50.0, SOL_placebo=0.2, weeks=1000.0)

    assert found == pytest.approx(40.0)


@pytest.mark.parametrize(("level", "size"), [(0.65, -0.58), (0.70, -0.50), (0.80, -0.10), (0.85, -0.02)])
def test_scores_are_gated(level: float, size: float) -> None:
    found = difference("PSQI", level_gate=gate(level), weeks=100.0) / 3.0

    assert found == pytest.approx(size, abs=0.006)


def test_the_replete_gain_a_fifth_of_an_sd_at_most() -> None:
    for settings in ({"dS_gated": -3.0}, {"ungated_on": 1.0, "dS_ungated": -1.0}):
        assert difference("ISI", level_gate=gate(0.80), weeks=100.0, **settings) / 8.0 == pytest.approx(-0.20)
    assert difference("ISI", level_gate=0.49, weeks=100.0, dS_gated=0.5) > 0.0


def test_without_switches_it_is_the_untreated_course() -> None:
    off = {row.symbol: 0.0 for row in _rows() if row.symbol.endswith("_on")}
    ports = {"occupancy": 1.5, "status_gate": 1.0, "cofactor": 0.5, "treatment_time": 1000.0}
    names = ("TST", "H", "SOL", "WASO", "SWS", "efficiency", "PSQI", "ISI")
    untreated = [f"{name}_untreated" for name in names]
    columns = {**off, "older_insomnia": 1.0}
    course = solve_many("sleep", columns, np.arange(0.0, 1200.0, 1.0), *names, *untreated, ports=ports)

    for treated, other in zip(names, untreated, strict=True):
        np.testing.assert_allclose(course[treated], course[other], rtol=1e-9)


def test_magnesium_threonate_is_not_credited_with_other_salts() -> None:
    threonate = {"threonate": 1.0, "level_gate": 1.0, "older_insomnia": 1.0}

    assert readout("mu", **threonate) == readout("mu_untreated", **threonate)
    assert difference("ISI", **threonate) == difference("SOL", **threonate) == 0.0
    assert difference("SOL", **threonate, carry_over_on=1.0) == pytest.approx(-17.36)
    assert difference("ISI", **threonate, threonate_ISI_on=1.0, dS_threonate=0.224) > 0.0


@pytest.mark.parametrize(
    ("symbol", "low", "high"), [("e_H", -0.008, 0.050), ("dSOL", 7.44, 27.27)], ids=lambda value: str(value)
)
def test_prior_is_the_published_interval(symbol: str, low: float, high: float) -> None:
    row = next(row for row in _rows() if row.symbol == symbol)

    found = (row.value - 1.96 * row.uncertainty_sd, row.value + 1.96 * row.uncertainty_sd)
    assert found == pytest.approx((low, high), rel=0.02)


def _rows():
    return read_catalogue().responses["sleep"].parameters.values()


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_against_trials(row) -> None:
    value = row.value()

    assert value == pytest.approx(row.expected, abs=row.tolerance)
    assert (row.low <= value <= row.high) == row.meets
