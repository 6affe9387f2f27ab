"""Peak memory of a study that is streamed to its folder: `python -m benchmarks.memory --subjects 100000`.

Each size is a process of its own, so that its peak is its own. The peak must not grow with the number of subjects.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT_MIB = 1024


def measure(subjects: int, days: int, workers: int) -> dict[str, float]:
    """Peak memory [MiB], seconds and stored bytes of one study, in this process."""
    from threonate.evidence import read_catalogue
    from threonate.simulation import Scenario
    from threonate.simulation.dispatch import Workforce, run_study
    from threonate.simulation.study import Study

    asked = Study((Scenario(days=days, run_in_days=1, subjects=subjects, hypothesis="null"),))
    begin, spent = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        done = run_study(asked, read_catalogue(), Path(folder), workforce=Workforce("threads", workers))
    return {
        "subjects": done.subjects,
        "peak_mib": _peak_mib(),
        "seconds": time.perf_counter() - begin,
        "cpu_seconds": time.process_time() - spent,
        "stored_mib": sum(table.bytes for receipt in done.receipts for table in receipt.tables.values()) / 1024**2,
    }


def _peak_mib() -> float:
    """Peak memory of this program. On Linux `getrusage` also counts the process that started it, before it began."""
    with contextlib.suppress(OSError):
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) / 1024
    unit = 1024 if sys.platform != "darwin" else 1024**2
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def measure_apart(subjects: int, days: int = 7, workers: int = 2) -> dict[str, float]:
    """The same in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.memory", "--one", str(subjects), str(days), str(workers)]
    root = Path(__file__).parents[1]
    paths = os.pathsep.join([str(root / "src"), str(root)])
    answer = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=root, env={**os.environ, "PYTHONPATH": paths}
    )
    return dict(json.loads(answer.stdout))


def main() -> int:
    """Print a row for each size; fails when the largest needs more than the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--one", type=int, nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(*asked.one)))
        return 0
    peak = 0.0
    for subjects in (asked.subjects // 10, asked.subjects):
        row = measure_apart(subjects, asked.days, asked.workers)
        peak = row["peak_mib"]
        print("  ".join(f"{name} {value:.0f}" for name, value in row.items()), flush=True)
    return 0 if peak < LIMIT_MIB else 1


if __name__ == "__main__":
    raise SystemExit(main())
