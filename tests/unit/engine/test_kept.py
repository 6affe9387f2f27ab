"""What one process keeps, the next one uses: quickly, with the same bits, and never when something has changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.unit.engine import decay, test_state_events
from threonate.engine import stiffness
from threonate.engine.kernels import kept, launch
from threonate.engine.native import native_solver

ROOT = Path(__file__).parents[3]
_SOLVE = """
import json, sys
import numpy as np
from threonate.engine import SubjectInputs, compile_network, solve_cohort
from threonate.schedule import EventTable

def solve(network, threads=None):
    inputs = SubjectInputs(("k",), np.linspace(0.1, 2.0, 9)[:, None], network.states, np.ones((9, len(network.states))))
    events = EventTable(np.arange(9), np.full(9, 0.5), np.zeros(9, int), np.zeros(9, np.int8), np.ones(9), ("A",))
    found = solve_cohort(compile_network(network, ("A", "U")), inputs, events, np.linspace(0.0, 6.0, 5))
    return found.values.tobytes().hex()
"""
_ONE = """
from types import SimpleNamespace
known = json.loads(sys.argv[1])
network = SimpleNamespace(**{**known, "readable": {"A", "U"}, "states": tuple(known["states"])})
print(json.dumps([solve(network), sorted({name.partition(".")[0] for name in sys.modules})]))
"""
_POOL = """
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
import network_of

if __name__ == "__main__":
    here = network_of.solve_decay()
    for how in multiprocessing.get_all_start_methods():
        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(how)) as pool:
            found = [task.result(60) for task in [pool.submit(network_of.solve_decay) for _ in range(4)]]
        assert found == [here] * 4, how
    print("same")
"""


def python(*arguments: str, cache: Path | str) -> str:
    paths = os.pathsep.join([str(ROOT / "src"), *([arguments[0]] if Path(arguments[0]).is_dir() else [])])
    environment = {**os.environ, "THREONATE_CACHE": str(cache), "PYTHONPATH": paths}
    listed = [*arguments[1:]] if Path(arguments[0]).is_dir() else [*arguments]
    done = subprocess.run([sys.executable, *listed], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def described() -> str:
    network = decay.network().network
    return json.dumps(
        {
            "sbml": network.sbml, "states": network.states, "parameters": dict(network.parameters),
            "rated": network.rated, "concentrations": dict(network.concentrations),
        }
    )  # fmt: skip


def fresh_process(cache: Path | str) -> tuple[str, set[str]]:
    """Values, and the libraries that were loaded."""
    values, modules = json.loads(python("-c", _SOLVE + _ONE, described(), cache=cache))
    return values, set(modules)


@pytest.fixture
def unkept(monkeypatch, tmp_path):
    """A new folder, and nothing known in this process; returns how to forget again."""

    def forget():
        for one in (
            native_solver,
            launch._driver,
            launch.machine_code_of_driver,
            kept.makers,
            stiffness.fastest_rate,
            stiffness.is_smooth,
        ):
            one.cache_clear()

    monkeypatch.setenv("THREONATE_CACHE", str(tmp_path))
    forget()
    yield forget
    monkeypatch.undo()
    forget()


def values():
    inputs = decay.subjects(9, k=np.linspace(0.1, 2.0, 9))
    return decay.solve(inputs, [decay.dose(3, 1.0, 2.0)], np.linspace(0.0, 6.0, 5)).values


def test_a_kept_model_is_solved_without_reading_it(tmp_path):
    first, needed = fresh_process(tmp_path)
    again, loaded = fresh_process(tmp_path)

    assert again == first
    assert "libsbml" in needed
    assert loaded.isdisjoint({"libsbml", "numba", "scipy", "antimony", "pydantic", "rapidfuzz", "polars"})


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path):
    no_folder = tmp_path / "file"
    no_folder.write_text("")

    assert fresh_process(no_folder)[0] == fresh_process(tmp_path / "kept")[0]
    assert no_folder.read_text() == ""


def test_other_processes_give_the_same(tmp_path):
    text = (
        _SOLVE
        + f"""
from threonate.physiology import read_sbml
SBML = {decay.network().network.sbml!r}
def solve_decay():
    return solve(read_sbml(SBML))
