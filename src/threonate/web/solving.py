"""The arms of one question for somebody who waits: hypotheses together where they can be, arms side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import chain

from threonate.engine import one_worker, processors, works_alone
from threonate.evidence import Catalogue
from threonate.simulation.accuracy import accuracy_of
from threonate.simulation.arms import DENSE_STEP_H, Cast
from threonate.simulation.body import Body, build_body
from threonate.simulation.glance import GLANCE_STEP_H, TwinBody, glance_body, solve_twins, twin_body
from threonate.simulation.plan import plan_arm, poorly_soluble, product_of
from threonate.simulation.responses import catalogue_of, hypotheses_differ
from threonate.simulation.run import Answer, BodyBuilder, People, Question, solve_people, subjects_frame
from threonate.simulation.scenario import Scenario

TwinBuilder = Callable[[Catalogue, Sequence[str], Sequence[str], Mapping[str, bool]], TwinBody]


@dataclass(frozen=True, slots=True)
class Bodies:
    """How the bodies of an answer are made, and how finely it is recorded.

    build    makes the body of an arm
    step_h   distance of recorded times on the days that figures show [h]
    twins    makes the body that two hypotheses share; None where they share none
    """

    build: BodyBuilder
    step_h: float
    twins: TwinBuilder | None = None

    def guarded(self, lock: AbstractContextManager[object]) -> Bodies:
        """The same, made by one thread at a time: what two would make alike is made once."""

        def build(catalogue: Catalogue, solids: Sequence[str]) -> Body:
            with lock:
                return self.build(catalogue, solids)

        def twins(
            catalogue: Catalogue, solids: Sequence[str], hypotheses: Sequence[str], choices: Mapping[str, bool]
        ) -> TwinBody:
            assert self.twins is not None
            with lock:
                return self.twins(catalogue, solids, hypotheses, choices)

        return Bodies(build, self.step_h, None if self.twins is None else twins)


QUICK = Bodies(glance_body, GLANCE_STEP_H, twin_body)
WHOLE = Bodies(build_body, DENSE_STEP_H)


def solve_side_by_side(question: Question, people: People, catalogue: Catalogue, bodies: Bodies) -> Answer:
    """Send people who are ready through every arm, each part of the question in a thread of its own."""
    parts = parts_of(question, catalogue, bodies)

    def solve(part: Question) -> Answer:
        if bodies.twins and len(part.hypotheses) > 1 and _act_apart(part.scenarios[0], part.hypotheses, catalogue):
            return _solve_together(part, people, catalogue, (bodies.twins, bodies.step_h))
        return solve_people(part, people, catalogue, build=bodies.build, step_h=bodies.step_h)

    def solve_alone(part: Question) -> Answer:
        with one_worker():
            return solve(part)

    cores = processors()
    if len(parts) == 1 or cores == 1 or works_alone():
        answers: Sequence[Answer] = [solve(part) for part in parts]
    else:
        with ThreadPoolExecutor(min(cores, len(parts)), thread_name_prefix="arm") as pool:
            answers = list(pool.map(solve_alone if len(parts) >= cores else solve, parts))
    return Answer(tuple(chain.from_iterable(answer.arms for answer in answers)), answers[0].subjects)


def _solve_together(question: Question, people: People, catalogue: Catalogue, how: tuple[TwinBuilder, float]) -> Answer:
    """One scenario under two hypotheses, by one solve."""
    first, (build, step_h) = question.scenarios[0], how
    cast = Cast(people.cohort, people.baseline, first.transfer_probability, first.links, accuracy_of(first))
    plan = replace(plan_arm(first, people.cohort, catalogue, question.names[0]), step_h=step_h)
    twins = build(catalogue, poorly_soluble(plan.compound), question.hypotheses, first.links)
    return Answer(
        tuple(solve_twins(cast, twins, plan, question.hypotheses)), subjects_frame(people.cohort, people.baseline)
    )


def parts_of(question: Question, catalogue: Catalogue, bodies: Bodies) -> list[Question]:
    """Questions that are solved apart, in the order of the arms."""
    return [
        replace(question, scenarios=(scenario,), names=(name,), hypotheses=together)
        for scenario, name in zip(question.scenarios, question.names, strict=True)
        for together in _together(scenario, question.hypotheses, catalogue, bodies)
    ]


def _together(
    scenario: Scenario, hypotheses: tuple[str, ...], catalogue: Catalogue, bodies: Bodies
) -> list[tuple[str, ...]]:
    """Hypotheses in groups that one solve answers."""
    alike = not _act_apart(scenario, hypotheses, catalogue)
    if alike or (bodies.twins and len(hypotheses) == 2 and not scenario.endpoints):
        return [hypotheses]
    return [(name,) for name in hypotheses]


def _act_apart(scenario: Scenario, hypotheses: tuple[str, ...], catalogue: Catalogue) -> bool:
    """Whether hypotheses differ for this scenario; without a counter-ion they are one by construction."""
    product = product_of(scenario, catalogue)
    acts = product is not None and bool(product.compound.counter_ion)
    return acts or hypotheses_differ(catalogue_of(scenario, catalogue), hypotheses, scenario.links)
