"""Whoever computes a study, however often it is interrupted: the same bytes."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import random
import shutil
import signal
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

import threonate
from benchmarks.kills import disk_full_after, kill_driver
from threonate.errors import ResultsError, ScenarioError
from threonate.evidence import read_catalogue
from threonate.simulation import Scenario, dispatch
from threonate.simulation.dispatch import Errand, Workforce, carry_out, run_study
from threonate.simulation.study import Study, specification_of
from threonate.store import files, find_receipts, find_study, open_study, read_manifest
from threonate.store.query import query_study

CATALOGUE = read_catalogue()
PEOPLE = Scenario(days=2, run_in_days=1, subjects=30, hypothesis="null", missed_dose_share=0.3)
STUDY = Study((PEOPLE,), partition_size=2)
SERIAL = Workforce("threads", 1)


@pytest.fixture(scope="module")
def serial(tmp_path_factory):
    """The study as one worker computes it."""
    root = tmp_path_factory.mktemp("serial") / "study"
    return root, run_study(STUDY, CATALOGUE, root, workforce=SERIAL)


@pytest.fixture
def copied(serial, tmp_path):
    """The complete study, to be damaged."""
    shutil.copytree(serial[0], tmp_path / "study")
    return tmp_path / "study"


def visible(root: Path) -> dict[str, bytes]:
    """Every file that a reader may trust."""
    files_there = [path for path in root.rglob("*") if path.is_file() and files.UNFINISHED not in path.parts]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files_there}


@contextmanager
def dask_cluster(workers: int):
    distributed = pytest.importorskip("distributed", reason="Dask is not installed (threonate[cluster])")
    with distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


def test_serial_study_is_complete(serial):
    root, manifest = serial

    assert manifest == read_manifest(find_study(root))
    assert [receipt.first for receipt in manifest.receipts] == list(range(0, 30, 2))
    assert manifest.receipts[0].statuses == {"ok": 2}
    assert not (root / files.UNFINISHED).exists()


@pytest.mark.parametrize("workforce", [Workforce("threads", 3), Workforce("processes", 2)], ids=lambda w: w.executor)
def test_same_bytes_whoever_computes(serial, tmp_path, workforce):
    run_study(STUDY, CATALOGUE, tmp_path / "study", workforce=workforce)

    assert visible(tmp_path / "study") == visible(serial[0])


@pytest.mark.filterwarnings("default")
def test_same_bytes_from_a_cluster_that_loses_a_worker(serial, tmp_path):
    with dask_cluster(3) as cluster:
        victims = [worker.pid for worker in cluster.workers.values()]
        run_study(
            STUDY,
            CATALOGUE,
            tmp_path / "study",
            workforce=Workforce("dask", scheduler=cluster.scheduler_address),
            progress=lambda done, total: os.kill(victims.pop(), signal.SIGKILL) if len(victims) == 3 else None,
        )

    assert len(victims) == 2
    assert visible(tmp_path / "study") == visible(serial[0])


@pytest.mark.filterwarnings("default")
def test_same_bytes_from_three_dask_workers(serial, tmp_path):
    pytest.importorskip("distributed", reason="Dask is not installed (threonate[cluster])")
    run_study(STUDY, CATALOGUE, tmp_path / "study", workforce=Workforce("dask", 3))

    assert visible(tmp_path / "study") == visible(serial[0])


def test_any_order_of_partitions(serial, tmp_path):
    folder = open_study(tmp_path / "study", specification_of(STUDY, CATALOGUE))
    parts = STUDY.parts
    random.Random(4).shuffle(parts)
    for part in parts:
        carry_out(Errand(folder.root, STUDY, folder.specification, part), CATALOGUE)
    run_study(STUDY, CATALOGUE, folder.root, resume=True, workforce=SERIAL)

    assert visible(folder.root) == visible(serial[0])


def test_resuming_computes_only_what_is_missing(serial, copied, monkeypatch):
    receipts = find_receipts(find_study(copied))
    partition = {first: copied / f"partitions/{r.tables['daily'].sha256}.parquet" for first, r in receipts.items()}
    partition[4].unlink()
    partition[10].write_bytes(partition[10].read_bytes()[:-7])
    partition[12].write_bytes(b"x" + partition[12].read_bytes()[1:])
    (copied / "receipts" / receipts[20].name).unlink()
    (copied / files.UNFINISHED).mkdir()
    (copied / files.UNFINISHED / "leftover").write_bytes(b"PAR1")
    computed = []

    def watched(errand: Errand, catalogue):
        computed.append(errand.subjects.start)
        return carry_out(errand, catalogue)

    monkeypatch.setattr(dispatch, "carry_out", watched)
    with pytest.raises(ResultsError, match=r"unfinished study: 11 of 15 partitions\. Resume it \(--resume\)"):
        run_study(STUDY, CATALOGUE, copied, workforce=SERIAL)
    run_study(STUDY, CATALOGUE, copied, workforce=SERIAL, resume=True)

    assert sorted(computed) == [4, 10, 12, 20]
    assert visible(copied) == visible(serial[0])
    assert not (copied / files.UNFINISHED).exists()


def test_a_complete_study_needs_nobody(serial, monkeypatch):
    monkeypatch.setattr(dispatch, "carry_out", None)

    assert run_study(STUDY, CATALOGUE, serial[0]) == serial[1]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (Study((PEOPLE.model_copy(update={"seed": 2}),), 2), r"scenarios\.l_threonate\.seed is 1 there and 2 here"),
        (Study((PEOPLE,), 3), "partition_size is 2 there and 3 here"),
        (Study((PEOPLE,), 2, "course"), "keep is daily there and course here"),
    ],
)
def test_another_study_is_refused(serial, other, said):
    before = visible(serial[0])

    with pytest.raises(ResultsError, match=f"holds another study: {said}"):
        run_study(other, CATALOGUE, serial[0], resume=True)
    assert visible(serial[0]) == before


def test_killed_worker_is_replaced(serial, tmp_path):
    killed = []

    def kill_one(done: int, total: int) -> None:
        workers = multiprocessing.active_children()
        if not killed and workers:
            killed.append(workers[0].pid)
            os.kill(workers[0].pid, signal.SIGKILL)

    run_study(STUDY, CATALOGUE, tmp_path / "study", workforce=Workforce("processes", 2), progress=kill_one)

    assert killed
    assert visible(tmp_path / "study") == visible(serial[0])


def test_workers_that_always_die_end_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(dispatch, "_follow_the_driver", partial(os._exit, 1))

    with pytest.raises(ResultsError, match="killed 4 times in a row"):
        run_study(STUDY, CATALOGUE, tmp_path / "study", workforce=Workforce("processes", 1))


def test_killed_driver_is_resumed(serial, tmp_path):
    root = tmp_path / "study"
    words = "study run --days 2 --run-in-days 1 --subjects 30 --hypothesis null --missed-dose-share 0.3"
    said = kill_driver([*words.split(), "--partition-size", "2"], root, receipts=3, patience_s=90.0)
    assert not (root / "manifest.json").exists(), said
    kept = len(find_receipts(find_study(root), check_bytes=True))
    run_study(STUDY, CATALOGUE, root, workforce=SERIAL, resume=True)

    assert 3 <= kept < 15
    assert visible(root) == visible(serial[0])


@pytest.mark.parametrize("writes", [0, 2, 7])
def test_full_disk_is_one_clear_error_and_can_be_resumed(serial, tmp_path, writes):
    root = tmp_path / "study"
    with disk_full_after(writes), pytest.raises(ResultsError, match="The disk is full"):
        run_study(STUDY, CATALOGUE, root, workforce=Workforce("threads", 2))
    left = visible(root) if root.exists() else {}
    assert all(content == visible(serial[0])[name] for name, content in left.items())
    assert "manifest.json" not in left
    assert not list(root.glob(f"{files.UNFINISHED}/*"))

    run_study(STUDY, CATALOGUE, root, workforce=SERIAL, resume=True)
    assert visible(root) == visible(serial[0])


def test_partition_size_does_not_change_what_is_found(serial, tmp_path):
    run_study(Study((PEOPLE,), partition_size=7), CATALOGUE, tmp_path / "study", workforce=SERIAL)
    everything = "select * from days order by subject, arm, hypothesis, day"

    assert query_study(tmp_path / "study", everything).equals(query_study(serial[0], everything))


def test_values_are_those_of_a_run_in_memory(serial):
    result = threonate.simulate(PEOPLE, CATALOGUE)
    stored = query_study(serial[0], "select subject, day, endpoint, value from daily order by all")

    assert stored.equals(result.arms[0].daily.drop_nulls().select(stored.columns).sort(stored.columns))


def test_several_arms_and_courses(tmp_path):
    arms = (
        PEOPLE.model_copy(update={"subjects": 3, "hypothesis": "both"}),
        Scenario(**{**PEOPLE.model_dump(), "compound": "oxide", "subjects": 3, "hypothesis": "both"}),
    )
    run_study(Study(arms, partition_size=2, keep="course"), CATALOGUE, tmp_path / "study", workforce=SERIAL)
    rows = query_study(tmp_path / "study", "select arm, hypothesis, count(distinct subject) from days group by all")
    courses = query_study(tmp_path / "study", "select arm, subject, max(time_h) from courses group by all")

    assert sorted(rows.rows()) == [(a, h, 3) for a in ("l_threonate", "oxide") for h in ("null", "threonate")]
    assert sorted(courses.rows()) == [(a, s, 48.0) for a in ("l_threonate", "oxide") for s in range(3)]


def test_tasks_and_receipts_are_small(serial):
    errand = Errand(serial[0], STUDY, serial[1].specification, STUDY.parts[3])

    assert len(pickle.dumps(errand)) < 4000
    assert len(pickle.dumps(serial[1].receipts[0])) < 1000


def test_worker_of_another_kind_refuses(tmp_path):
    with pytest.raises(ResultsError, match="A worker has another version"):
        carry_out(Errand(tmp_path, STUDY, "0" * 64, STUDY.parts[0]))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Workforce("thread"), "executor is 'thread'; allowed: threads, processes, dask"),
        (lambda: Workforce("threads", 0), "workers is 0"),
        (lambda: Workforce("threads", scheduler="tcp://a:1"), "with dask only"),
        (lambda: Study(()), "needs a scenario"),
        (lambda: Study((PEOPLE,), 0), "partition_size is 0"),
        (lambda: Study((PEOPLE,), 1, "all"), "keep is 'all'"),
    ],
)
def test_slips_are_told(make, said):
    with pytest.raises(ScenarioError, match=said):
        make()
