"""Arms side by side, and hypotheses in one solve, give the numbers of one run after another."""

import numpy as np
import pytest
from polars.testing import assert_frame_equal

from threonate.evidence import read_catalogue
from threonate.simulation.run import draw_people, settle, solve_people
from threonate.simulation.scenario import Scenario
from threonate.web import solving
from threonate.web.solving import QUICK, WHOLE, parts_of, solve_side_by_side

THREONATE = Scenario(days=2, run_in_days=1, subjects=9, tolerance="fast", spot_check=False)
CITRATE = THREONATE.model_copy(update={"compound": "citrate", "elemental_mg": 144.0, "compound_mg": None})
FRAMES = ("daily", "course", "balance", "status")


@pytest.fixture(scope="module")
def shelf():
    return read_catalogue()


@pytest.mark.parametrize("cores", [1, 2, 8])
@pytest.mark.parametrize("bodies", [QUICK, WHOLE])
def test_an_answer_is_the_same_on_any_number_of_cores(shelf, monkeypatch, cores, bodies):
    question = settle([THREONATE, CITRATE], shelf)
    people = draw_people(question.scenarios[0], shelf)
    first = solve_side_by_side(question, people, shelf, bodies)
    monkeypatch.setattr(solving, "processors", lambda: cores)
    second = solve_side_by_side(question, people, shelf, bodies)

    assert [arm.id for arm in second.arms] == [
        f"{compound}/{hypothesis}" for compound in ("l_threonate", "citrate") for hypothesis in ("null", "threonate")
    ]
    for one, other in zip(first.arms, second.arms, strict=True):
        for frame in FRAMES:
            assert_frame_equal(getattr(one, frame), getattr(other, frame), check_exact=True)
    assert_frame_equal(first.subjects, second.subjects)


def test_a_whole_answer_is_that_of_a_plain_run(shelf):
    question = settle([THREONATE], shelf)
    people = draw_people(question.scenarios[0], shelf)
    plain = solve_people(question, people, shelf)
    beside = solve_side_by_side(question, people, shelf, WHOLE)

    for one, other in zip(beside.arms, plain.arms, strict=True):
        for frame in FRAMES:
            assert_frame_equal(getattr(one, frame), getattr(other, frame), check_exact=True)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"transfer_probability": 0.5},
        {"washout_days": 1, "missed_dose_share": 0.2},
        {"conditions": ("ppi",), "egfr": 40.0},
        {"iv_mgso4_g": 2.0},
    ],
)
def test_two_hypotheses_in_one_solve_are_two_runs_within_the_promise(shelf, asked):
    question = settle([THREONATE.model_copy(update={"tolerance": "default", **asked})], shelf)
    people = draw_people(question.scenarios[0], shelf)
    apart = solve_people(question, people, shelf, build=QUICK.build, step_h=QUICK.step_h)
    together = solve_side_by_side(question, people, shelf, QUICK)

    assert len(parts_of(question, shelf, QUICK)) == 1
    for one, other in zip(together.arms, apart.arms, strict=True):
        assert (one.id, one.hypothesis, one.what_ifs) == (other.id, other.hypothesis, other.what_ifs)
        assert one.daily.drop("value").equals(other.daily.drop("value"))
        np.testing.assert_allclose(one.daily["value"], other.daily["value"], rtol=1e-5)
        np.testing.assert_allclose(one.course["Mg_csf_relative"], other.course["Mg_csf_relative"], rtol=1e-5)
    null, threonate = (arm.daily.filter(arm.daily["endpoint"] == "Mg_csf_relative")["value"] for arm in together.arms)
    assert float((threonate - null).abs().max()) > 1e-4


def test_hypotheses_are_solved_apart_only_where_they_must(shelf):
    question = settle([THREONATE, CITRATE], shelf)
    both = ("null", "threonate")

    assert [part.hypotheses for part in parts_of(question, shelf, QUICK)] == [both, both]
    assert [part.hypotheses for part in parts_of(question, shelf, WHOLE)] == [("null",), ("threonate",), both]
