"""A part of a cohort is what it is in the whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threonate.evidence import read_catalogue
from threonate.population import CohortDraw, CovariateChoice, draw_cohort, draw_subjects, individual_parameters
from threonate.population.cohort import STREAM_BLOCK

CATALOGUE = read_catalogue()
ADULTS = CATALOGUE.populations["healthy_adult"]
SIZE = 2 * STREAM_BLOCK + 37
WHOLE = draw_cohort(ADULTS, SIZE, 5, catalogue=CATALOGUE)
DRAW = CohortDraw(ADULTS, SIZE, 5)


@settings(max_examples=12, deadline=None)
@given(first=st.integers(0, SIZE - 1), size=st.integers(1, 70))
@pytest.mark.parametrize("condition", [(), ("pregnancy",)])
def test_part_is_equal_by_bit(condition, first, size):
    conditions = [CATALOGUE.conditions[name] for name in condition]
    subjects = range(first, min(first + size, SIZE))
    part = draw_subjects(DRAW, subjects, CATALOGUE)
    rows = slice(subjects.start, subjects.stop)

    assert (part.first, part.size, part.typical) == (subjects.start, len(subjects), False)
    for name, whole in WHOLE.covariates.items():
        assert np.array_equal(part.covariates[name], whole[rows]), name
    values = individual_parameters(part, CATALOGUE, conditions=conditions).values
    for name, whole in individual_parameters(WHOLE, CATALOGUE, conditions=conditions).values.items():
        assert np.array_equal(values[name], whole[rows]), name


def test_first_subjects_do_not_change_when_the_cohort_grows():
    few = draw_cohort(ADULTS, 5, 5, catalogue=CATALOGUE)

    assert all(np.array_equal(few.between[name], WHOLE.between[name][:5]) for name in few.between)


def test_blocks_are_different_people():
    for deviations in (WHOLE.between["kidney.T"], WHOLE.uncertainty["kidney.T"]):
        assert len(np.unique(deviations)) == SIZE


def test_one_subject_of_many_is_not_the_typical_subject():
    part = draw_subjects(DRAW, range(1), CATALOGUE)
    alone = draw_cohort(ADULTS, 1, 5, catalogue=CATALOGUE)

    assert (part.typical, alone.typical) == (False, True)
    assert part.between["kidney.T"][0] == WHOLE.between["kidney.T"][0] != 0.0


def test_known_covariates_are_everybodys():
    part = draw_subjects(CohortDraw(ADULTS, 9, 1, CovariateChoice(egfr=30.0)), range(3, 6), CATALOGUE)

    assert part.covariates["egfr"].tolist() == [30.0] * 3


@pytest.mark.parametrize("subjects", [range(0, 0), range(-1, 2), range(5, SIZE + 1), range(0, 8, 2)])
def test_numbers_outside_the_cohort_are_refused(subjects):
    with pytest.raises(ValueError, match="is not a part"):
        draw_subjects(DRAW, subjects, CATALOGUE)
