"""The oracle behind the same seam."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.oracle.roadrunner import Accuracy, solve_subjects, text_of
from threonate.engine import CompiledNetwork, SubjectInputs, Trajectories
from threonate.schedule import EventTable

STRICT = Accuracy(1e-10, 1e-13)


def solve_oracle(
    compiled: CompiledNetwork,
    inputs: SubjectInputs,
    events: EventTable,
    times_h: NDArray[np.float64],
    accuracy: Accuracy = STRICT,
) -> Trajectories:
    """Courses of every subject, one after another."""
    values, status = solve_subjects(text_of(compiled), inputs, events, times_h, accuracy)
    return Trajectories(times_h, compiled.observables, values, tuple(status))
