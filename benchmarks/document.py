"""Subjects of a problem as SBML with doses as events: what the other solvers are given.

Either a document for each subject, or one for all of them in which what differs is a parameter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import libsbml
import numpy as np

from benchmarks.problem import Array, Problem
from threonate.errors import EngineError
from threonate.schedule import ADD

_DAY_H = 24.0
_NEVER_H = 1e30
Jump = tuple[str, int, float]
"""What is changed, ADD or SET, and by or to how much."""


@dataclass(frozen=True, slots=True)
class Series:
    """Jumps that happen together, at `first_h` and then every `period_h`."""

    first_h: float
    period_h: float
    jumps: tuple[Jump, ...]


def subject_sbml(problem: Problem, subject: int, *, events: bool = True) -> str:
    """The model with the values, the start states and, unless left out, the events of one subject.

    Raises    EngineError for events that do not repeat until the end
    """
    document = libsbml.readSBMLFromString(problem.compiled.network.sbml)
    model = document.getModel()
    inputs = problem.inputs
    values = dict(zip(inputs.symbols, inputs.values[subject], strict=True))
    values |= dict(zip(inputs.states, inputs.start[subject], strict=True))
    for name, value in values.items():
        _set_value(model, name, float(value))
    if events:
        for number, series in enumerate(series_of(problem, subject)):
            jumps = [(name, operation, repr(value)) for name, operation, value in series.jumps]
            _add_event(model, number, repr(series.period_h), jumps).setValue(series.first_h)
    return str(libsbml.writeSBMLToString(document))


@dataclass(frozen=True, slots=True)
class SharedDocument:
    """One document for all subjects of a problem.

    sbml      the same text whatever the values are
    values    parameter of the document -> its value (subject,)
    """

    sbml: str
    values: dict[str, Array]


def shared_sbml(problem: Problem) -> SharedDocument:
    """The model with its events; values, start states, doses and times of doses are parameters.

    Raises    EngineError for events that do not repeat until the end
    """
    document = libsbml.readSBMLFromString(problem.compiled.network.sbml)
    writer = _SharedWriter(document.getModel())
    events, inputs = _slots(problem), problem.inputs
    jumping = {name for slot in events for name, _ in slot.changes}
    for name, column in zip((*inputs.symbols, *inputs.states), np.hstack([inputs.values, inputs.start]).T, strict=True):
        writer.write_value(name, column, starts=name in jumping or name in inputs.states)
    for number, slot in enumerate(events):
        writer.write_series(number, slot)
    return SharedDocument(str(libsbml.writeSBMLToString(document)), writer.values)


@dataclass(frozen=True, slots=True)
class _Slot:
    """A repeating series that changes the same things in every subject; one who lacks it never gets there."""

    changes: tuple[tuple[str, int], ...]
    series: tuple[Series, ...]


def _slots(problem: Problem) -> list[_Slot]:
    """What the series of all subjects have in common; the number of a series among those alike decides its slot."""
    found: dict[tuple[object, ...], dict[int, Series]] = defaultdict(dict)
    for subject in range(len(problem)):
        seen: dict[tuple[tuple[str, int], ...], int] = defaultdict(int)
        for series in series_of(problem, subject):
            changes = tuple((name, operation) for name, operation, _ in series.jumps)
            found[changes, seen[changes]][subject] = series
            seen[changes] += 1
    slots = []
    for (changes, _), mine in found.items():
        idle = Series(_NEVER_H, _NEVER_H, tuple((name, operation, 0.0) for name, operation in changes))
        slots.append(_Slot(changes, tuple(mine.get(subject, idle) for subject in range(len(problem)))))
    return slots


@dataclass(frozen=True, slots=True)
class _SharedWriter:
    """Turns what differs between subjects into parameters of a model."""

    model: libsbml.Model
    values: dict[str, Array] = field(default_factory=dict)

    def write_value(self, name: str, column: Array, *, starts: bool) -> None:
        """A value that stays is a parameter; one that only starts is set from a parameter of its own."""
        self.model.removeInitialAssignment(name)
        if not starts and self.model.getParameter(name) is not None:
            self.values[name] = column
            return
        species = self.model.getSpecies(name)
        diluted = species is not None and not species.getHasOnlySubstanceUnits()
        start = self._parameter(f"start_{name}", column)
        self._start_from(name, f"{start} / {species.getCompartment()}" if diluted else start)

    def write_series(self, number: int, slot: _Slot) -> None:
        first = self._parameter(f"first_{number}", [series.first_h for series in slot.series])
        period = self._parameter(f"period_{number}", [series.period_h for series in slot.series])
        jumps = []
        for place, (name, operation) in enumerate(slot.changes):
            amounts = [series.jumps[place][2] for series in slot.series]
            jumps.append((name, operation, self._parameter(f"jump_{number}_{place}", amounts)))
        self._start_from(_add_event(self.model, number, period, jumps).getId(), first)

    def _parameter(self, name: str, column: Sequence[float] | Array) -> str:
        parameter = self.model.createParameter()
        parameter.setId(name)
        parameter.setConstant(True)
        parameter.setValue(0.0)
        self.values[name] = np.asarray(column, dtype=np.float64)
        return name

    def _start_from(self, name: str, formula: str) -> None:
        assignment = self.model.createInitialAssignment()
        assignment.setSymbol(name)
        assignment.setMath(libsbml.parseL3Formula(formula))


def series_of(problem: Problem, subject: int) -> list[Series]:
    """The events of one subject as few repeating series, as an expert would write them."""
    moments: dict[float, list[Jump]] = {}
    events, times = problem.events, problem.times_h
    for row in np.flatnonzero((events.subject == subject) & (events.times_h < times[-1])):
        jump = (events.targets[events.target[row]], int(events.operation[row]), float(events.value[row]))
        moments.setdefault(float(events.times_h[row]), []).append(jump)
    alike: dict[tuple[Jump, ...], list[float]] = {}
    for at in sorted(moments):
        alike.setdefault(tuple(sorted(moments[at])), []).append(at)
    return [series for jumps, found in alike.items() for series in _repeated(found, jumps, float(times[-1]))]


def _repeated(times: Sequence[float], jumps: tuple[Jump, ...], end: float) -> list[Series]:
    """One series when the times are evenly spaced, else one for each hour of the day."""
    steps = {round(b - a, 9) for a, b in pairwise(times)}
    if len(times) == 1:
        return [Series(times[0], _NEVER_H, jumps)]
    if len(steps) == 1:
        period = steps.pop()
        if times[-1] + period < end:
            raise EngineError("A series of events ends before the run does; the other solvers are not given this.")
        return [Series(times[0], period, jumps)]
    hours = sorted({round(at % _DAY_H, 9) for at in times})
    if len(hours) == len(times):
        raise EngineError("Events that do not repeat daily are not given to the other solvers.")
    return [s for hour in hours for s in _repeated([t for t in times if round(t % _DAY_H, 9) == hour], jumps, end)]


def _set_value(model: libsbml.Model, name: str, value: float) -> None:
    model.removeInitialAssignment(name)
    species, parameter = model.getSpecies(name), model.getParameter(name)
    if species is not None:
        species.unsetInitialConcentration()
        species.setInitialAmount(value)
    elif parameter is not None:
        parameter.setValue(value)
    else:
        model.getCompartment(name).setSize(value)


def _add_event(
    model: libsbml.Model, number: int, period: str, jumps: Sequence[tuple[str, int, str]]
) -> libsbml.Parameter:
    """An event that repeats; amounts and period are formulas. Returns the parameter that holds when it is due."""
    due = model.createParameter()
    due.setId(f"due_{number}")
    due.setConstant(False)
    due.setValue(0.0)
    event = model.createEvent()
    event.setId(f"series_{number}")
    event.setUseValuesFromTriggerTime(True)
    trigger = event.createTrigger()
    trigger.setMath(libsbml.parseL3Formula(f"time >= due_{number}"))
    trigger.setInitialValue(False)
    trigger.setPersistent(True)
    for name, operation, amount in jumps:
        _assign(event, name, f"{name} + {amount}" if operation == ADD else amount)
        if model.getParameter(name) is not None:
            model.getParameter(name).setConstant(False)
    _assign(event, due.getId(), f"due_{number} + {period}")
    return due


def _assign(event: libsbml.Event, name: str, formula: str) -> None:
    assignment = event.createEventAssignment()
    assignment.setVariable(name)
    assignment.setMath(libsbml.parseL3Formula(formula))
