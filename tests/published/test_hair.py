"""Hair: shares of the cycle, finasteride as the positive control, and threonate as an upper bound that is off."""

from __future__ import annotations

import numpy as np
import pytest

from tests.published.many import solve_many
from tests.published.responses.hair import ROWS, YEAR, counts, difference

CYCLES = {"alopecic": (3.6, 2.4, 2.0), "normal": (36.0, 3.0, 4.0)}


@pytest.mark.parametrize(("scalp", "shares"), [("alopecic", (0.45, 0.30, 0.25)), ("normal", (0.837, 0.070, 0.093))])
def test_shares_of_the_cycle(scalp: str, shares: tuple[float, float, float]) -> None:
    columns = dict(zip(("mu_A", "mu_T", "mu_L"), CYCLES[scalp], strict=True))
    found = solve_many("hair", columns, [0.0, 10 * YEAR], "A", "T", "L")

    for name, share in zip("ATL", shares, strict=True):
        assert found[name][0, 0] == pytest.approx(share, abs=0.00055)
        assert found[name][0, 1] == pytest.approx(found[name][0, 0], rel=1e-7)


def test_shares_close_to_the_stochastic_automaton() -> None:
    found = solve_many("hair", {}, [0.0, YEAR], "A", "T", "L")

    assert [found[name][0, -1] for name in "ATL"] == pytest.approx([0.449, 0.301, 0.251], abs=0.002)


@pytest.mark.parametrize(("finasteride", "expected"), [(1.0, (876, 946, 971, 985)), (0.0, (876, 839, 804, 708))])
def test_counts_of_the_positive_control(finasteride: float, expected: tuple[int, ...]) -> None:
    assert counts(finasteride=finasteride) == pytest.approx(expected, abs=0.6)


@pytest.mark.parametrize(("years", "hairs"), [(1, 107), (2, 167), (5, 277)])
def test_finasteride_over_placebo(years: int, hairs: int) -> None:
    assert difference(years) == pytest.approx(hairs, abs=0.6)


def test_the_miss_at_two_years_is_a_fifth() -> None:
    assert difference(2) / 138.0 - 1.0 == pytest.approx(0.21, abs=0.005)


def test_the_scale_of_dihydrotestosterone_is_not_identifiable() -> None:
    """Corrected for placebo, other rates fit the same two counts."""
    refit = {"DHT_fall": 1.0 - 0.413, "k_reg": 1.77, "k_min": 0.0433}
    treated, placebo = counts(finasteride=1.0, **refit), counts(**refit)

    assert treated[[1, 3]] - placebo[[1, 3]] == pytest.approx([107, 277], abs=3.0)


@pytest.mark.parametrize(("share", "hairs"), [(0.02, 1.0), (0.05, 2.5), (0.10, 4.7), (0.20, 8.8)])
def test_upper_bounds_of_a_weaker_drive(share: float, hairs: float) -> None:
    """Hairs per cm2 at one year, with threonate far above its half-effect level."""
    columns = {"e_T": share, "threonate_on": 1.0}
    found = solve_many("hair", columns, [0.0, YEAR], "density", "density_untreated", ports={"threonate_plasma": 1e9})

    assert found["density"][0, 1] - found["density_untreated"][0, 1] == pytest.approx(hairs, abs=0.055)


def test_the_same_in_the_refit() -> None:
    columns = {"e_T": 0.05, "threonate_on": 1.0, "k_reg": 1.77, "k_min": 0.0433}
    found = solve_many("hair", columns, [0.0, YEAR], "density", "density_untreated", ports={"threonate_plasma": 1e9})

    assert found["density"][0, 1] - found["density_untreated"][0, 1] == pytest.approx(2.7, abs=0.055)


READ = ("N", "T", "density", "thickness")


def test_threonate_is_off_by_default() -> None:
    names = [name for each in READ for name in (each, f"{each}_untreated")]
    found = solve_many("hair", {"e_T": 0.2}, [0.0, YEAR], *names, ports={"threonate_plasma": 300.0})

    for name in READ:
        np.testing.assert_allclose(found[name], found[f"{name}_untreated"], rtol=1e-9)


def test_effluvium_rests_more_follicles_and_no_port_of_magnesium_exists() -> None:
    from tests.responses import shelf_with

    found = solve_many("hair", {"effluvium": [0.0, 0.5]}, [0.0, 5 * YEAR], "T")["T"][:, -1]

    assert found[1] > found[0]
    assert shelf_with("hair").responses["hair"].module.ports == ("threonate_plasma",)


def test_thickness_is_the_root_of_what_is_left() -> None:
    found = solve_many("hair", {}, [0.0, YEAR], "thickness", "N")

    np.testing.assert_allclose(found["thickness"], np.sqrt(found["N"] / 1000.0), rtol=1e-9)


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_against_trials(row) -> None:
    value = row.value()

    assert value == pytest.approx(row.expected, abs=row.tolerance)
    assert (row.low <= value <= row.high) == row.meets
