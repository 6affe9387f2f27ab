"""One study, whoever computes it and whatever is killed meanwhile: `python -m benchmarks.kills --subjects 20000`.

Writes docs/reference/interrupted-studies.md when all content hashes are equal; `--days`, fewer subjects or a smaller
partition print the table only.
"""

from __future__ import annotations

import argparse
import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import threonate
from threonate.engine import processors
from threonate.errors import ResultsError
from threonate.evidence import Catalogue, read_catalogue
from threonate.simulation import Scenario
from threonate.simulation.dispatch import Workforce, run_study
from threonate.simulation.study import Study
from threonate.store import files, find_receipts, find_study

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "interrupted-studies.md"
SUBJECTS, DAYS = 20_000, 1
_SERIAL = Workforce("threads", 1)
_PATIENCE_S = 600.0
_SOURCE_FOLDER = str(Path(next(iter(threonate.__path__))).parent)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to compute the study, and what happened: content hash, receipts kept at the interruption, seconds."""

    name: str
    content: str
    kept: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Bench:
    """The study, its shelf, and a folder for all ways."""

    study: Study
    catalogue: Catalogue
    folder: Path

    def root(self, name: str) -> Path:
        return self.folder / name.replace(" ", "-")

    def run(self, root: Path, workforce: Workforce, progress: Callable[[int, int], None] | None = None) -> str:
        resume = root.exists()
        done = run_study(self.study, self.catalogue, root, workforce=workforce, resume=resume, progress=progress)
        return done.content

    def interrupted(self, root: Path) -> int:
        """Whole partitions after an interruption; nothing but them may be there."""
        if (root / "manifest.json").exists():
            raise SystemExit("The study was finished before it was interrupted. Ask for more subjects.")
        return len(find_receipts(find_study(root), check_bytes=True))


def serial(bench: Bench, root: Path) -> tuple[str, int | None]:
    """One thread."""
    return bench.run(root, _SERIAL), None


def two_processes(bench: Bench, root: Path) -> tuple[str, int | None]:
    """Two processes."""
    return bench.run(root, Workforce("processes", 2)), None


def three_dask_workers(bench: Bench, root: Path) -> tuple[str, int | None]:
    """Three Dask workers."""
    return bench.run(root, Workforce("dask", 3)), None


def process_killed(bench: Bench, root: Path) -> tuple[str, int | None]:
    """Two processes, one of them killed (-9) after a third of the subjects."""
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        workers = multiprocessing.active_children()
        if not killed and workers and 3 * done >= total:
            killed.append(done)
            os.kill(workers[0].pid or 0, signal.SIGKILL)

    content = bench.run(root, Workforce("processes", 2), kill)
    return content, _parts(bench, killed)


def dask_worker_killed(bench: Bench, root: Path) -> tuple[str, int | None]:
    """Three Dask workers, one of them killed (-9) after a third of the subjects."""
    from distributed import LocalCluster

    killed: list[int] = []
    with LocalCluster(n_workers=3, threads_per_worker=1, dashboard_address=None) as cluster:
        workers = [worker.pid for worker in cluster.workers.values()]

        def kill(done: int, total: int) -> None:
            if not killed and 3 * done >= total:
                killed.append(done)
                os.kill(workers[0], signal.SIGKILL)

        content = bench.run(root, Workforce("dask", scheduler=cluster.scheduler_address), kill)
    return content, _parts(bench, killed)


def driver_killed(bench: Bench, root: Path) -> tuple[str, int | None]:
    """The driver of two processes killed (-9) after a third of the subjects, then resumed by one thread."""
    asked = bench.study.scenarios[0]
    words = f"study run --days {asked.days} --run-in-days 1 --subjects {asked.subjects} --hypothesis null"
    given = [*words.split(), "--partition-size", str(bench.study.partition_size)]
    kill_driver(given, root, receipts=-(-len(bench.study.parts) // 3), patience_s=_PATIENCE_S)
    kept = bench.interrupted(root)
    return bench.run(root, _SERIAL), kept


def kill_driver(words: Sequence[str], root: Path, *, receipts: int, patience_s: float) -> str:
    """Run `threonate` with these words on two processes and kill it (-9) at so many receipts; what it said."""
    given = [*words, "--executor", "processes", "--workers", "2", "--out", str(root)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([_SOURCE_FOLDER, os.environ.get("PYTHONPATH", "")])}
    driver = subprocess.Popen(
        [sys.executable, "-m", "threonate", *given],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + patience_s
    while len(list(root.glob("receipts/*.json"))) < receipts and driver.poll() is None:
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    driver.kill()
    _, said = driver.communicate(timeout=60)  # ends when the orphaned workers have closed their ends too
    return said


def full_disk(bench: Bench, root: Path) -> tuple[str, int | None]:
    """Two threads whose disk is full after a third of the files, then resumed by one thread."""
    with disk_full_after(2 * len(bench.study.parts) // 3):
        try:
            bench.run(root, Workforce("threads", 2))
        except ResultsError as error:
            if "disk is full" not in str(error):
                raise
        else:
            raise SystemExit("The disk was not full.")
    kept = bench.interrupted(root)
    return bench.run(root, _SERIAL), kept


@contextmanager
def disk_full_after(writes: int) -> Iterator[None]:
    """Every file after the first ones is half written and then refused by the system."""
    honest, count = files.write_bytes, [0]

    def write(path: Path, payload: bytes) -> None:
        count[0] += 1
        if count[0] > writes:
            honest(path, payload[: len(payload) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        honest(path, payload)

    files.write_bytes = write
    try:
        yield
    finally:
        files.write_bytes = honest


def _parts(bench: Bench, killed: list[int]) -> int:
    if not killed:
        raise SystemExit("Nobody was killed. Ask for more subjects.")
    return killed[0] // bench.study.partition_size


WAYS: tuple[Callable[[Bench, Path], tuple[str, int | None]], ...] = (
    serial, two_processes, three_dask_workers, process_killed, dask_worker_killed, driver_killed, full_disk,
)  # fmt: skip


def compute_all(bench: Bench) -> list[Way]:
    """Every way in turn, each with a folder of its own."""
    found = []
    for way in WAYS:
        begin = time.perf_counter()
        content, kept = way(bench, bench.root(way.__name__))
        found.append(Way((way.__doc__ or "").rstrip("."), content, kept, time.perf_counter() - begin))
        print(f"{found[-1].name}: {content} in {found[-1].seconds:.0f} s", flush=True)
    return found


def same_files(bench: Bench) -> bool:
    """Whether every folder holds the same files, byte for byte."""
    roots = [bench.root(way.__name__) for way in WAYS]
    trees = [{p.relative_to(root): p.read_bytes() for p in root.rglob("*") if p.is_file()} for root in roots]
    return all(tree == trees[0] for tree in trees)


def page_of(bench: Bench, ways: list[Way]) -> str:
    """The table as a page of the documentation."""
    asked = bench.study.scenarios[0]
    lines = [
        "# Interrupted studies",
        "",
        f"One study of {asked.subjects:,} subjects over {asked.days} day after one day of run-in, in "
        f"{len(bench.study.parts)} partitions, computed in {len(ways)} ways. All end with the same content "
        "hash and the same files, byte for byte. Written by `python -m benchmarks.kills`; the tests do the same with "
        "30 subjects.",
        "",
        "| who computes | partitions at the interruption | content hash | seconds |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {way.name} | {'' if way.kept is None else way.kept} | `{way.content[:16]}` | {way.seconds:.0f} |"
        for way in ways
    ]
    lines += ["", f"Seconds by the clock on {processors()} processors shared with other work.", ""]
    return "\n".join(lines)


def main() -> int:
    """Compute, compare, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, default=SUBJECTS)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--partition-size", type=int, default=256)
    asked = parser.parse_args()
    scenario = Scenario(days=asked.days, run_in_days=1, subjects=asked.subjects, hypothesis="null")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Study((scenario,), asked.partition_size), read_catalogue(), Path(folder))
        ways = compute_all(bench)
        equal = len({way.content for way in ways}) == 1 and same_files(bench)
    page = page_of(bench, ways)
    print(page if equal else "The content differs.")
    if equal and (asked.subjects, asked.days) == (SUBJECTS, DAYS):
        PAGE.write_text(page, encoding="utf-8")
    return 0 if equal else 1


if __name__ == "__main__":
    raise SystemExit(main())
