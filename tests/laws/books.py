"""Run a scenario with every state recorded, and keep the books of what went in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from threonate.engine import SubjectInputs, Tolerance, Trajectories, solve_cohort
from threonate.evidence import read_catalogue
from threonate.physiology.checks import moiety
from threonate.population import individual_parameters
from threonate.schedule import ADD
from threonate.simulation import Scenario
from threonate.simulation.arms import ArmPlan, recording_times, solid_rates
from threonate.simulation.body import Body, build_body, subject_inputs
from threonate.simulation.plan import plan_arm, poorly_soluble
from threonate.simulation.responses import switch_values
from threonate.simulation.run import draw

CATALOGUE = read_catalogue()
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Books:
    """One solved scenario. Subjects start at the reference level with an empty gut; no steady state is needed here.

    inputs   what each subject began with
    volume   (subject,) of plasma [L]
    """

    body: Body
    plan: ArmPlan
    inputs: SubjectInputs
    volume: Array
    course: Trajectories

    def species(self, name: str) -> tuple[str, ...]:
        """Species that carry a moiety."""
        return tuple(species for species in self.body.network.species if moiety(species) == name)

    def amount(self, species: str) -> Array:
        """(subject, time) course as an amount [mmol]."""
        course = self.course.of(species)
        return course * self.volume[:, None] if species in self.body.network.concentrations else course

    def content(self, name: str) -> Array:
        """(subject, time) everything that carries a moiety, wherever it is [mmol]."""
        return np.asarray(sum(self.amount(species) for species in self.species(name)))

    def start(self, name: str) -> Array:
        """(subject,) the same before anything happened [mmol]."""
        columns = [self.inputs.states.index(species) for species in self.species(name)]
        return np.asarray(self.inputs.start[:, columns].sum(axis=1))

    def given(self, name: str) -> Array:
        """(subject, time) swallowed before each recorded time, by the event table [mmol]."""
        return np.stack([self._given_to(name, subject) for subject in range(len(self.inputs))])

    def _given_to(self, name: str, subject: int) -> Array:
        events = self.plan.events
        carries = np.array([moiety(target) == name for target in events.targets])
        rows = (events.subject == subject) & (events.operation == ADD) & carries[events.target]
        order = np.argsort(events.times_h[rows], kind="stable")
        total = np.concatenate([[0.0], np.cumsum(events.value[rows][order])])
        return total[np.searchsorted(events.times_h[rows][order], self.course.times_h, side="left")]


def keep_books(scenario: Scenario, tolerance: Tolerance = Tolerance.DEFAULT, plan: ArmPlan | None = None) -> Books:
    """Solve a scenario for every subject at the times that a run records."""
    cohort = draw(scenario, CATALOGUE)
    plan = plan or plan_arm(scenario, cohort, CATALOGUE, "law")
    body = build_body(CATALOGUE, poorly_soluble(plan.compound))
    conditions = [CATALOGUE.conditions[name] for name in scenario.conditions]
    switches = switch_values(cohort, CATALOGUE, scenario.hypothesis, {}, scenario.transfer_probability)
    table = individual_parameters(cohort, CATALOGUE, conditions=conditions).with_values(
        {
            **switches,
            "gut.phytate": scenario.phytate_mmol_per_meal,
            "kidney.amplitude": scenario.circadian_amplitude,
        }
    )
    inputs = subject_inputs(body, table, solid_rates(body, cohort))
    course = solve_cohort(body.compiled, inputs, plan.events, recording_times(plan.grid), tolerance=tolerance)
    return Books(body, plan, inputs, np.asarray(table.values["port.V_plasma"]), course)
