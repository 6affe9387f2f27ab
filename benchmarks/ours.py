"""Our engine as a contender, and how many steps it takes."""

from __future__ import annotations

from collections.abc import Callable
from unittest import mock

import numpy as np

from benchmarks.accuracy import bounds_at
from benchmarks.clock import Contender, measured
from benchmarks.problem import Array, Problem
from threonate.engine import native
from threonate.engine.kernels.prepared import Solver
from threonate.engine.native import native_solver, solve_with

RTOLS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)


def methods_of(problem: Problem) -> tuple[str, ...]:
    """The method that the product takes for this network first, then the others that solve stiff ones."""
    chosen = problem.compiled.method
    return (chosen, *(name for name in ("rodas5p", "rodas4p") if name != chosen))


def solver_of(problem: Problem, method: str) -> Solver:
    """Machine code of the problem's model."""
    return native_solver(problem.compiled.network.sbml, problem.compiled.observables, method)


def make_contenders(problem: Problem, rtols: tuple[float, ...] = RTOLS) -> list[Contender]:
    """Every method at every tolerance; compiled, with the driver loaded, before any clock starts."""
    found = []
    for method in methods_of(problem):
        solver = solver_of(problem, method)
        _solve(problem.first(1), solver, 1e-2)
        for rtol in rtols:
            run = _runner(problem, solver, rtol)
            found.append(Contender(f"threonate {method}", rtol, len(problem), run, every=1 if rtol > 5e-7 else 4))
    return found


def steps_of(problem: Problem, method: str, rtol: float) -> float:
    """Steps tried, accepted or not, per subject."""
    seen = []
    run = native.run_subjects

    def watched(solver: Solver, subjects: native.Subjects, *rest: object) -> None:
        run(solver, subjects, *rest)  # type: ignore[arg-type]
        seen.append(subjects.counts.sum())

    with mock.patch.object(native, "run_subjects", watched):
        _solve(problem, solver_of(problem, method), rtol)
    return float(np.sum(seen)) / len(problem)


def _runner(problem: Problem, solver: Solver, rtol: float) -> Callable[[slice], tuple[float, Array]]:
    def run(subjects: slice) -> tuple[float, Array]:
        return measured(lambda: _solve(problem, solver, rtol))

    return run


def _solve(problem: Problem, solver: Solver, rtol: float) -> Array:
    """From arrays to arrays, as `solve_cohort` does it, on one thread."""
    return solve_with(solver, problem.compiled, problem.question, tolerance=bounds_at(rtol), threads=1).values
