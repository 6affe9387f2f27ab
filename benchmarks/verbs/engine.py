"""Engine and other solvers: subjects per second of processor time beside the error that they make.

--json FILE     write rows and ratios
--subjects N    subjects of ours in each turn (default 64)
--quick         few subjects and turns, under a minute
--model NAME    common or body only
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import ours
from benchmarks.comparison import (
    EQUAL_ERRORS,
    NOMINAL,
    OURS,
    Comparison,
    Effort,
    Ratio,
    compare,
    equal_error_ratio,
    nominal_ratio,
)
from benchmarks.machine import describe_machine
from benchmarks.models import body, common
from benchmarks.peers import amici, roadrunner

MODELS = {"common": common.make_problem, "body": body.make_problem}
OTHERS = {"libroadrunner as it comes": roadrunner.AS_IT_COMES, "AMICI": f"{amici.NAME} ("}
"""Whom else we are compared with: how their rows begin, by name."""
QUICK_RTOLS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)


def main(arguments: list[str]) -> None:
    """Measure, print, and write JSON when asked."""
    given = _parser().parse_args(arguments)
    effort = effort_of(given.subjects, quick=given.quick)
    print(describe_machine())
    found = []
    for name in [given.model] if given.model else list(MODELS):
        found.append(compare(MODELS[name](effort.subjects), effort))
        print("\n".join(table(found[-1])), flush=True)
    if given.json:
        given.json.write_text(json.dumps(as_json(found), indent=1) + "\n", encoding="utf-8")


def effort_of(subjects: int | None, *, quick: bool) -> Effort:
    """How much is measured."""
    if quick:
        return Effort(subjects or 16, min(2, subjects or 2), 2, QUICK_RTOLS, quick=True)
    count = subjects or 64
    return Effort(count, min(8, count), 8, ours.RTOLS, quick=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks engine", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--subjects", type=int, metavar="N")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--model", choices=sorted(MODELS))
    return parser


def table(comparison: Comparison) -> list[str]:
    """Lines for a terminal."""
    check = "" if comparison.check is None else f"; differs from libroadrunner at 1e-9 by {comparison.check:.0e}"
    lines = ["", f"{comparison.problem.name}: {comparison.problem.title}"]
    lines.append(f"errors against our engine at 1e-10{check}; over subjects, times and observables")
    lines.append(f"{'solver':40} {'rtol':>6} {'subjects/CPU s':>14} {'max rel. error':>14} {'of peak':>8}")
    for row in comparison.rows:
        share = "" if row.share is None else f"{row.share:7.0%}"
        lines.append(
            f"{row.engine:40} {row.rtol:6.0e} {row.subjects_per_cpu_s:14.4g} {row.max_rel_error:14.1e} {share:>8}"
        )
    lines += comparison.absent
    every = [ratios_of(comparison), *(ratios_of(comparison, engine) for engine in OTHERS.values())]
    for name, ratio in (pair for ratios in every for pair in ratios.items()):
        if ratio is not None:
            theirs = f"{ratio.theirs.engine} {ratio.theirs.subjects_per_cpu_s:.4g} at rtol {ratio.theirs.rtol:.0e}"
            lines.append(
                f"{name}: {ratio.value:.1f}x ({ratio.method} {ratio.ours:.4g}, {theirs}, error {ratio.at_error:.1e})"
            )
    return lines


def ratios_of(comparison: Comparison, engine: str = roadrunner.FASTEST) -> dict[str, Ratio | None]:
    """The three ratios by their names in the JSON, to libroadrunner at its fastest or to whose rows begin so."""
    found = {"nominal_1e-6": nominal_ratio(comparison, engine)}
    for near in EQUAL_ERRORS:
        found[f"equal_error_{near:.0e}".replace("e-0", "e-")] = equal_error_ratio(comparison, near, engine)
    return found


def as_json(found: list[Comparison]) -> dict[str, Any]:
    """Rows of all problems; the ratios at the top are those of the first."""
    first = _summary(found[0])
    return {
        "machine": describe_machine(),
        "rows": [asdict(row) for comparison in found for row in comparison.rows],
        "ratio_to_libroadrunner": first["ratio_to_libroadrunner"],
        "share_of_ceiling": first["share_of_ceiling"],
        "models": {comparison.problem.name: _summary(comparison) for comparison in found},
    }


def _summary(comparison: Comparison) -> dict[str, Any]:
    ratios = ratios_of(comparison)
    mine = [row for row in comparison.of(f"{OURS} {ours.methods_of(comparison.problem)[0]}") if row.rtol == NOMINAL]
    return {
        "title": comparison.problem.title,
        "ratio_to_libroadrunner": {name: None if r is None else r.value for name, r in ratios.items()},
        "ratio_details": _details(ratios),
        "ratio_details_others": {
            name: _details(ratios_of(comparison, engine)) for name, engine in OTHERS.items() if comparison.of(engine)
        },
        "share_of_ceiling": mine[0].share if mine else None,
        "reference_differs_from_libroadrunner": comparison.check,
        "not_installed": list(comparison.absent),
    }


def _details(ratios: dict[str, Ratio | None]) -> dict[str, Any]:
    return {name: None if ratio is None else asdict(ratio) for name, ratio in ratios.items()}
