"""What goes into a solve and what comes out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from threonate.errors import EngineError, nearest
from threonate.schedule import EventTable

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SubjectInputs:
    """Everything that differs between subjects, apart from events.

    symbols   ids of the columns of `values`
    values    (subject, symbol) parameters
    states    ids of the columns of `start`
    start     (subject, state) at the first time; species as amounts
    """

    symbols: tuple[str, ...]
    values: Array
    states: tuple[str, ...]
    start: Array

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.start), len(self.symbols)):
            raise EngineError(
                f"values has shape {self.values.shape}; with {len(self.start)} subjects and {len(self.symbols)} "
                "symbols it must be (subject, symbol)."
            )
        if self.start.shape[1] != len(self.states):
            raise EngineError(f"start has {self.start.shape[1]} columns for {len(self.states)} states.")

    def __len__(self) -> int:
        return len(self.start)

    def of(self, subjects: NDArray[np.int64]) -> SubjectInputs:
        """Of each of these subjects, who are counted anew.

        subjects   (row,) in any order, as often as needed
        """
        return SubjectInputs(self.symbols, self.values[subjects], self.states, self.start[subjects])


@dataclass(frozen=True, slots=True)
class SubjectStatus:
    """How the solve of one subject ended; a failure carries a sentence."""

    ok: bool
    sentence: str = ""


def unsound_value(inputs: SubjectInputs, subject: int, events: EventTable, rows: NDArray[np.int64]) -> str:
    """What is not a finite number among the values, start states and events of a subject, as a sentence; else empty.

    rows    the subject's rows of `events`
    """
    named = [
        *zip(inputs.symbols, inputs.values[subject], strict=True),
        *((f"{name} at the start", value) for name, value in zip(inputs.states, inputs.start[subject], strict=True)),
        *((f"{events.targets[events.target[row]]} at {events.times_h[row]:g} h", events.value[row]) for row in rows),
    ]
    found = [f"{name} is {value}" for name, value in named if not np.isfinite(value)]
    return f"Not solved: {found[0]}; every value must be finite." if found else ""


def course_of(observable: str, observables: tuple[str, ...], values: Array) -> Array:
    """(subject, time) one observable of values (subject, time, observable).

    Raises    EngineError for a name that was not recorded
    """
    if observable not in observables:
        raise EngineError(f"'{observable}' was not recorded. {nearest(observable, observables)}")
    return values[:, :, observables.index(observable)]


@dataclass(frozen=True, slots=True)
class Trajectories:
    """Time courses of a cohort.

    times_h      (time,) clock of the run [h]
    observables  ids of the last axis
    values       (subject, time, observable); NaN for a failed subject; the engine keeps each course in one piece
    status       one per subject
    """

    times_h: Array
    observables: tuple[str, ...]
    values: Array
    status: tuple[SubjectStatus, ...]

    def of(self, observable: str) -> Array:
        """(subject, time) course of one observable.

        Raises    EngineError for a name that was not recorded
        """
        return course_of(observable, self.observables, self.values)

    @property
    def ok(self) -> NDArray[np.bool_]:
        """(subject,) whether the solve succeeded."""
        return np.array([status.ok for status in self.status])
