"""What each response of the shelf costs when it is asked for, beside the body alone.

--subjects N    (default 96)
--days N        (default 84)
--page          measure a thousand subjects with every response too, and write docs/reference/cost-of-responses.md
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

from benchmarks.machine import describe_machine
from threonate.errors import CatalogueError
from threonate.evidence import Catalogue, for_endpoints, read_catalogue
from threonate.simulation import Scenario, simulate

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "cost-of-responses.md"
BODY, ALL = "the body alone", "all of them"
THOUSAND = 1000
_ROUNDS = 2
Costs = dict[str, float]
HEAD = """# What responses cost

Written by `python -m benchmarks cost --page`; `./dev bench cost` prints the same. Processor time of one core for
a whole run (drawing people, their baseline, one hypothesis, {days} days, daily values), per subject, mean of {rounds}
turns of {subjects} subjects; texts are compiled before. A response brings those that it needs.

**Machine**: {machine}.

| asked for | ms a subject | times the body alone |
|---|---|---|
"""
NOTES = """
Responses with an inner clock that is much faster than meals (the models of sleep, cortisol) set the step of the solver
for everything else in the run; ask for them only when they are wanted.

## A thousand people

{subjects:,} subjects, {days} days, one hypothesis. Where the machine did other work too, read the processor
seconds.

| asked for | wall seconds | processor seconds |
|---|---|---|
"""


def main(arguments: list[str]) -> None:
    """Measure and print processor seconds per subject."""
    parser = argparse.ArgumentParser(prog="benchmarks cost")
    parser.add_argument("--subjects", type=int, default=96)
    parser.add_argument("--days", type=int, default=84)
    parser.add_argument("--page", action="store_true")
    given = parser.parse_args(arguments)
    print(describe_machine())
    catalogue = read_catalogue()
    seconds = measure(catalogue, askable(catalogue), given.subjects, given.days)
    for name, value in seconds.items():
        print(f"{name:20} {1e3 * value:9.2f} ms a subject  {value / seconds[BODY]:6.2f} times the body alone")
    for name in sorted(set(catalogue.responses) - set(seconds)):
        print(f"{name:20} is a support of others, or is not about people")
    if given.page:
        PAGE.write_text(page(seconds, given.subjects, given.days, catalogue), encoding="utf-8")


def askable(catalogue: Catalogue) -> list[str]:
    """Responses that a run of people can be asked for."""
    found = []
    for name in sorted(catalogue.responses):
        try:
            for_endpoints(catalogue, [name])
        except CatalogueError:
            continue
        found.append(name)
    return found


def measure(catalogue: Catalogue, names: list[str], subjects: int, days: int) -> Costs:
    """Response -> median processor seconds per subject of a whole run; they take turns."""
    asked = {BODY: (), **{name: (name,) for name in names}, ALL: ("all",)}
    scenarios = {name: _scenario(words, subjects, days) for name, words in asked.items()}
    for scenario in scenarios.values():
        simulate(scenario.model_copy(update={"subjects": 2, "days": 2}), catalogue)
    turns: dict[str, list[float]] = {name: [] for name in scenarios}
    for _ in range(_ROUNDS):
        for name, scenario in scenarios.items():
            begin = time.process_time()
            simulate(scenario, catalogue)
            turns[name].append((time.process_time() - begin) / subjects)
    return {name: statistics.median(found) for name, found in turns.items()}


def _scenario(words: tuple[str, ...], subjects: int, days: int) -> Scenario:
    return Scenario(subjects=subjects, days=days, hypothesis="threonate", endpoints=words, spot_check=False)


def page(seconds: Costs, subjects: int, days: int, catalogue: Catalogue) -> str:
    """The page of the costs; measures a thousand subjects on the way."""
    dearest = sorted(seconds, key=seconds.__getitem__)
    rows = [f"| {name} | {1e3 * seconds[name]:.1f} | {seconds[name] / seconds[BODY]:.1f} |" for name in dearest]
    calm = tuple(name for name in askable(catalogue) if catalogue.responses[name].about.settle_h == 0.0)
    groups = {BODY: (), f"{len(calm)} responses without a rhythm of their own": calm, ALL: ("all",)}
    many = [_thousand(name, words, days, catalogue) for name, words in groups.items()]
    head = HEAD.format(days=days, subjects=subjects, rounds=_ROUNDS, machine=describe_machine())
    return "\n".join([head + "\n".join(rows), NOTES.format(subjects=THOUSAND, days=days) + "\n".join(many), ""])


def _thousand(name: str, words: tuple[str, ...], days: int, catalogue: Catalogue) -> str:
    wall, processor = time.perf_counter(), time.process_time()
    simulate(_scenario(words, THOUSAND, days), catalogue)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"{THOUSAND} subjects, {name}: {wall:.1f} s, {processor:.1f} s of processors")
    return f"| {name} | {wall:.1f} | {processor:.1f} |"
