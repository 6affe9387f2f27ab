"""One question in, one result out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from threonate.engine import AchievedError, largest_of
from threonate.errors import ScenarioError
from threonate.evidence import Catalogue, with_responses
from threonate.population import (
    Cohort,
    CohortDraw,
    CovariateChoice,
    IndividualTable,
    draw_subjects,
    individual_parameters,
)
from threonate.safety import SafetyFinding
from threonate.simulation.accuracy import accuracy_of, accuracy_record
from threonate.simulation.arms import DENSE_STEP_H, ArmPlan, Cast, solve_arm
from threonate.simulation.baseline import Baseline, settled_day, solve_baseline
from threonate.simulation.body import Body, build_body
from threonate.simulation.findings import benefit_is_barred, findings_of, levels_of
from threonate.simulation.plan import diet_events, plan_arm, poorly_soluble, product_of
from threonate.simulation.record import provenance_of, sources_of, what_if_record
from threonate.simulation.responses import (
    DietDay,
    catalogue_of,
    diet_flows,
    hypotheses_differ,
    person_settings,
    settle_responses,
)
from threonate.simulation.result import Arm, SimulationResult
from threonate.simulation.scenario import NO_COMPOUND, Scenario, check_names, daily_mass

Progress = Callable[[int, int], None]
BodyBuilder = Callable[[Catalogue, Sequence[str]], Body]


def simulate(scenario: Scenario, catalogue: Catalogue, *, progress: Progress | None = None) -> SimulationResult:
    """Run a scenario under its hypotheses.

    progress   called with (subjects finished, subjects in all)
    Raises     ScenarioError, RegimenError for a question that cannot be asked

    >>> from threonate.evidence import read_catalogue
    >>> result = simulate(Scenario(days=2, run_in_days=1, subjects=1, hypothesis="null"), read_catalogue())
    >>> len(result.arms)
    1
    """
    return compare_scenarios([scenario], catalogue, progress=progress)


def compare(
    scenario: Scenario, compounds: Sequence[str], catalogue: Catalogue, *, progress: Progress | None = None
) -> SimulationResult:
    """The same people and schedule with several compounds at the same elemental dose."""
    return compare_scenarios(same_dose(scenario, compounds, catalogue), catalogue, progress=progress)


def same_dose(scenario: Scenario, compounds: Sequence[str], catalogue: Catalogue) -> list[Scenario]:
    """The scenario with each of the compounds, at its own elemental dose.

    Raises     ScenarioError when the scenario has no dose to share
    """
    first = check_names(scenario, catalogue)
    product = product_of(first, catalogue)
    if product is None:
        raise ScenarioError("compare needs a scenario with a compound and a dose. Name compound and elemental_mg.")
    elemental = product.elemental(daily_mass(first, product)).mg
    return [
        first if name == first.compound else _with_compound(first, name, elemental)
        for name in (check_names(_with_compound(first, c, elemental), catalogue).compound for c in compounds)
    ]


def compare_scenarios(
    scenarios: Sequence[Scenario], catalogue: Catalogue, *, progress: Progress | None = None
) -> SimulationResult:
    """Several regimens for the same people, side by side; the first names the result.

    Raises     ScenarioError when the scenarios are about different people
    """
    question = settle(scenarios, catalogue)
    return result_of(question, solve_question(question, catalogue, progress=progress), catalogue)


def result_of(question: Question, answer: Answer, catalogue: Catalogue) -> SimulationResult:
    """What was asked and what came out, with safety findings, provenance and sources."""
    chosen = catalogue_of(question.scenarios[0], catalogue)
    return SimulationResult(
        scenario=question.scenarios[0],
        arms=answer.arms,
        safety=_findings(question, answer.arms, chosen),
        subjects=answer.subjects,
        provenance={
            **provenance_of(question.scenarios[0], chosen, question.names),
            **what_if_record(question.scenarios[0], chosen, question.hypotheses),
            **accuracy_record(accuracy_of(question.scenarios[0]), answer.error),
        },
        sources=sources_of(question.scenarios, chosen, question.hypotheses),
    )


@dataclass(frozen=True, slots=True)
class Question:
    """Scenarios about the same people, with the names of their arms and the hypotheses that may be run."""

    scenarios: tuple[Scenario, ...]
    names: tuple[str, ...]
    hypotheses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Every arm of a question for some subjects, and who they are.

    arms       scenario by scenario, each under every hypothesis; subjects are counted from 0
    subjects   subject (number in the whole cohort), covariates, Mg_plasma_baseline [mmol/L]
    """

    arms: tuple[Arm, ...]
    subjects: pl.DataFrame

    @property
    def error(self) -> AchievedError | None:
        """Largest error of the solver over all arms; None without a spot check."""
        return largest_of([arm.error for arm in self.arms if arm.error is not None])


