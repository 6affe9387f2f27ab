"""Cold start: a fresh process from model text to the first result, with empty and with warm caches."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import describe_machine

ROOT = Path(__file__).resolve().parents[2]
_PROBE = """
import json, time
marks = [("process", time.perf_counter())]
def mark(name): marks.append((name, time.perf_counter()))
from benchmarks.models import common
from benchmarks.accuracy import bounds_at
from threonate.engine.kernels.driver import drive
from threonate.engine.kernels.methods import method_named
from threonate.engine.kernels.solver import compile_solver
from threonate.engine.lower import lower_sbml
from threonate.engine.native import DEFAULT_METHOD, solve_with
mark("imports")
problem = common.make_problem(1)
mark("model text to SBML, one subject")
model = lower_sbml(problem.compiled.network.sbml)
mark("lower")
solver = compile_solver(model, problem.compiled.observables, method_named(DEFAULT_METHOD))
mark("program, machine code")
solve_with(solver, problem.compiled, problem.question, tolerance=bounds_at(1e-4), threads=1)
mark("driver and first result")
solve_with(solver, problem.compiled, problem.question, tolerance=bounds_at(1e-4), threads=1)
mark("second result")
print(json.dumps([[name, at - before] for (_, before), (name, at) in zip(marks, marks[1:])]))
"""


def main(arguments: list[str]) -> None:
    """Measure and print wall seconds by stage."""
    argparse.ArgumentParser(prog="benchmarks start").parse_args(arguments)
    print(describe_machine())
    cases = measure()
    stages = list(next(iter(cases.values())))
    print(f"{'wall seconds':38} " + " ".join(f"{case:>22}" for case in cases))
    for stage in stages:
        print(f"{stage:38} " + " ".join(f"{cases[case][stage]:22.3f}" for case in cases))


def measure() -> dict[str, dict[str, float]]:
    """Case -> stage -> wall seconds."""
    with tempfile.TemporaryDirectory() as machine, tempfile.TemporaryDirectory() as driver:
        both = {"THREONATE_CACHE": machine, "NUMBA_CACHE_DIR": driver}
        found = {"nothing kept": _probe(both)}
        with tempfile.TemporaryDirectory() as empty:
            found["driver kept, new model"] = _probe({**both, "THREONATE_CACHE": empty})
        found["everything kept"] = _probe(both)
    return found


def _probe(environment: dict[str, str]) -> dict[str, float]:
    """One fresh process; the text of the probe goes to it as its program."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _PROBE],
        cwd=ROOT,
        env={**os.environ, **environment, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    whole = time.perf_counter() - begin
    stages = dict(json.loads(done.stdout))
    first = sum(stages[name] for name in stages if name not in ("imports", "second result"))
    return {**stages, "model text to first result": first, "whole process": whole}
