"""The product's own body: 84 days of L-threonate twice a day beside the meals, as `simulate` poses it."""

from __future__ import annotations

from typing import Any
from unittest import mock

from benchmarks.problem import Problem
from threonate.endpoints import recorded_ids
from threonate.engine import Trajectories, compile_network
from threonate.evidence import read_catalogue
from threonate.simulation import Scenario, arms, simulate
from threonate.simulation.body import COURSE_COLUMNS, LONGEST_STEP_H


def make_problem(subjects: int) -> Problem:
    """Subjects at their own steady state, a week of run-in, then the regimen; what a person reads is recorded."""
    catalogue = read_catalogue()
    compiled, inputs, events, times = _posed(Scenario(subjects=max(2, subjects), seed=11, hypothesis="threonate"))
    wanted = [*COURSE_COLUMNS.values(), *recorded_ids(catalogue.endpoints.values())]
    readable = tuple(name for name in dict.fromkeys(wanted) if name in compiled.network.readable)
    problem = Problem(
        name="body",
        title="the full body, 84 days of 2 g L-threonate a day in two portions, with meals, after a week of run-in",
        compiled=compile_network(compiled.network, readable, longest_step=LONGEST_STEP_H),
        inputs=inputs,
        events=events,
        times_h=times,
    )
    return problem.first(subjects)


def _posed(scenario: Scenario) -> tuple[Any, ...]:
    """What a run hands to the engine for its one arm."""
    seen: list[tuple[Any, ...]] = []
    solve = arms.solve_cohort

    def watched(*question: Any, **settings: Any) -> Trajectories:
        seen.append(question)
        return solve(*question, **settings)

    with mock.patch.object(arms, "solve_cohort", watched):
        simulate(scenario, read_catalogue())
    return seen[-1]