"""
    )
    (tmp_path / "network_of.py").write_text(text)
    (tmp_path / "pool.py").write_text(_POOL)

    assert python(str(tmp_path), str(tmp_path / "pool.py"), cache=tmp_path / "kept").strip() == "same"


def test_threads_that_begin_together(unkept):
    expected = values()
    unkept()
    with ThreadPoolExecutor(8) as pool:
        found = [task.result() for task in [pool.submit(values) for _ in range(8)]]

    for one in found:
        np.testing.assert_array_equal(one, expected)


def test_threads_that_need_the_driver_at_once_make_it_once(unkept, tmp_path, monkeypatch):
    made, text = [], launch.driver_text

    def slow_text():
        made.append(None)
        time.sleep(0.2)  # long enough for every other thread to ask
        return text()

    monkeypatch.setattr(launch, "driver_text", slow_text)
    values()
    for path in tmp_path.iterdir():
        path.unlink()
    launch._driver.cache_clear()
    launch.machine_code_of_driver.cache_clear()
    made.clear()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: values(), range(4)))

    assert len(made) == 1
    for one in found:
        np.testing.assert_array_equal(one, found[0])


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-1])])
@pytest.mark.parametrize("kind", ["*.plan", "*.o"])
def test_lost_or_damaged_files_are_made_anew(unkept, tmp_path, kind, harm):
    expected = values()
    before = sorted(path.name for path in tmp_path.iterdir())
    assert list(tmp_path.glob(kind))
    for path in tmp_path.glob(kind):
        harm(path)
    unkept()

    np.testing.assert_array_equal(values(), expected)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_kept_plan_is_the_plan_that_was_made(unkept):
    ball = test_state_events.compiled(test_state_events.THERMOSTAT, ("T", "on"))
    made = native_solver(ball.network.sbml, ball.observables)
    unkept()
    found = native_solver(ball.network.sbml, ball.observables)

    assert found is not made
    assert found.machine_code.from_disk
    assert found.plan == made.plan
    assert len(found.plan.initial) == 2
    assert found.model.states == made.model.states
    assert found.program.sizes == found.plan.sizes


SOURCES = (
    "kernels/driver.py",
    "kernels/lanes.py",
    "kernels/native_calls.py",
    "kernels/translate/text.py",
    "lower/model.py",
    "codegen/llvm_math.py",
    "stiffness.py",
)


@pytest.mark.parametrize("name", SOURCES)
def test_an_edit_of_the_source_is_noticed(unkept, monkeypatch, tmp_path, name):
    known = kept.makers()
    copy = tmp_path / "engine"
    shutil.copytree(kept._ENGINE, copy)
    monkeypatch.setattr(kept, "_ENGINE", copy)
    kept.makers.cache_clear()
    assert kept.makers() == known

    (copy / name).write_text((copy / name).read_text() + "\n")
    kept.makers.cache_clear()
    assert kept.makers() != known


def test_without_source_nothing_is_kept_by_it(unkept, monkeypatch, tmp_path):
    expected = values()
    unkept()
    folder = tmp_path / "other"
    monkeypatch.setenv("THREONATE_CACHE", str(folder))
    monkeypatch.setattr(kept, "_ENGINE", tmp_path / "nowhere")

    np.testing.assert_array_equal(values(), expected)
    assert not list(folder.glob("*.plan"))


def test_what_decides_the_method_is_kept(unkept, monkeypatch):
    sbml = decay.network().network.sbml
    made = stiffness.fastest_rate(sbml), stiffness.is_smooth(sbml)
    unkept()
    monkeypatch.setattr(stiffness, "_lowered", lambda _: pytest.fail("the model was read again"))

    assert (stiffness.fastest_rate(sbml), stiffness.is_smooth(sbml)) == made
    assert made == (decay.K, True)


def test_kept_by_everything_that_decides_it(unkept):
    sbml = decay.network().network.sbml
    solvers = [
        native_solver(sbml, ("A",)),
        native_solver(sbml, ("U",)),
        native_solver(sbml, ("A", "U")),
        native_solver(sbml, ("A",), lanes=1),
        native_solver(sbml, ("A",), method="rodas4p"),
        native_solver(sbml.replace('value="0.5"', 'value="0.25"'), ("A",)),
    ]
    plans = {tuple(path.read_bytes()) for path in kept.cache_folder().glob("*.plan")}

    assert len(plans) == len(
        {(solver.plan.method, solver.machine_code.name, solver.plan.defaults) for solver in solvers}
    )
    assert len(plans) == len(solvers)
