"""Endpoints of responses: the true value, the placebo course and the noise of one measurement."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from tests.unit.endpoints.test_measure import GRID, LEVEL, TIMES, course
from threonate.endpoints import link_is_on, measure, measure_responses, measured_ids, recorded_ids
from threonate.engine import Trajectories
from threonate.evidence import read_catalogue

SCORE = replace(LEVEL, id="score", kind="mean", symbol="organ.x", placebo="organ.p", noise_sd=2.0, response="organ")
EXACT = replace(SCORE, id="exact", kind="end", placebo="", noise_sd=0.0)
BOTH = {"score": SCORE, "exact": EXACT}


def with_placebo() -> Trajectories:
    whole = course()
    flat = np.broadcast_to(7.0 * TIMES[None, :, None], (2, len(TIMES), 1)).copy()
    flat[1] = np.nan
    names = (*whole.observables, "integral_organ_p")
    return Trajectories(TIMES, names, np.concatenate([whole.values, flat], axis=2), whole.status)


def table() -> pl.DataFrame:
    def draw(stream: str) -> np.ndarray:
        return np.array([float(stream.split()[-1]), 10.0])

    return measure_responses(with_placebo(), BOTH, GRID, draw).filter(pl.col("subject") == 0).sort("endpoint", "day")


def test_true_value_placebo_and_noise_stand_apart() -> None:
    score = table().filter(pl.col("endpoint") == "score")

    assert score["value"].to_list() == [12.0, 36.0, 60.0]
    assert score["placebo"].to_list() == [7.0, 7.0, 7.0]
    assert score["noise"].to_list() == [-2.0, 0.0, 2.0]


def test_without_a_placebo_course_there_is_none_and_exact_is_exact() -> None:
    exact = table().filter(pl.col("endpoint") == "exact")

    assert exact["value"].to_list() == [24.0, 48.0, 72.0]
    assert exact["placebo"].to_list() == [None, None, None]
    assert exact["noise"].to_list() == [0.0, 0.0, 0.0]


def test_a_mean_needs_the_integral_of_its_placebo_too() -> None:
    assert measured_ids(SCORE) == ("organ_x", "organ_p")
    assert recorded_ids(BOTH.values()) == ("integral_organ_x", "integral_organ_p", "organ_x")


def test_daily_values_of_the_body_hold_no_response() -> None:
    body = replace(LEVEL, id="body", symbol="organ.x", kind="end")

    assert measure(course(), {**BOTH, "body": body}, GRID, np.ones((2, 3)))["endpoint"].unique().to_list() == ["body"]


def test_a_link_of_a_response_is_on_by_default_and_a_person_has_the_last_word() -> None:
    link = replace(read_catalogue().links["salt_to_csf"], hypotheses=(), default_on=True, response="organ")

    assert link_is_on(link, "null", {})
    assert not link_is_on(link, "null", {link.id: False})
    assert not link_is_on(replace(link, default_on=False), "threonate", {})
    assert not link_is_on(replace(link, response=""), "null", {})
