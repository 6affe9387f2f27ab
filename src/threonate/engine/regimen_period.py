"""Whether a table of events repeats itself, and what one repetition is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from threonate.engine.period_map import Index
from threonate.engine.steady import Equations
from threonate.engine.trajectories import Array, SubjectInputs
from threonate.errors import ThreonateError
from threonate.physiology import Network
from threonate.schedule import ADD, EventTable

_SAME_TIME = 1e-9
_SAME_VALUE = 1e-9
_SAME_PHASE = 1e-6
_SAME_RATE = 1e-7
_CLOCKS = (0.0, 0.137, 0.291, 0.433, 0.618, 0.772, 0.909)


class NotPeriodic(ThreonateError):  # noqa: N818 - it is said of a regimen
    """The regimen, or the model itself, does not repeat with the period that was named."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """A regimen that repeats itself after some time.

    first     events before it does, on the clock of the run
    period    events of one period, on a clock that begins with the period
    values    parameters at the start of every period from 0 to the first that repeats: SubjectInputs each
    """

    first: EventTable
    period: EventTable
    values: tuple[SubjectInputs, ...]


def find_repetition(
    network: Network, inputs: SubjectInputs, events: EventTable, grid: Array, settle: int
) -> Repetition:
    """The one period that all periods after the first few are.

    network  for the values of parameters that only events set
    grid     (period + 1,) bounds of the periods [h]
    settle   periods before the regimen must repeat
    Raises   NotPeriodic naming the subject and the time at which two periods differ
    """
    begin, end = float(grid[settle]), float(grid[-1])
    length = float(grid[1] - grid[0])
    late = np.flatnonzero((events.times_h >= begin - _SAME_TIME) & (events.times_h < end - _SAME_TIME))
    which = np.floor((events.times_h[late] - begin + _SAME_TIME) / length).astype(np.int64)
    phase = np.maximum(events.times_h[late] - begin - which * length, 0.0)
    _check_repeats(events, late, (which, phase), len(grid) - 1 - settle)
    one = which == 0
    period = replace(events.rows(late[one]), times_h=phase[one])
    first = events.rows((events.times_h >= grid[0]) & (events.times_h < begin - _SAME_TIME))
    values = _replayed(_widened(network, inputs, events), first, grid[: settle + 1])
    again = _replayed(values[-1], period.moved(begin), grid[settle : settle + 2])
    _check_return(values[-1], again[-1])
    return Repetition(first, period, values)


def _check_repeats(events: EventTable, rows: Index, place: tuple[Index, Array], periods: int) -> None:
    which, phase = place
    bounds = np.searchsorted(events.subject[rows], np.unique(events.subject[rows]), side="right")
    begin = 0
    for end in bounds:
        mine, counts = rows[begin:end], np.bincount(which[begin:end], minlength=periods)
        uneven = np.flatnonzero(counts != counts[0])
        different = uneven if len(uneven) else _different(events, mine, phase[begin:end], periods)
        if len(different):
            raise NotPeriodic(
                f"The events of subject {events.subject[mine[0]]} do not repeat: period {different[0]} after the start "
                "of the repetition differs from the first. A long run needs a constant regimen; solve it plainly, or "
                "let the repetition begin later."
            )
        begin = int(end)


def _different(events: EventTable, rows: Index, phase: Array, periods: int) -> Index:
    """Periods with as many events as the first, of which one is another event."""
    target, operation, value, time = (
        column.reshape(periods, -1)
        for column in (events.target[rows], events.operation[rows], events.value[rows], phase)
    )
    same = (target == target[0]) & (operation == operation[0]) & np.isclose(time, time[0], rtol=0.0, atol=_SAME_PHASE)
    same &= np.isclose(value, value[0], rtol=_SAME_VALUE, atol=0.0)
    return np.flatnonzero(~same.all(axis=1))


def _widened(network: Network, inputs: SubjectInputs, events: EventTable) -> SubjectInputs:
    """With a column for every parameter that events move."""
    missing = [name for name in events.targets if name not in inputs.states and name not in inputs.symbols]
    columns = [np.full((len(inputs), 1), network.parameters[name]) for name in missing]
    values = np.concatenate([inputs.values, *columns], axis=1)
    return SubjectInputs((*inputs.symbols, *missing), values, inputs.states, inputs.start)


def _replayed(inputs: SubjectInputs, events: EventTable, bounds: Array) -> tuple[SubjectInputs, ...]:
    """Parameters at each of these times, just before what happens then."""
    values = inputs.values.copy()
    targets = enumerate(events.targets)
    column = {place: inputs.symbols.index(name) for place, name in targets if name not in inputs.states}
    found, order = [], np.argsort(events.times_h, kind="stable")
    following = 0
    for bound in bounds:
        while following < len(order) and events.times_h[order[following]] < bound - _SAME_TIME:
            event = order[following]
            following += 1
            if events.target[event] in column:
                spot = (events.subject[event], column[int(events.target[event])])
                values[spot] = events.value[event] + (values[spot] if events.operation[event] == ADD else 0.0)
        found.append(SubjectInputs(inputs.symbols, values.copy(), inputs.states, inputs.start))
    return tuple(found)


def _check_return(before: SubjectInputs, after: SubjectInputs) -> None:
    same = np.isclose(before.values, after.values, rtol=_SAME_VALUE, atol=1e-300, equal_nan=True)
    if not same.all():
        subject, column = np.argwhere(~same)[0]
        raise NotPeriodic(
            f"Over one period the events of subject {subject} change parameter '{before.symbols[column]}' from "
            f"{before.values[subject, column]:g} to {after.values[subject, column]:g}. A period must end as it began."
        )


def check_clock(equations: Equations, given: tuple[Array, Array], start_h: float, period_h: float) -> None:
    """Refuse a model whose own clock has another period.

    given    parameters (subject, parameter) and states (subject, state), as `split_inputs` orders them
    Raises   NotPeriodic naming a state whose derivative differs one period later
    """
    graph = equations.model.graph
    if graph.leaf("t") not in graph.ordered(equations.model.derivatives):
        return
    for parameters, state in zip(*given, strict=True):
        for clock in _CLOCKS:
            time = start_h + clock * period_h
            now, _ = equations.evaluate(state, parameters, time)
            later, _ = equations.evaluate(state, parameters, time + period_h)
            off = np.abs(later - now) > _SAME_RATE * np.maximum(np.abs(now), np.abs(later)) + 1e-12
            if off.any():
                name = equations.model.states[int(np.argmax(off))]
                raise NotPeriodic(
                    f"The model itself does not repeat every {period_h:g} h: the derivative of '{name}' depends on "
                    "time with another period. Name its period, or solve plainly."
                )
