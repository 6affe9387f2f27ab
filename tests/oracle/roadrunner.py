"""Integrate one subject after another with libroadrunner, restarting at every event."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tests.oracle.interpreter_library import import_roadrunner
from threonate.engine import CompiledNetwork
from threonate.engine.trajectories import Array, SubjectInputs, SubjectStatus, unsound_value
from threonate.schedule import ADD, EventTable

roadrunner = import_roadrunner()

_LARGEST_STEP_COUNT = 200_000
_DUST = 1e-60
_QUIET = ("SUNLOGGER_ERROR_FILENAME", "SUNLOGGER_WARNING_FILENAME")  # a failure is told by its status, not on stderr


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Local error bounds of the integrator."""

    relative: float
    absolute: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch between two events: the jumps at its start and the times to record in it."""

    start_h: float
    end_h: float
    jumps: tuple[int, ...]
    recorded: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ModelText:
    """SBML, what to record, which of those are species read as concentrations, and default values."""

    sbml: str
    observables: tuple[str, ...]
    concentrations: tuple[bool, ...]
    defaults: tuple[tuple[str, float], ...]


def text_of(compiled: CompiledNetwork) -> ModelText:
    """What libroadrunner is given of a network."""
    network = compiled.network
    concentrations = tuple(name in network.concentrations for name in compiled.observables)
    return ModelText(network.sbml, compiled.observables, concentrations, tuple(network.parameters.items()))


class Runner:
    """One loaded model. Holds indices, so that setting a subject is a few vector writes."""

    def __init__(self, text: ModelText) -> None:
        roadrunner.Logger.disableLogging()
        for name in _QUIET:
            os.environ.setdefault(name, os.devnull)
        self.engine = roadrunner.RoadRunner(text.sbml)
        self.model = self.engine.model
        self.species = list(self.model.getFloatingSpeciesIds())
        self.globals = list(self.model.getGlobalParameterIds())
        self.defaults = text.defaults
        self.compartments = list(self.model.getCompartmentIds())
        kinds = zip(text.observables, text.concentrations, strict=True)
        self.selections = [f"[{name}]" if concentration else name for name, concentration in kinds]
        self.engine.timeCourseSelections = ["time", *self.selections]

    def set_accuracy(self, accuracy: Accuracy, *, stiff: bool) -> None:
        integrator = self.engine.integrator
        integrator.relative_tolerance = accuracy.relative
        integrator.absolute_tolerance = accuracy.absolute
        integrator.variable_step_size = False
        integrator.stiff = stiff
        integrator.maximum_num_steps = _LARGEST_STEP_COUNT

    def set_value(self, name: str, value: float) -> None:
        if name in self.compartments:
            self.model.setCompartmentVolumes([self.compartments.index(name)], [value])
        elif name in self.globals:
            self.model.setGlobalParameterValues([self.globals.index(name)], [value])
        else:
            self.model.setFloatingSpeciesAmounts([self.species.index(name)], [value])

    def add(self, name: str, value: float) -> None:
        if name in self.species:
            index = self.species.index(name)
            amount = self.model.getFloatingSpeciesAmounts([index])[0]
            self.model.setFloatingSpeciesAmounts([index], [amount + value])
        else:
            index = self.globals.index(name)
            self.set_value(name, self.model.getGlobalParameterValues([index])[0] + value)

    def set_subject(self, inputs: SubjectInputs, subject: int) -> None:
        """Defaults first, so that nothing is left of the subject before; volumes before amounts that they hold."""
        values = dict(self.defaults)
        values.update(zip(inputs.symbols, map(float, inputs.values[subject]), strict=True))
        for name in self.compartments:
            if name in values:
                self.set_value(name, values[name])
        constants = [name for name in values if name not in self.compartments]
        self.model.setGlobalParameterValues(
            [self.globals.index(name) for name in constants], [values[name] for name in constants]
        )
        for state, value in zip(inputs.states, inputs.start[subject], strict=True):
            self.set_value(state, float(value))

    def drop_dust(self) -> None:
        """Set amounts that have decayed to nothing to zero; the finite differences of CVODE stumble over them."""
        amounts = np.asarray(self.model.getFloatingSpeciesAmounts())
        dust = (np.abs(amounts) < _DUST) & (amounts != 0.0)
        if dust.any():
            self.model.setFloatingSpeciesAmounts(list(np.flatnonzero(dust)), [0.0] * int(dust.sum()))

    def record(self) -> list[float]:
        return [self.model.getValue(selection) for selection in self.selections]


@lru_cache(maxsize=8)
def runner_of(text: ModelText) -> Runner:
    """The loaded model of this process; loading happens once."""
    return Runner(text)


def solve_subjects(
    text: ModelText, inputs: SubjectInputs, events: EventTable, times_h: Array, accuracy: Accuracy
) -> tuple[Array, list[SubjectStatus]]:
    """Courses (subject, time, observable) and a status per subject."""
    values = np.full((len(inputs), len(times_h), len(text.observables)), np.nan)
    runner = runner_of(text)
    status = []
    for subject in range(len(inputs)):
        mine = np.flatnonzero(events.subject == subject)
        status.append(_solve_subject(runner, inputs, subject, (events, mine, times_h, accuracy), values[subject]))
    return values, status


Work = tuple[EventTable, NDArray[np.int64], Array, Accuracy]


def _solve_subject(runner: Runner, inputs: SubjectInputs, subject: int, work: Work, out: Array) -> SubjectStatus:
    """Adams steps first, which suit this kind of network; the stiff method where they fail."""
    events, mine, times_h, accuracy = work
    sentence = unsound_value(inputs, subject, events, mine)
    if sentence:
        return SubjectStatus(False, sentence)
    for stiff in (False, True):
        try:
            runner.set_accuracy(accuracy, stiff=stiff)
            runner.set_subject(inputs, subject)
            runner.model.setTime(float(times_h[0]))
            _run_subject(runner, events, mine, times_h, out)
            return _judge(out)
        except (RuntimeError, ValueError) as error:
            out[:] = np.nan
            sentence = f"The integrator stopped ({_code(error)}); a parameter is out of any sensible range."
    return SubjectStatus(False, sentence)


def _code(error: Exception) -> str:
    """What the integrator calls its failure, without its call stack."""
    found = re.search(r"CV_\w+", str(error))
    return found[0] if found else str(error).splitlines()[0]


def _judge(course: Array) -> SubjectStatus:
    if np.isfinite(course).all():
        return SubjectStatus(True)
    course[:] = np.nan
    return SubjectStatus(
        False, "The course holds values that are not finite; a parameter is out of any sensible range."
    )


def _run_subject(runner: Runner, events: EventTable, mine: NDArray[np.int64], times_h: Array, out: Array) -> None:
    for segment in _segments(events.times_h[mine], times_h):
        at_start = [i for i in segment.recorded if times_h[i] <= segment.start_h]
        for i in at_start:
            out[i] = runner.record()
        for j in segment.jumps:
            _jump(runner, events, int(mine[j]))
        runner.drop_dust()
        inside = [i for i in segment.recorded if times_h[i] > segment.start_h]
        if segment.end_h > segment.start_h:
            grid = [segment.start_h, *(float(times_h[i]) for i in inside if times_h[i] < segment.end_h), segment.end_h]
            course = np.asarray(runner.engine.simulate(times=grid))
            for i in inside:
                row = grid.index(float(times_h[i])) if times_h[i] < segment.end_h else len(grid) - 1
                out[i] = course[row, 1:]


def _jump(runner: Runner, events: EventTable, row: int) -> None:
    name = events.targets[int(events.target[row])]
    act = runner.add if events.operation[row] == ADD else runner.set_value
    act(name, float(events.value[row]))


def _segments(event_times: Array, times_h: Array) -> Iterator[Segment]:
    """Cut the run at every event. A value recorded at the time of an event is the one just before it."""
    start, end = float(times_h[0]), float(times_h[-1])
    cuts = np.unique(np.concatenate([[start], event_times[(event_times >= start) & (event_times < end)], [end]]))
    for left, right in pairwise(cuts):
        jumps = tuple(int(j) for j in np.flatnonzero(event_times == left))
        inside = np.flatnonzero((times_h > left) & (times_h <= right))
        first = np.flatnonzero(times_h == start) if left == start else np.empty(0, dtype=np.int64)
        yield Segment(float(left), float(right), jumps, tuple(int(i) for i in np.concatenate([first, inside])))
