"""One subject of a problem as an SBML document with its doses as events: what the other solvers are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import libsbml
import numpy as np

from benchmarks.problem import Problem
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
            _add_event(model, number, series)
    return str(libsbml.writeSBMLToString(document))


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


def _add_event(model: libsbml.Model, number: int, series: Series) -> None:
    due = model.createParameter()
    due.setId(f"due_{number}")
    due.setConstant(False)
    due.setValue(series.first_h)
    event = model.createEvent()
    event.setId(f"series_{number}")
    event.setUseValuesFromTriggerTime(True)
    trigger = event.createTrigger()
    trigger.setMath(libsbml.parseL3Formula(f"time >= due_{number}"))
    trigger.setInitialValue(False)
    trigger.setPersistent(True)
    for name, operation, value in series.jumps:
        _assign(event, name, f"{name} + {value!r}" if operation == ADD else repr(value))
        if model.getParameter(name) is not None:
            model.getParameter(name).setConstant(False)
    _assign(event, due.getId(), f"due_{number} + {series.period_h!r}")


def _assign(event: libsbml.Event, name: str, formula: str) -> None:
    assignment = event.createEventAssignment()
    assignment.setVariable(name)
    assignment.setMath(libsbml.parseL3Formula(formula))
