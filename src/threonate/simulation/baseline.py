"""Each subject's own steady state on his diet, solved and not simulated for years.

The gut repeats itself after a few days of meals. On top of it the level (or, where a level is measured, the kidney's
threshold) is found at which one day of the diet leaves the body's content unchanged: a secant search on the day map.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from threonate.engine import SubjectInputs, Tolerance, Trajectories, solve_cohort
from threonate.physiology.network import Array
from threonate.population import IndividualTable
from threonate.schedule import EventTable
from threonate.simulation.body import Body, subject_inputs
from threonate.units import HOURS_PER_DAY

GUT_DAYS = 6
_SHAPING_STEPS = 2
_SEARCH_STEPS = 24
_FIRST_NUDGE = 0.02
_SLOPE_CHANGE = 3.0
_LARGEST_MOVE = 2.0
_SMALLEST_MOVE = 1e-5
_SMALLEST_GAIN_MMOL = 5e-3
_TOLERATED_GAIN_MMOL = 5e-2
_LEVEL = "port.Mg_plasma_reference"
_THRESHOLD = "kidney.T"


@dataclass(frozen=True, slots=True)
class Baseline:
    """Steady states at midnight.

    table    parameters with the solved level or threshold in place
    states   state id -> (subject,) start value; species as amounts
    ok       (subject,) whether a steady state was found
    """

    table: IndividualTable
    states: dict[str, Array]
    ok: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Try:
    """One point of the search: what was tried (subject,) and what the body gained that day [mmol]."""

    value: Array
    gain: Array


@dataclass(frozen=True, slots=True)
class Search:
    """What the search varies and what it needs to try a day."""

    body: Body
    symbol: str
    day: EventTable
    gut: dict[str, Array]
    body_ids: tuple[str, ...]


def solve_baseline(body: Body, table: IndividualTable, diet: EventTable, *, level: Array | None = None) -> Baseline:
    """Steady state of every subject.

    diet     meals of at least GUT_DAYS + 1 days, nothing else
    level    (subject,) measured plasma level [mmol/L], for which the threshold is solved; None: the level follows
    """
    if level is not None:
        table = table.with_values({_LEVEL: level})
    gut_ids = body.place_ids(body.catalogue.places["gut"])
    search = Search(
        body=body,
        symbol=_LEVEL if level is None else _THRESHOLD,
        day=between(diet, GUT_DAYS * HOURS_PER_DAY),
        gut=_settled_gut(body, table, diet, gut_ids),
        body_ids=tuple(
            species for place in body.catalogue.places.values() if place.body for species in body.place_ids(place)
        ),
    )
    return _secant(search, table)


def _settled_gut(body: Body, table: IndividualTable, diet: EventTable, gut_ids: tuple[str, ...]) -> dict[str, Array]:
    times = np.array([0.0, GUT_DAYS * HOURS_PER_DAY])
    course = solve_cohort(body.compiled, subject_inputs(body, table), diet, times)
    return {name: course.of(name)[:, -1] for name in gut_ids}


def between(events: EventTable, start_h: float) -> EventTable:
    """Events of the day that begins at start_h, on a clock that begins there."""
    rows = (events.times_h >= start_h) & (events.times_h < start_h + HOURS_PER_DAY)
    return EventTable(
        events.subject[rows],
        events.times_h[rows] - start_h,
        events.target[rows],
        events.operation[rows],
        events.value[rows],
        events.targets,
    )


def _secant(search: Search, table: IndividualTable) -> Baseline:
    """Search for every subject on his own: one who has arrived stays as he is while others go on."""
    value = table.values[search.symbol]
    offsets = {"Mg_plasma": np.zeros_like(value), "plasma_Mg_fast": np.zeros_like(value)}
    last = Try(np.full_like(value, np.nan), np.full_like(value, np.nan))
    slope = np.full_like(value, np.nan)
    arrived = np.zeros(len(value), dtype=np.bool_)
    for step in range(_SEARCH_STEPS):
        trial = table.with_values({search.symbol: value})
        course, amounts = _try_day(search, trial, offsets)
        gain = _content(search, course, trial, -1) - _content(search, course, trial, 0)
        if step >= _SHAPING_STEPS:
            tried = Try(_mean_level(course) if search.symbol == _LEVEL else value, gain)
            following, slope = _next_value(tried, last, slope)
            arrived |= _has_arrived(gain, following / value - 1.0)
            value, last = np.where(arrived, value, following), tried
            if arrived.all():
                break
        fresh = _offsets(course, trial)
        offsets = {name: np.where(arrived, offsets[name], fresh[name]) for name in offsets}
    ok = np.isfinite(gain) & (np.abs(gain) < _TOLERATED_GAIN_MMOL)
    return Baseline(table.with_values({search.symbol: value}), amounts, ok)


def _has_arrived(gain: Array, move: Array) -> NDArray[np.bool_]:
    """Nothing is gained any more, or what is gained is tolerable and the search no longer moves; failures end too."""
    still = (np.abs(move) < _SMALLEST_MOVE) & (np.abs(gain) < _TOLERATED_GAIN_MMOL)
    return np.asarray(~(np.abs(gain) >= _SMALLEST_GAIN_MMOL) | still)


def _next_value(now: Try, last: Try, slope: Array) -> tuple[Array, Array]:
    """A nudge first, then the secant; what comes next and the slope it was found with.

    The midnight shape lags behind every move, so that a secant over a short move can be far off: a slope keeps its sign
    and changes at most threefold from one step to the next, and a move is at most twofold.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        fresh = (now.gain - last.gain) / (now.value - last.value)
        low, high = np.sort([slope / _SLOPE_CHANGE, slope * _SLOPE_CHANGE], axis=0)
        kept = np.where(fresh * slope > 0.0, np.clip(fresh, low, high), slope)
        found = np.where(np.isfinite(slope), kept, fresh)
        following = now.value - now.gain / found
    known = np.isfinite(following)
    moved = np.where(known, following, now.value * (1.0 + _FIRST_NUDGE))
    return np.clip(moved, now.value / _LARGEST_MOVE, now.value * _LARGEST_MOVE), np.where(known, found, np.nan)


