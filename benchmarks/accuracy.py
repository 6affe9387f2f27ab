"""What an error is, and what it is measured against."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.problem import Array, Problem
from threonate.engine import compile_network
from threonate.engine.native import native_solver, solve_with
from threonate.engine.tolerance import Bounds
from threonate.errors import EngineError

REFERENCE_RTOL = 1e-10
ABSOLUTE_SHARE = 1e-3
"""Absolute tolerance of every solver: this share of the relative one, times the size of the state."""
SMALLEST_SIZE = 1e-3
_SMALLEST_SHARE = 1e-3


@dataclass(frozen=True, slots=True)
class Reference:
    """Courses at a tolerance far below those measured.

    values    (subject, time, observable)
    sizes     state id -> largest amount that it has in the first subjects
    """

    values: Array
    sizes: dict[str, float]

    def error(self, values: Array, subjects: slice) -> float:
        """Largest relative error over subjects, times and observables.

        A value below a thousandth of the subject's largest of that observable counts as that thousandth: zeros have
        no relative error.
        """
        truth = self.values[subjects]
        size = np.maximum(np.abs(truth), _SMALLEST_SHARE * np.abs(truth).max(axis=1, keepdims=True))
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.where(size > 0.0, np.abs(values - truth) / size, np.abs(values))
        return float(found.max()) if np.isfinite(found).all() else float("inf")


def make_reference(problem: Problem) -> Reference:
    """Our engine at 1e-10; `peers` check it against another solver.

    Raises    EngineError when a subject is not solved
    """
    compiled = problem.compiled
    solver = native_solver(compiled.network.sbml, compiled.observables)
    bounds = bounds_at(REFERENCE_RTOL)
    course = solve_with(solver, compiled, problem.question, tolerance=bounds, threads=1)
    if not course.ok.all():
        raise EngineError(f"The reference of '{problem.name}' fails for {int((~course.ok).sum())} subjects.")
    return Reference(course.values, _sizes(problem.first(min(4, len(problem)))))


def bounds_at(relative: float) -> Bounds:
    """Tolerances of our engine by the rule that all solvers share."""
    return Bounds(relative, ABSOLUTE_SHARE * relative, SMALLEST_SIZE)


def _sizes(problem: Problem) -> dict[str, float]:
    """Largest amount of every state in these subjects, and at least what our engine takes it for."""
    network = problem.compiled.network
    whole = replace(problem, compiled=compile_network(network, network.states))
    solver = native_solver(network.sbml, network.states)
    course = solve_with(solver, whole.compiled, whole.question, tolerance=bounds_at(1e-5), threads=1)
    largest = np.abs(course.values).max(axis=(0, 1))
    for column, name in enumerate(network.states):
        largest[column] = max(largest[column], np.abs(problem.inputs.start[:, column]).max())
        if name in network.concentrations:
            largest[column] = np.abs(problem.inputs.start[:, column]).max()
    jumps = {name: 0.0 for name in network.states}
    events = problem.events
    for place, name in enumerate(events.targets):
        if name in jumps and (events.target == place).any():
            jumps[name] = float(np.abs(events.value[events.target == place]).max())
    found = zip(network.states, largest, strict=True)
    return {name: max(float(size), jumps[name], SMALLEST_SIZE) for name, size in found}
