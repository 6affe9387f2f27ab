"""Who computes a study: threads, processes or a cluster. This is the only door to a cluster library.

Each task is a few names and numbers; the worker computes its subjects, stores them and returns a receipt. No table
travels, and no number depends on who computed it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import Any

from threonate.engine import processors
from threonate.errors import CatalogueError, ResultsError, ScenarioError
from threonate.evidence import Catalogue, read_catalogue
from threonate.simulation.accuracy import error_fields
from threonate.simulation.study import Study, solve_part, specification_of
from threonate.store import (
    Manifest,
    Receipt,
    StudyFolder,
    canonical_json,
    find_receipts,
    finish_study,
    open_study,
    read_manifest,
    sha256_of,
    store_partition,
    unfinish_study,
)

EXECUTORS = ("threads", "processes", "dask")
Progress = Callable[[int, int], None]
_BREAKS_IN_A_ROW = 3
_CONNECT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Workforce:
    """Who computes.

    executor    "threads" of this process, "processes" of this machine, or "dask"
    workers     how many; one for each processor this process may use when None
    scheduler   address of a running Dask scheduler; without one, Dask workers are started on this machine
    Raises      ScenarioError
    """

    executor: str = "threads"
    workers: int | None = None
    scheduler: str | None = None

    def __post_init__(self) -> None:
        if self.executor not in EXECUTORS:
            raise ScenarioError(f"executor is '{self.executor}'; allowed: {', '.join(EXECUTORS)}. Choose one of them.")
        if self.workers is not None and self.workers < 1:
            raise ScenarioError(f"workers is {self.workers}; allowed: 1 or more. Leave it out for all processors.")
        if self.scheduler is not None and self.executor != "dask":
            raise ScenarioError(f"scheduler is given with executor '{self.executor}'; allowed: with dask only.")

    @property
    def size(self) -> int:
        return processors() if self.workers is None else self.workers


@dataclass(frozen=True, slots=True)
class Errand:
    """One partition to compute: small enough to send anywhere. `specification` is the hash the worker must agree to."""

    root: Path
    study: Study
    specification: str
    subjects: range


def run_study(
    study: Study,
    catalogue: Catalogue,
    root: Path,
    *,
    workforce: Workforce | None = None,
    resume: bool = False,
    progress: Progress | None = None,
) -> Manifest:
    """Compute what is missing of a study and write its manifest.

    root        the study folder; made when it is not there
    resume      go on with an unfinished study; a complete one needs nothing
    progress    called with (subjects stored, subjects in all)
    Raises      ScenarioError for a question that cannot be asked; ResultsError when the folder holds another study,
                when nothing can be written, or when workers keep dying. What was stored is kept.

    >>> from tempfile import TemporaryDirectory
    >>> from threonate.simulation.scenario import Scenario
    >>> study = Study((Scenario(days=1, run_in_days=1, subjects=3, hypothesis="null"),), partition_size=2)
    >>> with TemporaryDirectory() as folder:
    ...     [(r.first, r.last) for r in run_study(study, read_catalogue(), Path(folder)).receipts]
    [(0, 1), (2, 2)]
    """
    folder = open_study(root, specification_of(study, catalogue))
    found = find_receipts(folder, check_bytes=True)
    kept = {part.start: found[part.start] for part in study.parts if _covers(found.get(part.start), part)}
    missing = [part for part in study.parts if part.start not in kept]
    finished = read_manifest(folder) if not missing else None
    if finished is not None:
        return finished
    if kept and not resume:
        raise ResultsError(
            f"{root} holds an unfinished study: {len(kept)} of {len(study.parts)} partitions. "
            "Resume it (--resume), or choose another folder."
        )
    unfinish_study(folder)
    errands = [Errand(root.resolve(), study, folder.specification, part) for part in missing]
    done = sum(len(part) for part in study.parts) - sum(len(part) for part in missing)
    with closing(_receipts(errands, catalogue, workforce or Workforce())) as receipts:
        for receipt in receipts:
            kept[receipt.first] = receipt
            done += receipt.last - receipt.first + 1
            if progress is not None:
                progress(done, study.subjects)
    return finish_study(folder, kept.values())


def carry_out(errand: Errand, catalogue: Catalogue | None = None) -> Receipt:
    """Compute and store one partition. A worker without a catalogue reads the shelf of its own installation.

    Raises    ResultsError when that worker would compute another study
    """
    shelf = catalogue or _own_shelf()
    if catalogue is None and _own_hash(errand.study) != errand.specification:
        raise ResultsError(
            "A worker has another version of the program, of its libraries or of the shelf, or another processor, "
            "than the one that started the study. Use the same everywhere and resume; a shelf of your own needs the "
            "executor 'threads'."
        )
    part = solve_part(errand.study, shelf, errand.subjects)
    folder = StudyFolder(errand.root, errand.specification)
    return store_partition(folder, errand.subjects, part.tables, part.statuses, error_fields(part.error))


@lru_cache(maxsize=1)
def _own_shelf() -> Catalogue:
    try:
        return read_catalogue()
    except CatalogueError as error:
        raise ResultsError(f"A worker cannot read its shelf. {error}") from None


@lru_cache(maxsize=4)
def _own_hash(study: Study) -> str:
    return sha256_of(canonical_json(specification_of(study, _own_shelf())))


def _covers(receipt: Receipt | None, part: range) -> bool:
    return receipt is not None and receipt.last == part.stop - 1


def _receipts(errands: Sequence[Errand], catalogue: Catalogue, workforce: Workforce) -> Generator[Receipt, None, None]:
    if workforce.executor == "threads":
        with ThreadPoolExecutor(min(workforce.size, max(1, len(errands)))) as pool:
            yield from _gather(pool, partial(carry_out, catalogue=catalogue), errands, workforce.size)
    elif workforce.executor == "processes":
        yield from _by_processes(errands, workforce)
    else:
        yield from _by_dask(errands, workforce)


def _gather(
    pool: Executor, work: Callable[[Errand], Receipt], errands: Iterable[Errand], workers: int
) -> Iterator[Receipt]:
    """Receipts as they come. Few tasks wait in the pool, so that a failure ends the run soon."""
    waiting = iter(errands)
    running: set[Future[Receipt]] = {pool.submit(work, errand) for errand in islice(waiting, 2 * workers)}
    try:
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
            running |= {pool.submit(work, errand) for errand in islice(waiting, len(done))}
    finally:
        for future in running:
            future.cancel()


def _by_processes(errands: Sequence[Errand], workforce: Workforce) -> Iterator[Receipt]:
    """A pool that loses a worker is made anew for what is left, unless this happens time and again without a gain."""
    left = {errand.subjects.start: errand for errand in errands}
    breaks = 0
    while left:
        workers = min(workforce.size, len(left))
        context = multiprocessing.get_context("spawn")
        try:
            with ProcessPoolExecutor(workers, context, initializer=_follow_the_driver) as pool:
                for receipt in _gather(pool, carry_out, list(left.values()), workers):
                    del left[receipt.first]
                    breaks = 0
                    yield receipt
        except BrokenProcessPool:
            breaks += 1
            if breaks > _BREAKS_IN_A_ROW:
                raise ResultsError(
                    f"Worker processes were killed {breaks} times in a row, perhaps for want of memory. What was "
                    "finished is kept. Resume with fewer workers; a smaller partition size makes another study."
                ) from None


def _follow_the_driver() -> None:
    """A worker leaves Ctrl-C to the driver and ends with it, however the driver ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    driver = multiprocessing.parent_process()
    if driver is not None:
        threading.Thread(target=_end_with, args=(driver.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)


def _by_dask(errands: Sequence[Errand], workforce: Workforce) -> Iterator[Receipt]:
    """Dask sends the work of a lost worker to another one; every worker must see the study folder."""
    distributed = _load_dask()
    with ExitStack() as opened:
        client = opened.enter_context(_client(distributed, workforce, opened))
        keys = [f"threonate-{errand.specification[:12]}-{errand.subjects.start}" for errand in errands]
        futures = client.map(carry_out, list(errands), key=keys, pure=False)
        try:
            for future in distributed.as_completed(futures):
                yield future.result()
                future.release()
        except (distributed.scheduler.KilledWorker, distributed.CancelledError, OSError) as error:
            raise ResultsError(f"The cluster gave up: {error}. What was finished is kept; resume.") from None
        finally:
            client.cancel(futures, force=True)


def _client(distributed: Any, workforce: Workforce, opened: ExitStack) -> Any:
    if workforce.scheduler is None:
        cluster = distributed.LocalCluster(
            n_workers=workforce.size, threads_per_worker=1, processes=True, dashboard_address=None
        )
        return distributed.Client(opened.enter_context(cluster))
    try:
        return distributed.Client(workforce.scheduler, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise ScenarioError(
            f"scheduler is {workforce.scheduler}, which does not answer: {error}. Check the address, such as "
            "tcp://host:8786."
        ) from None


def _load_dask() -> Any:
    try:
        import distributed
    except ImportError:
        raise ScenarioError(
            "executor is 'dask', which is not installed. Install threonate[cluster], or use processes."
        ) from None
    return distributed