def _try_day(
    search: Search, table: IndividualTable, offsets: dict[str, Array]
) -> tuple[Trajectories, dict[str, Array]]:
    inputs = _started(search, subject_inputs(search.body, table), offsets)
    times = np.array([0.0, HOURS_PER_DAY])
    course = solve_cohort(search.body.compiled, inputs, search.day, times, tolerance=Tolerance.TIGHT)
    amounts = {name: inputs.start[:, j].copy() for j, name in enumerate(inputs.states)}
    return course, amounts


def _started(search: Search, inputs: SubjectInputs, offsets: dict[str, Array]) -> SubjectInputs:
    start = inputs.start.copy()
    for name, amount in search.gut.items():
        start[:, inputs.states.index(name)] = amount
    for name, extra in offsets.items():
        start[:, inputs.states.index(name)] += extra
    return SubjectInputs(inputs.symbols, inputs.values, inputs.states, start)


def _content(search: Search, course: Trajectories, table: IndividualTable, at: int) -> Array:
    """(subject,) magnesium in the body [mmol]."""
    total = np.zeros(len(course.status))
    for name in search.body_ids:
        amount = course.of(name)[:, at]
        total = total + (amount * table.values["port.V_plasma"] if name == "Mg_plasma" else amount)
    return total


def _offsets(course: Trajectories, table: IndividualTable) -> dict[str, Array]:
    """How far plasma and the fast pool stand from the level at midnight, as amounts."""
    level = _mean_level(course)
    plasma = (course.of("Mg_plasma")[:, -1] - level) * table.values["port.V_plasma"]
    fast = course.of("plasma_Mg_fast")[:, -1] - level * table.values["plasma.V_2"]
    return {"Mg_plasma": plasma, "plasma_Mg_fast": fast}


def _mean_level(course: Trajectories) -> Array:
    return np.asarray(course.of("integral_Mg_plasma")[:, -1] / HOURS_PER_DAY)
