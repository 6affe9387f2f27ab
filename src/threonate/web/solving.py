"""The arms of one question side by side, for somebody who waits; the numbers are those of `solve_people`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain

from threonate.engine import one_worker
from threonate.evidence import Catalogue
from threonate.simulation.plan import product_of
from threonate.simulation.responses import catalogue_of, hypotheses_differ
from threonate.simulation.run import Answer, BodyBuilder, People, Question, solve_people
from threonate.simulation.scenario import Scenario


def solve_side_by_side(
    question: Question, people: People, catalogue: Catalogue, *, build: BodyBuilder, step_h: float
) -> Answer:
    """Send people who are ready through every arm, each arm in a thread of its own.

    build, step_h   as in solve_people
    """
    parts = parts_of(question, catalogue)

    def solve(part: Question) -> Answer:
        return solve_people(part, people, catalogue, build=build, step_h=step_h)

    def solve_alone(part: Question) -> Answer:
        with one_worker():
            return solve(part)

    cores = available_cores()
    if len(parts) == 1 or cores == 1:
        answers: Sequence[Answer] = [solve(part) for part in parts]
    else:
        with ThreadPoolExecutor(min(cores, len(parts)), thread_name_prefix="arm") as pool:
            answers = list(pool.map(solve_alone if len(parts) >= cores else solve, parts))
    return Answer(tuple(chain.from_iterable(answer.arms for answer in answers)), answers[0].subjects)


def parts_of(question: Question, catalogue: Catalogue) -> list[Question]:
    """Questions of one arm each, in the order of the arms; hypotheses that are alike stay together."""
    return [
        replace(question, scenarios=(scenario,), names=(name,), hypotheses=alike)
        for scenario, name in zip(question.scenarios, question.names, strict=True)
        for alike in _unlike(scenario, question.hypotheses, catalogue)
    ]


def _unlike(scenario: Scenario, hypotheses: tuple[str, ...], catalogue: Catalogue) -> list[tuple[str, ...]]:
    """Hypotheses in groups that need one solve each: without a counter-ion that acts they are one by construction."""
    product = product_of(scenario, catalogue)
    acts = product is not None and bool(product.compound.counter_ion)
    if acts or hypotheses_differ(catalogue_of(scenario, catalogue), hypotheses, scenario.links):
        return [(name,) for name in hypotheses]
    return [hypotheses]


def available_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
