"""A question that every solver is asked: one network, some subjects, their events, the times to record."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from threonate.engine import CompiledNetwork, SubjectInputs
from threonate.schedule import EventTable

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Problem:
    """One benchmark problem.

    name       for tables
    title      what it is, in a sentence
    inputs     values and start states (subject, ...)
    times_h    (time,) to record
    """

    name: str
    title: str
    compiled: CompiledNetwork
    inputs: SubjectInputs
    events: EventTable
    times_h: Array

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def question(self) -> tuple[SubjectInputs, EventTable, Array]:
        """What the engine's `solve_with` takes."""
        return self.inputs, self.events, self.times_h

    def first(self, count: int) -> Problem:
        """The same with fewer subjects."""
        few = np.arange(min(count, len(self)))
        return replace(self, inputs=self.inputs.of(few), events=self.events.of(few))
