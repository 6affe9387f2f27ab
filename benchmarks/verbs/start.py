"""Cold start: a fresh process from model text to the first result, with empty and with warm caches."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import describe_machine

ROOT = Path(__file__).resolve().parents[2]
_REPEATS = 5
_PROBE = """
import json, sys, time
marks = [("process", time.perf_counter())]
def mark(name): marks.append((name, time.perf_counter()))
import numpy
mark("import of NumPy")
import threonate.engine
from threonate.engine.kernels.launch import machine_code_of_driver
from threonate.engine.native import native_solver, solve_with
from threonate.engine.tolerance import Bounds
mark("import of the engine")
from threonate.physiology import read_sbml
mark("import of libsbml")
with open(sys.argv[1]) as file, numpy.load(sys.argv[2]) as arrays:
    text, held = file.read(), {name: arrays[name] for name in arrays}
from threonate.schedule import EventTable
mark("question from disk")
network = read_sbml(text)
compiled = threonate.engine.compile_network(network, tuple(held["observables"]))
mark("SBML to network")
solver = native_solver(text, compiled.observables)
mark("machine code of the model")
machine_code_of_driver()
mark("machine code of the driver")
inputs = threonate.engine.SubjectInputs(tuple(held["symbols"]), held["values"], network.states, held["start"])
columns = [held[name] for name in ("subject", "times", "target", "operation", "value")]
events = EventTable(*columns, tuple(held["targets"]))
question = inputs, events, held["times_h"]
solve_with(solver, compiled, question, tolerance=Bounds(1e-4, 1e-7), threads=1)
mark("first solve, 84 days")
solve_with(solver, compiled, question, tolerance=Bounds(1e-4, 1e-7), threads=1)
mark("second solve")
print(json.dumps([[name, at - before] for (_, before), (name, at) in zip(marks, marks[1:])]))
"""
_IN_PROCESS = ("SBML to network", "machine code of the model", "machine code of the driver", "first solve, 84 days")
_WITHOUT_DRIVER = tuple(name for name in _IN_PROCESS if name != "machine code of the driver")


def main(arguments: list[str]) -> None:
    """Measure and print wall seconds by stage."""
    argparse.ArgumentParser(prog="benchmarks start").parse_args(arguments)
    print(describe_machine())
    cases = measure()
    stages = list(next(iter(cases.values())))
    print(f"{'wall seconds, median of ' + str(_REPEATS):38} " + " ".join(f"{case:>22}" for case in cases))
    for stage in stages:
        print(f"{stage:38} " + " ".join(f"{cases[case][stage]:22.3f}" for case in cases))


def measure() -> dict[str, dict[str, float]]:
    """Case -> stage -> wall seconds, the median of fresh processes."""
    with tempfile.TemporaryDirectory() as folder:
        files = _question(Path(folder))
        empty = [_probe(files, Path(folder) / f"empty{i}") for i in range(_REPEATS)]
        other = []
        for i in range(_REPEATS):
            kept = Path(folder) / f"other{i}"
            _keep_driver(kept)
            other.append(_probe(files, kept))
        warm = [_probe(files, Path(folder) / "empty0") for _ in range(_REPEATS)]
    cases = {"nothing kept": empty, "driver kept, new model": other, "everything kept": warm}
    return {
        case: {stage: statistics.median(one[stage] for one in runs) for stage in runs[0]}
        for case, runs in cases.items()
    }


def _keep_driver(kept: Path) -> None:
    """A fresh process that makes the machine code of the driver and nothing else."""
    text = "from threonate.engine.kernels.launch import machine_code_of_driver; machine_code_of_driver()"
    subprocess.run([sys.executable, "-c", text], cwd=ROOT, env=_environment(kept), check=True)


def _environment(kept: Path) -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    return {**os.environ, "THREONATE_CACHE": str(kept), "PYTHONPATH": paths}


def _question(folder: Path) -> tuple[str, str]:
    """The common model and one subject, as files."""
    import numpy as np

    from benchmarks.models import common

    problem = common.make_problem(1)
    inputs, events, times_h = problem.question
    text, arrays = folder / "model.xml", folder / "question.npz"
    text.write_text(problem.compiled.network.sbml)
    np.savez(
        arrays,
        observables=problem.compiled.observables,
        symbols=inputs.symbols,
        values=inputs.values,
        start=inputs.start,
        subject=events.subject,
        times=events.times_h,
        target=events.target,
        operation=events.operation,
        value=events.value,
        targets=events.targets,
        times_h=times_h,
    )
    return str(text), str(arrays)


def _probe(files: tuple[str, str], kept: Path) -> dict[str, float]:
    """One fresh process; the text of the probe goes to it as its program."""
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, *files],
        cwd=ROOT,
        env=_environment(kept),
        capture_output=True,
        text=True,
        check=True,
    )
    whole = time.perf_counter() - begin
    stages = dict(json.loads(done.stdout))
    return {
        **stages,
        "model text to first result": sum(stages[name] for name in _IN_PROCESS),
        "the same without the driver's code": sum(stages[name] for name in _WITHOUT_DRIVER),
        "whole process": whole,
    }