def settle(scenarios: Sequence[Scenario], catalogue: Catalogue) -> Question:
    """Check the scenarios against the shelf and each other.

    Raises     ScenarioError when a name is unknown or the scenarios are about different people
    """
    named = tuple(check_names(scenario, catalogue) for scenario in scenarios)
    _same_people(named)
    return Question(named, tuple(_arm_names(named)), allowed_hypotheses(named[0], catalogue))


def solve_question(
    question: Question, catalogue: Catalogue, subjects: range | None = None, *, progress: Progress | None = None
) -> Answer:
    """Draw the subjects, find their baselines and send them through every arm.

    subjects   numbers of the subjects; everybody when None
    """
    people = draw_people(question.scenarios[0], catalogue, subjects)
    return solve_people(question, people, catalogue, progress=progress)


@dataclass(frozen=True, slots=True)
class People:
    """Subjects with their steady states, before anything is taken; the same for every regimen."""

    cohort: Cohort
    baseline: Baseline


def draw_people(scenario: Scenario, catalogue: Catalogue, subjects: range | None = None) -> People:
    """The subjects of a scenario and their baselines.

    subjects   numbers of the subjects; everybody when None
    """
    chosen = catalogue_of(scenario, catalogue)
    cohort = draw(scenario, chosen, subjects)
    return People(cohort, baseline_of(scenario, cohort, chosen))


def people_key(scenario: Scenario) -> str:
    """Scenarios with the same key have the same people.

    >>> people_key(Scenario(days=3)) == people_key(Scenario(compound="citrate", elemental_mg=100.0))
    True
    """
    return scenario.model_dump_json(include=set(_PEOPLE) - _NOT_OF_PEOPLE)


def solve_people(
    question: Question,
    people: People,
    catalogue: Catalogue,
    *,
    build: BodyBuilder = build_body,
    progress: Progress | None = None,
    step_h: float = DENSE_STEP_H,
) -> Answer:
    """Send people who are ready through every arm of a question.

    build    makes the body of an arm from the catalogue and its poorly soluble compounds
    step_h   distance of recorded times on the days that figures show [h]
    """
    first, cohort = question.scenarios[0], people.cohort
    catalogue = catalogue_of(first, catalogue)
    cast = Cast(cohort, people.baseline, first.transfer_probability, first.links, accuracy_of(first))
    named = zip(question.scenarios, question.names, strict=True)
    plans = [replace(plan_arm(scenario, cohort, catalogue, name), step_h=step_h) for scenario, name in named]
    apart = hypotheses_differ(catalogue, question.hypotheses, first.links)
    counter = _Counter(progress, cohort.size, plans, question.hypotheses, apart)
    runner = _Runner(cast, lambda solids: build(catalogue, solids), counter, apart)
    arms = tuple(arm for plan in plans for arm in runner.arms(plan, question.hypotheses))
    return Answer(arms, subjects_frame(cohort, cast.baseline))


def hypotheses_of(scenario: Scenario) -> tuple[str, ...]:
    """Names of the hypotheses a scenario asks for, NULL first."""
    return ("null", "threonate") if scenario.hypothesis == "both" else (scenario.hypothesis,)


