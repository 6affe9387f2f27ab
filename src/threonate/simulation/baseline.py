"""Each subject's own steady state on his diet, solved and not simulated for years.

The gut repeats itself after a few days of meals. On top of it the level (or, where a level is measured, the kidney's
threshold) and the midnight contents of plasma, the fast pool and muscle are found with which one day of the diet leaves
each of them, and the body's content, unchanged: Newton's method on the day map. The slow stores follow the level. The
search begins where plasma went while the gut settled; a rough solve is enough for its slopes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from threonate.engine import SubjectInputs, Tolerance, Trajectories, solve_cohort
from threonate.engine.roots import RootSearch, find_roots
from threonate.physiology.network import Array
from threonate.population import IndividualTable
from threonate.schedule import EventTable
from threonate.simulation.body import Body, start_from, subject_inputs
from threonate.units import HOURS_PER_DAY

GUT_DAYS = 6
_CLOSE = RootSearch(
    nudges=np.array([0.02, 0.1, 0.1, 0.1]),
    largest=np.array([np.log(2.0), 20.0, 20.0, 20.0]),
    allowed=np.full(4, 5e-3),
)
"""Of ln(level or threshold) and the midnight contents [mmol]; what a day may add to the body and to each [mmol]."""
_LEVEL = "port.Mg_plasma_reference"
_THRESHOLD = "kidney.T"
_MIDNIGHT = ("Mg_plasma", "plasma_Mg_fast", "soft_tissue_Mg_muscle")
"""Contents that swing with the meals; what they were at midnight is not what the level alone would give."""


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
class Settled:
    """What some days of meals have come to, begun at a guess of the level.

    gut     state id -> (subject,) contents of the gut at midnight
    rise    (subject,) ln of what plasma holds then, relative to the guess
    """

    gut: dict[str, Array]
    rise: Array


@dataclass(frozen=True, slots=True)
class Search:
    """What the search varies and what it needs to try a day."""

    body: Body
    table: IndividualTable
    symbol: str
    day: EventTable
    settled: Settled
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
        table=table,
        symbol=_LEVEL if level is None else _THRESHOLD,
        day=settled_day(diet),
        settled=_settled(body, table, diet, gut_ids),
        body_ids=tuple(
            species for place in body.catalogue.places.values() if place.body for species in body.place_ids(place)
        ),
    )
    return _solved(search)


def settled_day(diet: EventTable) -> EventTable:
    """Meals of the day after the gut has settled, on a clock that begins at its midnight."""
    begin = GUT_DAYS * HOURS_PER_DAY
    return diet.between(begin, begin + HOURS_PER_DAY)


def _settled(body: Body, table: IndividualTable, diet: EventTable, gut_ids: tuple[str, ...]) -> Settled:
    times = np.array([0.0, GUT_DAYS * HOURS_PER_DAY])
    course = solve_cohort(body.compiled, subject_inputs(body, table), diet, times)
    plasma = course.of("Mg_plasma")
    return Settled({name: course.of(name)[:, -1] for name in gut_ids}, np.log(plasma[:, -1] / plasma[:, 0]))


def _solved(search: Search) -> Baseline:
    """Every subject's root; where there is none, the closest point of the search, which is not ok."""
    everybody = np.arange(len(search.table.values[search.symbol]))
    roots = find_roots(
        lambda subjects, unknowns: _day_gains(search, subjects, unknowns, Tolerance.TIGHT),
        _first_guess(search),
        _CLOSE,
        lambda subjects, unknowns: _day_gains(search, subjects, unknowns, Tolerance.FAST),
    )
    table, inputs = _trial(search, everybody, roots.values)
    states = {name: inputs.start[:, j].copy() for j, name in enumerate(inputs.states)}
    return Baseline(table, states, roots.found)


def _first_guess(search: Search) -> Array:
    """(subject, 1 + midnight) the level to which plasma went, or a threshold moved against its rise."""
    guess = np.zeros((len(search.settled.rise), len(_CLOSE.allowed)))
    sign = 1.0 if search.symbol == _LEVEL else -1.0
    guess[:, 0] = np.clip(sign * search.settled.rise, -_CLOSE.largest[0], _CLOSE.largest[0])
    return guess


def _day_gains(search: Search, subjects: NDArray[np.int64], unknowns: Array, tolerance: Tolerance) -> Array:
    """(row, 1 + midnight) what a day of the diet adds to the body and to each content that swings [mmol]."""
    table, inputs = _trial(search, subjects, unknowns)
    day = search.day.of(subjects)
    course = solve_cohort(search.body.compiled, inputs, day, np.array([0.0, HOURS_PER_DAY]), tolerance=tolerance)
    gains = [_content(search, course, table, -1) - _content(search, course, table, 0)]
    gains += [np.diff(_amount(course, table, name))[:, -1] for name in _MIDNIGHT]
    return np.stack(gains, axis=1)


def _trial(search: Search, subjects: NDArray[np.int64], unknowns: Array) -> tuple[IndividualTable, SubjectInputs]:
    """Parameters and start states of these subjects with these unknowns."""
    rows = IndividualTable({name: np.asarray(value)[subjects] for name, value in search.table.values.items()})
    table = rows.with_values({search.symbol: rows.values[search.symbol] * np.exp(unknowns[:, 0])})
    gut = {name: amount[subjects] for name, amount in search.settled.gut.items()}
    return table, _started(gut, subject_inputs(search.body, table), unknowns)


def _started(gut: dict[str, Array], inputs: SubjectInputs, unknowns: Array) -> SubjectInputs:
    settled = start_from(inputs, gut)
    for column, name in enumerate(_MIDNIGHT, start=1):
        settled.start[:, inputs.states.index(name)] += unknowns[:, column]
    return settled


def _content(search: Search, course: Trajectories, table: IndividualTable, at: int) -> Array:
    """(subject,) magnesium in the body [mmol]."""
    total = np.zeros(len(course.status))
    for name in search.body_ids:
        total = total + _amount(course, table, name)[:, at]
    return total


def _amount(course: Trajectories, table: IndividualTable, name: str) -> Array:
    """(subject, time) magnesium in one place [mmol]; plasma is recorded as a level."""
    found = course.of(name)
    return found * table.values["port.V_plasma"][:, None] if name == "Mg_plasma" else found
