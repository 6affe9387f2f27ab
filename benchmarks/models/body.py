"""The product's own body: 84 days of L-threonate twice a day beside the meals, as `simulate` poses it."""

from __future__ import annotations

from benchmarks.problem import Problem
from threonate.endpoints import recorded_ids
from threonate.engine import SubjectInputs, compile_network
from threonate.evidence import read_catalogue
from threonate.simulation import Scenario
from threonate.simulation.arms import Cast, hypothesis_values, recording_times, solid_rates
from threonate.simulation.body import COURSE_COLUMNS, build_body, subject_inputs
from threonate.simulation.plan import plan_arm, poorly_soluble
from threonate.simulation.run import baseline_of, draw


def make_problem(subjects: int) -> Problem:
    """Subjects at their own steady state, a week of run-in, then the regimen; what a person reads is recorded."""
    catalogue = read_catalogue()
    scenario = Scenario(subjects=max(2, subjects), seed=11)
    cohort = draw(scenario, catalogue)
    cast = Cast(cohort, baseline_of(scenario, cohort, catalogue), 1.0)
    plan = plan_arm(scenario, cohort, catalogue, scenario.compound)
    body = build_body(catalogue, poorly_soluble(plan.compound))
    readable = tuple(dict.fromkeys([*COURSE_COLUMNS.values(), *recorded_ids(catalogue.endpoints.values())]))
    table = cast.baseline.table.with_values(hypothesis_values(cohort, body, "threonate", 1.0))
    inputs = subject_inputs(body, table, solid_rates(body, cohort))
    start = inputs.start.copy()
    for name, amount in cast.baseline.states.items():
        if name in inputs.states and not name.startswith("integral_"):
            start[:, inputs.states.index(name)] = amount
    problem = Problem(
        name="body",
        title="the full body, 84 days of 2 g L-threonate a day in two portions, with meals, after a week of run-in",
        compiled=compile_network(body.network, readable),
        inputs=SubjectInputs(inputs.symbols, inputs.values, inputs.states, start),
        events=plan.events,
        times_h=recording_times(plan.grid),
    )
    return problem.first(subjects)
