"""Cognition: the course of the effect, and the priors and posteriors that the page prints."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.published.courses import courses
from tests.responses import shelf_with

WEEK = 24.0 * 7
MGT = {"cofactor": 1.0, "supplement_mg": 144.0}
SHELF = shelf_with("cognition")
FINDINGS = {finding.id: finding for source in SHELF.sources.values() for finding in source.findings}
PRIOR = SHELF.responses["cognition"].parameters["cognition.d", "human"]


def reported(finding: str) -> tuple[float, float]:
    """Effect and its standard error, from the printed interval."""
    row = FINDINGS[finding]
    return float(row.value), (float(row.high) - float(row.low)) / (2 * 1.96)


def posterior(*data: tuple[float, float]) -> tuple[float, float]:
    """Mean and SD of the effect after these (effect, variance)."""
    weights = [1 / PRIOR.uncertainty_sd**2, *(1 / variance for _, variance in data)]
    means = [PRIOR.value, *(effect for effect, _ in data)]
    return float(np.average(means, weights=weights)), 1 / math.sqrt(sum(weights))


LIU, LOPRESTI = reported("BR123"), reported("BR138")


def inflated(study: tuple[float, float], factor: float) -> tuple[float, float]:
    return study[0], factor * study[1] ** 2


def test_the_prior_is_centred_low_and_wide() -> None:
    assert (PRIOR.value, PRIOR.uncertainty_sd, PRIOR.distribution) == (0.30, 0.30, "normal")
    assert [PRIOR.value + z * PRIOR.uncertainty_sd for z in (-1.645, 1.645)] == pytest.approx([-0.19, 0.79], abs=0.005)


def test_both_trials_with_four_times_their_variance() -> None:
    found = posterior(inflated(LIU, 4.0), inflated(LOPRESTI, 4.0))

    assert found == pytest.approx((0.41, 0.23), abs=0.005)


def test_both_trials_as_they_stand() -> None:
    assert posterior(inflated(LIU, 1.0), inflated(LOPRESTI, 1.0)) == pytest.approx((0.49, 0.15), abs=0.005)


def test_were_the_unreported_trial_of_223_adults_null() -> None:
    unreported = (0.0, 4.0 * 4.0 / 223.0)  # variance of d in two equal arms, times four as for the others

    assert posterior(inflated(LIU, 4.0), inflated(LOPRESTI, 4.0), unreported) == pytest.approx((0.24, 0.17), abs=0.005)


def test_published_trials_only() -> None:
    """Random effects after DerSimonian and Laird [BR154]."""
    effects, variances = np.array([LIU[0], LOPRESTI[0]]), np.array([LIU[1], LOPRESTI[1]]) ** 2
    weights = 1 / variances
    fixed = np.average(effects, weights=weights)
    excess = np.sum(weights * (effects - fixed) ** 2) - 1.0
    between = max(0.0, excess / (weights.sum() - np.sum(weights**2) / weights.sum()))
    weights = 1 / (variances + between)
    mean, half = np.average(effects, weights=weights), 1.96 / math.sqrt(weights.sum())

    assert between == pytest.approx(0.05, abs=0.01)
    assert (mean, mean - half, mean + half) == pytest.approx((0.60, 0.12, 1.08), abs=0.015)


def test_two_thirds_of_the_effect_at_six_weeks() -> None:
    times = [0.0, 6 * WEEK, 12 * WEEK, 60 * WEEK]
    found = [courses("cognition", {**MGT, "treatment_time": t}, (0, 1), "cognition.effect") for t in times]
    effect = [float(course["cognition.effect"][0, 0]) for course in found]

    assert effect == pytest.approx([0.0, 0.190, 0.259, 0.300], abs=0.0006)
    liu_week_6 = float(FINDINGS["BR124"].value)
    assert effect[1] / effect[2] == pytest.approx(liu_week_6 / LIU[0], abs=0.01)


def test_placebo_course_is_the_same_with_and_without_the_compound() -> None:
    set_by_trial = {"cognition.practice": 0.3, "cognition.expectation": 0.1, "treatment_time": 12 * WEEK}
    on = courses("cognition", {**set_by_trial, **MGT}, (0, 1), "cognition.score", "cognition.placebo")
    off = courses(
        "cognition", {**set_by_trial, **MGT, "cognition.trials_on": 0.0}, (0, 1), "cognition.score", "cognition.placebo"
    )

    assert off["cognition.score"] == pytest.approx(off["cognition.placebo"], abs=0.0)
    assert on["cognition.placebo"] == pytest.approx(off["cognition.placebo"], abs=0.0)
    assert off["cognition.score"][0, 0] == pytest.approx(0.4 * (1 - math.exp(-2)))


@pytest.mark.parametrize(
    ("cofactor", "mg", "share"), [(1, 144, 1), (1, 300, 1), (1, 54, 0.5), (0, 400, 0), (0, 0, 0), (1, 0, 0)]
)
def test_only_the_compound_that_was_tested_counts(cofactor: float, mg: float, share: float) -> None:
    given = {"cofactor": cofactor, "supplement_mg": mg, "treatment_time": 12 * WEEK}
    found = courses("cognition", given, (0, 1), "cognition.share", "cognition.effect")

    assert found["cognition.share"][0, 0] == pytest.approx(share)
    assert found["cognition.effect"][0, 0] == pytest.approx(0.30 * share * (1 - math.exp(-2)))


def test_brain_magnesium_is_not_among_what_it_reads() -> None:
    response = SHELF.responses["cognition"]

    assert not [port for port in response.module.ports if port.startswith("Mg_")]
    assert not response.endpoints["cognition_score"].brain