def allowed_hypotheses(scenario: Scenario, catalogue: Catalogue) -> tuple[str, ...]:
    """Hypotheses that may be run for these subjects: no benefit is simulated where a limit says so.

    Raises    ScenarioError for a hypothesis that is not about people
    """
    asked = hypotheses_of(scenario)
    for name in asked:
        if "human" not in catalogue.hypotheses[name].species:
            raise ScenarioError(
                f"hypothesis '{name}' is about rats, and {scenario.population} is a population of people. "
                "In healthy people it equals 'null'; use null, threonate or both."
            )
    return ("null",) if benefit_is_barred(scenario, catalogue) else asked


def draw(scenario: Scenario, catalogue: Catalogue, subjects: range | None = None) -> Cohort:
    """The subjects of a scenario, or those of them with these numbers."""
    choice = CovariateChoice(scenario.weight_kg, scenario.egfr, scenario.dietary_mg)
    population = catalogue.populations[scenario.population]
    whole = CohortDraw(population, scenario.subjects, scenario.seed, choice, scenario.uncertainty)
    return draw_subjects(whole, subjects or range(scenario.subjects), catalogue)


def baseline_of(scenario: Scenario, cohort: Cohort, catalogue: Catalogue) -> Baseline:
    """Every subject's steady state on his diet.

    A condition that leaves the subject at his usual level (pregnancy) is put on after that level is known, and the
    threshold is solved again for it.
    """
    body = build_body(with_responses(catalogue, ()))
    diet = diet_events(scenario, cohort, catalogue)
    chosen = [catalogue.conditions[name] for name in scenario.conditions]
    moving = [condition for condition in chosen if condition.resolve == "level"]
    keeping = [condition for condition in chosen if condition.resolve == "threshold"]
    table = _settings(scenario, individual_parameters(cohort, catalogue, conditions=moving))
    baseline = solve_baseline(body, table, diet, level=_known_level(scenario, cohort))
    if keeping:
        level = baseline.table.values["port.Mg_plasma_reference"]
        whole = _settings(scenario, individual_parameters(cohort, catalogue, conditions=[*moving, *keeping]))
        baseline = solve_baseline(body, whole, diet, level=level)
    return _with_responses_settled(scenario, cohort, catalogue, baseline) if catalogue.chosen else baseline


def _with_responses_settled(scenario: Scenario, cohort: Cohort, catalogue: Catalogue, baseline: Baseline) -> Baseline:
    """The baseline with what responses read of the subject, and the states of those that run before a trial."""
    body = build_body(with_responses(catalogue, ()))
    meals = settled_day(diet_events(scenario, cohort, catalogue))
    flows = diet_flows(DietDay(body, baseline.table, baseline.states, meals))
    known = baseline.table.with_values({**person_settings(scenario, cohort), **flows})
    table, states = settle_responses(catalogue, known, scenario.links)
    return replace(baseline, table=table, states={**baseline.states, **states})


def _known_level(scenario: Scenario, cohort: Cohort) -> np.ndarray | None:
    return None if scenario.serum_mmol_per_l is None else np.full(cohort.size, scenario.serum_mmol_per_l)


def _settings(scenario: Scenario, table: IndividualTable) -> IndividualTable:
    """Fields of the scenario that are parameters; a condition that set one keeps it when the field is at its rest."""
    changes = {}
    if scenario.phytate_mmol_per_meal:
        changes["gut.phytate"] = scenario.phytate_mmol_per_meal
    if scenario.circadian_amplitude:
        changes["kidney.amplitude"] = scenario.circadian_amplitude
    return table.with_values(changes)


def _with_compound(scenario: Scenario, compound: str, elemental_mg: float) -> Scenario:
    changes = {"compound": compound, "compound_mg": None, "elemental_mg": elemental_mg, "label_mg_per_g": None}
    return Scenario.model_validate({**scenario.model_dump(), **changes})


