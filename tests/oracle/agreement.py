"""A thousand random subjects of the whole body against libroadrunner: `python -m tests.oracle.agreement`.

Writes docs/reference/agreement.md in ten minutes of processor time; `--subjects N` does with fewer and writes nothing.
"""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from tests.oracle.questions import ARMS, arm_question, relative_errors
from tests.oracle.solve import STRICT, solve_oracle
from threonate.engine import Tolerance, one_worker, solve_cohort

SUBJECTS = 1000
POLICIES = (Tolerance.FAST, Tolerance.DEFAULT, Tolerance.REFERENCE)
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "agreement.md"
_SHARE = 25


@dataclass(slots=True)
class Found:
    """Largest errors by observable and policy, who failed, and the seconds that each solver took."""

    errors: dict[str, dict[str, float]] = field(default_factory=dict)
    subjects: int = 0
    failed: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, other: Found) -> None:
        for name, row in other.errors.items():
            mine = self.errors.setdefault(name, {})
            for policy, error in row.items():
                mine[policy] = max(error, mine.get(policy, 0.0))
        for solver, spent in other.seconds.items():
            self.seconds[solver] = self.seconds.get(solver, 0.0) + spent
        self.subjects += other.subjects
        self.failed += other.failed


def compare_some(arm: str, count: int, begin: int, end: int) -> Found:
    """Subjects `begin` to `end` of an arm with `count` subjects, solved by both."""
    found = Found()
    with one_worker():
        question = arm_question(arm, count).of(np.arange(begin, end))
        clock = time.process_time()
        truth = solve_oracle(*question)
        found.seconds["libroadrunner"] = time.process_time() - clock
        for policy in POLICIES:
            clock = time.process_time()
            ours = solve_cohort(*question, tolerance=policy)
            found.seconds[policy.name.lower()] = time.process_time() - clock
            both = ours.ok & truth.ok
            found.failed += [
                f"{arm}, subject {begin + row}: {ours.status[row].sentence or truth.status[row].sentence}"
                for row in np.flatnonzero(~both)
            ]
            worst = relative_errors(ours.values[both], truth.values[both]).max(axis=0, initial=0.0)
            for name, error in zip(ours.observables, worst, strict=True):
                found.errors.setdefault(name, {})[policy.name.lower()] = float(error)
    found.subjects = end - begin
    return found


def compare_all(subjects: int, workers: int) -> Found:
    """All arms, each with its share of the subjects."""
    count = -(-subjects // len(ARMS))
    shares = [(arm, count, begin, min(begin + _SHARE, count)) for arm in ARMS for begin in range(0, count, _SHARE)]
    whole = Found()
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for done in [pool.submit(compare_some, *share) for share in shares]:
            whole.add(done.result())
            print(f"{whole.subjects} subjects compared", flush=True)
    return whole


def page_of(found: Found) -> str:
    """The table as a page of the documentation."""
    names = [policy.name.lower() for policy in POLICIES]
    lines = [
        "# Agreement with libroadrunner",
        "",
        f"{found.subjects} random subjects of the whole body over 84 days, solved by the engine and by libroadrunner "
        f"{version('libroadrunner')} at a relative {STRICT.relative:g}. The largest difference at any recorded time, "
        "as a share of the largest value of the observable in that subject. Written by "
        "`python -m tests.oracle.agreement`; the tests repeat it with 60 of the subjects.",
        "",
        f"The subjects are divided over: {'; '.join(ARMS)}.",
        "",
        "| observable | " + " | ".join(names) + " |",
        "|---|" + "---|" * len(names),
    ]
    lines += [
        f"| `{name}` | " + " | ".join(f"{row[n]:.1e}" for n in names) + " |" for name, row in found.errors.items()
    ]
    worst = {name: max(row[name] for row in found.errors.values()) for name in names}
    lines.append("| **largest** | " + " | ".join(f"**{worst[name]:.1e}**" for name in names) + " |")
    lines.append("| promised | " + " | ".join(f"{policy.promise:.0e}" for policy in POLICIES) + " |")
    spent = ", ".join(f"{name} {found.subjects / seconds:.3g}" for name, seconds in found.seconds.items())
    lines += ["", f"Subjects per second of processor time while this was measured: {spent}."]
    told = [f"- {line}" for line in found.failed] or ["Every subject was solved by both."]
    return "\n".join([*lines, "", *told, ""])


def main() -> int:
    """Compare, write the page and say whether the promises are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, default=SUBJECTS)
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    asked = parser.parse_args()
    found = compare_all(asked.subjects, asked.workers)
    page = page_of(found)
    print(page)
    if asked.subjects >= SUBJECTS:
        PAGE.write_text(page, encoding="utf-8")
    kept = all(row[policy.name.lower()] <= policy.promise for row in found.errors.values() for policy in POLICIES)
    return 0 if kept and not found.failed else 1


if __name__ == "__main__":
    raise SystemExit(main())
