"""What each response of the shelf costs when it is asked for, beside the body alone.

--subjects N    (default 32)
--days N        (default 84)
"""

from __future__ import annotations

import argparse
import statistics
import time

from benchmarks.machine import describe_machine
from threonate.errors import ThreonateError
from threonate.evidence import Catalogue, read_catalogue
from threonate.simulation import Scenario, simulate

_BODY = "the body alone"
_ROUNDS = 3


def main(arguments: list[str]) -> None:
    """Measure and print processor seconds per subject."""
    parser = argparse.ArgumentParser(prog="benchmarks cost")
    parser.add_argument("--subjects", type=int, default=32)
    parser.add_argument("--days", type=int, default=84)
    given = parser.parse_args(arguments)
    print(describe_machine())
    catalogue = read_catalogue()
    names = sorted(getattr(catalogue, "responses", {}))
    if not names or "endpoints" not in Scenario.model_fields:
        print("There is no response on the shelf that a run can be asked for; nothing to measure yet.")
        return
    seconds = measure(catalogue, names, given.subjects, given.days)
    alone = seconds.get(_BODY, float("nan"))
    for name, value in seconds.items():
        print(f"{name:28} {1e3 * value:9.2f} ms a subject  {value / alone:6.2f} times the body alone")
    for name in sorted(set(names) - set(seconds)):
        print(f"{name:28} cannot be run yet")


def measure(catalogue: Catalogue, names: list[str], subjects: int, days: int) -> dict[str, float]:
    """Response -> median processor seconds per subject of a whole run; they take turns."""
    asked: dict[str, Scenario] = {}
    for name in (_BODY, *names):
        endpoints = () if name == _BODY else (name,)
        fields = {"subjects": subjects, "days": days, "hypothesis": "threonate", "endpoints": endpoints}
        try:
            scenario = Scenario.model_validate(fields)
            simulate(scenario.model_copy(update={"subjects": 2}), catalogue)
        except ThreonateError:  # a response that is still being written
            continue
        asked[name] = scenario
    turns: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(_ROUNDS):
        for name, scenario in asked.items():
            begin = time.process_time()
            simulate(scenario, catalogue)
            turns[name].append((time.process_time() - begin) / subjects)
    return {name: statistics.median(found) for name, found in turns.items()}