_PEOPLE = (
    "age", "sex", "weight_kg", "egfr", "dietary_mg", "serum_mmol_per_l", "conditions", "phytate_mmol_per_meal",
    "circadian_amplitude", "population", "subjects", "seed", "uncertainty", "hypothesis", "transfer_probability",
    "endpoints", "links", "priors", "tolerance", "spot_check",
)  # fmt: skip
_NOT_OF_PEOPLE = frozenset({"hypothesis", "transfer_probability", "tolerance", "spot_check"})


def _same_people(scenarios: Sequence[Scenario]) -> None:
    for other in scenarios[1:]:
        for field in _PEOPLE:
            first, second = getattr(scenarios[0], field), getattr(other, field)
            if first != second:
                raise ScenarioError(
                    f"the scenarios differ in {field} ({first} and {second}); a comparison is about the same people. "
                    f"Give them the same {field}, or run them apart."
                )


def _arm_names(scenarios: Sequence[Scenario]) -> list[str]:
    names: list[str] = []
    for scenario in scenarios:
        name = scenario.compound if scenario.compound != NO_COMPOUND else "iv" if scenario.iv_mgso4_g else "diet"
        count = sum(1 for other in names if other.split("#")[0] == name)
        names.append(f"{name}#{count + 1}" if count else name)
    return names


class _Counter:
    """Adds up finished subjects over all solves of a run."""

    def __init__(
        self, progress: Progress | None, size: int, plans: Sequence[ArmPlan], hypotheses: Sequence[str], apart: bool
    ) -> None:
        self.progress = progress
        self.done = 0
        self.total = size * sum(len(distinct_hypotheses(plan, hypotheses, apart)) for plan in plans)

    def add(self, finished: int) -> None:
        self.done += finished
        if self.progress is not None:
            self.progress(self.done, self.total)


def distinct_hypotheses(plan: ArmPlan, hypotheses: Sequence[str], apart: bool = False) -> tuple[str, ...]:
    """Hypotheses that must be solved apart: without threonate THREONATE is NULL by construction.

    apart    a response has a link that only one of them turns on
    """
    if apart:
        return tuple(hypotheses)
    if plan.compound is None or not plan.compound.counter_ion:
        return tuple(hypotheses[:1])
    return tuple(hypotheses)


class _Runner:
    """Sends the cast through arm after arm."""

    def __init__(self, cast: Cast, build: Callable[[Sequence[str]], Body], counter: _Counter, apart: bool) -> None:
        self.cast = cast
        self.apart = apart
        self.build = build
        self.counter = counter

    def arms(self, plan: ArmPlan, hypotheses: Sequence[str]) -> list[Arm]:
        body = self.build(poorly_soluble(plan.compound))
        solved = {
            hypothesis: solve_arm(self.cast, body, plan, hypothesis, self.counter.add)
            for hypothesis in distinct_hypotheses(plan, hypotheses, self.apart)
        }
        like = next(iter(solved.values()))
        return [solved.get(name) or replace(like, id=f"{plan.id}/{name}", hypothesis=name) for name in hypotheses]


def _findings(question: Question, arms: Sequence[Arm], catalogue: Catalogue) -> tuple[SafetyFinding, ...]:
    """Judged by the first hypothesis of each scenario; plasma hardly differs between them."""
    firsts = arms[:: len(question.hypotheses)]
    named = zip(question.scenarios, firsts, strict=True)
    return findings_of([(scenario, levels_of(arm)) for scenario, arm in named], catalogue)


def subjects_frame(cohort: Cohort, baseline: Baseline) -> pl.DataFrame:
    """Who the subjects of an answer are, as Answer tells it."""
    columns = {name: np.asarray(value) for name, value in cohort.covariates.items()}
    level = baseline.table.values["port.Mg_plasma_reference"]
    numbers = np.arange(cohort.size) + cohort.first
    return pl.DataFrame({"subject": numbers, **columns, "Mg_plasma_baseline": np.asarray(level)})
