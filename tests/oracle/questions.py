"""Questions for the oracle: arms of the whole body, with random subjects, ready to be solved by anybody."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from threonate.endpoints import recorded_ids
from threonate.engine import CompiledNetwork, SubjectInputs, compile_network
from threonate.evidence import read_catalogue
from threonate.schedule import EventTable
from threonate.simulation import Scenario
from threonate.simulation.arms import Cast, arm_inputs, arm_table, recording_times
from threonate.simulation.body import COURSE_COLUMNS, LONGEST_STEP_H, build_body
from threonate.simulation.plan import plan_arm, poorly_soluble
from threonate.simulation.run import baseline_of, draw

ARMS = {
    "l_threonate twice a day": {"compound": "l_threonate", "seed": 11},
    "oxide twice a day": {"compound": "oxide", "elemental_mg": 300.0, "seed": 12},
    "citrate with meals, stepped up, forgotten": {
        "compound": "citrate", "elemental_mg": 300.0, "doses_per_day": 3, "meals": "with", "titrate_days": 14,
        "missed_dose_share": 0.2, "seed": 13,
    },
    "l_threonate after an infusion": {
        "compound": "l_threonate", "compound_mg": 2000.0, "iv_mgso4_g": 4.0, "circadian_amplitude": 0.1, "seed": 14,
    },
}  # fmt: skip
"""Regimens of 84 days that differ in what the solver meets: salts, meals, doses left out, an infusion, a clock."""


class Question(NamedTuple):
    """What `solve_cohort` and the oracle take."""

    compiled: CompiledNetwork
    inputs: SubjectInputs
    events: EventTable
    times_h: NDArray[np.float64]

    def of(self, subjects: NDArray[np.int64]) -> Question:
        """The same for some of the subjects."""
        return Question(self.compiled, self.inputs.of(subjects), self.events.of(subjects), self.times_h)


@lru_cache(maxsize=8)
def arm_question(arm: str, subjects: int) -> Question:
    """One arm for this many random subjects; what a person reads is recorded.

    The first subjects are the same however many there are.
    """
    scenario = Scenario.model_validate({**ARMS[arm], "subjects": subjects, "hypothesis": "threonate"})
    endpoints = read_catalogue().endpoints.values()
    readable = tuple(dict.fromkeys([*COURSE_COLUMNS.values(), *recorded_ids(endpoints)]))
    return body_question(scenario, readable, longest_step=LONGEST_STEP_H)


def body_question(scenario: Scenario, readable: tuple[str, ...], longest_step: float | None = None) -> Question:
    """What a run of the product asks of the solver for a scenario under one hypothesis."""
    catalogue = read_catalogue()
    cohort = draw(scenario, catalogue)
    cast = Cast(cohort, baseline_of(scenario, cohort, catalogue), scenario.transfer_probability)
    plan = plan_arm(scenario, cohort, catalogue, "arm")
    body = build_body(catalogue, poorly_soluble(plan.compound))
    inputs = arm_inputs(cast, body, arm_table(cast, body, plan, scenario.hypothesis))
    compiled = compile_network(body.network, readable, longest_step=longest_step)
    return Question(compiled, inputs, plan.events, recording_times(plan.grid))


def relative_errors(values: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """(subject, observable) largest error, as a share of the largest value of the observable in the subject.

    A value of zero everywhere is compared with a thousand-billionth of its unit.
    """
    scale = np.abs(truth).max(axis=1) + 1e-12
    return np.asarray(np.abs(values - truth).max(axis=1) / scale)
