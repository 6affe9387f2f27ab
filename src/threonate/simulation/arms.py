"""Run one arm: the same subjects, one regimen, one hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from threonate.endpoints import DayGrid, measure, measure_responses, sbml_id
from threonate.engine import SubjectInputs, Trajectories, solve_cohort
from threonate.evidence import Compound
from threonate.physiology.network import Array
from threonate.population import Cohort, IndividualTable, drawn_deviation
from threonate.population.individual import dissolution_rates
from threonate.schedule import EventTable
from threonate.simulation.accuracy import Accuracy, meanwhile_achieved
from threonate.simulation.balance import supplement_balance
from threonate.simulation.baseline import Baseline
from threonate.simulation.body import COURSE_COLUMNS, Body, start_from, subject_inputs
from threonate.simulation.responses import switch_values, what_ifs
from threonate.simulation.result import Arm
from threonate.units import HOURS_PER_DAY

DENSE_STEP_H = 0.25
_DENSE_DAYS_IN_FULL = 4


@dataclass(frozen=True, slots=True)
class ArmPlan:
    """What one arm is made of.

    events      doses, meals, infusions on the clock of the run
    swallowed   (subject, day) magnesium swallowed, food and supplement [mmol]
    supplement  (subject,) magnesium given in all, swallowed or infused [mmol]
    grid        days of the run
    step_h      distance of recorded times on the days that figures show [h]
    """

    id: str
    title: str
    compound: Compound | None
    events: EventTable
    swallowed: Array
    supplement: Array
    grid: DayGrid
    step_h: float = DENSE_STEP_H


def recording_times(grid: DayGrid, step_h: float = DENSE_STEP_H) -> Array:
    """Midnights of every day, and a fine grid on the days that figures show [h]."""
    labels = grid.labels
    shown = labels if grid.days <= _DENSE_DAYS_IN_FULL else [-1, 0, 1, grid.last_day, labels[-1]]
    fine = [grid.bounds_h]
    for day in shown:
        start = (day - grid.first_day) * HOURS_PER_DAY
        fine.append(start + np.arange(0.0, HOURS_PER_DAY + step_h / 2, step_h))
    times = np.unique(np.concatenate(fine))
    return np.asarray(times[(times >= 0.0) & (times <= grid.bounds_h[-1])])


def infusion_edges(events: EventTable) -> Array:
    """Times at which an infusion starts or ends [h]; the level peaks at the end of one."""
    if "Mg_infusion" not in events.targets:
        return np.empty(0)
    return np.unique(events.times_h[events.target == events.targets.index("Mg_infusion")])


@dataclass(frozen=True, slots=True)
class Cast:
    """The subjects of a run, ready to be sent through any arm.

    links      links that were switched by hand
    accuracy   tolerance of the solver, and whether it is checked
    """

    cohort: Cohort
    baseline: Baseline
    transfer_probability: float
    links: Mapping[str, bool] = field(default_factory=dict)
    accuracy: Accuracy = field(default_factory=Accuracy)


@dataclass(frozen=True, slots=True)
class Solved:
    """The course of one arm before anything is measured.

    begun    what the solver was given
    table    parameters of the subjects, switches included
    """

    course: Trajectories
    begun: SubjectInputs
    table: IndividualTable


def solve_arm(
    cast: Cast, body: Body, plan: ArmPlan, hypothesis: str, progress: Callable[[int], None] | None = None
) -> Arm:
    """Solve and measure one arm."""
    solved = solve_course(cast, body, plan, hypothesis, progress)
    with meanwhile_achieved(cast.accuracy, body, cast.cohort, (solved.begun, plan.events), solved.course) as error:
        arm = read_arm(cast, body, plan, hypothesis, solved)
    return replace(arm, error=error())


def solve_course(
    cast: Cast, body: Body, plan: ArmPlan, hypothesis: str, progress: Callable[[int], None] | None = None
) -> Solved:
    """Solve one arm."""
    table = arm_table(cast, body, plan, hypothesis)
    begun = arm_inputs(cast, body, table)
    course = solve_cohort(
        body.compiled,
        begun,
        plan.events,
        np.union1d(recording_times(plan.grid, plan.step_h), infusion_edges(plan.events)),
        tolerance=cast.accuracy.tolerance,
        progress=progress,
    )
    return Solved(course, begun, table)


def arm_table(cast: Cast, body: Body, plan: ArmPlan, hypothesis: str) -> IndividualTable:
    """Parameters of the subjects in one arm: their baseline with the switches of a hypothesis."""
    switches = switch_values(cast.cohort, body.catalogue, hypothesis, cast.links, cast.transfer_probability)
    begins = {"port.treatment_start": -plan.grid.first_day * HOURS_PER_DAY} if body.catalogue.chosen else {}
    return cast.baseline.table.with_values({**switches, **begins})


def arm_inputs(cast: Cast, body: Body, table: IndividualTable) -> SubjectInputs:
    """What the solver is given for the subjects of an arm, who begin in their steady states."""
    return start_from(subject_inputs(body, table, solid_rates(body, cast.cohort)), cast.baseline.states)


def solid_rates(body: Body, cohort: Cohort) -> dict[str, Array]:
    """Dissolution of each poorly soluble compound, by SBML id -> (subject,)."""
    values: dict[str, Array] = {}
    for k, name in enumerate(body.solids, start=1):
        compound = body.catalogue.compounds[name]
        values[f"solid_{k}_k_s"], values[f"solid_{k}_k_i"] = dissolution_rates(compound, cohort)
        values[f"solid_{k}_base"] = np.full(cohort.size, float(compound.base))
    return values


def read_arm(cast: Cast, body: Body, plan: ArmPlan, hypothesis: str, solved: Solved) -> Arm:
    """What an arm tells, measured on its course; the spot check is not part of it."""
    course, table = solved.course, solved.table
    return Arm(
        id=f"{plan.id}/{hypothesis}",
        title=plan.title,
        compound=plan.compound.id if plan.compound else "none",
        hypothesis=hypothesis,
        daily=measure(course, body.catalogue.endpoints, plan.grid, plan.swallowed),
        course=_course_frame(course, plan.grid),
        balance=supplement_balance(body, course, plan.grid, table, plan.supplement),
        status=_status_frame(course, cast.baseline),
        responses=measure_responses(course, body.catalogue.endpoints, plan.grid, _noise_of(cast.cohort)),
        what_ifs=what_ifs(body.catalogue, hypothesis, cast.links),
    )


def _noise_of(cohort: Cohort) -> Callable[[str], Array]:
    """Deviations of measurements; the typical subject is measured without error."""

    def draw(stream: str) -> Array:
        return np.zeros(cohort.size) if cohort.typical else drawn_deviation(cohort, stream)

    return draw


def _course_frame(course: Trajectories, grid: DayGrid) -> pl.DataFrame:
    subjects, times = course.values.shape[:2]
    offset = grid.first_day * HOURS_PER_DAY
    columns = {
        "subject": np.repeat(np.arange(subjects), times),
        "time_h": np.tile(course.times_h + offset, subjects),
    }
    columns |= {name: course.of(sbml_id(symbol)).ravel() for name, symbol in COURSE_COLUMNS.items()}
    frame = pl.DataFrame(columns)
    return frame if course.ok.all() else frame.with_columns(pl.col(list(COURSE_COLUMNS)).fill_nan(None))


def _status_frame(course: Trajectories, baseline: Baseline) -> pl.DataFrame:
    found = baseline.ok.tolist()
    ok = [status.ok and settled for status, settled in zip(course.status, found, strict=True)]
    lost = "No steady state was found on this diet."
    sentences = [status.sentence if settled else lost for status, settled in zip(course.status, found, strict=True)]
    return pl.DataFrame(
        {"subject": np.arange(len(ok)), "ok": ok, "sentence": sentences},
        schema={"subject": pl.Int64, "ok": pl.Boolean, "sentence": pl.String},
    )
