"""One thread against two: wall seconds, and whether two get in each other's way.

--subjects N    (default 512)
--rounds N      (default 5)
"""

from __future__ import annotations

import argparse
import time

from benchmarks import ours
from benchmarks.accuracy import bounds_at
from benchmarks.machine import describe_machine
from benchmarks.models import body, common
from benchmarks.problem import Problem
from threonate.engine.native import solve_with

RTOL = 1e-4


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks threads")
    parser.add_argument("--subjects", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args(arguments)
    print(describe_machine())
    print(f"{'model':8} {'threads':>7} {'wall s':>8} {'subjects/wall s':>16} {'subjects/CPU s':>15} {'cores had':>9}")
    for problem in (common.make_problem(given.subjects), body.make_problem(given.subjects)):
        found = measure(problem, given.rounds)
        for threads, (wall, cpu) in found.items():
            speeds = f"{len(problem) / wall:16.4g} {len(problem) / cpu:15.4g}"
            print(f"{problem.name:8} {threads:7} {wall:8.3f} {speeds} {cpu / wall:9.2f}")
        print(f"{problem.name:8} two threads are {found[1][0] / found[2][0]:.2f} times as fast as one (best of turns)")


def measure(problem: Problem, rounds: int) -> dict[int, tuple[float, float]]:
    """Threads -> wall and processor seconds of the best turn; they take turns."""
    seconds: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    for threads in seconds:
        _solve(problem.first(16), threads)
    for _ in range(rounds):
        for threads, found in seconds.items():
            wall, cpu = time.perf_counter(), time.process_time()
            _solve(problem, threads)
            found.append((time.perf_counter() - wall, time.process_time() - cpu))
    return {threads: min(found) for threads, found in seconds.items()}


def _solve(problem: Problem, threads: int) -> None:
    solver = ours.solver_of(problem, problem.compiled.method)
    solve_with(solver, problem.compiled, problem.question, tolerance=bounds_at(RTOL), threads=threads)
