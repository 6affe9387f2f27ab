"""What became of the swallowed magnesium, day by day, for every subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from threonate.endpoints import recorded_ids
from threonate.engine import compile_network
from threonate.evidence import Catalogue
from threonate.physiology.network import Array
from threonate.regimen import swallowed_mmol
from threonate.simulation.accuracy import accuracy_of
from threonate.simulation.arms import Cast, solve_course
from threonate.simulation.balance import DailyBalance, daily_balance
from threonate.simulation.body import COURSE_COLUMNS, LONGEST_STEP_H, Body, build_body
from threonate.simulation.glance import glance_catalogue
from threonate.simulation.plan import eaters_of, plan_arm, poorly_soluble, regimen_of
from threonate.simulation.responses import catalogue_of
from threonate.simulation.run import BodyBuilder, People, Question, distinct_hypotheses


@dataclass(frozen=True, slots=True)
class Fate:
    """One regimen for some subjects.

    days      (day,) 0 is the first day of the regimen, wash-out included
    given     (subject, day) supplementary magnesium swallowed or infused by the end of each day [mmol]
    places    place id -> (subject, day) [mmol]
    brain     hypothesis -> (subject, day) readout of CSF and brain fluid [mmol]; no part of the sum
    ok        (subject,) solved to the end
    """

    days: NDArray[np.int64]
    given: Array
    places: Mapping[str, Array]
    brain: Mapping[str, Array]
    ok: NDArray[np.bool_]


def follow_fate(question: Question, people: People, catalogue: Catalogue, build: BodyBuilder | None = None) -> Fate:
    """The first scenario of a question under its hypotheses; body places are those of the first hypothesis.

    build    makes the body; fate_body when None
    """
    scenario, cohort = question.scenarios[0], people.cohort
    chosen = catalogue_of(scenario, catalogue)
    plan = plan_arm(scenario, cohort, chosen, question.names[0])
    body = (build or fate_body)(chosen, poorly_soluble(plan.compound))
    cast = Cast(cohort, people.baseline, scenario.transfer_probability, scenario.links, accuracy_of(scenario))
    found: dict[str, DailyBalance] = {}
    good = np.asarray(people.baseline.ok)
    for hypothesis in distinct_hypotheses(plan, question.hypotheses):
        solved = solve_course(cast, body, plan, hypothesis)
        found[hypothesis] = daily_balance(body, solved.course, plan.grid, solved.table)
        good = good & np.array([status.ok for status in solved.course.status])
    first = next(iter(found.values()))
    brain = {name: found.get(name, first).brain for name in question.hypotheses}
    regimen = regimen_of(scenario, chosen)
    _, supplement = swallowed_mmol(regimen, eaters_of(scenario, cohort, chosen))
    given = np.cumsum(supplement[:, -len(first.days) :], axis=1) + sum(one.mmol for one in regimen.infusions)
    return Fate(first.days, given, first.places, brain, good)


def fate_body(catalogue: Catalogue, solids: Sequence[str]) -> Body:
    """The body of a run, recording the places that magnesium can be in and the fluids of the brain."""
    few = glance_catalogue(catalogue)
    whole = build_body(few, solids)
    species = [name for place in few.places.values() for name in whole.place_ids(place)]
    readable = (*COURSE_COLUMNS.values(), *recorded_ids(few.endpoints.values()), *species)
    compiled = compile_network(whole.network, tuple(dict.fromkeys(readable)), longest_step=LONGEST_STEP_H)
    return Body(few, compiled, whole.solids)
