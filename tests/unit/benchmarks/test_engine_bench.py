"""The benchmark of solvers writes what is promised, and its arithmetic is right."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import ceiling
from benchmarks.accuracy import Reference
from benchmarks.comparison import Comparison, Row, equal_error_ratio
from benchmarks.document import series_of
from benchmarks.models import common
from benchmarks.peers import roadrunner
from benchmarks.verbs import engine

ROOT = Path(__file__).parents[3]


def test_quick_run_writes_the_promised_json(tmp_path):
    file = tmp_path / "found.json"
    command = [sys.executable, "-m", "benchmarks", "engine", "--quick", "--subjects", "2", "--model", "common"]
    done = subprocess.run([*command, "--json", str(file)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(file.read_text(encoding="utf-8"))

    ours = [row for row in found["rows"] if row["engine"] == "threonate rodas5p"]
    assert {"engine", "model", "rtol", "subjects_per_cpu_s", "max_rel_error"} <= set(ours[0])
    assert [row["rtol"] for row in ours] == [1e-2, 1e-3, 1e-4, 1e-5, 1e-6]
    assert all(row["subjects_per_cpu_s"] > 0 for row in found["rows"])
    assert ours[-1]["max_rel_error"] < 1e-7
    assert set(found["ratio_to_libroadrunner"]) == {"nominal_1e-6", "equal_error_1e-6", "equal_error_4e-6"}
    assert found["ratio_to_libroadrunner"]["nominal_1e-6"] > 1
    assert 0 < found["share_of_ceiling"] < 1


def row(engine: str, rtol: float, speed: float, error: float) -> Row:
    return Row(engine, "made up", rtol, speed, error, 1.0)


def test_equal_error_is_read_between_measured_points():
    """Halfway between two points in logarithms, and never beyond the coarsest."""
    rows = (
        row("threonate rodas5p", 1e-2, 1000.0, 1e-5),
        row("threonate rodas5p", 1e-4, 10.0, 1e-7),
        row("threonate rodas4p", 1e-2, 1.0, 1e-9),
        row("libroadrunner (events, BDF)", 1e-6, 2.0, 1e-6),
        row("libroadrunner (events, BDF)", 1e-3, 4.0, 1e-3),
    )
    comparison = Comparison(common.make_problem(1), rows, None, ())

    near, coarse = equal_error_ratio(comparison, 1e-6), equal_error_ratio(comparison, 1.0)

    assert near is not None
    assert near.value == pytest.approx(100.0 / 2.0)
    assert coarse is not None
    assert coarse.value == pytest.approx(1000.0 / 4.0)


def test_ratios_to_others_never_mix_with_the_quoted_ones():
    """Quoted is libroadrunner at its fastest; who else was measured stands beside it under a name of its own."""
    rows = (
        row("threonate rodas5p", 1e-6, 100.0, 1e-7),
        row("libroadrunner (events, Adams)", 1e-6, 10.0, 1e-6),
        row("libroadrunner as it comes (events, BDF)", 1e-6, 5.0, 1e-6),
        row("AMICI (events, BDF)", 1e-6, 20.0, 1e-6),
    )
    found = engine.as_json([Comparison(common.make_problem(1), rows, None, ())])["models"]

    assert set(found["common"]["ratio_to_libroadrunner"].values()) == {10.0}
    assert {ratio["value"] for ratio in found["common"]["ratio_details"].values()} == {10.0}
    others = found["common"]["ratio_details_others"]
    values = {name: {ratio["value"] for ratio in ratios.values()} for name, ratios in others.items()}
    assert values == {"libroadrunner as it comes": {20.0}, "AMICI": {5.0}}


@pytest.mark.parametrize("fastest", roadrunner.SETTINGS)
def test_libroadrunner_is_measured_as_it_comes_where_that_is_not_its_fastest(monkeypatch, fastest):
    monkeypatch.setattr(roadrunner, "_fastest", lambda problem, reference: fastest)
    found = roadrunner.make_contenders(common.make_problem(1), Reference(np.empty(0), {}), quick=True)
    names = {contender.engine for contender in found}

    assert {f"libroadrunner ({fastest})"} == {name for name in names if name.startswith(roadrunner.FASTEST)}
    assert (len(names) == 1) == (fastest == roadrunner.DEFAULT)
    assert len(names) * len(roadrunner.RTOLS_QUICK) == len(found)


def test_doses_of_a_subject_are_one_repeating_event():
    (series,) = series_of(common.make_problem(1), 0)

    assert (series.first_h, series.period_h) == (0.0, 12.0)
    assert [name for name, _, _ in series.jumps] == ["ion_gut_0", "solid_0"]


def test_error_is_relative_and_zeros_have_a_size():
    truth = np.array([[[0.0], [100.0], [50.0]]])
    reference = Reference(truth, {})

    assert reference.error(truth + np.array([[[0.0], [0.0], [0.05]]]), slice(0, 1)) == pytest.approx(1e-3)
    assert reference.error(truth + np.array([[[0.05], [0.0], [0.0]]]), slice(0, 1)) == pytest.approx(0.5)
    assert reference.error(truth * np.nan, slice(0, 1)) == np.inf


def test_operations_of_elementary_functions_are_counted_in_their_text():
    """exp: degree 11 by pairs (ten fused, two each, a sum, three squares) and eight operations around it."""
    assert ceiling.function_flops()["lane_exp"] == 2 * 10 + 1 + 3 + 8
    assert ceiling.function_flops()["lane_pow"] > ceiling.function_flops()["lane_exp"]
