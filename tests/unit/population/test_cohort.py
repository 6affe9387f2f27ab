"""Who is drawn: streams by name, covariates within their bounds, the typical subject."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from threonate.evidence import read_catalogue
from threonate.population import Cohort, CovariateChoice, draw_cohort
from threonate.population.cohort import deviation_names

CATALOGUE = read_catalogue()
ADULTS = CATALOGUE.populations["healthy_adult"]
MANY = 4000


def drawn(n: int, seed: int = 1, **options: object) -> Cohort:
    return draw_cohort(ADULTS, n, seed, catalogue=CATALOGUE, **options)


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def test_same_seed_same_subjects() -> None:
    one, other = drawn(20, seed=0), drawn(20, seed=0)

    for name in deviation_names(CATALOGUE):
        assert_array_equal(one.between[name], other.between[name])
        assert_array_equal(one.uncertainty[name], other.uncertainty[name])
    for name, values in one.covariates.items():
        assert_array_equal(values, other.covariates[name])


def test_zero_is_a_seed_like_any_other() -> None:
    assert not np.allclose(drawn(20, seed=0).between["gut.Vm"], drawn(20, seed=1).between["gut.Vm"])


def test_first_subjects_stay_when_there_are_more() -> None:
    few, many = drawn(5), drawn(500)

    for name in deviation_names(CATALOGUE):
        assert_array_equal(few.between[name], many.between[name][:5])
        assert_array_equal(few.uncertainty[name], many.uncertainty[name][:5])
    for name, values in few.covariates.items():
        assert_array_equal(values, many.covariates[name][:5])


def test_a_new_parameter_changes_nobody() -> None:
    """Each name has its own stream, so that an organ can be added without another cohort."""
    row = CATALOGUE.parameters["gut.Vm", "human"]
    added = replace(row, organ="skin", symbol="loss", between_sd=0.3)
    parameters = {("skin.loss", "human"): added, **CATALOGUE.parameters}
    before = drawn(50)
    after = draw_cohort(ADULTS, 50, 1, catalogue=replace(CATALOGUE, parameters=parameters))

    assert "skin.loss" in after.between
    for name in before.between:
        assert_array_equal(after.between[name], before.between[name])


@pytest.mark.parametrize("pair", ADULTS.correlations, ids=lambda pair: f"{pair.first} {pair.second}")
def test_correlations_are_the_stated_ones(pair) -> None:
    cohort = drawn(MANY)

    between = correlation(cohort.between[pair.first], cohort.between[pair.second])
    unsure = correlation(cohort.uncertainty[pair.first], cohort.uncertainty[pair.second])
    assert between == pytest.approx(pair.between, abs=0.05)
    assert unsure == pytest.approx(pair.uncertainty, abs=0.05)


def test_what_is_not_named_is_independent() -> None:
    cohort = drawn(MANY)
    tied = {frozenset((pair.first, pair.second)) for pair in ADULTS.correlations}
    names = [name for name in deviation_names(CATALOGUE) if name.startswith(("gut.", "kidney.", "plasma.", "port."))]

    deviations = np.corrcoef([cohort.between[name] for name in names])
    for i, one in enumerate(names):
        for j, other in enumerate(names[:i]):
            if frozenset((one, other)) not in tied:
                assert abs(deviations[i, j]) < 0.08, (one, other)
    for name in names:
        assert abs(correlation(cohort.between[name], cohort.uncertainty[name])) < 0.08, name


def test_deviations_are_standard_normal() -> None:
    cohort = drawn(MANY)

    for name in deviation_names(CATALOGUE):
        for deviations in (cohort.between[name], cohort.uncertainty[name]):
            assert abs(deviations.mean()) < 0.08
            assert deviations.std() == pytest.approx(1.0, rel=0.05)


def test_covariates_spread_as_stated_within_their_bounds() -> None:
    cohort = drawn(MANY)

    for covariate in ADULTS.covariates:
        values = cohort.covariates[covariate.name]
        assert covariate.low <= values.min() <= values.max() <= covariate.high
        assert np.median(values) == pytest.approx(covariate.median, rel=0.02)
        assert np.log(values).std() == pytest.approx(covariate.log_sd, rel=0.05, abs=1e-12)


def test_what_is_known_is_not_drawn() -> None:
    cohort = drawn(10, choice=CovariateChoice(weight_kg=55.0, egfr=25.0, dietary_mg=410.0))

    assert {name: set(values.tolist()) for name, values in cohort.covariates.items()} == {
        "weight_kg": {55.0},
        "egfr": {25.0},
        "dietary_mg": {410.0},
    }


def test_knowing_one_covariate_leaves_the_others_as_they_were() -> None:
    free, known = drawn(10), drawn(10, choice=CovariateChoice(weight_kg=55.0))

    assert_array_equal(known.covariates["dietary_mg"], free.covariates["dietary_mg"])
    assert_array_equal(known.between["gut.Vm"], free.between["gut.Vm"])


def test_one_subject_is_the_typical_one() -> None:
    cohort = drawn(1, seed=77)

    assert cohort.typical
    assert all(not values.any() for values in (*cohort.between.values(), *cohort.uncertainty.values()))
    assert {name: values[0] for name, values in cohort.covariates.items()} == {
        c.name: c.median for c in ADULTS.covariates
    }


def test_uncertainty_can_be_left_out_without_changing_the_subjects() -> None:
    with_it, without = drawn(10), drawn(10, uncertainty=False)

    assert all(not values.any() for values in without.uncertainty.values())
    for name in with_it.between:
        assert_array_equal(without.between[name], with_it.between[name])
