"""Arms side by side give the numbers of one after another, so who waits is told what everybody is told."""

import pytest
from polars.testing import assert_frame_equal

from threonate.evidence import read_catalogue
from threonate.simulation.glance import GLANCE_STEP_H, glance_body
from threonate.simulation.run import draw_people, settle, solve_people
from threonate.simulation.scenario import Scenario
from threonate.web import solving
from threonate.web.solving import parts_of, solve_side_by_side

THREONATE = Scenario(days=2, run_in_days=1, subjects=9, tolerance="fast", spot_check=False)
CITRATE = THREONATE.model_copy(update={"compound": "citrate", "elemental_mg": 144.0, "compound_mg": None})


@pytest.fixture(scope="module")
def shelf():
    return read_catalogue()


@pytest.mark.parametrize("cores", [1, 2, 8])
def test_arms_side_by_side_are_those_of_a_plain_run_on_any_number_of_cores(shelf, monkeypatch, cores):
    question = settle([THREONATE, CITRATE], shelf)
    people = draw_people(question.scenarios[0], shelf)
    plain = solve_people(question, people, shelf, build=glance_body, step_h=GLANCE_STEP_H)
    monkeypatch.setattr(solving, "available_cores", lambda: cores)

    beside = solve_side_by_side(question, people, shelf, build=glance_body, step_h=GLANCE_STEP_H)

    assert [arm.id for arm in beside.arms] == [arm.id for arm in plain.arms]
    for one, other in zip(beside.arms, plain.arms, strict=True):
        for frame in ("daily", "course", "balance", "status"):
            assert_frame_equal(getattr(one, frame), getattr(other, frame), check_exact=True)
    assert_frame_equal(beside.subjects, plain.subjects)


def test_hypotheses_that_cannot_differ_are_solved_once(shelf):
    question = settle([THREONATE, CITRATE], shelf)

    assert [part.hypotheses for part in parts_of(question, shelf)] == [("null",), ("threonate",), ("null", "threonate")]
