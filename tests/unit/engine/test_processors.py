"""The same bits on every lane width and every processor, and what a study records of the processor all the same."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.engine.test_many_people import solve, wild
from threonate.engine import arithmetic
from threonate.engine.kernels import object_code
from threonate.engine.kernels.object_code import Machine, this_machine
from threonate.engine.native import native_solver

PROCESSORS = {
    "avx512f": (8, ("x86-64-v4", "skylake-avx512", "znver4")),
    "avx2": (4, ("x86-64-v3", "haswell", "znver2")),
    "sse2": (2, ("x86-64",)),
}
"""Feature of this machine that the code needs, lanes, names; the last one cannot fuse and asks the system to."""

METHODS = ("rodas5p", "rodas4p", "dop853")


@pytest.fixture
def unkept_solvers():
    native_solver.cache_clear()
    yield
    native_solver.cache_clear()


@pytest.mark.parametrize("method", METHODS)
def test_same_bits_on_every_processor(method, monkeypatch, unkept_solvers):
    features = this_machine().features.split(",")
    question = wild(10_000).of(np.arange(33))
    usual = solve(question, method=method).values
    kinds = [kind for kind in PROCESSORS if f"+{kind}" in features]
    assert kinds or "+neon" in features
    for lanes, processors in map(PROCESSORS.__getitem__, kinds):
        for processor in processors:
            monkeypatch.setattr(object_code, "this_machine", lambda name=processor: Machine(name, ""))
            native_solver.cache_clear()
            np.testing.assert_array_equal(solve(question, lanes, method).values, usual, err_msg=processor)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("lanes", [1, 2, 4, 8])
def test_same_bits_on_every_width(method, lanes):
    question = wild(10_000).of(np.arange(33))

    np.testing.assert_array_equal(solve(question, lanes, method).values, solve(question, method=method).values)


def test_the_record_names_class_and_compilers():
    """The rest of a study computes with NumPy, whose exponentials and equations differ between classes."""
    record = arithmetic()

    assert str(record["processor"])
    assert record["numpy"] == np.__version__
    assert str(record["llvm"]).count(".") == 2
