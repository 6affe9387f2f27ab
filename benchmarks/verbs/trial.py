"""A whole trial: 1,000 subjects for 84 days through `simulate`, wall seconds by stage.

--subjects N    (default 1000)
--hypothesis H  null, threonate or both (default threonate: one arm)
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest import mock

from benchmarks.machine import describe_machine
from threonate.evidence import read_catalogue
from threonate.simulation import Scenario, arms, run, simulate

STAGES = (
    (run, "draw", "draw the subjects"),
    (run, "baseline_of", "steady state of every subject"),
    (arms, "solve_cohort", "solve the 91 days"),
    (arms, "measure", "endpoints"),
    (arms, "supplement_balance", "balance"),
    (arms, "_course_frame", "course table"),
)
"""Where a function is looked up, its name, what it does. A function that is no longer there is left out."""


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks trial")
    parser.add_argument("--subjects", type=int, default=1000)
    parser.add_argument("--hypothesis", default="threonate", choices=("null", "threonate", "both"))
    given = parser.parse_args(arguments)
    print(describe_machine())
    stages = measure(Scenario(subjects=given.subjects, hypothesis=given.hypothesis))
    for name, seconds in stages.items():
        print(f"{name:36} {seconds:8.2f} s")


def measure(scenario: Scenario) -> dict[str, float]:
    """Stage -> wall seconds; machine code is ready before the clock starts."""
    catalogue = read_catalogue()
    simulate(scenario.model_copy(update={"subjects": 2}), catalogue)
    seconds: dict[str, float] = defaultdict(float)
    begin = time.perf_counter()
    read_catalogue()
    seconds["read the shelf"] = time.perf_counter() - begin
    with ExitStack() as stack:
        for place, name, title in STAGES:
            if hasattr(place, name):
                stack.enter_context(mock.patch.object(place, name, _timed(getattr(place, name), title, seconds)))
        begin = time.perf_counter()
        simulate(scenario, catalogue)
        whole = time.perf_counter() - begin
    named = sum(value for name, value in seconds.items() if name != "read the shelf")
    return {**seconds, "everything else": whole - named, "simulate, all of it": whole}


def _timed(function: Callable[..., Any], title: str, seconds: dict[str, float]) -> Callable[..., Any]:
    def watched(*given: Any, **named: Any) -> Any:
        begin = time.perf_counter()
        try:
            return function(*given, **named)
        finally:
            seconds[title] += time.perf_counter() - begin

    return watched
