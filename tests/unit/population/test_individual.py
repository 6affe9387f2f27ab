"""From deviations to numbers: spreads, priors, body size, conditions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from threonate.evidence import Condition, Effect, Parameter, read_catalogue
from threonate.population import Cohort, CovariateChoice, draw_cohort, individual_parameters
from threonate.population.individual import dissolution_rates

CATALOGUE = read_catalogue()
ADULTS = CATALOGUE.populations["healthy_adult"]
MANY = 4000
HUMAN = [p for (_, species), p in CATALOGUE.parameters.items() if species == "human"]
SPREAD = [p for p in HUMAN if p.distribution == "lognormal" and (p.between_sd or p.uncertainty_sd)]
PRIORS = [p for p in HUMAN if p.distribution in {"uniform", "loguniform"}]
SALTS = [c for c in CATALOGUE.compounds.values() if c.k_s is not None]
REFERENCE = CovariateChoice(weight_kg=70.0, egfr=120.0)
COVARIATES = {"port.GFR", "port.eGFR"}


def drawn(n: int, choice: CovariateChoice | None = None, **options: object) -> Cohort:
    return draw_cohort(ADULTS, n, 1, catalogue=CATALOGUE, choice=choice, **options)


COHORT = drawn(MANY, REFERENCE)
VALUES = individual_parameters(COHORT, CATALOGUE).values
CERTAIN = individual_parameters(drawn(MANY, REFERENCE, uncertainty=False), CATALOGUE).values


@pytest.mark.parametrize("parameter", SPREAD, ids=lambda p: p.id)
def test_spreads_are_realised(parameter: Parameter) -> None:
    """Between subjects alone, and together with the uncertainty of the typical value."""
    both = np.hypot(parameter.between_sd, parameter.uncertainty_sd)

    assert np.log(CERTAIN[parameter.id]).std() == pytest.approx(parameter.between_sd, rel=0.05, abs=1e-12)
    assert np.log(VALUES[parameter.id]).std() == pytest.approx(both, rel=0.05)
    assert np.median(VALUES[parameter.id]) == pytest.approx(parameter.value, rel=0.06)


@pytest.mark.parametrize("parameter", PRIORS, ids=lambda p: p.id)
def test_flat_priors_fill_their_range_and_no_more(parameter: Parameter) -> None:
    assert parameter.low is not None
    assert parameter.high is not None
    scale = np.log if parameter.distribution == "loguniform" else np.asarray
    low, high = float(scale(parameter.low)), float(scale(parameter.high))
    share = (scale(VALUES[parameter.id]) - low) / (high - low)

    assert 0.0 <= share.min() < 0.01
    assert 0.99 < share.max() <= 1.0
    assert_allclose(np.quantile(share, [0.25, 0.5, 0.75]), [0.25, 0.5, 0.75], atol=0.03)


@pytest.mark.parametrize("parameter", PRIORS, ids=lambda p: p.id)
def test_without_uncertainty_a_flat_prior_stands_at_its_value(parameter: Parameter) -> None:
    assert_allclose(CERTAIN[parameter.id], parameter.value, rtol=1e-12)


def test_what_is_fixed_is_the_same_for_everybody() -> None:
    for parameter in HUMAN:
        if parameter.distribution == "fixed" and parameter.id not in COVARIATES:
            assert set(VALUES[parameter.id].tolist()) == {parameter.value}, parameter.id


def test_typical_subject_is_the_table() -> None:
    values = individual_parameters(drawn(1), CATALOGUE).values

    assert {p.id: float(values[p.id][0]) for p in HUMAN} == pytest.approx({p.id: p.value for p in HUMAN}, rel=1e-12)


def test_rows_of_the_rat_replace_those_they_can() -> None:
    rat = {p.id: p.value for (_, species), p in CATALOGUE.parameters.items() if species == "rat"}
    values = individual_parameters(drawn(1), CATALOGUE, species="rat").values
    human = {p.id: p.value for p in HUMAN}

    assert rat
    assert {name: float(values[name][0]) for name in human} == pytest.approx({**human, **rat}, rel=1e-12)


@pytest.mark.parametrize("weight", [50.0, 105.0])
def test_body_size_scales_what_the_table_says(weight: float) -> None:
    values = individual_parameters(drawn(1, CovariateChoice(weight_kg=weight)), CATALOGUE).values

    for parameter in HUMAN:
        expected = parameter.value * (weight / 70.0) ** parameter.weight_power
        assert float(values[parameter.id][0]) == pytest.approx(expected, rel=1e-12), parameter.id


def test_filtration_follows_the_kidney_and_the_size() -> None:
    """An eGFR of 30 at 70 kg is 1.8 L/h; four times the weight doubles it."""
    sick, large = (
        individual_parameters(drawn(1, CovariateChoice(weight_kg=kg, egfr=30.0)), CATALOGUE) for kg in (70.0, 280.0)
    )

    assert float(sick.values["port.GFR"][0]) == pytest.approx(1.8)
    assert float(sick.values["port.eGFR"][0]) == 30.0
    assert float(large.values["port.GFR"][0]) == pytest.approx(3.6)


@pytest.mark.parametrize("salt", SALTS, ids=lambda salt: salt.id)
def test_dissolution_rates_spread_as_the_salt_says(salt) -> None:
    typical, many = dissolution_rates(salt, drawn(1)), dissolution_rates(salt, COHORT)

    for rate, one, all_of_them in zip((salt.k_s, salt.k_i), typical, many, strict=True):
        assert float(one[0]) == rate.value
        spread = np.hypot(rate.between_sd, rate.uncertainty_sd)
        assert np.log(all_of_them).std() == pytest.approx(spread, rel=0.05)


def test_a_soluble_salt_has_no_rates() -> None:
    assert [rate.tolist() for rate in dissolution_rates(CATALOGUE.compounds["chloride"], drawn(2))] == [[0, 0], [0, 0]]


def condition(*effects: tuple[str, str, float]) -> Condition:
    made = tuple(Effect(symbol, operation, value, None, None) for symbol, operation, value in effects)  # type: ignore[arg-type]
    return replace(CATALOGUE.conditions["ppi"], effects=made)


def test_conditions_set_add_and_multiply_in_their_order() -> None:
    cohort = drawn(6)
    plain = individual_parameters(cohort, CATALOGUE).values
    first = condition(("kidney.T", "add", 0.1), ("kidney.T", "multiply", 2.0), ("port.acid", "set", 0.3))
    second = condition(("kidney.T", "add", -0.05))
    changed = individual_parameters(cohort, CATALOGUE, conditions=[first, second]).values

    assert_allclose(changed["kidney.T"], (plain["kidney.T"] + 0.1) * 2.0 - 0.05)
    assert set(changed["port.acid"].tolist()) == {0.3}
    untouched = [name for name in plain if name not in {"kidney.T", "port.acid"}]
    for name in untouched:
        assert_array_equal(changed[name], plain[name])


def test_preeclampsia_widens_filtration_alone() -> None:
    wide = individual_parameters(COHORT, CATALOGUE, conditions=[CATALOGUE.conditions["preeclampsia"]]).values

    assert np.log(wide["port.GFR"]).std() == pytest.approx(np.hypot(0.15, 0.36), rel=0.05)
    assert_array_equal(wide["gut.Vm"], VALUES["gut.Vm"])


def test_changed_columns_leave_the_table_alone() -> None:
    table = individual_parameters(drawn(3), CATALOGUE)
    before = table.values["gut.Vm"].copy()
    changed = table.with_values({"gut.Vm": 1.0, "gut.k_a": np.array([1.0, 2.0, 3.0])})

    assert changed.values["gut.Vm"].tolist() == [1.0, 1.0, 1.0]
    assert changed.values["gut.k_a"].tolist() == [1.0, 2.0, 3.0]
    assert_array_equal(table.values["gut.Vm"], before)
    with pytest.raises(KeyError, match=r"gut\.vm"):
        table.with_values({"gut.vm": 1.0})
