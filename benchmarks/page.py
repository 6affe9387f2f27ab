"""Measure everything and write the page: `python -m benchmarks.page [--engine FILE]`.

FILE is what `benchmarks engine --json FILE` wrote; with it, the comparison of solvers is not measured again.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import benchmarks.__main__  # noqa: F401 - one thread for linear algebra, before anything loads it
from benchmarks.figures import draw_work_precision
from benchmarks.machine import describe_machine
from benchmarks.verbs import engine, start, threads, trial
from threonate.simulation import Scenario

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
TRIAL_SUBJECTS = 1000
HEAD = """# Benchmarks

Written by `python -m benchmarks.page`; `./dev bench` lists the benchmarks. Speeds are those of one machine;
ratios travel better, and grow with the width of its vector registers.

**Machine**: {machine}. The processor was shared with other work, so that speeds are per second of
*processor* time of one core (wall seconds where it says so), solvers take turns in one process, and the
median turn counts.

## Solvers

Every solver gets the same subjects, doses and times to record, relative tolerance r and, for each state,
the absolute tolerance r/1000 of its typical size. Its **error** is the largest relative error over
subjects, times and observables, daily and quarter-hourly, of those subjects that everybody solved. (A value
below a thousandth of the subject's largest counts as that thousandth.) The reference is our engine at
1e-10, checked against libroadrunner at 1e-9. Other solvers are at the fastest setting that was found
without giving up the answer: doses as SBML events or restarts at each dose, BDF or Adams, a tolerance for
each state where the solver takes one. (AMICI takes one for all: of three, the one with which it is fastest
on the first subject at 1e-6 while its error stays below 1e-5.) Loading and compiling are not timed; for our
engine the way from arrays to arrays is, for the others only the integration. diffrax and AMICI are measured where they
are installed (`pip install diffrax amici`; AMICI compiles with a C++ compiler), the others always.
"""
NOTES = """
- *Nominal* is the default method against another solver at the same tolerances. *Equal error* takes our
  speed at the error that the other makes, on straight lines between the logarithms of our measured
  points, at the tolerance where its error is nearest to the one named; the error it really makes is in the
  table.
- *Of peak* is the arithmetic of the steps (a fused multiply-add counts as two, exp and log as what their
  polynomials hold) over what a loop of nothing but fused multiply-adds reaches on the same core in the same
  process.
- The common model is stiff and measures solvers; its numbers are placeholders and say nothing about a body.
  The full body is not very stiff: there libroadrunner is faster with Adams, and that is what our ratios are
  quoted against. Its setting as it comes, BDF, has rows of its own. On the common model AMICI is the faster of
  the two at a tolerance, with a larger error; the second table of ratios is about it as well.
"""
RATIO_HEAD = (
    "| model | criterion | ratio | ours | theirs | their tolerance | their error |",
    "|---|---|---|---|---|---|---|",
)


def main(arguments: list[str]) -> None:
    """Measure, draw, write."""
    parser = argparse.ArgumentParser(prog="benchmarks.page")
    parser.add_argument("--engine", type=Path, metavar="FILE")
    given = parser.parse_args(arguments)
    found = json.loads(given.engine.read_text(encoding="utf-8")) if given.engine else _measured()
    FOLDER.mkdir(parents=True, exist_ok=True)
    parts = [HEAD.format(machine=found["machine"])]
    for model, summary in found["models"].items():
        draw_work_precision(found["rows"], model, FOLDER / f"work-precision-{model}.svg")
        parts.append(_solvers(model, summary, [row for row in found["rows"] if row["model"] == model]))
    parts += [NOTES, _ratios(found["models"]), _threads(), _start(), _trial()]
    (FOLDER / "benchmarks.md").write_text("\n".join(parts), encoding="utf-8")


def _measured() -> dict[str, Any]:
    effort = engine.effort_of(None, quick=False)
    return engine.as_json([engine.compare(make(effort.subjects), effort) for make in engine.MODELS.values()])


def _solvers(model: str, summary: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    lines = [f"### The model `{model}`", "", f"{summary['title'][0].upper()}{summary['title'][1:]}.", ""]
    lines += [f"![work and precision, {model}](work-precision-{model}.svg)", ""]
    lines += ["| solver | tolerance | subjects per CPU second | error | of peak |", "|---|---|---|---|---|"]
    for row in rows:
        share = "" if row["share"] is None else f"{row['share']:.0%}"
        lines.append(
            f"| {row['engine']} | {row['rtol']:.0e} | {_digits(row['subjects_per_cpu_s'])} | "
            f"{row['max_rel_error']:.1e} | {share} |"
        )
    check = summary["reference_differs_from_libroadrunner"]
    lines += ["", f"The reference differs from libroadrunner at 1e-9 by {check:.0e}."] if check is not None else []
    lines += [" ".join(line for text in summary["not_installed"] for line in text.splitlines())]
    return "\n".join([*lines, ""])


def _ratios(models: dict[str, Any]) -> str:
    lines = ["### Against libroadrunner at its fastest, per core", "", *RATIO_HEAD]
    for model, summary in models.items():
        lines += _ratio_rows(model, summary["ratio_details"])
    lines += ["", "### Against libroadrunner as it comes, and AMICI, per core", "", *RATIO_HEAD]
    for model, summary in models.items():
        for details in summary["ratio_details_others"].values():
            lines += _ratio_rows(model, details)
    return "\n".join([*lines, ""])


def _ratio_rows(model: str, details: dict[str, Any]) -> Iterator[str]:
    for name, ratio in details.items():
        if ratio is not None:
            theirs = ratio["theirs"]
            yield (
                f"| {model} | {name.replace('_', ' ')} | **{ratio['value']:.0f}** | {_digits(ratio['ours'])} "
                f"({ratio['method'].removeprefix('threonate ')}) | {_digits(theirs['subjects_per_cpu_s'])} "
                f"({theirs['engine']}) | {theirs['rtol']:.0e} | {ratio['at_error']:.1e} |"
            )


def _threads() -> str:
    lines = ["## Threads", "", f"Default method at {threads.RTOL:.0e}, 512 subjects, the best of five turns."]
    lines += [
        "While other work is going on, a thread does not get a core of its own; the last column says what it got.",
        "",
    ]
    lines += [
        "| model | threads | subjects per wall second | per CPU second | cores it was given |",
        "|---|---|---|---|---|",
    ]
    for name, make in engine.MODELS.items():
        problem = make(512)
        for count, (wall, cpu) in threads.measure(problem, 5).items():
            speeds = f"{_digits(len(problem) / wall)} | {_digits(len(problem) / cpu)} | {cpu / wall:.2f}"
            lines.append(f"| {name} | {count} | {speeds} |")
    return "\n".join([*lines, ""])


def _start() -> str:
    cases = start.measure()
    stages = list(next(iter(cases.values())))
    lines = ["## Cold start", "", "Wall seconds of a fresh process on the common model.", ""]
    lines += [f"| stage | {' | '.join(cases)} |", f"|---|{'---|' * len(cases)}"]
    lines += [f"| {stage} | {' | '.join(f'{cases[case][stage]:.3f}' for case in cases)} |" for stage in stages]
    return "\n".join([*lines, ""])


def _trial() -> str:
    stages = trial.measure(Scenario(subjects=TRIAL_SUBJECTS, hypothesis="threonate"))
    lines = [
        "## A whole trial",
        "",
        f"{TRIAL_SUBJECTS:,} subjects, 84 days after a week of run-in, one arm, by `simulate`.",
        "",
    ]
    lines += ["| stage | wall seconds |", "|---|---|"]
    lines += [f"| {stage} | {seconds:.2f} |" for stage, seconds in stages.items()]
    return "\n".join([*lines, ""])


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    print(describe_machine())
    main(sys.argv[1:])
