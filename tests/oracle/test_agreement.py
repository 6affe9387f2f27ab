"""The engine against libroadrunner on the whole body: 60 of the thousand subjects of `tests.oracle.agreement`."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from tests.oracle.agreement import SUBJECTS
from tests.oracle.questions import ARMS, Question, arm_question, relative_errors
from tests.oracle.solve import solve_oracle
from threonate.engine import Tolerance, Trajectories, solve_cohort

IN_EACH_ARM = 15
KEY = 20261121


def chosen(arm: str) -> Question:
    """The same random subjects every time, out of those that the command solves."""
    count = SUBJECTS // len(ARMS)
    rng = np.random.default_rng([KEY, list(ARMS).index(arm)])
    return arm_question(arm, count).of(np.sort(rng.choice(count, IN_EACH_ARM, replace=False)))


@lru_cache(maxsize=8)
def truth(arm: str) -> Trajectories:
    return solve_oracle(*chosen(arm))


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("tolerance", [Tolerance.FAST, Tolerance.DEFAULT, Tolerance.REFERENCE], ids=lambda t: t.name)
def test_every_observable_agrees(arm: str, tolerance: Tolerance) -> None:
    """Relative to the largest value of the observable in this subject, so that zeros are compared too."""
    ours = solve_cohort(*chosen(arm), tolerance=tolerance)
    theirs = truth(arm)

    assert ours.ok.all()
    assert theirs.ok.all()
    error = relative_errors(ours.values, theirs.values).max(axis=0)
    worst = int(error.argmax())
    assert error[worst] <= tolerance.promise, f"{ours.observables[worst]}: {error[worst]:.1e}"


def test_promises_are_those_of_the_design() -> None:
    assert (Tolerance.DEFAULT.promise, Tolerance.REFERENCE.promise) == (1e-5, 1e-7)
